"""explode: a list into rows."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import column_of, retyped
from ai_data_engineer.spec.operators.items import items_in_polars, sql_of_items, with_position
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
    position: ColumnName | None = None
    """New column, behind the others, that takes the item's place in its list, from 1; null where
    there is no item."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "items"},
        {"column": "items", "position": "line"},
    ]

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
        schema = Schema({**inputs[0], self.column: item})
        return with_position(schema, self.position, findings.at("position"))

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        return StepCode(items_in_polars(inputs[0], self.column, self.position))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        of = inputs[0].schema[self.column].type.item
        assert of is not None
        values = dialect.column(self.column)
        return sql_of_items(self.id, inputs[0], self.column, of, values, dialect, self.position)
