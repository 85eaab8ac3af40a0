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
CHANCE = frozenset({"random", "rand", "uuid", "gen_random_uuid", "newid"})
UNREPEATABLE = CHANCE | {
    "now", "today", "current_date", "current_time", "current_timestamp", "localtime", "sysdate",
    "localtimestamp", "getdate",
}  # fmt: skip
JSON = (
    "JSON in a text is not read; regexp_extract takes a value out of it whose form is known, such "
    "as regexp_extract(text, '\"id\": *([0-9]+)', 1)."
)
ELSEWHERE = {
    "age": "Use date_diff('year', start, end), which counts the beginnings of years.",
    "bool": "Use CAST(… AS boolean).",
    "charindex": "Use strpos(text, part).",
    "date": "Use CAST(… AS date).",
    "date_format": "Use strftime(date, '%Y-%m').",
    "date_part": "Use year(date), month(date), day(date) or EXTRACT(year FROM date).",
    "date_sub": "Use date_add(date, -1, 'day').",
    "dateadd": "Use date_add(date, 1, 'day').",
    "dayname": "Use strftime(date, '%A').",
    "dayofweek": "Use weekday(date): Monday is 1 and Sunday 7.",
    "decode": "Use CASE x WHEN … THEN … ELSE … END.",
    "epoch_ms": "Use epoch(moment), in seconds.",
    "format": "Use CAST(… AS string), lpad or concat.",
    "generate_series": "Use number_range(start, end) or date_range(unit, start, end).",
    "get_json_object": JSON,
    "isnull": "Use x IS NULL, or coalesce(x, other).",
    "json_extract": JSON,
    "json_extract_scalar": JSON,
    "json_extract_string": JSON,
    "json_value": JSON,
    "log": "Use ln or log10.",
    "md5": "Use the hash step.",
    "monthname": "Use strftime(date, '%B').",
    "months_between": "Use date_diff('month', start, end).",
    "printf": "Use CAST(… AS string), lpad or concat.",
    "regexp_substr": "Use regexp_extract(text, pattern, group).",
    "safe_divide": "Use a / b, which is null for a division by 0.",
    "sequence": "Use number_range(start, end) or date_range(unit, start, end).",
    "sha256": "Use the hash step.",
    "startswith": "Use starts_with(text, part).",
    "endswith": "Use ends_with(text, part).",
    "str_split": "Use split(text, ',').",
    "string_split": "Use split(text, ',').",
    "to_char": "Use strftime(date, '%Y-%m') for dates, CAST(… AS string) for numbers.",
    "translate": "Use replace or regexp_replace.",
    "try_divide": "Use a / b, which is null for a division by 0.",
    "unnest": "Use the explode step.",
    "weekofyear": "Use week(date), the ISO week.",
    "width_bucket": "Use the bin step.",
}
"""Functions of other dialects, and what to write for them."""


def unrepeatable(name: str) -> ExpressionError:
    """Return the refusal of what gives another answer on every run."""
    return ExpressionError(
        "E_EXPRESSION_NOT_ALLOWED",
        f"`{name.lower()}` gives another answer on every run.",
        "Use the step sample, split_dataset or surrogate_key."
        if name.lower() in CHANCE
        else "Write the date, such as DATE '2024-01-31'.",
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
    return ExpressionError(
        "E_UNKNOWN_FUNCTION",
        f"There is no function `{written[:60]}`.",
        ELSEWHERE.get(name) or nearest(name, all_functions()),
    )
