"""Which sources a batch has, and what becomes of those that are none."""

import json

import pytest

from ai_data_engineer.batching.request import BatchRequest
from ai_data_engineer.batching.sources import named
from ai_data_engineer.errors import SourceError
from ai_data_engineer.settings import load_settings


@pytest.fixture
def folder(tmp_path):
    for name in ("a.csv", "b.csv", "c.json"):
        (tmp_path / name).write_text("id\n1\n")
    return tmp_path


@pytest.fixture
def found(folder):
    def found(*sources, **wanted):
        places = [f"{folder}/{source}" for source in sources]
        return named(BatchRequest(sources=places, **wanted), load_settings())

    return found


def names(found):
    return [(item.source.rpartition("/")[2], item.goal) for item in found.items]


def test_each_file_of_a_glob_is_a_source(found):
    assert names(found("*.csv", goal="sum")) == [("a.csv", "sum"), ("b.csv", "sum")]


def test_a_source_that_is_named_again_is_done_once(found, folder):
    result = found("a.csv", "*.csv", "./a.csv")
    assert names(result) == [("a.csv", ""), ("b.csv", "")]
    assert result.repeated == 2


def test_a_glob_without_files_is_an_outcome_and_no_end(found):
    result = found("*.parquet", "a.csv")
    assert names(result) == [("a.csv", "")]
    assert [(o.ending, o.code) for o in result.unusable] == [("failed", "E_NOT_FOUND")]


def test_an_archive_that_a_glob_finds_is_one_source(found, folder):
    import zipfile

    with zipfile.ZipFile(folder / "both.zip", "w") as archive:
        archive.writestr("one.csv", "id\n1\n")
        archive.writestr("two.csv", "id\n2\n")
    assert names(found("*.zip")) == [("both.zip", "")]


def test_a_manifest_names_sources_and_goals_from_its_own_folder(found, folder):
    (folder / "all.csv").write_text("source,goal\na.csv,sum\nb.csv,\n/srv/x.csv,\n*.csv,count\n")
    result = found(manifest=str(folder / "all.csv"), goal="clean")
    assert names(result) == [
        ("a.csv", "sum"), ("b.csv", "clean"), ("x.csv", "clean"),
        ("a.csv", "count"), ("all.csv", "count"), ("b.csv", "count"),
    ]  # fmt: skip


def test_a_manifest_as_json(found, folder):
    rows = [{"source": "a.csv", "goal": "sum"}, {"source": "b.csv"}]
    (folder / "all.json").write_text(json.dumps(rows))
    assert names(found(manifest=str(folder / "all.json"))) == [("a.csv", "sum"), ("b.csv", "")]


def test_a_row_that_is_no_source_is_an_outcome_with_its_line_and_without_its_text(found, folder):
    (folder / "all.csv").write_text("source,goal\na.csv,\nhttps://me:s3cret@host/x.csv,\n,\n")
    result = found(manifest=str(folder / "all.csv"))
    assert names(result) == [("a.csv", "")]
    assert [o.source.rpartition(", ")[2] for o in result.unusable] == ["line 3", "line 4"]
    assert all(o.code == "E_REQUEST" for o in result.unusable)
    assert "s3cret" not in str(result.unusable)


@pytest.mark.parametrize(
    "text", ["id,goal\n1,2\n", "", "[1, 2]", '{"source": "a.csv"}', "[" * 9999, "\x00"]
)
def test_what_is_no_manifest_is_refused(found, folder, text):
    (folder / "all").write_text(text)
    with pytest.raises(SourceError, match="E_MANIFEST"):
        found(manifest=str(folder / "all"))


def test_ten_thousand_sources(found, folder):
    (folder / "all.csv").write_text("source\n" + "".join(f"{n}.csv\n" for n in range(10_000)))
    assert len(found(manifest=str(folder / "all.csv")).items) == 10_000


def test_a_batch_of_nothing_is_refused():
    with pytest.raises(ValueError, match="name sources or a manifest"):
        BatchRequest()
