"""Expectations of one figure over a whole column: extremes, mean, median, spread, shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ai_data_engineer.spec.code import Code, code, col, join, lit
from ai_data_engineer.spec.expectations.kwargs import (
    BETWEEN,
    BOUNDS,
    COLUMN,
    NUMBERS_BETWEEN,
    SHARE_BETWEEN,
    STRICT,
    between,
    whole,
)
from ai_data_engineer.spec.expectations.registry import (
    Compile,
    KwargError,
    Kwargs,
    Rule,
    Wants,
    register,
)
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import FLOAT64


def number(name: str, schema: Schema) -> Code:
    """Return a numeric column, a decimal one as floats."""
    if schema[name].type.name == "decimal":
        return code("{column}.cast(pl.Float64)", column=col(name))
    return col(name)


def sortable(name: str, schema: Schema) -> Code:
    """Return a numeric column for quantiles: without NaN, which is no place in an order."""
    value = number(name, schema)
    if schema[name].type == FLOAT64:
        return code("{value}.drop_nans()", value=value)
    return value


def _own_figure(figure: str) -> Compile:
    """Return the rule of a figure that is of the column's own type."""

    def compiled(kwargs: Kwargs, schema: Schema) -> Rule:
        value = code(figure, column=col(kwargs["column"]))
        return whole(between(value, kwargs, schema[kwargs["column"]].type))

    return compiled


def _float_figure(
    figure: str, column: Callable[[str, Schema], Code] = number, *, apart: bool = False
) -> Compile:
    """Return the rule of a figure that is a float."""

    def compiled(kwargs: Kwargs, schema: Schema) -> Rule:
        value = code(figure, column=column(kwargs["column"], schema))
        return whole(between(value, kwargs, FLOAT64), apart=apart)

    return compiled


def _non_null_share(kwargs: Kwargs, schema: Schema) -> Rule:
    # Of no rows the share is 0, as Great Expectations has it.
    share = code("({column}.count() / pl.len()).fill_nan(0.0)", column=col(kwargs["column"]))
    return whole(between(share, kwargs, FLOAT64))


def _quantiles(kwargs: Kwargs, schema: Schema) -> Rule:
    ranges = kwargs["quantile_ranges"]
    if len(ranges["quantiles"]) != len(ranges["value_ranges"]):
        raise KwargError(
            "quantile_ranges",
            "Each quantile needs one range of values.",
            code="E_INVALID_VALUE",
        )
    column = sortable(kwargs["column"], schema)
    how = lit(kwargs.get("allow_relative_error") or "nearest")
    tests = []
    for quantile, (low, high) in zip(ranges["quantiles"], ranges["value_ranges"], strict=True):
        value = code("{c}.quantile({q}, {how})", c=column, q=lit(float(quantile)), how=how)
        tests.append(code("{value}.is_not_null()", value=value))
        if low is not None:
            tests.append(code("({v} >= {low})", v=value, low=lit(low - _tolerance(low))))
        if high is not None:
            tests.append(code("({v} <= {high})", v=value, high=lit(high + _tolerance(high))))
    return whole(join(tests, " & "), apart=True)


def _tolerance(bound: float) -> float:
    """How far behind its bound a quantile may lie, as Great Expectations has it."""
    return 1e-8 + 1e-4 * abs(bound)


def _register(
    name: str,
    compile: Compile,
    bounds: dict[str, Any] = NUMBERS_BETWEEN,
    wants: Wants = "numeric",
    **example: object,
) -> None:
    register(
        f"expect_column_{name}_to_be_between",
        {**COLUMN, **bounds},
        compile,
        {"column": "amount", **example},
        one_of=BOUNDS,
        optional=STRICT,
        wants=wants,
    )


_register("min", _own_figure("{column}.min()"), BETWEEN, "orderable", min_value=0)
_register("max", _own_figure("{column}.max()"), BETWEEN, "orderable", max_value=1000)
_register("sum", _own_figure("{column}.sum()"), min_value=0)
_register("mean", _float_figure("{column}.mean()"), min_value=10, max_value=20)
_register(
    "median", _float_figure("{column}.median()", sortable, apart=True), min_value=10, max_value=20
)
_register("stdev", _float_figure("{column}.std()"), max_value=5, strict_max=True)
_register("proportion_of_non_null_values", _non_null_share, SHARE_BETWEEN, "any", min_value=0.9)
register(
    "expect_column_quantile_values_to_be_between",
    {
        **COLUMN,
        "quantile_ranges": {
            "type": "object",
            "properties": {
                "quantiles": {
                    "type": "array",
                    "items": {"type": "number", "minimum": 0, "maximum": 1},
                    "minItems": 1,
                },
                "value_ranges": {
                    "type": "array",
                    "items": {
                        "type": "array",
                        "items": {"type": ["number", "null"]},
                        "minItems": 2,
                        "maxItems": 2,
                    },
                    "minItems": 1,
                },
            },
            "required": ["quantiles", "value_ranges"],
            "additionalProperties": False,
        },
        "allow_relative_error": {
            "enum": [False, "linear", "lower", "higher", "midpoint", "nearest"]
        },
    },
    _quantiles,
    {
        "column": "amount",
        "quantile_ranges": {"quantiles": [0.5, 0.9], "value_ranges": [[5, 20], [None, 100]]},
    },
    optional=("allow_relative_error",),
    wants="numeric",
)
