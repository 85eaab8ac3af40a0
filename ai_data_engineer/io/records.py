"""Nested records (JSON objects, XML elements) and the columns taken out of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

import orjson
import polars as pl

from ai_data_engineer.io.batches import LINE, Batch, Field, Rejected

TEXT_KEY = "#text"
"""Key of an XML element's own text where it also has attributes or children."""

Numbered = tuple[int, "dict[str, Any] | Rejected"]
"""A line or record number, and the record or why it is none."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


class Written(float):
    """A number with a fraction or exponent that remembers how it was written (`1.10`, `1e3`)."""

    text: str

    def __new__(cls, text: str) -> Written:
        """Read the number; raises ValueError."""
        number = super().__new__(cls, text)
        number.text = text
        return number


class Misfit(ValueError):
    """A nested value that is not of the type asked for."""


def as_record(value: Any) -> dict[str, Any]:
    """Return an object as it is, an array as `column_1` …, anything else as `value`."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {f"column_{number}": item for number, item in enumerate(value, 1)}
    return {"value": value}


def extract(record: Any, path: Sequence[str]) -> Any:
    """Return what lies at `path` in a record, or None.

    Through a list the path goes on in every item, and a list of what is found comes back.
    """
    value = record
    for depth, key in enumerate(path):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list):
            return [extract(item, path[depth:]) for item in value]
        elif key != TEXT_KEY or not isinstance(value, str):
            return None
    return value


def as_text(value: Any) -> str | None:
    """Return a value as text: numbers as written, `true`, `false`, objects and arrays as JSON."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case Written():
            return value.text
        case int() | float():
            return str(value)
        case _:
            return orjson.dumps(value, default=_number_as_written).decode()


def _number_as_written(value: Any) -> Any:
    if isinstance(value, Written):
        return orjson.Fragment(value.text)
    raise TypeError(type(value).__name__)


def to_batches(records: Iterator[Numbered], columns: Sequence[Field], size: int) -> Iterator[Batch]:
    """Yield batches of so many records, at least one batch."""
    yield to_batch(list(islice(records, size)), columns)
    while batch := list(islice(records, size)):
        yield to_batch(batch, columns)


def to_batch(numbered: Sequence[Numbered], columns: Sequence[Field]) -> Batch:
    """Take the columns out of records; one whose nested value does not fit its type is rejected."""
    rejected: list[Rejected] = []
    numbers: list[int] = []
    values: list[list[Any]] = [[] for _ in columns]
    takers = [_taker(field) for field in columns]
    for number, record in numbered:
        if isinstance(record, Rejected):
            rejected.append(record)
            continue
        try:
            row = [take(record) for take in takers]
        except Misfit as misfit:
            reason = f"{misfit}: the nested value does not fit its type"
            rejected.append(Rejected(number, reason, as_text(record) or ""))
            continue
        numbers.append(number)
        for column, value in zip(values, row, strict=True):
            column.append(value)
    series = [pl.Series(LINE, numbers, dtype=pl.Int64())]
    for field, column in zip(columns, values, strict=True):
        series.append(pl.Series(field.name, column, dtype=field.dtype or pl.String()))
    return Batch(pl.DataFrame(series), rejected)


def _taker(field: Field) -> Callable[[dict[str, Any]], Any]:
    path, dtype = field.path, field.dtype
    if dtype is not None and dtype != pl.String:

        def take(record: dict[str, Any]) -> Any:
            try:
                return fit(extract(record, path), dtype)
            except Misfit:
                raise Misfit(field.name) from None

        return take
    if len(path) == 1:
        key = path[0]
        return lambda record: as_text(record.get(key))
    return lambda record: as_text(extract(record, path))


def fit(value: Any, dtype: Any) -> Any:
    """Return a nested value with every leaf of the Python type for `dtype`.

    A single value stands for a list of one: XML cannot tell them apart. Raises Misfit.
    """
    if value is None:
        return None
    match dtype:
        case pl.List():
            return [
                fit(item, dtype.inner) for item in (value if isinstance(value, list) else [value])
            ]
        case pl.Struct():
            if isinstance(value, str):
                value = {TEXT_KEY: value}
            if not isinstance(value, dict):
                raise Misfit
            return {field.name: fit(value.get(field.name), field.dtype) for field in dtype.fields}
    text = as_text(value)
    assert text is not None
    if dtype == pl.String:
        return text
    if isinstance(value, dict | list):
        raise Misfit
    try:
        return _scalar(text.strip(), dtype)
    except (ValueError, InvalidOperation):
        raise Misfit from None


def _scalar(text: str, dtype: Any) -> Any:
    if dtype == pl.Boolean:
        return {"true": True, "false": False}[text] if text in ("true", "false") else _misfit()
    if dtype.is_integer():
        number = int(text) if _INTEGER.fullmatch(text) else _misfit()
        return number if -(2**63) <= number < 2**63 else _misfit()
    if dtype.is_float():
        return float(text) if _NUMBER.fullmatch(text) else _misfit()
    if isinstance(dtype, pl.Decimal):
        return Decimal(text) if _NUMBER.fullmatch(text) else _misfit()
    if dtype == pl.Date:
        return dt.date.fromisoformat(text)
    if dtype == pl.Time:
        return dt.time.fromisoformat(text)
    if isinstance(dtype, pl.Datetime):
        moment = dt.datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return _misfit()


def _misfit() -> Any:
    raise Misfit
