"""flatten: the fields of a struct as columns."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Step
from ai_data_engineer.spec.operators.checking import column_of, is_new
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Relation, StepSql, projected


class Flatten(Step):
    """Put the fields of a struct in its place, as columns; a missing struct gives nulls."""

    op: Literal["flatten"] = "flatten"
    column: ColumnName
    """Struct column."""
    prefix: str | None = Field(None, max_length=100)
    """Put before the fields' names; left out: the column's name and `_`."""

    examples: ClassVar[list[dict[str, Any]]] = [{"column": "address"}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        struct = column_of(inputs[0], self.column, findings.at("column"), types=("struct",))
        if struct is None:
            return None
        good = True
        columns: dict[str, Column] = {}
        others = inputs[0].without([self.column])
        for name, column in inputs[0].items():
            if name != self.column:
                columns[name] = column
                continue
            for field, of in struct.type.fields:
                new = self._prefix + field
                good &= is_new(new, [*others, *columns], findings.at("prefix"))
                columns[new] = Column(of, pii=struct.pii)
        return Schema(columns) if good else None

    @property
    def _prefix(self) -> str:
        return f"{self.column}_" if self.prefix is None else self.prefix

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        if self.prefix is None:
            return StepCode(
                code('{rows}.unnest({c}, separator="_")', rows=inputs[0], c=lit(self.column))
            )
        prefixed = inputs[0]
        if self.prefix:
            prefixed = code(
                "{rows}.with_columns({column}.name.prefix_fields({prefix}))",
                rows=inputs[0],
                column=col(self.column),
                prefix=lit(self.prefix),
            )
        return StepCode(code("{rows}.unnest({c})", rows=prefixed, c=lit(self.column)))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        columns: dict[str, Sql] = {}
        for name, column in inputs[0].schema.items():
            if name != self.column:
                columns[name] = dialect.column(name)
                continue
            for field, _ in column.type.fields:
                # Without the parentheses, `a.b` may be a column of a relation.
                struct = exp.Paren(this=dialect.column(name))
                columns[self._prefix + field] = exp.Dot(
                    this=struct, expression=dialect.identifier(field)
                )
        return projected(dialect, inputs[0], columns)
