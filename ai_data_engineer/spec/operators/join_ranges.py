"""Ranges that a join matches by: a value of the left input between two of the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqlglot import exp

from ai_data_engineer.document import Document
from ai_data_engineer.spec.code import Code, code, col, join
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName
from ai_data_engineer.spec.operators.checking import orderable
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql


class Range(Document):
    """A value of the left input lies between two values of the right one."""

    column: ColumnName
    """Column of the left input."""
    low: ColumnName | None = None
    """Column of the right input with the lower end; left out, or null in a row: no such end."""
    high: ColumnName | None = None
    """Column of the right input with the upper end; left out, or null in a row: no such end."""
    closed: Literal["both", "left", "right", "neither"] = "both"
    """Which ends belong to the range; left: from `low` on until before `high`."""

    @property
    def _ends(self) -> list[tuple[Literal["low", "high"], str]]:
        ends: tuple[tuple[Literal["low", "high"], str | None], ...] = (
            ("low", self.low),
            ("high", self.high),
        )
        return [(end, column) for end, column in ends if column is not None]

    def fits(self, left: Schema, right: Schema, findings: Findings) -> bool:
        """Check that the columns exist, have an order, and are of one type."""
        if not self._ends:
            findings.error("E_PARAMETERS", "The range has no end.", "Give low, high or both.")
            return False
        if not orderable(left, self.column, findings.at("column")):
            return False
        good = True
        for end, column in self._ends:
            at = findings.at(end)
            found = right.find(column, at)
            if found is not None and found.type != left[self.column].type:
                at.error(
                    "E_JOIN_TYPES",
                    f"`{self.column}` is {left[self.column].type} and `{column}` is {found.type}.",
                    "Put a `cast` step before the join.",
                )
            good &= found is not None and found.type == left[self.column].type
        return good

    def polars(self, names: Mapping[str, str], right: Schema) -> Code:
        """Return the condition; `names` are those of the right columns beside the left ones."""
        parts = [code("{c}.is_not_null()", c=col(self.column))]
        for end, column in self._ends:
            other = col(names[column])
            condition = code(
                "{c} {sign} {end}", c=col(self.column), sign=self._sign(end), end=other
            )
            if right[column].nullable:
                condition = code("({c}) | {end}.is_null()", c=condition, end=other)
            parts.append(condition)
        return join(parts)

    def _sign(self, end: Literal["low", "high"]) -> Code:
        if end == "low":
            return Code(">=" if self.closed in ("both", "left") else ">")
        return Code("<=" if self.closed in ("both", "right") else "<")

    def sql(self, dialect: Dialect, left: str, right: str, columns: Schema) -> Sql:
        """Return the condition between two relations; `columns` are those of the right one."""
        nodes = {">=": exp.GTE, ">": exp.GT, "<=": exp.LTE, "<": exp.LT}
        parts = [dialect.is_not_null(dialect.column(self.column, left))]
        for end, column in self._ends:
            condition = dialect.binary(
                nodes[self._sign(end)],
                dialect.column(self.column, left),
                dialect.column(column, right),
            )
            if columns[column].nullable:
                missing = dialect.is_null(dialect.column(column, right))
                condition = dialect.either(condition, missing)
            parts.append(condition)
        return dialect.both(*parts)
