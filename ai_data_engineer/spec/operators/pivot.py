"""pivot: values of one column become columns."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Columns, RowEffect, Step, Value
from ai_data_engineer.spec.operators.checking import all_groupable, is_new
from ai_data_engineer.spec.operators.figures import Function, check_figure, figure
from ai_data_engineer.spec.operators.figures_sql import sql_figure
from ai_data_engineer.spec.operators.values import check, constant, convert
from ai_data_engineer.spec.operators.writing import assign, names
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Order, Relation, StepSql, select
from ai_data_engineer.types import INT64


class Pivot(Step):
    """Make one row of each group and a column for each of some values of a column.

    The columns are known before the data are read: each is named with its value. Rows with other
    values count for no column. Sorted by the index, nulls last. The index comes first, then the
    names. A proposal may leave the names out: they are filled in where the column comes unchanged
    from a source whose profile tells all its values (at most ten, no personal data).
    """

    op: Literal["pivot"] = "pivot"
    index: Columns
    """Columns whose equal values make a row."""
    column: ColumnName
    """Column whose values become columns."""
    names: dict[ColumnName, Value] = {}
    """New column → the value of `column` whose rows it takes."""
    value: ColumnName | None = None
    """Column that the figure is computed from; count does without and counts rows."""
    function: Function = "sum"
    """Figure of the values that meet in one cell; nothing to compute from gives what it gives in
    `aggregate`: a sum of nothing is 0, a max of nothing null."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "index": ["country"],
            "column": "status",
            "names": {"paid": "paid", "open": "open"},
            "value": "amount",
        }
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        good = all_groupable(schema, self.index, findings.at("index"))
        found = schema.find(self.column, findings.at("column"))
        cell = check_figure(self.function, self.value, schema, findings.at("value"))
        if not self.names:
            good = False
            findings.at("names").error(
                "E_PARAMETERS",
                f"Which values of `{self.column}` become columns?",
                'Give each a name, such as `names: {"paid": "paid", "open": "open"}`.',
            )
        if not good or found is None or cell is None:
            return None
        columns = dict(schema.select(self.index))
        for name, value in self.names.items():
            at = findings.at("names", name)
            good &= is_new(name, columns, at) and check(value, found.type, at)
            columns[name] = cell
        return Schema(columns) if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        of = schemas[0][self.column].type
        cells = {
            name: figure(
                self.function,
                self.value,
                code("{c} == {value}", c=col(self.column), value=constant(value, of)),
                schemas[0],
            )
            for name, value in self.names.items()
        }
        return StepCode(
            code(
                "{rows}.group_by({index}).agg({cells}).sort({index}, nulls_last=True)",
                rows=inputs[0],
                index=names(self.index),
                cells=assign(cells),
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        of = rows.schema[self.column].type
        counted = INT64 if self.value is None else rows.schema[self.value].type
        columns = {name: dialect.column(name) for name in self.index}
        for name, value in self.names.items():
            literal = dialect.literal(convert(value, of), of)
            here = dialect.binary(exp.EQ, dialect.column(self.column), literal)
            columns[name] = sql_figure(dialect, self.function, self.value, counted, here)
        by = [dialect.column(name) for name in self.index]
        order = tuple(Order(name) for name in self.index)
        return StepSql(select(dialect, rows.name, columns, group_by=by), order)
