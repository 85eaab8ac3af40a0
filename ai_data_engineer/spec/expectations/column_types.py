"""Expectations of a column's type: one of the logical types, told from the table's schema."""

from __future__ import annotations

from typing import Any

from ai_data_engineer.spec.code import code, join, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.expectations.kwargs import COLUMN, MOSTLY
from ai_data_engineer.spec.expectations.registry import KwargError, Kwargs, Rule, register
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import TYPE_PATTERN, LogicalType

_TYPE: dict[str, Any] = {
    "type": "string",
    "pattern": TYPE_PATTERN,
    "examples": ["int64", "decimal(18,2)", "string", "datetime"],
}


def _has_type(kwargs: Kwargs, schema: Schema) -> Rule:
    key = "type_list" if "type_list" in kwargs else "type_"
    names = kwargs[key] if key == "type_list" else [kwargs[key]]
    types = join(dtype(_parsed(key, name)) for name in names)
    return Rule(
        "HasType", {"column": lit(kwargs["column"]), "types": code("[{types}]", types=types)}
    )


def _parsed(key: str, name: str) -> LogicalType:
    try:
        return LogicalType.parse(name)
    except ValueError as error:
        raise KwargError(key, f"{error}.", code="E_INVALID_VALUE") from None


# What Great Expectations calls a type depends on how pandas holds the column, so it is not asked.
register(
    "expect_column_type_to_be",
    {**COLUMN, "type_": _TYPE},
    _has_type,
    {"column": "id", "type_": "int64"},
    on_pandas=False,
)
register(
    "expect_column_values_to_be_of_type",
    {**COLUMN, "type_": _TYPE, **MOSTLY},
    _has_type,
    {"column": "ordered_at", "type_": "datetime"},
    optional=("mostly",),
    on_pandas=False,
)
register(
    "expect_column_values_to_be_in_type_list",
    {**COLUMN, "type_list": {"type": "array", "items": _TYPE, "minItems": 1}, **MOSTLY},
    _has_type,
    {"column": "amount", "type_list": ["int64", "float64"]},
    optional=("mostly",),
    on_pandas=False,
)
