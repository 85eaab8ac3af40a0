"""Expectations of the different values of columns: keys, counts, sets, the most common."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, col, lit
from ai_data_engineer.spec.expectations.kwargs import (
    BOUNDS,
    COLUMN,
    COUNT_BETWEEN,
    FLAG,
    MOSTLY,
    SHARE_BETWEEN,
    STRICT,
    VALUE_SET,
    Properties,
    between,
    distinct_literals,
    is_in,
    mostly,
    whole,
)
from ai_data_engineer.spec.expectations.records import IGNORED, RECORD
from ai_data_engineer.spec.expectations.registry import Compile, Kwargs, Rule, register
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

_COUNT = Code("pl.col(ROWS)")


def _unique(kwargs: Kwargs, schema: Schema) -> Rule:
    columns = tuple(kwargs["column_list"]) if "column_list" in kwargs else (kwargs["column"],)
    ignored = kwargs.get("ignore_row_if", IGNORED[0])
    return Rule(
        "Unique",
        {
            "columns": lit(columns),
            "ignore_row_if": None if ignored == IGNORED[0] else lit(ignored),
            "mostly": mostly(kwargs),
        },
    )


def _over_groups(figure: str, kind: LogicalType) -> Compile:
    """Return the rule of a figure over the different values and how many rows each has."""

    def compiled(kwargs: Kwargs, schema: Schema) -> Rule:
        return _groups(kwargs, between(code(figure, rows=_COUNT), kwargs, kind))

    return compiled


def _groups(kwargs: Kwargs, holds_when: Code) -> Rule:
    return Rule("Values", {"column": lit(kwargs["column"]), "holds_when": holds_when})


def _most_common(kwargs: Kwargs, schema: Schema) -> Rule:
    column = col(kwargs["column"])
    most = code("{c}.filter({rows} == {rows}.max())", c=column, rows=_COUNT)
    known = is_in(most, "value_set", kwargs["value_set"], schema[kwargs["column"]].type)
    if kwargs.get("ties_okay"):
        return _groups(kwargs, code("{known}.any()", known=known))
    return _groups(kwargs, code("({most}.len() == 1) & {known}.any()", most=most, known=known))


def _only(kwargs: Kwargs, schema: Schema) -> Code:
    column = col(kwargs["column"])
    known = is_in(column, "value_set", kwargs["value_set"], schema[kwargs["column"]].type)
    return code("{known}.all()", known=known)


def _all(kwargs: Kwargs, schema: Schema) -> Code:
    column, kind = col(kwargs["column"]), schema[kwargs["column"]].type
    known = is_in(column, "value_set", kwargs["value_set"], kind)
    count = len(distinct_literals("value_set", kwargs["value_set"], kind))
    return code("({c}.filter({k}).n_unique() == {n})", c=column, k=known, n=lit(count))


def _in_set(kwargs: Kwargs, schema: Schema) -> Rule:
    return whole(_only(kwargs, schema))


def _contain_set(kwargs: Kwargs, schema: Schema) -> Rule:
    return whole(_all(kwargs, schema))


def _equal_set(kwargs: Kwargs, schema: Schema) -> Rule:
    return whole(code("{a} & {b}", a=_only(kwargs, schema), b=_all(kwargs, schema)))


_SET: Properties = {**COLUMN, "value_set": VALUE_SET}
_EXAMPLE = {"column": "status", "value_set": ["open", "paid"]}

register(
    "expect_column_values_to_be_unique",
    {**COLUMN, **MOSTLY},
    _unique,
    {"column": "id"},
    optional=("mostly",),
)
register(
    "expect_compound_columns_to_be_unique",
    RECORD,
    _unique,
    {"column_list": ["order_id", "line"]},
    optional=("ignore_row_if", "mostly"),
)
register(
    "expect_column_unique_value_count_to_be_between",
    {**COLUMN, **COUNT_BETWEEN, "strict_min": FLAG, "strict_max": FLAG},
    _over_groups("pl.len()", INT64),
    {"column": "country", "max_value": 250},
    one_of=BOUNDS,
    optional=STRICT,
)
register(
    "expect_column_proportion_of_unique_values_to_be_between",
    {**COLUMN, **SHARE_BETWEEN},
    # Of no values the share is 0, as Great Expectations has it.
    _over_groups("(pl.len() / {rows}.sum()).fill_nan(0.0)", FLOAT64),
    {"column": "email", "min_value": 0.95},
    one_of=BOUNDS,
    optional=STRICT,
)
register(
    "expect_column_most_common_value_to_be_in_set",
    {**_SET, "ties_okay": {"type": ["boolean", "null"]}},
    _most_common,
    _EXAMPLE,
    optional=("ties_okay",),
    wants="orderable",
)
register("expect_column_distinct_values_to_be_in_set", _SET, _in_set, _EXAMPLE, wants="orderable")
register(
    "expect_column_distinct_values_to_contain_set", _SET, _contain_set, _EXAMPLE, wants="orderable"
)
register(
    "expect_column_distinct_values_to_equal_set", _SET, _equal_set, _EXAMPLE, wants="orderable"
)
