"""Append is safe to repeat: the same delivery twice, runs that are killed, files half delivered."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.errors import OutputError
from ai_data_engineer.io.deliveries import digests
from ai_data_engineer.io.publishing import Prepared, Publication

ROWS = pl.DataFrame({"id": [1, 2, 3], "city": ["Oslo", "Rome", "Rome"]})
FILE: dict[str, Any] = {"path": "log.csv", "format": "csv"}
FOLDER: dict[str, Any] = {"path": "log", "partition_by": ["city"]}
MONDAY, TUESDAY = {"aa": "monday.csv"}, {"bb": "tuesday.csv"}


def append(directory: Path, delivery: dict[str, str], **options: Any) -> Prepared:
    directory.mkdir(exist_ok=True)
    staged = directory / ".rows"
    ROWS.write_parquet(staged)
    path = options.pop("path")
    with Publication(directory) as publication:
        prepared = publication.prepare(
            "log", staged, path, mode="append", delivery=delivery, **options
        )
        publication.commit()
    return prepared


def ids(directory: Path, *, path: str, **_: Any) -> list[int]:
    if path.endswith(".csv"):
        return pl.read_csv(directory / path)["id"].to_list()
    return sorted(pl.read_parquet(directory / path / "**/*.parquet")["id"].to_list())


@pytest.mark.parametrize("kind", [FILE, FOLDER], ids=["file", "folder"])
def test_a_delivery_is_appended_once(tmp_path: Path, kind: dict[str, Any]) -> None:
    first = append(tmp_path, MONDAY, **kind)
    again = append(tmp_path, MONDAY, **kind)
    other = append(tmp_path, TUESDAY, **kind)

    assert (first.rows, first.appended_before) == (3, None)
    assert again.rows == 0
    assert again.appended_before is not None
    assert (other.rows, other.appended_before) == (3, None)
    assert sorted(ids(tmp_path, **kind)) == [1, 1, 2, 2, 3, 3]


def test_it_is_appended_once_more_where_that_is_asked_for(tmp_path: Path) -> None:
    append(tmp_path, MONDAY, **FILE)
    append(tmp_path, MONDAY, again=True, **FILE)

    assert ids(tmp_path, **FILE) == [1, 2, 3, 1, 2, 3]


def test_a_delivery_with_files_of_an_earlier_one_is_refused(tmp_path: Path) -> None:
    append(tmp_path, MONDAY, **FILE)

    with pytest.raises(OutputError, match=r"E_APPENDED log: 1 of the 2 files .*monday\.csv"):
        append(tmp_path, {**MONDAY, **TUESDAY}, **FILE)

    assert ids(tmp_path, **FILE) == [1, 2, 3]


def test_where_the_output_is_gone_everything_is_new(tmp_path: Path) -> None:
    append(tmp_path, MONDAY, **FILE)
    (tmp_path / "log.csv").unlink()

    assert append(tmp_path, MONDAY, **FILE).rows == 3


def test_a_ledger_that_cannot_be_read_stops_the_run(tmp_path: Path) -> None:
    append(tmp_path, MONDAY, **FILE)
    (tmp_path / "log.csv.appended.json").write_text("[]")

    with pytest.raises(OutputError, match=r"E_APPENDED .*log\.csv\.appended\.json"):
        append(tmp_path, TUESDAY, **FILE)


KILLED = {
    "before it is noted down": "Ledger.begin = die",
    "before the output takes its place": "publishing._replace = publishing._add = die",
    "between two parts": "Path.replace = second(Path.replace)",
    "before it is noted down as done": "Ledger.end = die",
}


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        *((moment, FILE) for moment in KILLED if moment != "between two parts"),
        *((moment, FOLDER) for moment in KILLED),
    ],
    ids=lambda value: value if isinstance(value, str) else value["path"],
)
def test_a_run_that_was_killed_can_be_repeated(
    tmp_path: Path, moment: str, kind: dict[str, Any]
) -> None:
    append(tmp_path, MONDAY, **kind)
    code = f"""
import os, signal, sys
from pathlib import Path
from ai_data_engineer.io import publishing
from ai_data_engineer.io.deliveries import Ledger
sys.path.append({str(Path(__file__).parent)!r})
from test_deliveries import append
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def second(replace):
    seen = []
    def moved(path, target):
        seen.append(path) if path.name.startswith("part-") else None
        return die() if len(seen) == 2 else replace(path, target)
    return moved
{KILLED[moment]}
append(Path({str(tmp_path)!r}), {TUESDAY!r}, **{kind!r})
"""
    ran = subprocess.run([sys.executable, "-c", code], check=False)
    assert ran.returncode == -signal.SIGKILL

    append(tmp_path, TUESDAY, **kind)

    assert sorted(ids(tmp_path, **kind)) == [1, 1, 2, 2, 3, 3]
    ledger = json.loads((tmp_path / f"{kind['path']}.appended.json").read_text())
    assert [entry["files"] for entry in ledger["appended"]] == [MONDAY, TUESDAY]


def test_a_delivery_is_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, text in (("a.csv", "a\n1\n"), ("b.csv", "a\n2\n")):
        (tmp_path / "in" / name).write_text(text)

    both = digests([str(tmp_path / "in" / "*.csv")])
    one = digests([str(tmp_path / "in" / "b.csv")])
    (tmp_path / "in" / "b.csv").rename(tmp_path / "in" / "c.csv")

    assert len(both) == 2
    assert one.keys() < both.keys()
    assert digests([str(tmp_path / "in" / "c.csv")]).keys() == one.keys()
