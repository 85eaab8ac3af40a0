"""What columns the records of an Avro schema have, and of which types.

Apache Avro 1.11, "Schema Declaration" and "Logical Types".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from ai_data_engineer.errors import SourceError

MAX_COLUMNS = 10_000
_MAX_DEPTH = 64
_NAMED = frozenset({"record", "error", "enum", "fixed"})
_PRIMITIVES: dict[str, pl.DataType] = {
    "boolean": pl.Boolean(), "int": pl.Int64(), "long": pl.Int64(), "float": pl.Float64(),
    "double": pl.Float64(), "string": pl.String(), "bytes": pl.Binary(), "null": pl.String(),
}  # fmt: skip
_COUNTED: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "timestamp-millis": pl.Datetime("ms", "UTC"),
    "timestamp-micros": pl.Datetime("us", "UTC"),
    "timestamp-nanos": pl.Datetime("ns", "UTC"),
    "local-timestamp-millis": pl.Datetime("ms"),
    "local-timestamp-micros": pl.Datetime("us"),
    "local-timestamp-nanos": pl.Datetime("ns"),
}
"""Logical types that polars counts from 1970 too: their numbers are taken as they are."""


@dataclass(frozen=True)
class AvroColumn:
    """A value of each record that is a column: names from the record down, and its type."""

    path: tuple[str, ...]
    dtype: pl.DataType


class AvroSchema:
    """A writer's schema, in which names can be looked up."""

    def __init__(self, schema: Any) -> None:
        """Gather the named types; raises SourceError `E_UNSUPPORTED_TYPE`."""
        self._schema = schema
        self._names: dict[str, tuple[dict[str, Any], str]] = {}
        self._declare(schema, "", 0)

    def columns(self) -> list[AvroColumn]:
        """Return the columns of the records.

        A record in a record is taken apart (`address.city`), unless it is the item of an array.
        Maps, and what may be of several types, are text.

        Raises SourceError `E_UNSUPPORTED_TYPE` for a type that contains itself, takes no byte or is
        nested too deeply, and for what are no records.
        """
        kind, space = self._resolved(self._schema, "")
        if not _is_record(kind) or self._takes_nothing(kind, space):
            raise _unsupported("The file holds something else than records with columns")
        found: list[AvroColumn] = []
        for column in self._flattened(kind, space, (), ()):
            found.append(column)
            if len(found) > MAX_COLUMNS:
                raise _unsupported(f"The records have more than {MAX_COLUMNS:,} columns")
        return found

    def _declare(self, schema: Any, space: str, depth: int) -> None:
        if depth > 4 * _MAX_DEPTH:
            raise _unsupported("The schema is nested too deeply")
        if isinstance(schema, list):
            for branch in schema:
                self._declare(branch, space, depth + 1)
        if not isinstance(schema, dict):
            return
        if _head(schema) in _NAMED:
            name, space = _full_name(schema, space)
            self._names[name] = (schema, space)
        for below in (schema.get("type"), schema.get("items"), schema.get("values")):
            self._declare(below, space, depth + 1)
        for field in _fields(schema):
            self._declare(field.get("type"), space, depth + 1)

    def _resolved(self, kind: Any, space: str) -> tuple[Any, str]:
        """Return a type with names looked up and unions with null undone, and its namespace."""
        for _ in range(_MAX_DEPTH):
            if isinstance(kind, list):
                branches = [branch for branch in kind if branch != "null"]
                if len(branches) != 1:
                    return branches, space
                kind = branches[0]
            elif isinstance(kind, str) and kind not in _PRIMITIVES:
                name = kind if "." in kind or not space else f"{space}.{kind}"
                found = self._names.get(name) or self._names.get(kind)
                if found is None:
                    raise _unsupported("A type is not defined")
                return found
            elif isinstance(kind, dict) and (_head(kind) in _NAMED):
                return kind, _full_name(kind, space)[1]
            elif isinstance(kind, dict) and not _is_simple(kind):
                kind = kind.get("type")
            elif isinstance(kind, dict | str):
                return kind, space
            else:
                raise _unsupported("A type is not defined")
        raise _unsupported("The schema is nested too deeply")

    def _flattened(
        self, record: dict[str, Any], space: str, path: tuple[str, ...], above: tuple[int, ...]
    ) -> Iterator[AvroColumn]:
        above = _inside(record, above)
        for field in _fields(record):
            below = (*path, str(field.get("name")))
            kind, there = self._resolved(field.get("type"), space)
            if _is_record(kind):
                yield from self._flattened(kind, there, below, above)
            else:
                yield AvroColumn(below, self._dtype(kind, there, above))

    def _dtype(self, kind: Any, space: str, above: tuple[int, ...]) -> pl.DataType:
        if isinstance(kind, list):
            for branch in kind:
                self._check(branch, space, above)
            return pl.String()
        if isinstance(kind, str):
            return _PRIMITIVES[kind]
        match _head(kind):
            case "array":
                item, there = self._resolved(kind.get("items"), space)
                if self._takes_nothing(item, there):
                    raise _unsupported("Items of an array take no byte")
                return pl.List(self._dtype(item, there, _inside(kind, above)))
            case "map":
                self._check(kind.get("values"), space, _inside(kind, above))
                return pl.String()
            case "record" | "error":
                inside = _inside(kind, above)
                return pl.Struct(
                    [
                        pl.Field(
                            str(field.get("name")),
                            self._dtype(*self._resolved(field.get("type"), space), inside),
                        )
                        for field in _fields(kind)
                    ]
                )
            case "enum":
                return pl.String()
            case head:
                return _scalar(head, kind)

    def _check(self, kind: Any, space: str, above: tuple[int, ...]) -> None:
        """Refuse what is to be refused in a type that becomes text."""
        self._dtype(*self._resolved(kind, space), above)

    def _takes_nothing(self, kind: Any, space: str, depth: int = 0) -> bool:
        """Whether values take no byte: a few bytes could claim any number of them."""
        if kind == "null" or (isinstance(kind, dict) and not _fields(kind) and _is_record(kind)):
            return True
        if isinstance(kind, dict) and _head(kind) == "fixed":
            return kind.get("size") == 0
        if not _is_record(kind) or depth > _MAX_DEPTH:
            return False
        return all(
            # A union takes a byte for its branch.
            not isinstance(field.get("type"), list)
            and self._takes_nothing(*self._resolved(field.get("type"), space), depth + 1)
            for field in _fields(kind)
        )


