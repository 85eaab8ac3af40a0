"""split_rows: a text into several rows."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.gating import raw
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import column_of
from ai_data_engineer.spec.operators.items import items_in_polars, sql_of_items, with_position
from ai_data_engineer.spec.operators.patterns import read_pattern
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.regex import parse
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql
from ai_data_engineer.types import STRING


class SplitRows(Step):
    """Split a text at a separator and make a row of each part, in its place.

    The other columns are repeated. An empty or missing text gives one row, as it is.
    """

    op: Literal["split_rows"] = "split_rows"
    column: ColumnName
    """Text column to split."""
    separator: str = Field(min_length=1, max_length=200)
    """What stands between two parts."""
    regex: bool = False
    """Whether the separator is a regular expression; it must take a character."""
    position: ColumnName | None = None
    """New column, behind the others, that takes the part's place in its text, from 1; null where
    the text is missing."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "tags", "separator": ","},
        {"column": "tags", "separator": r"\s*[,;]\s*", "regex": True},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        text = column_of(
            inputs[0],
            self.column,
            findings.at("column"),
            types=("string",),
            advice="`explode` makes rows of a list.",
        )
        good = not self.regex or self._separator_fits(findings.at("separator"))
        schema = with_position(inputs[0], self.position, findings.at("position"))
        return schema if text is not None and good else None

    def _separator_fits(self, findings: Findings) -> bool:
        regex = read_pattern(self.separator, findings)
        if regex is not None and regex.can_be_empty:
            findings.error(
                "E_REGEX",
                "The separator can match nothing, which would split between all characters.",
                "Let it take a character: `+` for `*`.",
            )
            return False
        return regex is not None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        parts = code(
            "{text}.str.split({separator}{literal})",
            text=col(self.column),
            separator=raw(parse(self.separator).polars) if self.regex else lit(self.separator),
            literal=Code(", literal=False") if self.regex else Code(""),
        )
        rows = with_columns(inputs[0], {self.column: parts})
        return StepCode(items_in_polars(rows, self.column, self.position))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        text = dialect.column(self.column)
        if self.regex:
            parts = dialect.split_at(text, parse(self.separator))
        else:
            parts = dialect.split(text, self.separator)
        return sql_of_items(self.id, inputs[0], self.column, STRING, parts, dialect, self.position)
