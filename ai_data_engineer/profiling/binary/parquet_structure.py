"""What a Parquet file says of itself, and its first rows."""

from __future__ import annotations

from contextlib import closing

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Field
from ai_data_engineer.io.isolation import isolated
from ai_data_engineer.io.opening import LITTLE, as_file, open_source
from ai_data_engineer.io.parquet_reader import broken_parquet, read_parquet
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.sampled_table import SampledTable, Taken
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.sources.parquet_head import head_as_file
from ai_data_engineer.sources.sample import Sample
from ai_data_engineer.types import LogicalType


def sample_parquet(sample: Sample, max_rows: int) -> SampledTable:
    """Read the footer and the first row groups, as many as it takes for the rows.

    A child process does it, for malformed files can crash the parsers.

    Raises:
        SourceError: `E_BROKEN_PARQUET`, `E_NO_ROWS`, `E_UNSUPPORTED_TYPE` for a column of a type
            that has no counterpart here, and what `isolated` raises.
    """
    found, total, rows = isolated(_read, sample.uri, sample.place, max_rows)
    if not found or not total:
        raise SourceError(
            "The file has a schema and no row.",
            code="E_NO_ROWS",
            location=sample.place,
            hint="Check how the file was made.",
        )
    names = safe_names(found)
    rows = rows.rename(dict(zip(rows.columns, names, strict=True)))
    for name, dtype in rows.schema.items():
        _check_type(name, dtype, sample.place)
    sources = [
        ColumnSource(name, source, is_native=True)
        for name, source in zip(names, found, strict=True)
    ]
    return SampledTable(Taken(rows, [], rows.height), sources, total=total)


def _read(uri: str, place: str, max_rows: int) -> tuple[list[str], int, pl.DataFrame]:
    """Return the names of the columns, the number of rows, and the first of these."""
    found, total = _footer(uri, place)
    frames: list[pl.DataFrame] = []
    if found and total:
        # Names that repeat are told apart later.
        fields = [Field(str(n), (name,)) for n, name in enumerate(found)]
        with (
            head_as_file(uri, max_rows) as file,
            closing(read_parquet(file, columns=fields, batch_rows=max_rows)) as batches,  # type: ignore[type-var]
        ):
            for batch in batches:
                frames.append(batch.rows.drop(LINE))
                if sum(frame.height for frame in frames) >= max_rows:
                    break
    return found, total, pl.concat(frames).head(max_rows) if frames else pl.DataFrame()


def _footer(uri: str, place: str) -> tuple[list[str], int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with (
            as_file(uri) as address,
            open_source(address, random_access=True, ahead=LITTLE) as stream,
            pq.ParquetFile(stream) as file,
        ):
            return list(file.schema_arrow.names), int(file.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError):
        pass  # Arrow's text may quote content
    raise broken_parquet(place)


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
