"""aggregate: figures for groups of rows."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.aggregate_figures import Figure
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import column_of, groupable, is_new
from ai_data_engineer.spec.operators.writing import assign, names
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    ROW,
    Order,
    Relation,
    StepSql,
    as_they_are,
    helper,
    select,
)
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

    def sql(self, dialect: Dialect) -> Sql:
        """Return the beginning of the period as SQL."""
        beginning = dialect.truncated(dialect.column(self.column), self.every)
        return beginning if self.every == "hour" else dialect.cast(beginning, DATE)


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
                },
                {"name": "p90", "function": "quantile", "column": "amount", "q": 0.9},
                {
                    "name": "countries",
                    "function": "join_text",
                    "column": "country",
                    "distinct": True,
                    "separator": "; ",
                },
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

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        added: dict[str, Sql] = {}
        keys: dict[str, str] = {}
        for index, key in enumerate(self.group_by):
            if isinstance(key, str):
                keys[key] = key
            else:
                keys[key.name] = f"__key_{index}"
                added[keys[key.name]] = key.sql(dialect)
        groups = [added.get(column, dialect.column(column)) for column in keys.values()]
        places = {f"__place_{index}": figure for index, figure in enumerate(self.figures)}
        for place, figure in places.items():
            if figure.order_by:
                added[place] = figure.placed(rows, [group.copy() for group in groups], dialect)
        source, helpers = rows.name, {}
        if added:
            source = helper("placed", self.id)
            kept = as_they_are(dialect, rows)
            helpers["placed"] = select(dialect, rows.name, {**kept, **added})
        columns = {name: dialect.column(column) for name, column in keys.items()}
        for place, figure in places.items():
            columns[figure.name] = figure.sql(rows, dialect, place)
        order = tuple(Order(name) for name in keys)
        if not order:
            columns[ROW], order = dialect.integer(0), (Order(ROW),)
        by = [dialect.column(column) for column in keys.values()]
        return StepSql(select(dialect, source, columns, group_by=by), order, helpers)


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
