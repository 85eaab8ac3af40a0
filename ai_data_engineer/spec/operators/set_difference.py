"""set_difference: rows that only the first input has."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import RowEffect, Step
from ai_data_engineer.spec.operators.sets import comparable, distinct_rows, sql_of_distinct_rows
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql


class SetDifference(Step):
    """Keep the rows of the first input that the second does not have, each once.

    Both inputs have the same columns, matched by their names; missing equals missing. The rows
    stand in the order of the first input.
    """

    op: Literal["set_difference"] = "set_difference"

    rows: ClassVar[RowEffect] = "reshapes"
    input_count: ClassVar[tuple[int, int | None]] = (2, 2)
    looks_up: ClassVar[bool] = True
    examples: ClassVar[list[dict[str, Any]]] = [{}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        return inputs[0] if comparable(inputs[0], inputs[1], findings) else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        return distinct_rows(inputs[0], inputs[1], schemas[0], how="anti")

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        return sql_of_distinct_rows(self.id, inputs[0], inputs[1], dialect, having=False)
