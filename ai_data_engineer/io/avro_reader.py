"""Reading Avro with the types it has: records flattened as those of JSON are, block by block."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID

import fastavro
import orjson
import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.avro_blocks import (
    Header,
    broken_avro,
    read_blocks,
    read_header,
    uncompressed,
)
from ai_data_engineer.io.avro_schema import AvroColumn, AvroSchema, counted, stored_as
from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.records import extract

BATCH = 20_000


def read_avro(
    stream: BinaryIO, *, columns: Sequence[Field], batch_rows: int = BATCH
) -> Iterator[Batch]:
    """Yield the records of an Avro file; LINE is the record's number.

    A field's dtype is not looked at: values have the type that the file's schema says.

    Raises:
        SourceError: `E_BROKEN_AVRO`, records before it being yielded; `E_COLUMNS` for a column that
            is not there; `E_UNSUPPORTED_TYPE`, `E_COMPRESSION`, `E_EXPANSION`.
    """
    header = read_header(stream)
    known = {column.path: column for column in AvroSchema(header.schema).columns()}
    for field in columns:
        if field.path not in known:
            raise SourceError(
                f"There is no column `{'.'.join(field.path)}`.",
                code="E_COLUMNS",
                hint="The columns have changed: profile the source again.",
            )
    taken = [known[field.path] for field in columns]
    names = [field.name for field in columns]
    records = read_records(stream, header)
    number = 1
    for some in _chunks(records, batch_rows):
        yield _batch(some, number, names, taken)
        number += len(some)
    if number == 1:
        yield _batch([], 1, names, taken)


def read_records(stream: BinaryIO, header: Header) -> Iterator[dict[str, Any]]:
    """Yield the records behind the header; dates and moments are numbers, see `counted`.

    Raises SourceError `E_BROKEN_AVRO`, `E_EXPANSION`.
    """
    plain = Header(counted(header.schema), header.codec, header.sync)
    container = uncompressed(plain, read_blocks(stream, header))
    problem = None
    try:
        yield from fastavro.reader(container)  # type: ignore[misc]
    except SourceError as error:
        problem = error
    except Exception:  # noqa: BLE001 - fastavro raises whatever a malformed byte leads to
        problem = broken_avro()
    if problem is not None:
        raise problem


def _chunks(records: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yield records in lists; those before an error come before it."""
    problem = None
    while True:
        some: list[dict[str, Any]] = []
        try:
            some.extend(islice(records, size))
        except SourceError as error:
            problem = error
        if some:
            yield some
        if problem is not None:
            raise problem
        if len(some) < size:
            return


def _batch(
    records: Sequence[dict[str, Any]],
    number: int,
    names: Sequence[str],
    columns: Sequence[AvroColumn],
) -> Batch:
    numbers = pl.Series(LINE, range(number, number + len(records)), dtype=pl.Int64())
    try:
        series = [
            _series(name, records, column) for name, column in zip(names, columns, strict=True)
        ]
    except (pl.exceptions.PolarsError, TypeError, ValueError, OverflowError):
        series = None  # such as a decimal with more digits than its type has
    if series is None:
        raise broken_avro()
    return Batch(pl.DataFrame([numbers, *series]))


def _series(name: str, records: Sequence[dict[str, Any]], column: AvroColumn) -> pl.Series:
    path, dtype = column.path, column.dtype
    if len(path) == 1:
        values = [record.get(path[0]) for record in records]
    else:
        values = [extract(record, path) for record in records]
    if dtype == pl.String:
        if set(map(type, values)) - {str, type(None)}:
            values = [_text(value) for value in values]
    elif dtype.is_nested():
        values = [_fitted(value, dtype) for value in values]
    stored = stored_as(dtype)
    series = pl.Series(name, values, dtype=stored)
    return series if stored == dtype else series.cast(dtype)


def _fitted(value: Any, dtype: Any) -> Any:
    """Write as text what is to be text in a list or struct."""
    match dtype:
        case pl.List() if isinstance(value, list):
            return [_fitted(item, dtype.inner) for item in value]
        case pl.Struct() if isinstance(value, dict):
            return {
                field.name: _fitted(value.get(field.name), field.dtype) for field in dtype.fields
            }
        case pl.String():
            return _text(value)
    return value


def _text(value: Any) -> str | None:
    match value:
        case None | str():
            return value
        case dict() | list() | bool():
            return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()
        case _:
            return _plain(value)


def _plain(value: Any) -> str:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case dt.date() | dt.time():
            return value.isoformat()
        case int() | float() | Decimal() | UUID():
            return str(value)
    raise TypeError(type(value).__name__)
