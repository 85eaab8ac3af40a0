"""Nested records (JSON objects, XML elements) and the columns taken out of them."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import re
from collections import Counter
from collections.abc import Iterator, Sequence
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

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Written:
        """Read the number; raises ValueError."""
        number = float.__new__(cls, text)
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
            try:
                return orjson.dumps(value, default=_number_as_written).decode()
            except orjson.JSONEncodeError:  # nested beyond 254 levels
                return _deep_json(value)


def _deep_json(value: Any) -> str:
    parts: list[str] = []
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Mark):
            parts.append(item)
        elif isinstance(item, dict):
            waiting.append(_Mark("}"))
            for number, (key, inner) in enumerate(reversed(item.items()), 1):
                comma = "," if number < len(item) else ""
                waiting += [inner, _Mark(f"{comma}{orjson.dumps(key).decode()}:")]
            waiting.append(_Mark("{"))
        elif isinstance(item, list):
            waiting.append(_Mark("]"))
            for number, inner in enumerate(reversed(item), 1):
                waiting += [inner, _Mark("," if number < len(item) else "")]
            waiting.append(_Mark("["))
        else:
            parts.append(orjson.dumps(item, default=_number_as_written).decode())
    return "".join(parts)


class _Mark(str):
    """Punctuation on its way into JSON, told from a text that is a value."""

    __slots__ = ()


def _number_as_written(value: Any) -> Any:
    if isinstance(value, Written):
        return orjson.Fragment(value.text)
    raise TypeError(type(value).__name__)


def to_batches(records: Iterator[Numbered], columns: Sequence[Field], size: int) -> Iterator[Batch]:
    """Yield batches of so many records, at least one batch."""
    full = True
    first = True
    while full:
        with _collector_paused():
            taken = list(islice(records, size))
            batch = to_batch(taken, columns) if taken or first else None
        full, first = len(taken) == size, False
        if batch is not None:
            yield batch


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector away: it finds no cycles in records, yet costs as much as they."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def to_batch(numbered: Sequence[Numbered], columns: Sequence[Field]) -> Batch:
    """Take the columns out of records; one whose nested value does not fit its type is rejected."""
    rejected: list[Rejected] = []
    numbers: list[int] = []
    records: list[dict[str, Any]] = []
    nested = [field for field in columns if field.dtype is not None and field.dtype != pl.String]
    fitted: dict[str, list[Any]] = {field.name: [] for field in nested}
    for number, record in numbered:
        if isinstance(record, Rejected):
            rejected.append(record)
            continue
        try:
            values = [_fitted(record, field) for field in nested]
        except Misfit as misfit:
            reason = f"{misfit}: the nested value does not fit its type"
            rejected.append(Rejected(number, reason, as_text(record) or ""))
            continue
        numbers.append(number)
        records.append(record)
        for column, value in zip(fitted.values(), values, strict=True):
            column.append(value)
    series = [pl.Series(LINE, numbers, dtype=pl.Int64())]
    for field in columns:
        if field.name in fitted:
            series.append(pl.Series(field.name, fitted[field.name], dtype=field.dtype))
        else:
            series.append(pl.Series(field.name, _texts(records, field.path), dtype=pl.String()))
    read = {field.path[0] for field in columns}
    unread = Counter(key for record in records for key in record.keys() - read)
    return Batch(pl.DataFrame(series), rejected, unread)


def _fitted(record: dict[str, Any], field: Field) -> Any:
    try:
        return fit(extract(record, field.path), field.dtype)
    except Misfit:
        raise Misfit(field.name) from None


def _texts(records: list[dict[str, Any]], path: Sequence[str]) -> list[str | None]:
    """Return what lies at a path as text, a column at a time, for that is where the time goes."""
    key = path[0]
    if len(path) == 1:
        values = [record.get(key) for record in records]
    else:
        values = [extract(record, path) for record in records]
    kinds = set(map(type, values)) - {str, type(None)}
    if not kinds:
        return values
    if kinds == {int}:
        return [str(value) if value.__class__ is int else value for value in values]
    return [value if value.__class__ is str else as_text(value) for value in values]


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
