"""filter: keep the rows for which a condition is true."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode, code
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Expression, RowEffect, Step
from ai_data_engineer.spec.operators.conditions import check_condition, condition, sql_condition
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, as_they_are, select


class Filter(Step):
    """Keep the rows for which the condition is true; false and unknown (null) go."""

    op: Literal["filter"] = "filter"
    where: Expression
    """Condition over the columns, such as `amount > 100 AND status IN ('paid', 'shipped')`."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [{"where": "amount > 100"}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        check_condition(self.where, inputs[0], findings.at("where"))
        return inputs[0]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        where = condition(self.where, schemas[0])
        return StepCode(code("{rows}.filter({where})", rows=inputs[0], where=where))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        where = sql_condition(self.where, rows.schema, dialect)
        kept = select(dialect, rows.name, as_they_are(dialect, rows), where=where)
        return StepSql(kept, rows.order)
