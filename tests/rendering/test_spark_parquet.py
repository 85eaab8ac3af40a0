"""Parquet that Spark reads where it lies, and what it leaves to the project's reader."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.spec.spec import PipelineSpec
from tests.projects import assert_engines_agree, project, published, run

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("spark")]

COLUMNS = [
    {"name": "id", "source_name": "Order ID", "type": "int64", "nullable": False},
    {"name": "city", "path": ["to", "city"], "type": "string"},
    {"name": "amount", "type": "decimal(12,2)"},
    {"name": "at", "type": "datetime"},
]


def spec_of(uri: str, columns: list[dict[str, Any]], **more: Any) -> PipelineSpec:
    source = {"id": "raw", "uri": uri, "format": "parquet", "columns": columns, **more}
    output = {"id": "out", "input": "raw", "path": "out.parquet"}
    return PipelineSpec.model_validate({"name": "shop", "sources": [source], "outputs": [output]})


def orders(ids: list[int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Order ID": pl.Series(ids, dtype=pl.Int32),
            "to": [{"city": f"c{n}"} for n in range(len(ids))],
            "amount": pl.Series(["1.50"] * len(ids)).cast(pl.Decimal(10, 2)),
            "at": pl.Series(range(len(ids))).cast(pl.Datetime("ms")),
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files whose order is that of their names, and of their rows."""
    found = tmp_path / "in [1]"
    found.mkdir()
    orders([3, None, 1]).write_parquet(found / "b c.parquet", row_group_size=2)
    orders([9, 2, 8, 4]).write_parquet(found / "a.parquet", row_group_size=1)
    return found


def without_our_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("our reader was asked")

    monkeypatch.setattr(sys.modules["shop.reading"].Source, "stage", refuse)


def test_files_are_read_in_order_with_their_rejects_and_names(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = str(folder).replace("[1]", "[[]1]") + "/*.parquet"
    spec = spec_of(pattern, COLUMNS, file_column="file")

    report = assert_engines_agree(spec, tmp_path, "spark")

    assert (report["sources"][0]["records"], report["sources"][0]["rejected"]) == (7, 1)
    rows = published(spec, tmp_path / "spark")["out/."]
    assert rows["id"].to_list() == [9, 2, 8, 4, 3, 1]
    assert rows["file"].to_list() == ["a.parquet"] * 4 + ["b c.parquet"] * 2
    without_our_reader(monkeypatch)
    run(sys.modules["shop.pipeline"], spec, tmp_path / "again", "spark")


def test_a_partitioned_folder_is_read_with_its_partitions(tmp_path: Path) -> None:
    rows = pl.DataFrame({"id": [1, 2, 3], "zip": ["007", None, "a/b"], "n": [1, 2, 3]})
    rows.write_parquet(tmp_path / "in.parquet")
    columns = [{"name": n, "type": str(t)} for n, t in (("id", "int64"), ("zip", "string"))]
    columns.append({"name": "n", "type": "int64"})
    spec = spec_of(str(tmp_path / "in.parquet"), columns)
    written = spec.model_copy(
        update={"outputs": [spec.outputs[0].model_copy(update={"partition_by": ["zip", "n"]})]}
    )
    run(project(written, tmp_path / "one"), written, tmp_path, "polars")
    pipeline = project(spec, tmp_path / "two")

    pipeline.run({"raw": str(tmp_path / "out.parquet")}, tmp_path / "spark", "spark")

    assert published(spec, tmp_path / "spark")["out/."].sort("id").equals(rows)


@pytest.mark.parametrize("type", ["float64", "string", "decimal(10,1)"])
def test_types_that_have_changed_are_left_to_our_reader(type: str, tmp_path: Path) -> None:
    orders([1, 2]).write_parquet(tmp_path / "in.parquet")
    columns = [{**COLUMNS[0], "nullable": True}, {"name": "amount", "type": type}]

    assert_engines_agree(spec_of(str(tmp_path / "in.parquet"), columns), tmp_path, "spark")


@pytest.mark.parametrize(
    ("content", "code"), [(b"PAR1 and nothing else", "E_BROKEN_PARQUET"), (None, "E_NOT_FOUND")]
)
def test_what_cannot_be_read_is_said_as_on_every_engine(
    content: bytes | None, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "in.parquet"
    if content is not None:
        path.write_bytes(content)
    spec = spec_of(str(path), COLUMNS)
    pipeline = project(spec, tmp_path / "project")

    with pytest.raises(Exception, match=code):
        run(pipeline, spec, tmp_path / "out", "spark")
