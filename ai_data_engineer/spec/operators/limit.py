"""limit: the first rows."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import RowEffect, Step
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, as_they_are, in_order, select


class Limit(Step):
    """Keep the first rows as they come, after passing over some."""

    op: Literal["limit"] = "limit"
    n: int = Field(ge=0, le=2**31 - 1)
    """How many rows to keep."""
    offset: int = Field(0, ge=0, le=2**31 - 1)
    """How many rows to pass over before."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [{"n": 100}, {"n": 10, "offset": 20}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        return inputs[0]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        if self.offset:
            return StepCode(
                code(
                    "{rows}.slice({offset}, {n})",
                    rows=inputs[0],
                    offset=lit(self.offset),
                    n=lit(self.n),
                )
            )
        return StepCode(code("{rows}.head({n})", rows=inputs[0], n=lit(self.n)))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        first = in_order(dialect, rows, select(dialect, rows.name, as_they_are(dialect, rows)))
        first.set("limit", exp.Limit(expression=exp.Literal.number(self.n)))
        if self.offset:
            first.set("offset", exp.Offset(expression=exp.Literal.number(self.offset)))
        return StepSql(first, rows.order)
