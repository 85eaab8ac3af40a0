"""Expectations of values beside the others of their column: order, z-scores, outliers."""

from __future__ import annotations

from ai_data_engineer.spec.code import code, col, lit
from ai_data_engineer.spec.expectations.figures import number, sortable
from ai_data_engineer.spec.expectations.kwargs import COLUMN, FLAG, MOSTLY, mostly, rows
from ai_data_engineer.spec.expectations.registry import Compile, Kwargs, Rule, register
from ai_data_engineer.spec.schema import Schema


def _in_order(*, descending: bool) -> Compile:
    def compiled(kwargs: Kwargs, schema: Schema) -> Rule:
        return Rule(
            "InOrder",
            {
                "column": lit(kwargs["column"]),
                "descending": lit(True) if descending else None,
                "strictly": lit(True) if kwargs.get("strictly") else None,
                "mostly": mostly(kwargs),
            },
        )

    return compiled


def _z_score(kwargs: Kwargs, schema: Schema) -> Rule:
    column = number(kwargs["column"], schema)
    threshold = kwargs["threshold"]
    score = code("(({c} - {c}.mean()) / {c}.std())", c=column)
    if kwargs["double_sided"]:
        below = code("({z}.abs() < {t})", z=score, t=lit(abs(threshold)))
    else:
        below = code("({z} < {t})", z=score, t=lit(threshold))
    # Where nothing varies, or there is one value, there is no score and nothing is amiss.
    expected = code("{below}.fill_null(True) | {z}.is_nan()", below=below, z=score)
    present = code("{c}.is_not_null()", c=col(kwargs["column"]))
    return rows(expected, present, kwargs, apart=True)


def _no_outlier(kwargs: Kwargs, schema: Schema) -> Rule:
    column = number(kwargs["column"], schema)
    if kwargs.get("method", "iqr") == "iqr":
        ordered = sortable(kwargs["column"], schema)
        low, high = (code('{c}.quantile({q}, "linear")', c=ordered, q=lit(q)) for q in (0.25, 0.75))
        spread = code("({high} - {low})", high=high, low=low)
    else:
        low = high = code("{c}.mean()", c=column)
        spread = code("{c}.std()", c=column)
    reach = code("{m} * {spread}", m=lit(float(kwargs.get("multiplier", 1.5))), spread=spread)
    if kwargs.get("method", "iqr") == "iqr":
        inside = code(
            "({c} >= {low} - {reach}) & ({c} <= {high} + {reach})",
            c=column, low=low, high=high, reach=reach,
        )  # fmt: skip
    else:
        # At the limit is outside, unless nothing varies at all.
        distance = code("({c} - {mean}).abs()", c=column, mean=low)
        inside = code("({d} < {reach}) | (({reach} <= 0) & ({d} == 0))", d=distance, reach=reach)
    # One value, or an endless one, gives no window and nothing is amiss.
    expected = code(
        "({inside}) | ~{spread}.is_finite().fill_null(False)", inside=inside, spread=spread
    )
    present = code("{c}.is_not_null()", c=col(kwargs["column"]))
    return rows(expected, present, kwargs, apart=True)


def _register_order(name: str, *, descending: bool) -> None:
    register(
        name,
        {**COLUMN, "strictly": FLAG, **MOSTLY},
        _in_order(descending=descending),
        {"column": "sequence"},
        optional=("strictly", "mostly"),
        wants="numeric or temporal",
    )


_register_order("expect_column_values_to_be_increasing", descending=False)
_register_order("expect_column_values_to_be_decreasing", descending=True)
register(
    "expect_column_value_z_scores_to_be_less_than",
    {**COLUMN, "threshold": {"type": "number"}, "double_sided": FLAG, **MOSTLY},
    _z_score,
    {"column": "amount", "threshold": 5, "double_sided": True},
    optional=("mostly",),
    wants="numeric",
)
register(
    "expect_column_values_to_not_be_outliers",
    {
        **COLUMN,
        "method": {"enum": ["iqr", "std"]},
        "multiplier": {"type": "number", "minimum": 0},
        **MOSTLY,
    },
    _no_outlier,
    {"column": "amount", "method": "iqr", "multiplier": 3},
    optional=("method", "multiplier", "mostly"),
    wants="numeric",
)
