"""drop_null: rows without missing values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode, code
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, RowEffect, Step
from ai_data_engineer.spec.operators.checking import columns_of
from ai_data_engineer.spec.operators.writing import names
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, as_they_are, select


class DropNull(Step):
    """Remove the rows in which any, or all, of the columns are missing. NaN is a value."""

    op: Literal["drop_null"] = "drop_null"
    columns: Columns | None = None
    """Columns to look at; left out: all."""
    how: Literal["any", "all"] = "any"
    """Whether one missing value is enough or all must be missing."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [{"columns": ["email"]}, {"how": "all"}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        looked_at = list(inputs[0]) if self.columns is None else self.columns
        if not columns_of(inputs[0], looked_at, findings.at("columns")):
            return None
        if self.how == "all" and len(looked_at) > 1:
            return inputs[0]
        return Schema(
            (name, replace(column, nullable=column.nullable and name not in looked_at))
            for name, column in inputs[0].items()
        )

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        looked_at = names(self.columns or [])
        if self.how == "any":
            argument = code("[{columns}]", columns=looked_at) if looked_at else Code("")
            return StepCode(code("{rows}.drop_nulls({of})", rows=inputs[0], of=argument))
        columns = code("pl.col({columns})", columns=looked_at) if looked_at else Code("pl.all()")
        return StepCode(
            code(
                "{rows}.filter(~pl.all_horizontal({columns}.is_null()))",
                rows=inputs[0],
                columns=columns,
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        looked_at = [dialect.column(name) for name in self.columns or rows.schema]
        if self.how == "any":
            kept = dialect.both(*map(dialect.is_not_null, looked_at))
        else:
            kept = dialect.negate(dialect.both(*map(dialect.is_null, looked_at)))
        columns = as_they_are(dialect, rows)
        return StepSql(select(dialect, rows.name, columns, where=kept), rows.order)
