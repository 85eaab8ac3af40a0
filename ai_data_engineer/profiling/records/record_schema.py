"""The JSON Schema (draft 2020-12) of one record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.types import LogicalType

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALARS: dict[str, dict[str, Any]] = {
    "boolean": {"type": "boolean"},
    "int64": {"type": "integer"},
    "float64": {"type": "number"},
    "decimal": {"type": "number"},
    "string": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "datetime": {"type": "string", "format": "date-time"},
    "binary": {"type": "string", "contentEncoding": "base64"},
}


def record_schema(columns: Iterable[ColumnProfile]) -> dict[str, Any]:
    """Return the schema of a record: flat by safe name, or nested along the paths of JSON and XML.

    Values are described as typed, so a date is a string of format `date` whatever its format in
    the source.
    """
    top = _object()
    for column in columns:
        place, keys = top, column.path or (column.name,)
        for key in keys[:-1]:
            inner = place["properties"].setdefault(key, _object())
            if "properties" not in inner:
                # XML: an element with text of its own and children; the object wins.
                inner.clear()
                inner.update(_object())
            place = inner
        place["properties"].setdefault(keys[-1], _schema_of(column.type, column.nullable))
        if not column.nullable and len(keys) == 1:
            place["required"].append(keys[-1])
    return {"$schema": DIALECT, **_pruned(top)}


def _object() -> dict[str, Any]:
    return {"type": "object", "properties": {}, "required": []}


def _schema_of(kind: LogicalType, nullable: bool = False) -> dict[str, Any]:
    if kind.item is not None:
        schema: dict[str, Any] = {"type": "array", "items": _schema_of(kind.item, nullable=True)}
    elif kind.name == "struct":
        schema = {
            "type": "object",
            "properties": {name: _schema_of(inner, nullable=True) for name, inner in kind.fields},
        }
    else:
        schema = dict(_SCALARS[kind.name])
    if nullable:
        schema["type"] = [schema["type"], "null"]
    return schema


def _pruned(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema without empty lists of what is required."""
    return {
        key: {k: _pruned(v) for k, v in value.items()} if key == "properties" else value
        for key, value in schema.items()
        if not (key == "required" and not value)
    }
