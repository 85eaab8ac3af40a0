"""The profile alone, in Prefect."""

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.requests import ProfileRequest

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]


@pytest.fixture
def profile():
    from flows.profile_source import profile_source

    return lambda **request: profile_source(ProfileRequest(**request))


def test_every_record_is_read_and_the_page_lies_where_it_was_wanted(profile, tmp_path):
    source, page = tmp_path / "orders.csv", tmp_path / "orders.html"
    source.write_text("id,amount\n" + "".join(f"{n},{n}.5\n" for n in range(3000)))
    found = profile(source=str(source), full=True, page=page)
    assert (found.records.read, found.mode) == (3000, "full")
    assert page.read_text().startswith("<!doctype html>")


def test_a_sample_is_read_unless_told_otherwise_and_nothing_is_written(profile, tmp_path):
    source = tmp_path / "orders.csv"
    source.write_text("id,amount\n" + "".join(f"{n},{n}.5\n" for n in range(3000)))
    assert profile(source=str(source)).mode == "sampled"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["orders.csv"]


def test_a_source_that_is_not_there_leaves_no_page(profile, tmp_path):
    with pytest.raises(SourceError, match="E_NOT_FOUND"):
        profile(source=str(tmp_path / "gone.csv"), page=tmp_path / "gone.html")
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
