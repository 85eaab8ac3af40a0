"""extract: parts of a text by a regular expression."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, col
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Step
from ai_data_engineer.spec.operators.checking import column_of, is_new
from ai_data_engineer.spec.operators.patterns import read_pattern
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.regex import parse
from ai_data_engineer.spec.regex.extracting import extracted
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise
from ai_data_engineer.types import STRING


class Extract(Step):
    """Take the groups of a regular expression's first match out of a text into new columns.

    They stand behind the others; the text stays. The value is null without a match, and where a
    group that the match may pass by, as in `(…)?` and `(…)|…`, takes nothing.
    """

    op: Literal["extract"] = "extract"
    column: ColumnName
    """Text column to look at."""
    pattern: str = Field(min_length=1, max_length=1000)
    """Regular expression with a group for each new column; `(?:…)` groups without taking."""
    into: list[ColumnName] = Field(min_length=1, max_length=100)
    """New columns, one for each group, in their order."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "sku", "pattern": "^([A-Z]+)-([0-9]+)$", "into": ["family", "number"]}
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        text = column_of(inputs[0], self.column, findings.at("column"), types=("string",))
        columns = dict(inputs[0])
        good = text is not None and self._pattern_fits(findings.at("pattern"))
        for index, name in enumerate(self.into):
            good &= is_new(name, columns, findings.at("into", index))
            columns[name] = Column(STRING, pii=text.pii if text else None)
        return Schema(columns) if good else None

    def _pattern_fits(self, findings: Findings) -> bool:
        if (regex := read_pattern(self.pattern, findings)) is None:
            return False
        if regex.groups != len(self.into):
            findings.error(
                "E_GROUP_COUNT",
                f"The pattern has {regex.groups} groups and `into` names {len(self.into)} columns.",
                "Write a group `(…)` for each column, and `(?:…)` for the others.",
            )
            return False
        return True

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        regex = parse(self.pattern)
        taken = {
            name: extracted(col(self.column), regex, group)
            for group, name in enumerate(self.into, start=1)
        }
        return StepCode(with_columns(inputs[0], taken))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        regex = parse(self.pattern)
        taken = {
            name: dialect.extracted(dialect.column(self.column), regex, group)
            for group, name in enumerate(self.into, start=1)
        }
        return row_wise(dialect, inputs[0], taken)
