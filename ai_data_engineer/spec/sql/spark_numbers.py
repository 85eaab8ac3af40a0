"""Numbers in Spark, whose functions make a BIGINT of a float64 or round what it shows."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Build, Dialect, Sql
from ai_data_engineer.spec.sql.numbers import Decimals
from ai_data_engineer.types import FLOAT64, LogicalType


class SparkNumbers(Dialect):
    """The arithmetic of Spark."""

    number_functions: ClassVar[frozenset[str]] = frozenset(
        {
            "abs", "ceil", "exp", "floor", "greatest", "least", "ln", "log10", "nanvl", "pow",
            "rint", "round", "sign", "sqrt",
        }
    )  # fmt: skip

    def wide(self, integer: Sql) -> Sql:
        """Return an int64 as DECIMAL(38, 0)."""
        return exp.Cast(this=integer, to=exp.DataType.build("DECIMAL(38, 0)", dialect="spark"))

    def wide_quotient(self, number: Sql, divisor: Sql) -> Sql:
        """Return `number / divisor`, whose decimals are all zero, as DECIMAL(38, 0)."""
        return self.wide(self.binary(exp.Div, number, divisor))

    def product(self, left: Decimals, right: Decimals, of: LogicalType) -> Sql:
        """Return `left * right` as its decimal: Spark counts one digit more than there can be."""
        return self.cast(self.binary(exp.Mul, left[0], right[0]), of)

    def power(self, number: Sql, exponent: Sql) -> Sql:
        """Return `pow(number, exponent)`."""
        return self.call("pow", number, exponent)

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
