"""Reading Parquet, locally or from S3, with the types it has, a few rows at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import local_path, redact, scheme_of
from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.opening import as_file, open_source

_MAGIC = b"PAR1"


def read_parquet(
    uri: str, *, columns: Sequence[Field], batch_rows: int = 50_000
) -> Iterator[Batch]:
    """Yield the rows of a Parquet file; LINE is the row's number.

    A field's path leads into structs; its dtype is not looked at: values keep the file's type, but
    durations, which become whole microseconds.

    Raises:
        SourceError: `E_BROKEN_PARQUET`, `E_COLUMNS` for a column that is not there, and what
            `open_source` raises.
    """
    place = redact(uri)
    with as_file(uri) as file:
        yield from _batches(file, columns, batch_rows, place)


def _batches(uri: str, columns: Sequence[Field], batch_rows: int, place: str) -> Iterator[Batch]:
    with open_source(uri) as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise broken_parquet(place)
    address = str(local_path(uri)) if scheme_of(uri) in ("", "file") else uri
    try:
        rows = pl.scan_parquet(
            address, glob=False, hive_partitioning=False, storage_options=_storage_options(uri)
        )
        schema = rows.collect_schema()
        taken = rows.select(_taken(field, _dtype(field, schema, place)) for field in columns)
        empty = pl.DataFrame(schema={LINE: pl.Int64(), **taken.collect_schema()})
        number = 1
        for frame in taken.collect_batches(chunk_size=batch_rows):
            numbers = pl.int_range(number, number + frame.height, dtype=pl.Int64)
            yield Batch(frame.select(numbers.alias(LINE), pl.all()))
            number += frame.height
        if number == 1:
            yield Batch(empty)
        return
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        pass  # the texts of polars may quote values
    raise broken_parquet(place)


def _taken(field: Field, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(field.path[0])
    for key in field.path[1:]:
        value = value.struct.field(key)
    if isinstance(dtype, pl.Duration):
        value = value.dt.total_microseconds()
    return value.alias(field.name)


def _dtype(field: Field, schema: pl.Schema, place: str) -> pl.DataType:
    dtype: pl.DataType | None = schema.get(field.path[0])
    for key in field.path[1:]:
        inner = dtype.to_schema() if isinstance(dtype, pl.Struct) else {}
        dtype = inner.get(key)  # type: ignore[assignment]
    if dtype is None:
        raise SourceError(
            f"There is no column `{'.'.join(field.path)}`.",
            code="E_COLUMNS",
            location=place,
            hint="The columns have changed: profile the source again.",
        )
    return dtype


def _storage_options(uri: str) -> dict[str, str] | None:
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if not uri.startswith("s3://") or not endpoint:
        return None
    plain = str(endpoint.startswith("http://")).lower()
    return {"aws_endpoint_url": endpoint, "aws_allow_http": plain}


def broken_parquet(place: str) -> SourceError:
    """Return the error for a file that is no Parquet, or damaged."""
    return SourceError(
        "This is not a readable Parquet file.",
        code="E_BROKEN_PARQUET",
        location=place,
        hint="Write or download the file again.",
    )
