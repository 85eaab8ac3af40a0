"""Outputs: prepared beside, committed at once; overwrite, append, upsert; files and partitions."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.errors import OutputError
from ai_data_engineer.io.publishing import Prepared, Publication

ROWS = pl.DataFrame({"id": [1, 2, 3], "city": ["Oslo", None, "a/b ü"], "n": [1.5, 2.5, None]})
FORMATS = ["parquet", "csv", "ndjson"]


def publish(directory: Path, table: pl.DataFrame, path: str, **options: Any) -> Prepared:
    with Publication(directory) as publication, written(table) as rows_file:
        prepared = publication.prepare("out", rows_file, path, **options)
        publication.commit()
    return prepared


@contextlib.contextmanager
def written(table: pl.DataFrame) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        table.write_parquet(path)
        yield path


def load(path: Path) -> list[tuple[Any, ...]]:
    schema = dict(ROWS.schema)
    match path.suffix:
        case ".parquet":
            return pl.read_parquet(path).rows()
        case ".csv":
            return pl.read_csv(path, schema=schema).rows()
        case _:
            return pl.read_ndjson(path, schema=schema).rows()


def files(directory: Path) -> list[str]:
    return sorted(str(p.relative_to(directory)) for p in directory.rglob("*") if p.is_file())


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_written_whole(tmp_path: Path, format: str) -> None:
    prepared = publish(tmp_path, ROWS, f"sub/out.{format}", format=format)
    assert prepared == Prepared("out", f"sub/out.{format}", 3)
    assert load(tmp_path / f"sub/out.{format}") == ROWS.rows()
    assert files(tmp_path) == [f"sub/out.{format}"]


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_changes_before_the_commit(tmp_path: Path, format: str) -> None:
    path = f"out.{format}"
    publish(tmp_path, ROWS, path, format=format)
    with Publication(tmp_path) as publication, written(ROWS.head(1)) as one, written(ROWS) as all_:
        publication.prepare("out", one, path, format=format)
        publication.prepare("more", all_, "more", format=format, partition_by=["city"])
        assert load(tmp_path / path) == ROWS.rows()
    assert load(tmp_path / path) == ROWS.rows()
    assert files(tmp_path) == [path]
    assert not (tmp_path / "more").exists()


@pytest.mark.parametrize("format", FORMATS)
def test_append_puts_rows_behind(tmp_path: Path, format: str) -> None:
    path = f"out.{format}"
    for _ in range(2):
        assert publish(tmp_path, ROWS, path, format=format, mode="append").rows == 3
    assert load(tmp_path / path) == ROWS.rows() * 2
    assert files(tmp_path) == [path]


@pytest.mark.parametrize("format", FORMATS)
def test_upsert_replaces_rows_of_the_same_keys(tmp_path: Path, format: str) -> None:
    path = f"out.{format}"
    options: dict[str, Any] = {"format": format, "mode": "upsert", "keys": ["id", "city"]}
    publish(tmp_path, ROWS, path, **options)
    newer = pl.DataFrame({"id": [2, 4], "city": [None, "Rome"], "n": [9.0, 4.0]})
    assert publish(tmp_path, newer, path, **options).rows == 2
    expected = [ROWS.row(0), ROWS.row(2), (2, None, 9.0), (4, "Rome", 4.0)]
    assert load(tmp_path / path) == expected
    assert files(tmp_path) == [path]


def test_upsert_refuses_rows_that_share_their_keys(tmp_path: Path) -> None:
    twice = pl.concat([ROWS, ROWS])
    with pytest.raises(OutputError, match=r"^E_DUPLICATE_KEYS out: .*Deduplicate"):
        publish(tmp_path, twice, "out.parquet", mode="upsert", keys=["id"])
    with pytest.raises(OutputError, match=r"needs keys"):
        publish(tmp_path, ROWS, "out.parquet", mode="upsert")
    assert files(tmp_path) == []


@pytest.mark.parametrize("format", ["parquet", "csv"])
@pytest.mark.parametrize("mode", ["append", "upsert"])
def test_other_columns_than_before_are_refused(tmp_path: Path, format: str, mode: str) -> None:
    path = f"out.{format}"
    publish(tmp_path, ROWS, path, format=format)
    other = ROWS.rename({"n": "m"})
    with pytest.raises(OutputError, match=r"^E_OUTPUT_COLUMNS "):
        publish(tmp_path, other, path, format=format, mode=mode, keys=["id"])
    assert load(tmp_path / path) == ROWS.rows()
    assert files(tmp_path) == [path]


@pytest.mark.parametrize("format", FORMATS)
def test_partitions_are_folders_with_encoded_values(tmp_path: Path, format: str) -> None:
    options: dict[str, Any] = {"format": format, "partition_by": ["city"]}
    publish(tmp_path, ROWS, "out", **options)
    folders = ["city=Oslo", "city=__HIVE_DEFAULT_PARTITION__", "city=a%2Fb%20%C3%BC"]
    assert files(tmp_path / "out") == [f"{f}/part-0.{format}" for f in folders]
    publish(tmp_path, ROWS.head(1), "out", mode="append", **options)
    assert len(files(tmp_path / "out")) == 4
    assert f"city=Oslo/part-1.{format}" in files(tmp_path / "out")
    publish(tmp_path, ROWS.head(2), "out", **options)
    assert files(tmp_path) == [f"out/{f}/part-0.{format}" for f in folders[:2]]


def test_partitioned_parquet_reads_back_and_takes_upserts(tmp_path: Path) -> None:
    table = ROWS.with_columns(day=pl.lit(dt.date(2024, 1, 2)))
    options: dict[str, Any] = {"partition_by": ["city", "day"], "mode": "upsert", "keys": ["id"]}
    publish(tmp_path, table, "out", **options)
    moved = table.head(1).with_columns(city=pl.lit("Rome"), n=pl.lit(7.0))
    publish(tmp_path, moved, "out", **options)
    found = pl.read_parquet(tmp_path / "out/**/*.parquet", hive_partitioning=True).sort("id")
    assert found.select(table.columns).rows() == [*moved.rows(), *table.rows()[1:]]
    assert not any("Oslo" in name for name in files(tmp_path))


def test_partitioned_text_takes_no_upserts(tmp_path: Path) -> None:
    options: dict[str, Any] = {"partition_by": ["city"], "mode": "upsert", "keys": ["id"]}
    with pytest.raises(OutputError, match=r"Write Parquet"):
        publish(tmp_path, ROWS, "out", format="csv", **options)


@pytest.mark.parametrize("format", FORMATS)
def test_a_table_without_rows_is_still_an_output(tmp_path: Path, format: str) -> None:
    assert publish(tmp_path, ROWS.clear(), f"out.{format}", format=format).rows == 0
    assert (tmp_path / f"out.{format}").is_file()
    publish(tmp_path, ROWS, f"out.{format}", format=format, mode="append")
    assert load(tmp_path / f"out.{format}") == ROWS.rows()
    publish(tmp_path, ROWS.clear(), "parts", format=format, partition_by=["city"])
    assert (tmp_path / "parts").is_dir()
    publish(tmp_path, ROWS, "parts", format=format, partition_by=["city"], mode="append")
    assert len(files(tmp_path / "parts")) == 3


def test_text_formats_carry_every_type(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {
            "l": [["a", None], [], None],
            "s": [{"x": 1, "y": ['"']}, {"x": None, "y": []}, None],
            "at": [dt.datetime(2024, 1, 2, 3, 4, 5, 600, tzinfo=dt.UTC)] * 3,
            "day": [dt.date(2024, 1, 2)] * 3,
            "time": [dt.time(1, 2, 3)] * 3,
            "money": [Decimal("1.10"), None, Decimal("-0.05")],
            "raw": [b"a\xff", b"", None],
            "t": ["", None, 'q"\n,'],
        }
    )
    publish(tmp_path, table, "out.csv", format="csv")
    publish(tmp_path, table, "out.ndjson", format="ndjson")
    first, *_, last = pl.read_csv(tmp_path / "out.csv", infer_schema=False).rows()
    moment = "2024-01-02T03:04:05.000600Z"
    assert first == (
        '["a",null]', '{"x":1,"y":["\\""]}', moment, "2024-01-02", "01:02:03", "1.10", "Yf8=", "",
    )  # fmt: skip
    assert last == (
        None, None, moment, "2024-01-02", "01:02:03", "-0.05", None, 'q"\n,',
    )  # fmt: skip
    record = json.loads((tmp_path / "out.ndjson").read_text().splitlines()[0])
    assert record == {
        "l": ["a", None], "s": {"x": 1, "y": ['"']}, "at": moment, "day": "2024-01-02",
        "time": "01:02:03", "money": "1.10", "raw": "Yf8=", "t": "",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["../out.csv", "/tmp/out.csv", "a/../../b", "", ".", "link/out"])
def test_a_path_that_climbs_out_is_refused(tmp_path: Path, path: str) -> None:
    directory = tmp_path / "output"
    directory.mkdir()
    (directory / "link").symlink_to(tmp_path)
    with pytest.raises(OutputError, match=r"^E_OUTPUT_PATH out: "):
        publish(directory, ROWS, path)
    assert files(tmp_path) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"^E_OUTPUT out: .*cannot be written"):
        publish(tmp_path, ROWS, "file/out.csv", format="csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"`folder` is a folder already"):
        publish(tmp_path, ROWS, "folder", mode="append")
    assert files(tmp_path) == ["file"]


def test_partial_files_of_a_killed_run_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "out.parquet.partial").write_text("half")
    (tmp_path / "parts.partial/city=x").mkdir(parents=True)
    publish(tmp_path, ROWS, "out.parquet")
    publish(tmp_path, ROWS, "parts", partition_by=["city"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.parquet", "parts"]


def test_a_folder_comes_back_from_a_run_killed_while_it_was_replaced(tmp_path: Path) -> None:
    upsert: dict[str, Any] = {"mode": "upsert", "keys": ["id"], "partition_by": ["city"]}
    publish(tmp_path, ROWS.head(2), "out", **upsert)
    (tmp_path / "out").rename(tmp_path / "out.old.partial")

    publish(tmp_path, ROWS.tail(1), "out", **upsert)

    assert pl.read_parquet(tmp_path / "out" / "**/*.parquet")["id"].sort().to_list() == [1, 2, 3]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
