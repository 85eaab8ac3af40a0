"""explode: a list into rows."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import column_of, retyped
from ai_data_engineer.spec.operators.items import sql_of_items
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql


class Explode(Step):
    """Make a row of each item of a list; the other columns are repeated.

    An empty or missing list gives one row with null, so that no row is lost.
    """

    op: Literal["explode"] = "explode"
    column: ColumnName
    """List column; its items take its place."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [{"column": "items"}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        column = column_of(
            inputs[0],
            self.column,
            findings.at("column"),
            types=("list",),
            advice="`split_rows` makes rows of a text.",
        )
        if column is None or column.type.item is None:
            return None
        item = retyped(column, column.type.item, nullable=True)
        return Schema({**inputs[0], self.column: item})

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        return StepCode(
            code(
                "{rows}.explode({column}, empty_as_null=True)",
                rows=inputs[0],
                column=lit(self.column),
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        of = inputs[0].schema[self.column].type.item
        assert of is not None
        return sql_of_items(
            self.id, inputs[0], self.column, of, dialect.column(self.column), dialect
        )