def counted(schema: Any) -> Any:
    """Return the schema without the logical types whose numbers are taken as they are."""
    if isinstance(schema, list):
        return [counted(branch) for branch in schema]
    if not isinstance(schema, dict):
        return schema
    drop = str(schema.get("logicalType")) in _COUNTED
    return {k: counted(v) for k, v in schema.items() if not (drop and k == "logicalType")}


def stored_as(dtype: Any) -> pl.DataType:
    """Return the type of the numbers that a type is counted in."""
    match dtype:
        case pl.Datetime() | pl.Date():
            return pl.Int64()
        case pl.List():
            return pl.List(stored_as(dtype.inner))
        case pl.Struct():
            return pl.Struct([pl.Field(f.name, stored_as(f.dtype)) for f in dtype.fields])
    return dtype  # type: ignore[no-any-return]


def _scalar(head: Any, kind: dict[str, Any]) -> pl.DataType:
    """Return the type of a primitive or fixed that may have a logical type."""
    logical = kind.get("logicalType")
    if head in ("int", "long") and isinstance(logical, str):
        if logical.startswith("time-"):
            return pl.Time()
        return _COUNTED.get(logical, pl.Int64())
    if head in ("bytes", "fixed") and logical == "decimal":
        precision, scale = kind.get("precision"), kind.get("scale", 0)
        if isinstance(precision, int) and isinstance(scale, int) and 0 <= scale <= precision <= 38:
            return pl.Decimal(precision, scale) if precision else pl.String()
        return pl.String()
    if head == "fixed":
        return pl.Binary()
    if not isinstance(head, str) or head not in _PRIMITIVES:
        raise _unsupported("A type is not defined")
    return _PRIMITIVES[head]


def _is_simple(kind: dict[str, Any]) -> bool:
    head = _head(kind)
    return isinstance(head, str) and (head in _PRIMITIVES or head in ("array", "map"))


def _is_record(kind: Any) -> bool:
    return isinstance(kind, dict) and _head(kind) in ("record", "error")


def _head(kind: dict[str, Any]) -> Any:
    head = kind.get("type")
    return head if isinstance(head, str) else None


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    fields = schema.get("fields")
    return [f for f in fields if isinstance(f, dict)] if isinstance(fields, list) else []


def _full_name(schema: dict[str, Any], space: str) -> tuple[str, str]:
    name = str(schema.get("name", ""))
    if "." not in name:
        space = str(schema.get("namespace", space))
        name = f"{space}.{name}" if space else name
    return name, name.rpartition(".")[0]


def _inside(kind: dict[str, Any], above: tuple[int, ...]) -> tuple[int, ...]:
    if id(kind) in above or len(above) > _MAX_DEPTH:
        raise _unsupported("A type contains itself, or types are nested deeper than 64")
    return (*above, id(kind))


def _unsupported(what: str) -> SourceError:
    return SourceError(
        f"{what}.",
        code="E_UNSUPPORTED_TYPE",
        hint="Write the columns as text, number, date, list or struct.",
    )
