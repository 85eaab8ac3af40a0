"""Spark 4 in ANSI mode, with `spark.sql.session.timeZone` UTC and `caseSensitive` true."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import FLOAT64, LogicalType


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
    functions = frozenset(
        {
            "array", "coalesce", "count", "explode", "named_struct", "raise_error", "row_number",
            "size", "split", "transform",
            "abs", "isnan", "last_value", "max", "min", "round", "sha2",
        }
    )  # fmt: skip

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

    def list_of(self, *values: Sql) -> Sql:
        """Return `array(…)`."""
        return self.call("array", *values)

    def list_length(self, values: Sql) -> Sql:
        """Return `size(values)`, which is null for null in ANSI mode."""
        return self.call("size", values)

    def split(self, text: Sql, separator: str) -> Sql:
        """Return `split(text, pattern, -1)` with a pattern that stands for itself."""
        pattern = "".join(c if c.isalnum() else f"\\{c}" if c.isascii() else c for c in separator)
        return self.call("split", text, self.string(pattern), self.integer(-1))

    def unnest(self, values: Sql) -> Sql:
        """Return `explode` over structs of place and item."""
        names = [exp.Identifier(this=name, quoted=False) for name in ("v", "i")]
        value, place = (exp.Column(this=name.copy()) for name in names)
        pair = self.call("named_struct", self.string("place"), place, self.string("item"), value)
        return self.call(
            "explode", self.call("transform", values, exp.Lambda(this=pair, expressions=names))
        )

    def place_of(self, unnested: str) -> Sql:
        """Return the field `place`."""
        return exp.Dot(this=self.column(unnested), expression=self.identifier("place"))

    def item_of(self, unnested: str) -> Sql:
        """Return the field `item`."""
        return exp.Dot(this=self.column(unnested), expression=self.identifier("item"))

    def is_finite(self, number: Sql) -> Sql:
        """Return whether the magnitude is below infinity; NaN is greater than that."""
        infinity = self.cast(exp.Literal.string("Infinity"), FLOAT64)
        return self.binary(exp.LT, self.call("abs", number), infinity)

    def last_known(self, value: Sql) -> Sql:
        """Return `last_value(value, true)`."""
        return self.call("last_value", value, exp.Boolean(this=True))

    def sha256(self, text: Sql) -> Sql:
        """Return `sha2(text, 256)`."""
        return self.call("sha2", text, self.integer(256))

    def fail(self, message: Sql) -> Sql:
        """Return `raise_error(message)`."""
        return self.call("raise_error", message)


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
