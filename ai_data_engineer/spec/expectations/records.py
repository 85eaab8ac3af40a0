"""Expectations of several columns of one row."""

from __future__ import annotations

from itertools import combinations

from ai_data_engineer.spec.code import Code, code, col, join
from ai_data_engineer.spec.expectations.comparing import comparable
from ai_data_engineer.spec.expectations.kwargs import (
    COLUMN_LIST,
    FLAG,
    MOSTLY,
    PAIR,
    Properties,
    literal,
    not_nan,
    rows,
)
from ai_data_engineer.spec.expectations.registry import KwargError, Kwargs, Rule, register
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import FLOAT64

IGNORED = ("all_values_are_missing", "any_value_is_missing", "never")
"""Which rows are not judged; the first is what Great Expectations does without being told."""
RECORD: Properties = {
    "column_list": COLUMN_LIST,
    "ignore_row_if": {"enum": list(IGNORED)},
    **MOSTLY,
}


def _both(kwargs: Kwargs) -> tuple[Code, Code, Code]:
    a, b = col(kwargs["column_A"]), col(kwargs["column_B"])
    return a, b, code("{a}.is_not_null() & {b}.is_not_null()", a=a, b=b)


def _compared(operator: str, kwargs: Kwargs, schema: Schema) -> Rule:
    comparable(("column_A", kwargs["column_A"]), ("column_B", kwargs["column_B"]), schema)
    a, b, judged = _both(kwargs)
    test = code("({a} {operator} {b})", a=a, operator=Code(operator), b=b)
    if schema[kwargs["column_A"]].type == FLOAT64:
        test = code("{test} & {number}", test=test, number=not_nan(a))
    return rows(test, judged, kwargs)


def _greater(kwargs: Kwargs, schema: Schema) -> Rule:
    return _compared(">=" if kwargs.get("or_equal") else ">", kwargs, schema)


def _equal(kwargs: Kwargs, schema: Schema) -> Rule:
    return _compared("==", kwargs, schema)


def _pair_in_set(kwargs: Kwargs, schema: Schema) -> Rule:
    a, b, judged = _both(kwargs)
    kinds = schema[kwargs["column_A"]].type, schema[kwargs["column_B"]].type
    key = "value_pairs_set"
    tests = dict.fromkeys(
        code(
            "({a} == {x}) & ({b} == {y})",
            a=a,
            x=literal(key, x, kinds[0]),
            b=b,
            y=literal(key, y, kinds[1]),
        )
        for x, y in kwargs[key]
        if x is not None and y is not None
    )
    if not tests:
        raise KwargError(key, "No pair has two values.", code="E_TOO_FEW")
    # One after the other would nest as deep as there are pairs.
    return rows(code("pl.any_horizontal({tests})", tests=join(tests)), judged, kwargs)


def _judged(kwargs: Kwargs) -> Code | None:
    present = join(code("{c}.is_not_null()", c=col(c)) for c in kwargs["column_list"])
    match kwargs.get("ignore_row_if", IGNORED[0]):
        case "never":
            return None
        case "any_value_is_missing":
            return code("pl.all_horizontal({present})", present=present)
        case _:
            return code("pl.any_horizontal({present})", present=present)


def _sum(kwargs: Kwargs, schema: Schema) -> Rule:
    names = kwargs["column_list"]
    kinds = {schema[name].type for name in names}
    if wrong := [n for n in names if not schema[n].type.is_numeric]:
        raise KwargError(
            "column_list", f"`{wrong[0]}` is {schema[wrong[0]].type}, and a sum needs numbers."
        )
    as_floats = FLOAT64 in kinds and len(kinds) > 1
    terms = (
        code("{c}.cast(pl.Float64)", c=col(name)) if as_floats else col(name) for name in names
    )
    kind = FLOAT64 if FLOAT64 in kinds else next((k for k in kinds if k.name == "decimal"), None)
    total = literal("sum_total", kwargs["sum_total"], kind or next(iter(kinds)))
    return rows(
        code("({terms}) == {total}", terms=join(terms, " + "), total=total),
        _judged(kwargs),
        kwargs,
    )


def _sums_are_exact(kwargs: Kwargs, schema: Schema) -> bool:
    """Great Expectations is given decimals as floats, whose sums are not exact."""
    return all(schema[name].type.name != "decimal" for name in kwargs["column_list"])


def _all_equal(kwargs: Kwargs, schema: Schema) -> Rule:
    first, *others = kwargs["column_list"]
    for other in others:
        comparable(("column_list", first), ("column_list", other), schema)
    tests = [code("{a}.eq_missing({b})", a=col(first), b=col(other)) for other in others]
    if schema[first].type == FLOAT64:
        tests.append(code("{number}.fill_null(True)", number=not_nan(col(first))))
    return rows(code("pl.all_horizontal({tests})", tests=join(tests)), _judged(kwargs), kwargs)


def _all_different(kwargs: Kwargs, schema: Schema) -> Rule:
    pairs = list(combinations(kwargs["column_list"], 2))
    for a, b in pairs:
        comparable(("column_list", a), ("column_list", b), schema)
    tests = join(code("{a}.ne_missing({b})", a=col(a), b=col(b)) for a, b in pairs)
    return rows(code("pl.all_horizontal({tests})", tests=tests), _judged(kwargs), kwargs)


_SEVERAL: Properties = {**RECORD, "column_list": {**COLUMN_LIST, "minItems": 2}}
_OPTIONAL = ("ignore_row_if", "mostly")
# Its own default judges rows with one value missing, and then fails on its own null.
_PAIR: Properties = {**PAIR, "ignore_row_if": {"const": "either_value_is_missing"}, **MOSTLY}

register(
    "expect_column_pair_values_a_to_be_greater_than_b",
    {**_PAIR, "or_equal": FLAG},
    _greater,
    {"column_A": "ended", "column_B": "started", "or_equal": True},
    optional=("or_equal", *_OPTIONAL),
    wants="orderable",
)
register(
    "expect_column_pair_values_to_be_equal",
    _PAIR,
    _equal,
    {"column_A": "billed", "column_B": "paid"},
    optional=_OPTIONAL,
    wants="orderable",
)
register(
    "expect_column_pair_values_to_be_in_set",
    {
        **_PAIR,
        "value_pairs_set": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "items": {"type": ["string", "number", "boolean", "null"]},
                "minItems": 2,
                "maxItems": 2,
            },
        },
    },
    _pair_in_set,
    {
        "column_A": "country",
        "column_B": "currency",
        "value_pairs_set": [["DE", "EUR"], ["CH", "CHF"]],
    },
    optional=_OPTIONAL,
    wants="orderable",
)
register(
    "expect_multicolumn_sum_to_equal",
    {**_SEVERAL, "sum_total": {"type": "number"}},
    _sum,
    {"column_list": ["share_a", "share_b"], "sum_total": 1},
    optional=_OPTIONAL,
    on_pandas=_sums_are_exact,
)
register(
    "expect_multicolumn_values_to_be_equal",
    _SEVERAL,
    _all_equal,
    {"column_list": ["opening", "closing"]},
    optional=_OPTIONAL,
)
register(
    "expect_select_column_values_to_be_unique_within_record",
    _SEVERAL,
    _all_different,
    {"column_list": ["home_team", "away_team"]},
    optional=_OPTIONAL,
)
