"""Steps that look at one row at a time must not make polars hold all rows in memory."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

COLUMNS = {
    "text": "string",
    "whole": "int64",
    "share": "float64",
    "amount": "decimal(18,2)",
    "day": "date",
    "paid": "boolean",
}
ROW = ("a", 1, 0.5, Decimal("1.00"), dt.date(2024, 1, 1), True)
CAST_TARGETS = ("boolean", "int64", "float64", "decimal(18,2)", "date", "datetime")


def derive(expression: str) -> dict[str, Any]:
    return {"op": "derive", "columns": {"new": expression}}


@pytest.mark.parametrize(
    "params",
    [
        {"op": "clean_text", "collapse_blanks": True, "case": "lower"},
        *({"op": "cast", "columns": {"text": target}} for target in CAST_TARGETS),
        {"op": "cast", "columns": {"whole": "boolean"}},
        {"op": "map_values", "column": "text", "mapping": {"a": "b"}},
        {"op": "map_values", "column": "text", "mapping": {"a": 1}, "unmapped": "null"},
        {
            "op": "map_values", "column": "text", "mapping": {"a": 1}, "unmapped": "value",
            "value": 0,
        },
        {"op": "fill_null", "values": {"text": "none"}},
        {"op": "mask", "columns": ["text"], "method": "redact"},
        {"op": "filter", "where": "amount > 1 and text in ('a', 'b')"},
        derive("amount / whole + ln(share) + power(share, 2)"),
        derive("case when paid then upper(text) else 'no' end"),
        derive("year(day) + round(share, 1)"),
    ],
)  # fmt: skip
def test_rows_pass_without_being_gathered(emitted: Any, table: Any, params: dict[str, Any]) -> None:
    rows = table(COLUMNS, [ROW])

    result = emitted(params, rows)

    for frame in result if isinstance(result, tuple) else (result,):
        assert gathering_nodes(frame) == []


def test_what_gathers_rows_is_seen() -> None:
    rows = pl.LazyFrame({"text": ["a"]})

    assert gathering_nodes(rows.with_columns(pl.col("text").replace("a", None))) != []


def gathering_nodes(frame: pl.LazyFrame) -> list[str]:
    """Return the nodes of the plan that polars itself colours as hungry for memory, but sources."""
    graph = frame.show_graph(plan_stage="physical", engine="streaming", raw_output=True)
    assert graph is not None
    return [line for line in graph.splitlines() if "fillcolor" in line and "source" not in line]
