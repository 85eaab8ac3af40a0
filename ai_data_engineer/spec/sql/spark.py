"""Spark 4.3 in ANSI mode, with the settings of `SETTINGS`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar, Final

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Build, Dialect, Sql
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timeType.enabled": "true",
}
"""What a session must be set to for its SQL to mean what the language means."""


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
            # choices
            *("coalesce", "greatest", "least", "nanvl", "nullif", "raise_error"),
            # numbers
            *("abs", "ceil", "exp", "floor", "ln", "log10", "pow", "rint", "round", "sign"),
            "sqrt",
            # lists
            *("array", "array_join", "array_position", "array_size", "element_at", "transform"),
            "try_element_at",
            # over rows
            *("count", "row_number"),
        }
    )

    def type_name(self, of: LogicalType) -> str:
        """Return the engine's type as text."""
        if of.item is not None:
            return f"ARRAY<{self.type_name(of.item)}>"
        if of.name == "struct":
            fields = (f"{_quoted(name)}: {self.type_name(kind)}" for name, kind in of.fields)
            return f"STRUCT<{', '.join(fields)}>"
        return super().type_name(of)

    def type_of(self, of: LogicalType) -> exp.DataType:
        """Return the engine's type; sqlglot would make TIMESTAMP of TIME."""
        return exp.DataType(this=exp.DataType.Type.USERDEFINED, kind=self.type_name(of))

    def string(self, value: str) -> Sql:
        """Return a text constant; sqlglot writes line ends and backslashes as escapes."""
        return exp.Literal.string(value)

    def wide(self, integer: Sql) -> Sql:
        """Return an int64 as DECIMAL(38, 0)."""
        return exp.Cast(this=integer, to=exp.DataType.build("DECIMAL(38, 0)", dialect="spark"))

    def fail(self, message: Sql) -> Sql:
        """Return `raise_error(message)`."""
        return self.call("raise_error", message)

    def _of_one(self, value: Sql, function: exp.Lambda) -> Sql:
        """Return `element_at(transform(array(value), function), 1)`."""
        mapped = self.call("transform", self.call("array", value), function)
        return self.call("element_at", mapped, self.integer(1))

    def wide_quotient(self, number: Sql, divisor: Sql) -> Sql:
        """Return `number / divisor`, whose decimals are all zero, as DECIMAL(38, 0)."""
        return self.wide(self.binary(exp.Div, number, divisor))

    def product(self, left: Sql, right: Sql, of: LogicalType) -> Sql:
        """Return `left * right` as its decimal: Spark counts one digit more than there can be."""
        return self.cast(self.binary(exp.Mul, left, right), of)

    def minus_decimal(self, number: Sql, of: LogicalType) -> Sql:
        """Return `-number`; of more than 34 digits Spark's own sign change rounds the last."""
        if of.precision <= 34:
            return self.minus(number)
        zero = self.literal(Decimal(0), of)
        return self.cast(self.binary(exp.Sub, zero, number), of)

    def abs_decimal(self, number: Sql, of: LogicalType) -> Sql:
        """Return `abs(number)`, which changes the sign in the same way."""
        if of.precision <= 34:
            return self.call("abs", number)
        zero = self.integer(0)
        return self.let(
            number,
            lambda x: self.case(
                (self.binary(exp.LT, x(), zero), self.minus_decimal(x(), of)), otherwise=x()
            ),
        )

    def power(self, number: Sql, exponent: Sql) -> Sql:
        """Return `pow(number, exponent)`."""
        return self.call("pow", number, exponent)

    def null_if_nan(self, number: Sql) -> Sql:
        """Return `nanvl(number, NULL)`."""
        return self.call("nanvl", number, exp.Null())

    def floor(self, number: Sql) -> Sql:
        """Return the rounded number, one less where it is larger; `floor` makes a BIGINT."""
        return self.let(number, lambda x: self._lowered(x, self.call("rint", x())))

    def _lowered(self, number: Build, rounded: Sql) -> Sql:
        larger = self.binary(exp.GT, rounded.copy(), number())
        return self.case(
            (larger, self.binary(exp.Sub, rounded.copy(), self.integer(1))), otherwise=rounded
        )

    def ceil(self, number: Sql) -> Sql:
        """Return `-floor(-number)`."""
        return self.minus(self.floor(self.minus(number)))

    def trunc(self, number: Sql) -> Sql:
        """Return the floor of the magnitude with the sign of the number, also of -0.0."""
        return self.let(number, lambda x: self._signed(x, self.floor(self.call("abs", x()))))

    def _signed(self, number: Build, magnitude: Sql) -> Sql:
        return self.binary(exp.Mul, self.call("sign", number()), magnitude)

    def round(self, number: Sql, digits: int) -> Sql:
        """Return `round` of the shifted number, shifted back: of a fraction, Spark's own rounds the
        digits that are shown, not the number that is stored. It also loses the sign of zero.
        """
        factor = self.literal(10.0**digits, FLOAT64)

        def rounded(x: Build) -> Sql:
            magnitude = self.call("abs", x())
            if not digits:
                return self._signed(x, self.call("round", magnitude))
            shifted = self.binary(exp.Mul, magnitude, factor.copy())
            whole = self._signed(x, self.call("round", shifted))
            limit = self.literal(sys.float_info.max / 10.0**digits, FLOAT64)
            return self.case(
                (
                    self.binary(exp.LTE, self.call("abs", x()), limit),
                    exp.Div(this=whole, expression=factor.copy()),
                ),
                otherwise=x(),
            )

        return self.let(number, rounded)

    def trunc_decimal(self, number: Sql) -> Sql:
        """Return `floor` or, below zero, `ceil` of the number."""
        return self.let(
            number,
            lambda x: self.case(
                (self.binary(exp.LT, x(), self.integer(0)), self.call("ceil", x())),
                otherwise=self.call("floor", x()),
            ),
        )

    def list_length(self, values: Sql) -> Sql:
        """Return `array_size(values)` as BIGINT."""
        return self.cast(self.call("array_size", values), INT64)

    def list_get(self, values: Sql, position: int) -> Sql:
        """Return `try_element_at(values, position)`."""
        return self.call("try_element_at", values, self.integer(position))

    def list_contains(self, values: Sql, value: Sql) -> Sql:
        """Return `array_position(values, value) > 0`: `array_contains` is null beside nulls."""
        position = self.call("array_position", values, value)
        return self.binary(exp.GT, position, self.integer(0))

    def each(self, items: Sql, item: Callable[[Sql], Sql]) -> Sql:
        """Return `transform(items, x -> …)`."""
        return self.call("transform", items, self.function(lambda x: item(x())))

    def list_join(self, values: Sql, separator: Sql) -> Sql:
        """Return `array_join(values, separator)`."""
        return self.call("array_join", values, separator)


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
