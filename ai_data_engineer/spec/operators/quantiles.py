"""Quantiles that every engine computes alike: ranks by integers, then one interpolation.

The quantile p of n sorted numbers x₀ … xₙ₋₁ lies at rank h = (n − 1)·p; between two numbers it is
interpolated: x⌊h⌋ + (x⌈h⌉ − x⌊h⌋)·(h − ⌊h⌋), in float64. This is type 7 of R. J. Hyndman and
Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996), 361–365,
and the default of NumPy, pandas and R. p is taken as the fraction that its decimal digits say, so
that no rank falls beside a number by rounding.
"""

from __future__ import annotations

from fractions import Fraction

from ai_data_engineer.spec.code import Code, code, lit

QUANTILE = """\
def {quantile}(column: pl.Expr, part: int, of: int) -> pl.Expr:
    numbers = column.cast(pl.Float64)
    numbers = numbers.filter(numbers.is_finite()).sort()
    rank = (numbers.len().cast(pl.Int64) - 1) * part
    low = numbers.get(rank // of, null_on_oob=True)
    high = numbers.get((rank + of - 1) // of, null_on_oob=True)
    return low + (high - low) * (rank % of) * (1 / of)"""
"""Null where there is no finite number. NaN and infinities are passed over. Multiplied by 1 / of,
since polars divides many numbers in that way and a single one in another."""

MOST_DIGITS = 6
"""Decimal places that a fraction may have; (n − 1)·p must fit 64 bits."""


def exact(part: float) -> Fraction:
    """Return the fraction that the digits of a number say: 0.1 is 1/10."""
    return Fraction(str(part))


def quantile_of(quantile: Code, column: Code, part: Fraction) -> Code:
    """Return the call of the function above, named `quantile`."""
    return code(
        "{quantile}({column}, {part}, {of})",
        quantile=quantile,
        column=column,
        part=lit(part.numerator),
        of=lit(part.denominator),
    )
