"""The profile among a run's artifacts: shapes to look at, and no value."""

import base64
import re

import pytest

from ai_data_engineer.profiling.profile_source import profile_source
from tasks.artifacts import profile as artifact


@pytest.fixture
def report(tmp_path, monkeypatch):
    left = {}
    monkeypatch.setattr(
        artifact,
        "create_markdown_artifact",
        lambda text, key, description: left.update({key: text}),
    )

    def write(text, name="orders.csv"):
        path = tmp_path / name
        path.write_text(text)
        artifact.profile_report(profile_source(str(path)))
        (found,) = left.values()
        return found

    return write


def pictures(row):
    return [base64.b64decode(data).decode() for data in re.findall(r"base64,([^)]+)\)", row)]


def rows(report):
    return {
        line.split("|")[1].strip(): line for line in report.splitlines() if line.startswith("|")
    }


CSV = "amount,status,email,gone\n" + "".join(
    f"{n * n}.25,{'settled' if n % 4 else 'opened'},person{n}@example.org,\n" for n in range(200)
)


def test_each_column_has_its_shape_and_its_missing_share(report):
    found = rows(report(CSV))
    histogram, bar = pictures(found["amount"])
    assert histogram.count("<rect") >= 10
    assert "<rect" in bar
    assert pictures(found["status"])[0].count("<rect") == 2
    assert "100.0%" in found["gone"]


def test_no_value_is_written_nor_drawn(report):
    found = report(CSV)
    everything = found + "".join(pictures(found))
    for value in ("settled", "opened", "person7", "39601.25"):
        assert value not in everything


def test_personal_data_has_no_shape(report):
    row = rows(report(CSV))["email"]
    assert "personal: email" in row
    assert "histogram" not in row
    assert "frequent" not in row


def test_thousands_of_columns_are_counted_not_shown(report):
    names = ",".join(f"c{n}" for n in range(1000))
    found = report(f"{names}\n" + f"{','.join('1' * 1000)}\n{','.join('2' * 1000)}\n" * 5)
    assert len(rows(found)) < 210
    assert "… and 800 columns more" in found
    assert len(found) < 300_000


def test_names_from_the_file_are_shown_and_not_read_as_markdown(report):
    found = report('"<img src=x>","[a](http://x)"\n1,2\n2,3\n')
    assert "<img" not in found
    assert "[a](http" not in found
