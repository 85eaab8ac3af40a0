"""aggregate: figures for groups of rows."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Expression, RowEffect, SortKey, Step
from ai_data_engineer.spec.operators.checking import column_of, groupable, is_new, order_of
from ai_data_engineer.spec.operators.conditions import check_condition, condition
from ai_data_engineer.spec.operators.figures import METHODS, Function, check_figure, figure
from ai_data_engineer.spec.operators.writing import assign, backwards, names, sorted_by
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import DATE, DATETIME

EVERY = {"hour": "1h", "day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}


class Bucket(Document):
    """A group key that is the beginning of a period."""

    name: ColumnName
    """Column that takes the first day of the period (the first moment of the hour)."""
    column: ColumnName
    """Date or datetime (UTC) that falls into the period."""
    every: Literal["hour", "day", "week", "month", "quarter", "year"]
    """The period; weeks begin on Monday."""


class Figure(Document):
    """A figure for each group."""

    name: ColumnName
    """Column that takes it."""
    function: Function | Literal["first", "last"]
    """What is computed, from the values that are not missing: sum (of nothing: 0; null
    where it does not fit into 64 bits), mean, median,
    min, max, std and variance (sample, n − 1), count (without a column: of rows), count_distinct,
    any (of nothing: false), all (of nothing: true); first and last take a row's value as it is."""
    column: ColumnName | None = None
    """Column it is computed from."""
    where: Expression | None = None
    """Condition: only the rows for which it is true count."""
    order_by: list[SortKey] = []
    """Order that first and last are meant in; a row where it is missing is taken last."""

    def column_in(self, schema: Schema, findings: Findings) -> Column | None:
        """Return the column that this figure gives, or None after adding what is wrong."""
        good = order_of(schema, self.order_by, findings.at("order_by"))
        if self.where is not None:
            compiled = check_condition(self.where, schema, findings.at("where"))
            if compiled is None:
                good = False
            elif not compiled.columns:
                good = False
                findings.at("where").error(
                    "E_PARAMETERS", "The condition looks at no column.", "Leave it out."
                )
        ordered = self.function in ("first", "last")
        if ordered != bool(self.order_by):
            findings.at("order_by").error(
                "E_ORDER_NEEDED" if ordered else "E_PARAMETERS",
                f"`{self.function}` {'needs an' if ordered else 'has no'} order.",
                "Say which columns to order by." if ordered else "Leave order_by out.",
            )
            good = False
        column = check_figure(self.function, self.column, schema, findings.at("column"))
        return column if good else None

    def polars(self, schema: Schema) -> Code:
        """Return the figure as polars code."""
        where = None
        if self.where is not None:
            where = condition(self.where, schema)
        if self.column is None or not self.order_by:
            return figure(self.function, self.column, where, schema)
        keys = self.order_by if self.function == "first" else backwards(self.order_by)
        values = sorted_by(col(self.column), keys)
        if where is not None:
            ordered = sorted_by(where, keys)
            values = code("{values}.filter({where})", values=values, where=ordered)
        return code("{values}.{method}", values=values, method=METHODS["first"])


class Aggregate(Step):
    """Make one row of each group, with figures; sorted by the group's keys, nulls last.

    Missing keys form a group of their own. Without keys the whole table is one group, and even an
    empty table gives one row. The result has the keys in the order given, then the figures.
    """

    op: Literal["aggregate"] = "aggregate"
    group_by: list[ColumnName | Bucket] = []
    """Columns, or periods of a date, whose equal values make a group."""
    figures: list[Figure] = Field(min_length=1)
    """What is computed for each group."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "group_by": ["country", {"name": "month", "column": "day", "every": "month"}],
            "figures": [
                {"name": "orders", "function": "count"},
                {"name": "paid", "function": "sum", "column": "amount", "where": "status = 'paid'"},
            ],
        },
        {
            "figures": [
                {
                    "name": "last_status",
                    "function": "last",
                    "column": "status",
                    "order_by": [{"column": "day"}],
                }
            ]
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        columns: dict[str, Column] = {}
        good = True
        for index, key in enumerate(self.group_by):
            at = findings.at("group_by", index)
            name = key if isinstance(key, str) else key.name
            good &= is_new(name, columns, at)
            column = _key_column(key, schema, at)
            if column is None:
                good = False
            else:
                columns[name] = column
        for index, wanted in enumerate(self.figures):
            at = findings.at("figures", index)
            good &= is_new(wanted.name, columns, at.at("name"))
            column = wanted.column_in(schema, at)
            if column is None:
                good = False
            else:
                columns[wanted.name] = column
        return Schema(columns) if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        figures = assign({f.name: f.polars(schemas[0]) for f in self.figures})
        if not self.group_by:
            return StepCode(code("{rows}.select({figures})", rows=inputs[0], figures=figures))
        return StepCode(
            code(
                "{rows}.group_by({keys}).agg({figures}).sort({names}, nulls_last=True)",
                rows=inputs[0],
                keys=join(_key_code(key, schemas[0]) for key in self.group_by),
                figures=figures,
                names=names(k if isinstance(k, str) else k.name for k in self.group_by),
            )
        )


def _key_column(key: str | Bucket, schema: Schema, findings: Findings) -> Column | None:
    if isinstance(key, str):
        return schema[key] if groupable(schema, key, findings) else None
    wanted = ("datetime",) if key.every == "hour" else ("date", "datetime")
    column = column_of(schema, key.column, findings.at("column"), types=wanted)
    if column is None:
        return None
    return Column(DATETIME if key.every == "hour" else DATE, column.nullable)


def _key_code(key: str | Bucket, schema: Schema) -> Code:
    if isinstance(key, str):
        return lit(key)
    period = col(key.column)
    if key.every != "day" or schema[key.column].type == DATETIME:
        period = code("{c}.dt.truncate({every})", c=period, every=lit(EVERY[key.every]))
    if key.every != "hour" and schema[key.column].type == DATETIME:
        period = code("{period}.cast(pl.Date)", period=period)
    return code("{period}.alias({name})", period=period, name=lit(key.name))
