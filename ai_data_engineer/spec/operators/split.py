"""split: a text into several columns."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Step
from ai_data_engineer.spec.operators.checking import column_of, is_new
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise
from ai_data_engineer.types import STRING


class Split(Step):
    """Split a text at a separator into new columns, behind the others; the text stays.

    Where there are more parts than columns, the last one takes the rest as it is; where there are
    fewer, the columns left over are null.
    """

    op: Literal["split"] = "split"
    column: ColumnName
    """Text column to split."""
    separator: str = Field(min_length=1, max_length=50)
    """What stands between two parts, taken literally."""
    into: list[ColumnName] = Field(min_length=2, max_length=100)
    """New columns, one for each part."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "full_name", "separator": " ", "into": ["first_name", "last_name"]}
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        text = column_of(inputs[0], self.column, findings.at("column"), types=("string",))
        columns = dict(inputs[0])
        good = text is not None
        for index, name in enumerate(self.into):
            good &= is_new(name, columns, findings.at("into", index))
            columns[name] = Column(STRING, pii=text.pii if text else None)
        return Schema(columns) if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        parts = code(
            "{text}.str.splitn({separator}, {n}).struct.rename_fields({into}).struct.unnest()",
            text=col(self.column),
            separator=lit(self.separator),
            n=lit(len(self.into)),
            into=lit(self.into),
        )
        return StepCode(code("{rows}.with_columns({parts})", rows=inputs[0], parts=parts))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        *first, last = self.into
        parts = dialect.split(dialect.column(self.column), self.separator)
        taken = {
            name: dialect.list_item(parts.copy(), position)
            for position, name in enumerate(first, start=1)
        }
        taken[last] = dialect.joined_from(parts, len(self.into), self.separator)
        return row_wise(dialect, inputs[0], taken)
