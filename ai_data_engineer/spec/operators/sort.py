"""sort: rows in an order."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import SortKey, Step
from ai_data_engineer.spec.operators.checking import order_of
from ai_data_engineer.spec.operators.writing import sort
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Order, Relation, StepSql, as_they_are, select


class Sort(Step):
    """Order the rows. Nulls come last in both directions; equal rows stay as they stood.

    Text is compared by code points; NaN is greater than every number.
    """

    op: Literal["sort"] = "sort"
    by: list[SortKey] = Field(min_length=1)
    """Columns to order by, the most important first."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"by": [{"column": "amount", "descending": True}, {"column": "order_id"}]}
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        return inputs[0] if order_of(inputs[0], self.by, findings.at("by")) else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        return StepCode(sort(inputs[0], self.by))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        first = tuple(Order(key.column, key.descending) for key in self.by)
        before = tuple(o for o in rows.order if o.column not in {f.column for f in first})
        return StepSql(select(dialect, rows.name, as_they_are(dialect, rows)), (*first, *before))
