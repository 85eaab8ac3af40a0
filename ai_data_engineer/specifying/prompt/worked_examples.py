"""Goals with the answers to them, over the sources in `examples/`.

They show how parts play together; a test takes each through all gates and runs it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

SOURCES = {
    "orders": (
        "order_id int64, customer_id string, order_date date, product string, quantity int64, "
        "unit_price decimal(18,2), amount decimal(18,2), currency string, status string, "
        "shipped_on date, country string, express string, note string"
    ),
    "customers": (
        "customer_id string, name string, email string, segment string, joined date, "
        "address_city string, address_postcode string, address_country string, "
        "newsletter boolean, tags list<string>"
    ),
    "targets": "country string, y2023 int64, y2024 int64",
}
"""What the goals speak of: id → columns with their types."""


@dataclass(frozen=True)
class Worked:
    """A goal and the answer in the wire form."""

    goal: str
    sources: tuple[str, ...]
    answer: dict[str, Any]

    @property
    def text(self) -> str:
        """The answer as a model writes it."""
        return json.dumps(self.answer, ensure_ascii=False, separators=(",", ":"))


def _step(id: str, op: str, inputs: list[str], **params: Any) -> dict[str, Any]:
    return {"id": id, "op": op, "inputs": inputs, "params": params}


EXAMPLES = (
    Worked(
        "Paid revenue and number of orders per month and country. Orders were exported several "
        "times: only the newest version of each counts. Every day at 3 in Berlin",
        ("orders",),
        {
            "assumptions": [
                "The newest version of an order is the one with the latest order_date.",
                "Paid means that status is `paid`, whatever its case.",
            ],
            "name": "paid_revenue",
            "steps": [
                _step("tidy", "clean_text", ["orders"], columns=["status"], case="lower"),
                _step(
                    "newest",
                    "deduplicate",
                    ["tidy"],
                    columns=["order_id"],
                    keep="first",
                    order_by=[{"column": "order_date", "descending": True}],
                ),
                _step("paid", "filter", ["newest"], where="status = 'paid'"),
                _step(
                    "by_month",
                    "aggregate",
                    ["paid"],
                    group_by=[
                        {"name": "month", "column": "order_date", "every": "month"},
                        "country",
                    ],
                    figures=[
                        {"name": "revenue", "function": "sum", "column": "amount"},
                        {"name": "orders", "function": "count"},
                    ],
                ),
            ],
            "outputs": [
                {
                    "id": "revenue",
                    "input": "by_month",
                    "format": "parquet",
                    "path": "revenue.parquet",
                }
            ],
            "expectations": [
                {
                    "on": "by_month",
                    "type": "expect_compound_columns_to_be_unique",
                    "kwargs": {"column_list": ["month", "country"]},
                },
                {
                    "on": "by_month",
                    "type": "expect_column_values_to_be_between",
                    "kwargs": {"column": "revenue", "min_value": 0},
                },
            ],
            "schedule": {"cron": "0 3 * * *", "timezone": "Europe/Berlin"},
        },
    ),
    Worked(
        "Orders with the customer's segment and city, as CSV by country. Orders of unknown "
        "customers and negative amounts are errors; amount should seldom be missing; no e-mail",
        ("orders", "customers"),
        {
            "assumptions": ["Errors are set aside with a reason, the other orders are kept."],
            "name": "orders_with_customers",
            "steps": [
                _step(
                    "who",
                    "select",
                    ["customers"],
                    columns=["customer_id", "segment", "address_city"],
                ),
                _step(
                    "known",
                    "join",
                    ["orders", "who"],
                    how="left",
                    left_on=["customer_id"],
                    cardinality="many_to_one",
                ),
                _step(
                    "matched",
                    "quarantine",
                    ["known"],
                    where="address_city IS NULL",
                    reason="unknown customer",
                ),
                _step(
                    "good", "quarantine", ["matched"], where="amount < 0", reason="negative amount"
                ),
                _step(
                    "filled", "fill_null", ["good"], values={"segment": "none", "country": "none"}
                ),
            ],
            "outputs": [
                {
                    "id": "orders_out",
                    "input": "filled",
                    "format": "csv",
                    "path": "orders",
                    "partition_by": ["country"],
                }
            ],
            "expectations": [
                {
                    "on": "filled",
                    "type": "expect_column_values_to_not_be_null",
                    "kwargs": {"column": "amount", "mostly": 0.95},
                    "severity": "warning",
                }
            ],
        },
    ),
    Worked(
        "Each customer's three largest orders with their share of the customer's total and the "
        "running total by date",
        ("orders",),
        {
            "assumptions": ["Largest means by amount; of equal ones the first is kept."],
            "name": "largest_orders",
            "steps": [
                _step("once", "deduplicate", ["orders"], columns=["order_id"]),
                _step(
                    "with_totals",
                    "window",
                    ["once"],
                    partition_by=["customer_id"],
                    order_by=[{"column": "order_date"}],
                    figures=[
                        {"name": "running", "function": "cumulative_sum", "column": "amount"},
                        {"name": "share", "function": "share_of_total", "column": "amount"},
                    ],
                ),
                _step(
                    "largest",
                    "top_n",
                    ["with_totals"],
                    n=3,
                    by=["amount"],
                    partition_by=["customer_id"],
                ),
            ],
            "outputs": [
                {"id": "top", "input": "largest", "format": "parquet", "path": "top.parquet"}
            ],
        },
    ),
    Worked(
        "Compare each country's sales of a year with its target",
        ("orders", "targets"),
        {
            "assumptions": ["Sales are the sum of amount by the year of order_date."],
            "name": "sales_against_targets",
            "steps": [
                _step(
                    "long",
                    "unpivot",
                    ["targets"],
                    keep=["country"],
                    columns=["y2023", "y2024"],
                    names_to="label",
                    values_to="target",
                ),
                _step(
                    "goals",
                    "derive",
                    ["long"],
                    columns={"year": "CAST(replace(label, 'y', '') AS int64)"},
                ),
                _step("dated", "derive", ["orders"], columns={"year": "year(order_date)"}),
                _step(
                    "sold",
                    "aggregate",
                    ["dated"],
                    group_by=["country", "year"],
                    figures=[{"name": "sales", "function": "sum", "column": "amount"}],
                ),
                _step(
                    "compared",
                    "join",
                    ["sold", "goals"],
                    how="inner",
                    left_on=["country", "year"],
                    cardinality="one_to_one",
                ),
                _step(
                    "result",
                    "derive",
                    ["compared"],
                    columns={
                        "reached": "round(sales / target, 3)",
                        "verdict": "CASE WHEN sales >= target THEN 'met' ELSE 'missed' END",
                    },
                ),
                _step("tidy", "drop", ["result"], columns=["label"]),
            ],
            "outputs": [
                {
                    "id": "comparison",
                    "input": "tidy",
                    "format": "parquet",
                    "path": "comparison.parquet",
                }
            ],
        },
    ),
    Worked(
        "How many customers of each segment are there in each country, a column for each segment",
        ("customers",),
        {
            "assumptions": ["The segments are those found in the file."],
            "name": "customers_by_segment",
            "steps": [
                _step(
                    "wide",
                    "pivot",
                    ["customers"],
                    index=["address_country"],
                    column="segment",
                    function="count",
                ),
                _step("named", "rename", ["wide"], columns={"address_country": "country"}),
            ],
            "outputs": [{"id": "table", "input": "named", "format": "csv", "path": "table.csv"}],
        },
    ),
)
