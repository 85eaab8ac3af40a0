"""derive: columns from expressions."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode
from ai_data_engineer.spec.expressions import Compiled, compile_expression
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Expression, Step
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise
from ai_data_engineer.types import STRING


class Derive(Step):
    """Compute columns. Every expression sees the columns as they come in, not each other's results.

    A name that is there already is replaced where it stands; a new one is added behind, in the
    order given.
    """

    op: Literal["derive"] = "derive"
    columns: dict[ColumnName, Expression] = Field(min_length=1)
    """Name → SQL expression."""

    examples: ClassVar[list[dict[str, Any]]] = [{"columns": {"total": "price * quantity"}}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        columns = dict(inputs[0])
        good = True
        for name, expression in self.columns.items():
            compiled = compile_expression(expression, inputs[0], findings.at("columns", name))
            if compiled is None:
                good = False
                continue
            columns[name] = Column(compiled.type, compiled.nullable, _personal(compiled, inputs[0]))
        return Schema(columns) if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        compiled = {n: compile_expression(e, schemas[0]).polars for n, e in self.columns.items()}
        return StepCode(with_columns(inputs[0], compiled))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        columns = {
            name: compile_expression(expression, rows.schema).sql(dialect)
            for name, expression in self.columns.items()
        }
        return row_wise(dialect, rows, columns)


def _personal(compiled: Compiled, schema: Schema) -> str | None:
    """A text, or a value of the same type, may still show the personal data it was made from."""
    for name in sorted(compiled.columns):
        read = schema[name]
        if read.pii is not None and compiled.type in (STRING, read.type):
            return read.pii
    return None
