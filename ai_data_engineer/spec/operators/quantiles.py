"""Quantiles that every engine computes alike: ranks by integers, then one interpolation.

The quantile p of n sorted numbers x₀ … xₙ₋₁ lies at rank h = (n − 1)·p; between two numbers it is
interpolated: x⌊h⌋ + (x⌈h⌉ − x⌊h⌋)·(h − ⌊h⌋), in float64. This is type 7 of R. J. Hyndman and
Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996), 361–365,
and the default of NumPy, pandas and R. p is taken as the fraction that its decimal digits say, so
that no rank falls beside a number by rounding.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import free_name, over
from ai_data_engineer.types import FLOAT64, LogicalType

QUANTILE = """\
def {quantile}(column: pl.Expr, part: int, of: int) -> pl.Expr:
    numbers = column.cast(pl.Float64)
    numbers = numbers.filter(numbers.is_finite())
    rank = (numbers.len().cast(pl.Int64) - 1) * part
    low = numbers.sort().get(rank // of, null_on_oob=True)
    high = numbers.sort().get((rank + of - 1) // of, null_on_oob=True)
    return low + (high - low) * (rank % of) * (1 / of)"""
"""Null where there is no finite number. NaN and infinities are passed over. Multiplied by 1 / of,
since polars divides many numbers in that way and a single one in another."""

EDGES = """\
def {edges}(column: pl.Expr, count: int) -> pl.Expr:
    numbers = column.filter(column.is_finite())
    ranks = (numbers.len().cast(pl.Int64) - 1) * pl.int_range(1, count)
    low = numbers.sort().gather(ranks // count, null_on_oob=True)
    high = numbers.sort().gather((ranks + count - 1) // count, null_on_oob=True)
    found = low + (high - low) * (ranks % count) * (1 / count)
    return found.drop_nulls().sort()"""
"""The quantiles 1 / count, 2 / count, …, for all of which the numbers are sorted once; none where
there is no finite number."""

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


@dataclass(frozen=True)
class Ranked:
    """The hidden columns that a quantile is computed from in SQL."""

    number: str
    """The number as float64; null where it is not finite."""
    rank: str
    """Its rank among those of its partition, from 0."""
    count: str
    """How many numbers the partition has."""

    @classmethod
    def named(cls, index: int, taken: Collection[str]) -> Ranked:
        """Return names for the column with this number."""
        parts = ("number", "rank", "count")
        return cls(*(free_name(f"__{part}_{index}", taken) for part in parts))

    def columns(
        self, column: str, of: LogicalType, partition_by: Sequence[str], dialect: Dialect
    ) -> dict[str, Sql]:
        """Return the columns over a relation that has `column`."""
        place = over(dialect, dialect.call("row_number"), partition_by)
        order = exp.Ordered(this=finite(column, of, dialect), nulls_first=False)
        place.set("order", exp.Order(expressions=[order]))
        count = dialect.call("count", finite(column, of, dialect))
        return {
            self.number: finite(column, of, dialect),
            self.rank: dialect.binary(exp.Sub, place, dialect.integer(1)),
            self.count: over(dialect, count, partition_by),
        }

    def quantile(self, part: Fraction, partition_by: Sequence[str], dialect: Dialect) -> Sql:
        """Return the quantile of the partition, over a relation that has the columns."""

        def times(number: Sql, factor: int) -> Sql:
            return dialect.binary(exp.Mul, number, dialect.integer(factor))

        def h() -> Sql:
            last = dialect.binary(exp.Sub, dialect.column(self.count), dialect.integer(1))
            return times(last, part.numerator)

        def at(lowest: Sql, highest: Sql) -> Sql:
            number = dialect.case((dialect.both(lowest, highest), dialect.column(self.number)))
            return over(dialect, dialect.call("max", number), partition_by)

        def rank(offset: int) -> Sql:
            moved = dialect.binary(exp.Add, dialect.column(self.rank), dialect.integer(offset))
            return times(moved, part.denominator)

        low, high = (
            at(dialect.binary(exp.LTE, rank(0), h()), dialect.binary(exp.GT, rank(1), h())),
            at(dialect.binary(exp.LT, rank(-1), h()), dialect.binary(exp.GTE, rank(0), h())),
        )
        rest = dialect.binary(exp.Mod, h(), dialect.integer(part.denominator))
        between = dialect.binary(exp.Sub, high, low.copy())
        scaled = dialect.binary(exp.Mul, between, dialect.cast(rest, FLOAT64))
        unit = dialect.literal(1 / part.denominator, FLOAT64)
        return dialect.binary(exp.Add, low, dialect.binary(exp.Mul, scaled, unit))


def finite(column: str, of: LogicalType, dialect: Dialect) -> Sql:
    """Return a number as float64, null where it is infinite or NaN."""
    number = dialect.column(column)
    if of == FLOAT64:
        return dialect.when(number, dialect.is_finite)
    return dialect.cast(number, FLOAT64)
