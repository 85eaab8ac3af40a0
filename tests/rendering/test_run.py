"""Run: everything in one pass, every row accounted for, all or nothing published."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import pytest

from ai_data_engineer.errors import AdeError, ExpectationError, OutputError, SourceError
from ai_data_engineer.io.batches import Batch
from ai_data_engineer.io.conversion import Conversion
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.rendering.runtime.expectations import Rows, Unique
from ai_data_engineer.rendering.runtime.reading import Source
from ai_data_engineer.rendering.runtime.run import Run


def read(stream: BinaryIO) -> Iterator[Batch]:
    return read_csv(stream, columns=["a", "b"])


SOURCE = Source(
    id="raw",
    read=read,
    conversions={
        "a": Conversion(
            value=pl.col("a").cast(pl.Int64, strict=False),
            missing=pl.col("a") == "",
            type_name="int64",
        ),
        "b": Conversion(value=pl.col("b"), missing=pl.col("b").is_null(), type_name="string"),
    },
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("a,b\n1,x\n2,y\nno,z\n4,\n")
    return path


def report(output: Path) -> dict[str, Any]:
    return json.loads((output / "run_report.json").read_text())  # type: ignore[no-any-return]


def quarantine(rows: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    bad = pl.col("b") == ""
    return rows.filter(~bad), rows.filter(bad).with_columns(__reason=pl.lit("b: missing"))


def over_one(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.filter(pl.col("a") > 1)


def test_every_row_is_accounted_for(file: Path, tmp_path: Path) -> None:
    with Run("test", tmp_path / "out") as run:
        raw = run.source(SOURCE, str(file))
        good = run.step("good", quarantine, raw, op="drop_null", effect="keeps")
        large = run.step("large", over_one, good, op="filter", effect="removes")
        run.write("all", good, "all.csv", format="csv")
        run.write("large", large, "large.parquet")
        found = run.finish()

    assert found == report(tmp_path / "out")
    source, (one, two) = found["sources"][0], found["steps"]
    assert (source["records"], source["rows_out"], source["rejected"]) == (4, 3, 1)
    assert (one["rows_in"], one["rows_out"], one["rejected"]) == (3, 2, 1)
    assert (two["rows_in"], two["rows_out"], two["rejected"], two["removed"]) == (2, 1, 0, 1)
    assert [(o["path"], o["rows"]) for o in found["outputs"]] == [
        ("all.csv", 2),
        ("large.parquet", 1),
    ]
    assert (tmp_path / "out" / "all.csv").read_text() == "a,b\n1,x\n2,y\n"


def test_rejects_name_their_source_or_step(file: Path, tmp_path: Path) -> None:
    with Run("test", tmp_path) as run:
        raw = run.source(SOURCE, str(file))
        run.write("out", run.step("good", quarantine, raw, op="x", effect="keeps"), "out.parquet")
        run.finish()

    lines = (tmp_path / "rejects.ndjson").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"source": "raw", "line": 4, "reason": "a: not a int64", "record": {"a": "no", "b": "z"}},
        {"step": "good", "reason": "b: missing", "record": {"a": 4, "b": ""}},
    ]


def run_one(file: Path, output: Path, function: Any) -> None:
    """Run one step that is said to keep all rows."""
    with Run("test", output) as run:
        raw = run.source(SOURCE, str(file))
        large = run.step("large", over_one, raw, op="filter", effect="removes")
        run.write("out", run.step("last", function, large, op="x", effect="keeps"), "out.parquet")
        run.finish()


def test_rows_that_go_missing_stop_the_run(file: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"

    with pytest.raises(AdeError, match=r"E_ROW_COUNT step `last`: .* 2 in, 1 out, 0 rejected"):
        run_one(file, output, lambda rows: rows.head(1))

    assert sorted(p.name for p in output.iterdir()) == ["run_report.json", "run_report.md"]
    assert "E_ROW_COUNT step `last`" in (output / "run_report.md").read_text()
    assert report(output)["success"] is False


def test_a_step_that_fails_is_named_without_the_value(file: Path, tmp_path: Path) -> None:
    def breaks(rows: pl.LazyFrame) -> pl.LazyFrame:
        return rows.with_columns(pl.col("b").cast(pl.Int64))

    with pytest.raises(AdeError) as raised:
        run_one(file, tmp_path / "out", breaks)

    assert str(raised.value).startswith("E_STEP step `last`: It cannot be computed")
    assert raised.value.__context__ is None


def test_a_warning_is_reported_and_a_critical_rule_stops(file: Path, tmp_path: Path) -> None:
    def go(severity: str) -> dict[str, Any]:
        rule = Rows(rule="raw_1", type="t", severity=severity, expected=pl.col("a") > 1)
        unique = Unique(rule="raw_2", type="u", severity="critical", columns=("a",))
        with Run("test", tmp_path / severity) as run:
            raw = run.source(SOURCE, str(file))
            run.expect("raw", raw, [rule, unique])
            run.write("out", raw, "out.parquet")
            return run.finish()

    assert [(e["success"], e["unexpected"]) for e in go("warning")["expectations"]] == [
        (False, 1),
        (True, 0),
    ]
    with pytest.raises(ExpectationError, match=r"raw_1 \(t\) failed; nothing was published"):
        go("critical")
    assert not (tmp_path / "critical" / "out.parquet").exists()


def test_a_source_that_breaks_off_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "in.csv.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\x03K")
    output = tmp_path / "out"

    with pytest.raises(SourceError, match="E_TRUNCATED"), Run("test", output) as run:
        run.source(SOURCE, str(tmp_path / "in.csv.gz"))

    assert list(output.iterdir()) == []


def test_an_output_folder_that_is_a_file_is_refused(file: Path) -> None:
    with pytest.raises(OutputError, match="Nothing can be written there"):
        Run("test", file).__enter__()


def test_files_of_a_glob_are_read_in_order_and_each_as_it_is_compressed(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "1.csv").write_text("a,b\n1,x\n")
    (tmp_path / "2.csv").write_bytes(gzip.compress(b"a,b\n2,y\n"))

    with Run("test", tmp_path / "out", keep=True) as run:
        raw = run.source(SOURCE, str(tmp_path / "*.csv"))
        run.write("out", raw, "out.parquet")
        run.finish()

    assert run.tables["raw"]["a"].to_list() == [1, 2]


def test_a_full_disk_is_said_and_what_was_there_stays(file: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "out.csv").write_text("of yesterday")
    rows = "".join(f"{n},{n:x}\n" for n in range(200_000))
    (tmp_path / "large.csv").write_text(f"a,b\n{rows}")
    code = f"""
import resource, signal
from pathlib import Path
from tests_run import SOURCE, Run, OutputError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    with Run("test", Path({str(output)!r})) as run:
        run.write("out", run.source(SOURCE, {str(tmp_path / "large.csv")!r}), "out.csv", format="csv")
        run.finish()
except OutputError as error:
    print(error)
"""
    # In a process of its own: the limit would hold for all tests that follow.
    (tmp_path / "tests_run.py").write_text(Path(__file__).read_text())
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ran.stdout.startswith(f"E_OUTPUT {output}: There is no space left"), ran.stderr
    assert [p.name for p in output.iterdir()] == ["out.csv"]
    assert (output / "out.csv").read_text() == "of yesterday"
