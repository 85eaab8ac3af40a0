"""Texts and numbers that become one another in Spark's SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.spark_moments import SparkMoments
from ai_data_engineer.types import BINARY, FLOAT64, INT64, STRING, LogicalType


class SparkConversions(SparkMoments):
    """Spark's casts."""

    conversion_functions: ClassVar[frozenset[str]] = SparkMoments.moment_functions | frozenset(
        {
            "abs", "format_string", "lower", "map", "nullif", "regexp_extract", "regexp_replace",
            "replace", "rint", "round", "try_element_at",
        }
    )  # fmt: skip

    def rewritten(self, text: Sql, pattern: str, template: str) -> Sql:
        """Return `regexp_replace(text, pattern, template)`, with groups as Java writes them."""
        java = re.sub(r"\\([0-9])", r"$\1", template)
        return self.call("regexp_replace", text, self.string(pattern), self.string(java))

    def lookup(self, key: Sql, entries: Mapping[str, Sql]) -> Sql:
        """Return `try_element_at(map(…), key)`."""
        pairs = [part for k, value in entries.items() for part in (self.string(k), value)]
        return self.call("try_element_at", self.call("map", *pairs), key)

    def lower(self, text: Sql) -> Sql:
        """Return `lower(text)`."""
        return self.call("lower", text)

    def encoded(self, text: Sql) -> Sql:
        """Return `CAST(text AS BINARY)`."""
        return self.cast(text, BINARY)

    def float_text(self, number: Sql) -> Sql:
        """Return the number in the fewest digits that mean it (JDK 17 does not always find them),
        between 1e-5 and 1e16 without an exponent.
        """

        def written(digits: int) -> Sql:
            return self.call("format_string", self.string(f"%.{digits - 1}e"), number.copy())

        def means_it(text: Sql) -> Sql:
            return self.binary(exp.EQ, self.try_cast(text, FLOAT64), number.copy())

        def shortest() -> Sql:
            cut = self.rewritten(written(17), r"^(-?[0-9]\.[0-9]{15})[0-9]", r"\1")
            fewer = (written(15), written(16), cut)
            return self.case(
                *((means_it(text.copy()), text) for text in fewer), otherwise=written(17)
            )

        size = self.call("abs", number.copy())
        plain = self.both(
            self.binary(exp.GTE, size, self.double(1e-5)),
            self.binary(exp.LT, size.copy(), self.double(1e16)),
        )
        digits = self.cast(self.try_cast(shortest(), LogicalType("decimal", 38, 22)), STRING)
        exponent = r"^(-?[0-9])(?:\.0*|(\.[0-9]*?[1-9])0*)e([+-])0?([0-9]+)\z"
        return self.case(
            # format_string writes "null".
            (self.is_null(number.copy()), self.literal(None, STRING)),
            (self.binary(exp.EQ, number.copy(), self.integer(0)), self.cast(number.copy(), STRING)),
            (plain, self.rewritten(digits, r"^(-?[0-9]+\.[0-9]+?)0*\z", r"\1")),
            otherwise=self.substituted(
                self.rewritten(shortest(), exponent, r"\1\2e\3\4"), "Infinity", "inf"
            ),
        )

    def without_fraction(self, number: Sql, of: LogicalType) -> Sql:
        """Return `CAST(number AS BIGINT)` where it fits: Spark makes 2 ** 63 one less."""
        if of.name == "decimal":
            return self.try_cast(number, INT64)
        bounds = (self.double(-(2.0**63)), self.double(2.0**63))
        within = self.both(
            self.binary(exp.GTE, number, bounds[0]), self.binary(exp.LT, number.copy(), bounds[1])
        )
        return self.case((within, self.cast(number.copy(), INT64)))

    def float_to_decimal(self, number: Sql, to: LogicalType) -> Sql:
        """Return the whole number of units, as text with an exponent."""
        unit = self.double(10.0**to.scale)
        count = self.call("round", self.binary(exp.Mul, number, unit))
        if to.scale:
            value = self.binary(exp.Div, count, unit.copy())
            count = self.call("rint", self.binary(exp.Mul, value, unit.copy()))
        digits = self.joined(self.cast(_exact(self, count), STRING), self.string(f"E-{to.scale}"))
        return self.try_cast(digits, to)

    def decimal_text(self, number: Sql, of: LogicalType) -> Sql:
        """Return `CAST(number AS STRING)`."""
        return self.cast(number, STRING)


def _exact(d: Dialect, whole: Sql) -> Sql:
    """Return a whole float64 as DECIMAL(38, 0), null where it does not fit.

    Spark's own cast takes the digits of its text; those of a BIGINT are exact, so a number beyond
    is put together from two: how often 2 ** 64 is in it, and the rest, a multiple of 2 ** 11.
    """
    wide = LogicalType("decimal", 38, 0)

    def part(number: Sql) -> Sql:
        return d.cast(number, INT64)

    def power(exponent: int) -> Sql:
        return d.literal(Decimal(2**exponent), wide)

    def smaller_than(bound: float) -> Sql:
        return d.binary(exp.LT, d.call("abs", whole.copy()), d.double(bound))

    def high() -> Sql:
        return part(d.binary(exp.Div, whole.copy(), d.double(2.0**64)))

    rest = d.binary(exp.Sub, whole.copy(), d.binary(exp.Mul, high(), d.double(2.0**64)))
    low = part(d.binary(exp.Div, rest, d.double(2.0**11)))
    both = d.binary(
        exp.Add,
        d.binary(exp.Mul, d.cast(high(), wide), power(64)),
        d.binary(exp.Mul, d.cast(low, wide), power(11)),
    )
    return d.case((smaller_than(2.0**63), d.cast(part(whole), wide)), (smaller_than(1e38), both))
