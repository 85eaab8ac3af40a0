"""window: figures that look at other rows and leave all rows where they are."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, SortKey, Step
from ai_data_engineer.spec.operators.checking import all_groupable, is_new, order_of
from ai_data_engineer.spec.operators.ordering import in_order
from ai_data_engineer.spec.operators.window_figures import WindowFigure
from ai_data_engineer.spec.operators.window_polars import figure_code
from ai_data_engineer.spec.operators.window_sql import sql_figure_in_window
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise


class Window(Step):
    """Add figures that look at other rows of the same partition; rows stay where they are.

    Rows that are equal in the order are taken as they come. New columns stand behind, in the order
    given.
    """

    op: Literal["window"] = "window"
    partition_by: list[ColumnName] = []
    """Columns whose equal values make a partition (missing ones too); empty: the whole table."""
    order_by: list[SortKey] = []
    """Order of the rows in a partition; share_of_total and figures of the whole partition (sum,
    mean, min, max, count, std without a frame) do without, and row_number then numbers the rows as
    they stand."""
    figures: list[WindowFigure] = Field(min_length=1)
    """What is computed for each row."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "partition_by": ["country"],
            "order_by": [{"column": "amount", "descending": True}],
            "figures": [
                {"name": "place", "function": "rank"},
                {"name": "quarter", "function": "ntile", "n": 4},
            ],
        },
        {"figures": [{"name": "share", "function": "share_of_total", "column": "amount"}]},
        {
            "order_by": [{"column": "day"}],
            "figures": [
                {"name": "week_mean", "function": "rolling_mean", "column": "amount", "rows": 7},
                {
                    "name": "last_30_days",
                    "function": "sum",
                    "column": "amount",
                    "frame": {"unit": "days", "preceding": 29},
                },
                {
                    "name": "around",
                    "function": "mean",
                    "column": "amount",
                    "frame": {"preceding": 1, "following": 1},
                },
            ],
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        good = all_groupable(schema, self.partition_by, findings.at("partition_by"))
        good &= order_of(schema, self.order_by, findings.at("order_by"))
        columns = dict(schema)
        for index, figure in enumerate(self.figures):
            at = findings.at("figures", index)
            good &= is_new(figure.name, columns, at.at("name"))
            if figure.needs_order and not self.order_by:
                good = False
                at.at("function").error(
                    "E_ORDER_NEEDED",
                    f"`{figure.function}` needs an order.",
                    "Say in order_by which columns to order by; row_number alone can do without.",
                )
                continue
            column = figure.column_in(schema, self.order_by, at)
            if column is None:
                good = False
            else:
                columns[figure.name] = column
        return Schema(columns) if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        figures = {
            f.name: figure_code(f, self.partition_by, self.order_by, schemas[0])
            for f in self.figures
        }
        if not self.order_by:
            return StepCode(with_columns(inputs[0], figures))
        return StepCode(in_order(inputs[0], self.partition_by, self.order_by, figures))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        figures = {
            f.name: sql_figure_in_window(f, self.partition_by, self.order_by, rows, dialect)
            for f in self.figures
        }
        return row_wise(dialect, rows, figures)
