"""Spark 4.3 in ANSI mode, with the settings of `SETTINGS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar, Final

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Sql
from ai_data_engineer.spec.sql.spark_moments import SparkMoments
from ai_data_engineer.types import BINARY, FLOAT64, INT64, STRING, LogicalType

SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timeType.enabled": "true",
}
"""What a session must be set to for its SQL to mean what the language means."""


class Spark(SparkMoments):
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
    functions = SparkMoments.moment_functions | frozenset(
        {
            "abs", "avg", "btrim", "coalesce", "contains", "count", "format_string", "last_value",
            "length", "lower", "max", "median", "min", "nullif", "raise_error", "regexp_extract",
            "regexp_replace", "repeat", "rint", "replace", "round", "row_number", "sha2", "substr",
            "transform",
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

    def type_of(self, of: LogicalType) -> exp.DataType:
        """Return the engine's type that carries a logical type.

        sqlglot writes a TIMESTAMP for TIME, which Spark has since 4.1.
        """
        found = super().type_of(of)
        for part in list(found.find_all(exp.DataType)):
            if part.this == exp.DType.TIME:
                part.set("this", exp.DType.USERDEFINED)
                part.set("kind", "TIME")
        return found

    def string(self, value: str) -> Sql:
        """Return a text constant; sqlglot writes line ends and backslashes as escapes."""
        return exp.Literal.string(value)

    def wide(self, integer: Sql) -> Sql:
        """Return an int64 as DECIMAL(38, 0)."""
        return exp.Cast(this=integer, to=exp.DataType.build("DECIMAL(38, 0)", dialect="spark"))

    def fail(self, message: Sql) -> Sql:
        """Return `raise_error(message)`."""
        return self.call("raise_error", message)

    def rewritten(self, text: Sql, pattern: str, template: str) -> Sql:
        """Return `regexp_replace(text, pattern, template)`, with groups as Java writes them."""
        java = re.sub(r"\\([0-9])", r"$\1", template)
        return self.call("regexp_replace", text, self.string(pattern), self.string(java))

    def trimmed(self, text: Sql, characters: str) -> Sql:
        """Return `btrim(text, characters)`."""
        return self.call("btrim", text, self.string(characters))

    def lower(self, text: Sql) -> Sql:
        """Return `lower(text)`."""
        return self.call("lower", text)

    def encoded(self, text: Sql) -> Sql:
        """Return `CAST(text AS BINARY)`."""
        return self.cast(text, BINARY)

    def sha256(self, text: Sql) -> Sql:
        """Return `sha2(text, 256)`."""
        return self.call("sha2", text, self.integer(256))

    def each(self, items: Sql, item: Callable[[Sql], Sql]) -> Sql:
        """Return `transform(items, item -> …)`."""
        name = exp.Identifier(this="item")
        each = exp.Lambda(this=item(exp.Column(this=name.copy())), expressions=[name])
        return self.call("transform", items, each)

    def float_text(self, number: Sql) -> Sql:
        """Return the number in the fewest digits that mean it (JDK 17 does not always find them),
        between 1e-5 and 1e16 without an exponent.
        """

        def written(digits: int) -> Sql:
            return self.call("format_string", self.string(f"%.{digits - 1}e"), number.copy())

        def means_it(text: Sql) -> Sql:
            return self.binary(exp.EQ, self.try_cast(text, FLOAT64), number.copy())

        def shortest() -> Sql:
            few, more = written(15), written(16)
            return self.case(
                (means_it(few.copy()), few), (means_it(more.copy()), more), otherwise=written(17)
            )

        size = self.call("abs", number.copy())
        plain = self.both(
            self.binary(exp.GTE, size, self.float(1e-5)),
            self.binary(exp.LT, size.copy(), self.float(1e16)),
        )
        digits = self.cast(self.try_cast(shortest(), LogicalType("decimal", 38, 22)), STRING)
        exponent = r"^(-?[0-9])(?:\.0*|(\.[0-9]*?[1-9])0*)e([+-])0?([0-9]+)\z"
        return self.case(
            (self.binary(exp.EQ, number.copy(), self.integer(0)), self.cast(number.copy(), STRING)),
            (plain, self.rewritten(digits, r"^(-?[0-9]+\.[0-9]+?)0*\z", r"\1")),
            otherwise=self.replaced(
                self.rewritten(shortest(), exponent, r"\1\2e\3\4"), "Infinity", "inf"
            ),
        )

    def truncated(self, number: Sql, of: LogicalType) -> Sql:
        """Return `CAST(number AS BIGINT)` where it fits: Spark makes 2 ** 63 one less."""
        if of.name == "decimal":
            return self.try_cast(number, INT64)
        bounds = (self.float(-(2.0**63)), self.float(2.0**63))
        within = self.both(
            self.binary(exp.GTE, number, bounds[0]), self.binary(exp.LT, number.copy(), bounds[1])
        )
        return self.case((within, self.cast(number.copy(), INT64)))

    def float_to_decimal(self, number: Sql, to: LogicalType) -> Sql:
        """Return the whole number of units, as text with an exponent."""
        unit, whole = self.float(10.0**to.scale), LogicalType("decimal", 38, 0)
        count = self.call("round", self.binary(exp.Mul, number, unit))
        if to.scale:
            value = self.binary(exp.Div, count, unit.copy())
            count = self.call("rint", self.binary(exp.Mul, value, unit.copy()))
        # A decimal of a float has the digits of its text; those of a BIGINT are exact.
        exact = self.coalesce(
            self.cast(self.truncated(count, FLOAT64), whole), self.try_cast(count.copy(), whole)
        )
        digits = self.joined(self.cast(exact, STRING), self.string(f"E-{to.scale}"))
        return self.try_cast(digits, to)

    def decimal_text(self, number: Sql, of: LogicalType) -> Sql:
        """Return `CAST(number AS STRING)`."""
        return self.cast(number, STRING)


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
