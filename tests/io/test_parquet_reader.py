"""Parquet: native types, a few rows at a time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Field
from ai_data_engineer.io.parquet_reader import read_parquet

TABLE = pl.DataFrame(
    {"id": range(10), "tags": [["a"]] * 10, "at": [{"city": {"zip": "0123"}}] * 10}
)
COLUMNS = [Field("zip", ("at", "city", "zip")), Field("n", ("id",)), Field("tags", ("tags",))]


def test_columns_keep_their_types_and_rows_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a [1]*.parquet"
    TABLE.write_parquet(path, row_group_size=3)
    found = list(read_parquet(str(path), columns=COLUMNS, batch_rows=4))
    assert len(found) > 2
    rows = pl.concat(batch.rows for batch in found)
    assert rows.columns == [LINE, "zip", "n", "tags"]
    assert rows.rows() == [(n + 1, "0123", n, ["a"]) for n in range(10)]
    assert sum(b.rows.height for b in read_parquet(path.as_uri(), columns=COLUMNS)) == 10


def test_a_file_without_rows_gives_one_batch_with_its_types(tmp_path: Path) -> None:
    TABLE.clear().write_parquet(tmp_path / "a.parquet")
    (batch,) = read_parquet(str(tmp_path / "a.parquet"), columns=COLUMNS)
    assert batch.rows.schema == {
        LINE: pl.Int64, "zip": pl.String, "n": pl.Int64, "tags": pl.List(pl.String),
    }  # fmt: skip


def test_durations_are_microseconds(tmp_path: Path) -> None:
    took = [dt.timedelta(milliseconds=2), None]
    rows = pl.DataFrame({"took": took, "at": [{"took": t} for t in took]})
    rows.write_parquet(tmp_path / "a.parquet")
    columns = [Field("a", ("took",)), Field("b", ("at", "took"))]
    (batch,) = read_parquet(str(tmp_path / "a.parquet"), columns=columns)
    assert batch.rows.drop(LINE).rows() == [(2000, 2000), (None, None)]


@pytest.mark.parametrize("path", [("nope",), ("id", "x"), ("at", "city", "nope")])
def test_a_column_that_is_not_there_is_named(tmp_path: Path, path: tuple[str, ...]) -> None:
    TABLE.write_parquet(tmp_path / "a.parquet")
    with pytest.raises(SourceError, match=rf"^E_COLUMNS .*`{'.'.join(path)}`"):
        list(read_parquet(str(tmp_path / "a.parquet"), columns=[Field("x", path)]))


def test_broken_files_are_refused(tmp_path: Path) -> None:
    TABLE.write_parquet(tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    broken = {
        "text": b"id,name\n",
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "flipped": whole[:4] + bytes(b ^ 0x55 for b in whole[4:60]) + whole[60:],
        "footer": whole[:-40] + b"x" * 32 + whole[-8:],
    }
    for name, data in broken.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceError, match=r"^E_BROKEN_PARQUET "):
            list(read_parquet(str(tmp_path / name), columns=COLUMNS))
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND "):
        list(read_parquet(str(tmp_path / "none"), columns=COLUMNS))
