"""Functions that people expect and that expressions do not have, with what to use instead."""

from __future__ import annotations

from ai_data_engineer.spec.expressions.errors import ExpressionError
from ai_data_engineer.spec.expressions.registry import all_functions
from ai_data_engineer.spec.findings import nearest

AGGREGATES = frozenset(
    {"count", "sum", "avg", "mean", "min", "max", "median", "stddev", "variance", "any_value"}
    | {"array_agg", "string_agg", "first", "last", "quantile", "count_distinct", "list"}
)
WINDOWS = frozenset(
    {"row_number", "rank", "dense_rank", "lag", "lead", "ntile", "first_value", "last_value"}
)
UNREPEATABLE = frozenset(
    {"now", "today", "current_date", "current_time", "current_timestamp", "localtime", "sysdate"}
    | {"localtimestamp", "getdate", "random", "rand", "uuid", "gen_random_uuid", "newid"}
)


def unrepeatable(name: str) -> ExpressionError:
    """Return the refusal of what gives another answer on every run."""
    return ExpressionError(
        "E_EXPRESSION_NOT_ALLOWED",
        f"`{name.lower()}` gives another answer on every run.",
        "Write the date, such as DATE '2024-01-31'.",
    )


def unknown_function(written: str) -> ExpressionError:
    """Return the refusal of a function that is not in the registry."""
    name = written.lower()
    if name in UNREPEATABLE:
        return unrepeatable(name)
    if name in AGGREGATES or name in WINDOWS:
        step = "aggregate or the window" if name in AGGREGATES else "window"
        extremes = {
            "max": " greatest(a, b) compares columns.",
            "min": " least(a, b) compares columns.",
        }
        return ExpressionError(
            "E_EXPRESSION_NOT_ALLOWED",
            f"`{name}` looks at many rows; an expression sees one.",
            f"Use the {step} step.{extremes.get(name, '')}",
        )
    hints = {"log": "Use ln or log10.", "date": "Use CAST(… AS date)."}
    return ExpressionError(
        "E_UNKNOWN_FUNCTION",
        f"There is no function `{written[:60]}`.",
        hints.get(name) or nearest(name, all_functions()),
    )
