"""quarantine: rows set aside."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Expression, Step
from ai_data_engineer.spec.operators.conditions import check_condition, condition, sql_condition
from ai_data_engineer.spec.operators.writing import atom, local
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import REASON, Relation, StepSql, as_they_are, select
from ai_data_engineer.types import BOOLEAN


class Quarantine(Step):
    """Set aside the rows for which a condition is true, with a reason; the others go on."""

    op: Literal["quarantine"] = "quarantine"
    where: Expression
    """Condition for rows to be set aside; where it is unknown (null) the row goes on."""
    reason: str = Field(min_length=1, max_length=200)
    """Why, for whoever looks at the rejects."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"where": "amount < 0", "reason": "negative amount"}
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        check_condition(self.where, inputs[0], findings.at("where"))
        return inputs[0]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        bad = local("bad", inputs)
        where = atom(condition(self.where, schemas[0]))
        return StepCode(
            code("{rows}.filter(~{bad})", rows=inputs[0], bad=bad),
            before=(code("{bad} = {where}.fill_null(False)", bad=bad, where=where),),
            rejects=code(
                "{rows}.filter({bad}).with_columns(__reason=pl.lit({reason}))",
                rows=inputs[0],
                bad=bad,
                reason=lit(self.reason),
            ),
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]

        def bad() -> Sql:
            return sql_condition(self.where, rows.schema, dialect)

        unknown = dialect.literal(False, BOOLEAN)
        good = dialect.negate(dialect.coalesce(bad(), unknown))
        reason = {REASON: dialect.string(self.reason)}
        return StepSql(
            select(dialect, rows.name, as_they_are(dialect, rows), where=good),
            rows.order,
            rejects=select(
                dialect, rows.name, {**as_they_are(dialect, rows), **reason}, where=bad()
            ),
        )
