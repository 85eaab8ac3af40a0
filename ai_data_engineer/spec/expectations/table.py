"""Expectations of a table: how many rows, and which columns."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.expectations.kwargs import (
    BOUNDS,
    COLUMN,
    COLUMN_LIST,
    COUNT,
    COUNT_BETWEEN,
    FLAG,
    STRICT,
    between,
    whole,
)
from ai_data_engineer.spec.expectations.registry import Compile, Kwargs, Rule, register
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import INT64


def _row_count(kwargs: Kwargs, schema: Schema) -> Rule:
    if "value" in kwargs:
        return whole(code("pl.len() == {value}", value=lit(kwargs["value"])))
    return whole(between(Code("pl.len()"), kwargs, INT64))


def _column_count(kwargs: Kwargs, schema: Schema) -> Rule:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if "value" in kwargs:
        low = high = kwargs["value"]
    return Rule(
        "ColumnCount",
        {
            "at_least": None if low is None else lit(low),
            "at_most": None if high is None else lit(high),
        },
    )


def _names(key: str, **flags: bool) -> Compile:
    def compiled(kwargs: Kwargs, schema: Schema) -> Rule:
        names = kwargs[key] if isinstance(kwargs[key], list) else [kwargs[key]]
        given = dict(flags)
        if kwargs.get("exact_match", True) is False:
            given["at_least"] = True
        return Rule(
            "Columns", {"names": lit(tuple(names)), **{k: lit(v) for k, v in given.items()}}
        )

    return compiled


register(
    "expect_table_row_count_to_be_between",
    {**COUNT_BETWEEN, "strict_min": FLAG, "strict_max": FLAG},
    _row_count,
    {"min_value": 1},
    one_of=BOUNDS,
    optional=STRICT,
)
register("expect_table_row_count_to_equal", {"value": COUNT}, _row_count, {"value": 12})
register(
    "expect_table_column_count_to_be_between",
    COUNT_BETWEEN,
    _column_count,
    {"min_value": 3, "max_value": 9},
    one_of=BOUNDS,
)
register("expect_table_column_count_to_equal", {"value": COUNT}, _column_count, {"value": 5})
register(
    "expect_table_columns_to_match_set",
    {"column_set": COLUMN_LIST, "exact_match": {"type": ["boolean", "null"]}},
    _names("column_set"),
    {"column_set": ["id", "amount"]},
    optional=("exact_match",),
)
register(
    "expect_table_columns_to_match_ordered_list",
    {"column_list": COLUMN_LIST},
    _names("column_list", ordered=True),
    {"column_list": ["id", "amount"]},
)
register("expect_column_to_exist", COLUMN, _names("column", at_least=True), {"column": "id"})
