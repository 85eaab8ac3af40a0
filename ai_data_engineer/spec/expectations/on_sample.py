"""Types that only Great Expectations judges, and so only on the sample; types that are refused."""

from __future__ import annotations

from typing import Any

from ai_data_engineer.spec.expectations.kwargs import COLUMN, MOSTLY
from ai_data_engineer.spec.expectations.registry import register

_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 1}
_WEIGHTS: dict[str, Any] = {
    "type": "array",
    "items": {"type": "number", "minimum": 0, "maximum": 1},
    "minItems": 1,
}


register(
    "expect_column_values_to_be_json_parseable",
    {**COLUMN, **MOSTLY},
    None,
    {"column": "payload"},
    optional=("mostly",),
    wants="string",
)
register(
    "expect_column_values_to_match_json_schema",
    {**COLUMN, "json_schema": {"type": "object"}, **MOSTLY},
    None,
    {"column": "payload", "json_schema": {"type": "object", "required": ["id"]}},
    optional=("mostly",),
    wants="string",
)
register(
    "expect_column_values_to_be_dateutil_parseable",
    {**COLUMN, **MOSTLY},
    None,
    {"column": "noted_on"},
    optional=("mostly",),
    wants="string",
)
register(
    "expect_column_kl_divergence_to_be_less_than",
    {
        **COLUMN,
        "partition_object": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {
                        "values": {"type": "array", "items": {"type": ["string", "number"]}},
                        "weights": _WEIGHTS,
                    },
                    "required": ["values", "weights"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"bins": _NUMBERS, "weights": _WEIGHTS},
                    "required": ["bins", "weights"],
                    "additionalProperties": False,
                },
            ]
        },
        "threshold": {"type": "number", "exclusiveMinimum": 0},
        "tail_weight_holdout": {"type": "number", "minimum": 0, "maximum": 1},
        "internal_weight_holdout": {"type": "number", "minimum": 0, "maximum": 1},
    },
    None,
    {
        "column": "status",
        "partition_object": {"values": ["open", "paid"], "weights": [0.3, 0.7]},
        "threshold": 0.1,
    },
    optional=("tail_weight_holdout", "internal_weight_holdout"),
)

REFUSED = {
    "unexpected_rows_expectation": "It holds a query, and a spec holds no code.",
    "expect_query_results_to_match_comparison": "It holds queries, and a spec holds no code.",
    "expect_table_row_count_to_equal_other_table": (
        "It names a table of a database; here a rule is about the rows of one place."
    ),
}
"""Types of Great Expectations that a spec cannot hold, and why."""
