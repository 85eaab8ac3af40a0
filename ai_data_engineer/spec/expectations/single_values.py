"""Expectations of each value of one column: presence, sets, ranges."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, col
from ai_data_engineer.spec.expectations.kwargs import (
    BETWEEN,
    BOUNDS,
    COLUMN,
    MOSTLY,
    STRICT,
    VALUE_SET,
    Properties,
    between,
    is_in,
    negated,
    rows,
    values,
)
from ai_data_engineer.spec.expectations.registry import Kwargs, Rule, register
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import LogicalType


def _null(kwargs: Kwargs, schema: Schema) -> Rule:
    return rows(code("{c}.is_null()", c=col(kwargs["column"])), None, kwargs)


def _not_null(kwargs: Kwargs, schema: Schema) -> Rule:
    return rows(code("{c}.is_not_null()", c=col(kwargs["column"])), None, kwargs)


def _in_set(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return is_in(value, "value_set", kwargs["value_set"], kind)


_SET: Properties = {**COLUMN, "value_set": VALUE_SET, **MOSTLY}

register(
    "expect_column_values_to_not_be_null",
    {**COLUMN, **MOSTLY},
    _not_null,
    {"column": "id"},
    optional=("mostly",),
)
register(
    "expect_column_values_to_be_null",
    {**COLUMN, **MOSTLY},
    _null,
    {"column": "deleted_at", "mostly": 0.9},
    optional=("mostly",),
)
register(
    "expect_column_values_to_be_between",
    {**COLUMN, **BETWEEN, **MOSTLY},
    values(between),
    {"column": "amount", "min_value": 0, "mostly": 0.99},
    one_of=BOUNDS,
    optional=(*STRICT, "mostly"),
    wants="orderable",
)
register(
    "expect_column_values_to_be_in_set",
    _SET,
    values(_in_set),
    {"column": "status", "value_set": ["open", "paid"]},
    optional=("mostly",),
    wants="orderable",
)
register(
    "expect_column_values_to_not_be_in_set",
    _SET,
    values(negated(_in_set)),
    {"column": "status", "value_set": ["test"]},
    optional=("mostly",),
    wants="orderable",
)
