"""Spark 4 in ANSI mode, with `spark.sql.session.timeZone` UTC and `caseSensitive` true."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import LogicalType


class Spark(Dialect):
    """SQL for Spark 4.3."""

    name = "spark"
    types: ClassVar[dict[str, str]] = {
        "boolean": "BOOLEAN",
        "int64": "BIGINT",
        "float64": "DOUBLE",
        "string": "STRING",
        "date": "DATE",
        "time": "TIME",
        "datetime": "TIMESTAMP",
        "binary": "BINARY",
    }
    functions = frozenset({"coalesce", "count", "raise_error", "row_number"})

    def type_name(self, of: LogicalType) -> str:
        """Return the engine's type as text."""
        if of.item is not None:
            return f"ARRAY<{self.type_name(of.item)}>"
        if of.name == "struct":
            fields = (f"{_quoted(name)}: {self.type_name(kind)}" for name, kind in of.fields)
            return f"STRUCT<{', '.join(fields)}>"
        return super().type_name(of)

    def string(self, value: str) -> Sql:
        """Return a text constant; sqlglot writes line ends and backslashes as escapes."""
        return exp.Literal.string(value)

    def wide(self, integer: Sql) -> Sql:
        """Return an int64 as DECIMAL(38, 0)."""
        return exp.Cast(this=integer, to=exp.DataType.build("DECIMAL(38, 0)", dialect="spark"))

    def fail(self, message: Sql) -> Sql:
        """Return `raise_error(message)`."""
        return self.call("raise_error", message)


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
