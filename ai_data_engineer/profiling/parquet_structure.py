"""What a Parquet file says of itself, and its first rows."""

from __future__ import annotations

from typing import Any

import polars as pl

from ai_data_engineer.errors import AdeError, SourceError
from ai_data_engineer.io.opening import open_source
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.sampled_table import SampledTable, Taken
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.sources.sample import Sample
from ai_data_engineer.types import LogicalType


def sample_parquet(sample: Sample, max_rows: int) -> SampledTable:
    """Read the footer and the first rows of the first row group that has any.

    Raises:
        SourceError: `E_CORRUPT`, `E_NO_ROWS`, `E_UNSUPPORTED_TYPE` for a column of a type that
            has no counterpart here.
    """
    rows, total = _first_rows(sample, max_rows)
    if not rows.height or not rows.width:
        raise SourceError(
            "The file has a schema and no row.",
            code="E_NO_ROWS",
            location=sample.place,
            hint="Check how the file was made.",
        )
    names = safe_names(rows.columns)
    sources = [
        ColumnSource(name, found, is_native=True)
        for name, found in zip(names, rows.columns, strict=True)
    ]
    for name, dtype in rows.schema.items():
        _check_type(name, dtype, sample.place)
    rows = rows.rename(dict(zip(rows.columns, names, strict=True)))
    return SampledTable(Taken(rows, [], rows.height), sources, total=total)


def _first_rows(sample: Sample, max_rows: int) -> tuple[pl.DataFrame, int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_source(sample.uri) as stream:
            # Nothing is fetched ahead: of a large file only the pages of the first rows are read.
            file = pq.ParquetFile(stream, pre_buffer=False)
            batches: list[Any] = []
            for batch in file.iter_batches(batch_size=max_rows):
                batches.append(batch)
                if sum(b.num_rows for b in batches) >= max_rows:
                    break
            table = pa.Table.from_batches(batches, schema=file.schema_arrow)
            frame = pl.from_arrow(table.slice(0, max_rows))
            assert isinstance(frame, pl.DataFrame)
            return frame, file.metadata.num_rows
    except AdeError:
        raise
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError):
        pass
    raise SourceError(
        "The Parquet file is damaged or breaks off.",
        code="E_CORRUPT",
        location=sample.place,
        hint="Write, copy or download it again.",
    )


def _check_type(name: str, dtype: pl.DataType, place: str) -> None:
    try:
        LogicalType.from_polars(dtype)
        return
    except ValueError:
        pass
    raise SourceError(
        f"Column `{name}` has a type that is not read.",
        code="E_UNSUPPORTED_TYPE",
        location=place,
        hint="Write the column as text, number, date, list or struct.",
    )
