"""rename: other names for columns."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Step
from ai_data_engineer.spec.operators.checking import is_new
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, projected


class Rename(Step):
    """Give columns other names, all at once: two columns may swap theirs. The order stays."""

    op: Literal["rename"] = "rename"
    columns: dict[ColumnName, ColumnName] = Field(min_length=1)
    """Name now → new name."""

    examples: ClassVar[list[dict[str, Any]]] = [{"columns": {"cust": "customer_id"}}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        good = True
        taken = {name for name in inputs[0] if name not in self.columns}
        for old, new in self.columns.items():
            at = findings.at("columns", old)
            good &= inputs[0].find(old, at) is not None and is_new(new, taken, at)
            taken.add(new)
        if not good:
            return None
        return Schema((self.columns.get(name, name), column) for name, column in inputs[0].items())

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        return StepCode(
            code("{rows}.rename({columns})", rows=inputs[0], columns=lit(dict(self.columns)))
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        columns = {self.columns.get(n, n): dialect.column(n) for n in inputs[0].schema}
        return projected(dialect, inputs[0], columns)
