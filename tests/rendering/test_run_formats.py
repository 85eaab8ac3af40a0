"""A file of each format, from its address to published rows, by the code that a project holds."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastavro
import polars as pl
import pytest

from ai_data_engineer.io.rejects import Rejects
from ai_data_engineer.packaging.sampling import cut_sample
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.rendering.compiled import compiled_sources
from ai_data_engineer.rendering.execution import execute
from ai_data_engineer.spec.spec import PipelineSpec, Source
from ai_data_engineer.specifying.offline.defaults import sources
from tests.workbooks import write_ods, write_xls, write_xlsx

DAY = dt.date(2024, 1, 2)
ROWS: list[tuple[Any, ...]] = [
    (n, name, DAY + dt.timedelta(days=n), n * 1.5)
    for n, name in enumerate(["Ann Lee", "Bob", None, "Cy Young", "Di", "Åsa B", "Ed", "Flo"], 1)
]
NAMES = ["id", "name", "day", "amount"]
SHEET = [["Orders"], NAMES, *ROWS, ["Total", None, None, 54.0]]


def _avro(path: Path) -> None:
    day = {"type": "int", "logicalType": "date"}
    kinds: list[Any] = ["long", ["null", "string"], day, "double"]
    fields = [{"name": name, "type": kind} for name, kind in zip(NAMES, kinds, strict=True)]
    records = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    buffer = io.BytesIO()
    fastavro.writer(buffer, {"type": "record", "name": "R", "fields": fields}, records, "snappy")
    path.write_bytes(buffer.getvalue())


def _fixed_width(path: Path) -> None:
    lines = [f"{n:<5}{name or '':<12}{day}{amount:>10.2f}" for n, name, day, amount in ROWS]
    path.write_text("\n".join([f"{'id':<5}{'name':<12}{'day':<10}{'amount':>10}", *lines]))


def _zip(path: Path) -> None:
    lines = [",".join("" if v is None else str(v) for v in row) for row in ROWS]
    with zipfile.ZipFile(path, "w") as archive:
        for member, part in (("a.csv", lines[:4]), ("b.csv", lines[4:])):
            archive.writestr(member, "\n".join([",".join(NAMES), *part]))
        archive.writestr("README.txt", "Orders,\nin two parts.\n")


FORMATS: dict[str, Callable[[Path], Any]] = {
    "xlsx": lambda path: write_xlsx(path, {"Notes": [["x"]], "Orders": SHEET}),
    "ods": lambda path: write_ods(path, {"Orders": SHEET}),
    "xls": lambda path: write_xls(path, {"Orders": SHEET}),
    "avro": _avro,
    "fixed_width": _fixed_width,
    "zip": _zip,
}


@pytest.fixture(params=FORMATS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    path = tmp_path / "orders"
    FORMATS[request.param](path)
    (found,) = sources([profile_source(str(path))])
    return found


def spec_of(source: Source) -> PipelineSpec:
    return PipelineSpec.model_validate(
        {
            "name": "shop",
            "sources": [source],
            "outputs": [{"id": "out", "input": source.id, "path": "out.parquet"}],
        }
    )


def test_a_file_of_each_format_is_read_whole(source: Source, tmp_path: Path) -> None:
    reader = compiled_sources(spec_of(source))[source.id]
    with Rejects(tmp_path / "rejects.ndjson") as rejects:
        staged = reader.stage(source.uri, tmp_path / "staged", rejects)

    rows = staged.table.with_columns(pl.col("amount").cast(pl.Float64)).collect().rows()
    assert (rows, staged.rejected) == (ROWS, 0)


def test_a_project_reads_it_with_the_modules_that_it_holds(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "orders.xlsx", {"Orders": SHEET})
    (source,) = sources([profile_source(str(path))])

    assert execute(spec_of(source), tmp_path / "out") == 0
    assert pl.read_parquet(tmp_path / "out" / "out.parquet").rows() == ROWS


def test_the_sample_of_each_format_is_read_as_its_source_is(source: Source, tmp_path: Path) -> None:
    sample = cut_sample(source, 3)
    path = tmp_path / sample.name
    path.write_bytes(sample.data)

    read = compiled_sources(spec_of(source))[source.id]
    names = [row["name"] for batch in read.batches(str(path)) for row in batch.rows.to_dicts()]
    assert [name or None for name in names] == [row[1] for row in ROWS[:3]]
    assert cut_sample(source, 3) == sample
