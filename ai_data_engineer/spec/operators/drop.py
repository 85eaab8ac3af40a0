"""drop: all columns but these."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode, code
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, Step
from ai_data_engineer.spec.operators.checking import columns_of
from ai_data_engineer.spec.operators.writing import names
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, projected


class Drop(Step):
    """Remove columns; the others stay in their order."""

    op: Literal["drop"] = "drop"
    columns: Columns
    """Columns to remove."""

    examples: ClassVar[list[dict[str, Any]]] = [{"columns": ["note"]}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        if not columns_of(inputs[0], self.columns, findings.at("columns")):
            return None
        left = inputs[0].without(self.columns)
        if not left:
            findings.at("columns").error(
                "E_NO_COLUMNS", "No column would be left.", "Keep at least one."
            )
            return None
        return left

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        return StepCode(code("{rows}.drop({columns})", rows=inputs[0], columns=names(self.columns)))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        left = inputs[0].schema.without(self.columns)
        return projected(dialect, inputs[0], {n: dialect.column(n) for n in left})
