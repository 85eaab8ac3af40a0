"""Numbers in SQL: what the engines write differently, with one meaning each."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.types import LogicalType

Decimals = tuple[exp.Expr, LogicalType]
"""A decimal and its type."""


class Numbers:
    """The arithmetic of a `Dialect`."""

    def wide(self, integer: exp.Expr) -> exp.Expr:
        """Return an int64 as a type in which + - and * of two of them cannot overflow."""
        raise NotImplementedError

    def wide_quotient(self, number: exp.Expr, divisor: exp.Expr) -> exp.Expr:
        """Return a division of `wide` integers that leaves no rest."""
        raise NotImplementedError

    def product(self, left: Decimals, right: Decimals, of: LogicalType) -> exp.Expr:
        """Return the exact product of two decimals as the decimal that it fits."""
        raise NotImplementedError

    def power(self, number: exp.Expr, exponent: exp.Expr) -> exp.Expr:
        """Return a float64 to the power of another, as C defines it."""
        raise NotImplementedError

    def minus_decimal(self, number: exp.Expr, of: LogicalType) -> exp.Expr:
        """Return a decimal with the other sign, as the same decimal."""
        raise NotImplementedError

    def abs_decimal(self, number: exp.Expr, of: LogicalType) -> exp.Expr:
        """Return the magnitude of a decimal, as the same decimal."""
        raise NotImplementedError

    def null_if_nan(self, number: exp.Expr) -> exp.Expr:
        """Return a float64, null where it is NaN."""
        raise NotImplementedError

    def floor(self, number: exp.Expr) -> exp.Expr:
        """Return the next whole float64 that is not larger; infinite and NaN stay."""
        raise NotImplementedError

    def ceil(self, number: exp.Expr) -> exp.Expr:
        """Return the next whole float64 that is not smaller; infinite and NaN stay."""
        raise NotImplementedError

    def trunc(self, number: exp.Expr) -> exp.Expr:
        """Return a float64 without its fraction; infinite and NaN stay."""
        raise NotImplementedError

    def round(self, number: exp.Expr, digits: int) -> exp.Expr:
        """Return a float64 times 10ᵈ, rounded half away from zero, over 10ᵈ; as it is where that
        product is infinite.
        """
        raise NotImplementedError

    def trunc_decimal(self, number: exp.Expr) -> exp.Expr:
        """Return a decimal without its fraction, as some decimal."""
        raise NotImplementedError
