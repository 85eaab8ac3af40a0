"""Reading Parquet, locally or from S3, with the types it has, a few rows at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from ai_data_engineer.errors import SilentError, SourceError, TransientError
from ai_data_engineer.io.addresses import local_path, redact, scheme_of
from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.opening import LITTLE, as_file, open_source
from ai_data_engineer.io.s3_access import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS, access_to
from ai_data_engineer.io.storage_errors import changed
from ai_data_engineer.io.versions import version

_MAGIC = b"PAR1"
_REQUEST_SECONDS = 120
"""Most time for one request, which may be for a large part of the file."""
_OF_STORAGE = "object-store error"
"""What polars says where not the file but its storage is at fault."""


def read_parquet(
    uri: str, *, columns: Sequence[Field], batch_rows: int = 50_000
) -> Iterator[Batch]:
    """Yield the rows of a Parquet file; LINE is the row's number.

    A field's path leads into structs; its dtype is not looked at: values keep the file's type, but
    durations, which become whole microseconds.

    Raises:
        SourceError: `E_BROKEN_PARQUET`, `E_COLUMNS` for a column that is not there, `E_CHANGED`
            for a file on S3 that was replaced meanwhile, and what `open_source` raises.
        TransientError: The storage may answer later.
    """
    place = redact(uri)
    with as_file(uri) as file:
        yield from _batches(file, columns, batch_rows, place)


def _batches(uri: str, columns: Sequence[Field], batch_rows: int, place: str) -> Iterator[Batch]:
    with open_source(uri, ahead=LITTLE) as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise broken_parquet(place)
    if scheme_of(uri) in ("", "file"):
        yield from _rows(str(local_path(uri)), {}, columns, batch_rows, place)
        return
    # polars asks for parts of it, and does not look whether they are of one and the same file.
    before, broken = version(uri), None
    try:
        yield from _rows(uri, _options(uri), columns, batch_rows, place)
    except SourceError as error:
        broken = error
    # Whether it can be read at all and is still the same comes before what polars thinks of it.
    if version(uri) != before:
        raise changed(place)
    if broken:
        raise broken


def _rows(
    address: str, options: dict[str, Any], columns: Sequence[Field], batch_rows: int, place: str
) -> Iterator[Batch]:
    is_remote = bool(options)
    try:
        rows = pl.scan_parquet(address, glob=False, hive_partitioning=False, **options)
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
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        # The texts of polars may quote values; what they begin with is its own.
        lost = is_remote and _OF_STORAGE in str(error)
        kind = SilentError if isinstance(error, TimeoutError) else TransientError
    if lost:
        raise kind(
            "The storage did not give all of the file.", location=place, hint="Try again later."
        )
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


def _options(uri: str) -> dict[str, Any]:
    """Return what polars has to be told to read from S3."""
    options: dict[str, Any] = {
        "connect_timeout": f"{CONNECT_SECONDS}s",
        "read_timeout": f"{READ_SECONDS}s",
        "timeout": f"{_REQUEST_SECONDS}s",
        "max_retries": ATTEMPTS - 1,
    }
    if scheme_of(uri) == "s3" and (found := access_to(uri)):
        # Without a provider, so that nothing of the environment is used instead.
        return {"storage_options": options | found.for_polars(), "credential_provider": None}
    if endpoint := os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"):
        plain = str(endpoint.startswith("http://")).lower()
        options |= {"aws_endpoint_url": endpoint, "aws_allow_http": plain}
    return {"storage_options": options}


def broken_parquet(place: str) -> SourceError:
    """Return the error for a file that is no Parquet, or damaged."""
    return SourceError(
        "This is not a readable Parquet file.",
        code="E_BROKEN_PARQUET",
        location=place,
        hint="Write or download the file again.",
    )
