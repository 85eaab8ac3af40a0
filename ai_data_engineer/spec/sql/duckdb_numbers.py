"""Numbers in DuckDB, whose float64 is that of C."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.numbers import Decimals
from ai_data_engineer.types import FLOAT64, LogicalType

_SHORT = 18
"""Digits of the longest decimal that DuckDB keeps in 64 bits."""


class DuckDBNumbers(Dialect):
    """The arithmetic of DuckDB."""

    number_functions: ClassVar[frozenset[str]] = frozenset(
        {
            "abs", "ceil", "exp", "floor", "greatest", "least", "ln", "log10", "pow", "round",
            "sign", "sqrt", "trunc",
        }
    )  # fmt: skip

    def wide(self, integer: Sql) -> Sql:
        """Return an int64 as HUGEINT."""
        return exp.Cast(this=integer, to=exp.DataType.build("HUGEINT", dialect="duckdb"))

    def wide_quotient(self, number: Sql, divisor: Sql) -> Sql:
        """Return `number // divisor`."""
        return self.binary(exp.IntDiv, number, divisor)

    def product(self, left: Decimals, right: Decimals, of: LogicalType) -> Sql:
        """Return `left * right`. Its digits and scale are ours, unless both sides have at most 18
        digits: then the product has no more either, and may overflow.
        """
        (number, kind), (other, other_kind) = left, right
        if of.precision <= _SHORT or max(kind.precision, other_kind.precision) > _SHORT:
            return self.binary(exp.Mul, number, other)
        longer = self.cast(number, LogicalType("decimal", _SHORT + 1, kind.scale))
        return self.cast(self.binary(exp.Mul, longer, other), of)

    def power(self, number: Sql, exponent: Sql) -> Sql:
        """Return `pow(number, exponent)`."""
        return self.call("pow", number, exponent)

    def minus_decimal(self, number: Sql, of: LogicalType) -> Sql:
        """Return `-number`."""
        return self.minus(number)

    def abs_decimal(self, number: Sql, of: LogicalType) -> Sql:
        """Return `abs(number)`."""
        return self.call("abs", number)

    def null_if_nan(self, number: Sql) -> Sql:
        """Return `nullif(number, NaN)`; NaN equals NaN here."""
        return self.null_if(number, self.cast(exp.Literal.string("NaN"), FLOAT64))

    def floor(self, number: Sql) -> Sql:
        """Return `floor(number)`."""
        return self.call("floor", number)

    def ceil(self, number: Sql) -> Sql:
        """Return `ceil(number)`."""
        return self.call("ceil", number)

    def trunc(self, number: Sql) -> Sql:
        """Return `trunc(number)`."""
        return self.call("trunc", number)

    def round(self, number: Sql, digits: int) -> Sql:
        """Return `round(number, digits)`."""
        return self.call("round", number, *([self.integer(digits)] if digits else []))

    def trunc_decimal(self, number: Sql) -> Sql:
        """Return `trunc(number)`."""
        return self.call("trunc", number)
