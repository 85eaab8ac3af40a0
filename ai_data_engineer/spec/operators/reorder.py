"""reorder: these columns first."""

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


class Reorder(Step):
    """Put columns first, in the order given; the others follow as they stood."""

    op: Literal["reorder"] = "reorder"
    columns: Columns
    """Columns that come first."""

    examples: ClassVar[list[dict[str, Any]]] = [{"columns": ["order_id"]}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        if not columns_of(inputs[0], self.columns, findings.at("columns")):
            return None
        return inputs[0].select([*self.columns, *inputs[0].without(self.columns)])

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        return StepCode(
            code(
                "{rows}.select({columns}, pl.exclude({columns}))",
                rows=inputs[0],
                columns=names(self.columns),
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        order = [*self.columns, *inputs[0].schema.without(self.columns)]
        return projected(dialect, inputs[0], {n: dialect.column(n) for n in order})
