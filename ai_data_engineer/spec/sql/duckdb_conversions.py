"""Texts and numbers that become one another in DuckDB's SQL."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Sql
from ai_data_engineer.spec.sql.duckdb_moments import DuckDBMoments
from ai_data_engineer.types import INT64, STRING, LogicalType


class DuckDBConversions(DuckDBMoments):
    """DuckDB's casts."""

    conversion_functions: ClassVar[frozenset[str]] = DuckDBMoments.moment_functions | frozenset(
        {
            "encode", "list_extract", "list_position", "list_value", "lower", "nullif",
            "regexp_extract", "regexp_replace", "replace", "round", "round_even", "trunc",
        }
    )  # fmt: skip

    def rewritten(self, text: Sql, pattern: str, template: str) -> Sql:
        """Return `regexp_replace(text, pattern, template)`."""
        return self.call("regexp_replace", text, self.string(pattern), self.string(template))

    def lookup(self, key: Sql, entries: Mapping[str, Sql]) -> Sql:
        """Return `list_extract([values], list_position([keys], key))`."""
        keys = self.call("list_value", *(self.string(k) for k in entries))
        values = self.call("list_value", *entries.values())
        return self.call("list_extract", values, self.call("list_position", keys, key))

    def lower(self, text: Sql) -> Sql:
        """Return `lower(text)`: DuckDB would make the one letter that becomes two, I with a dot, a
        plain i.
        """
        return self.call("lower", self.substituted(text, "\u0130", "i\u0307"))

    def encoded(self, text: Sql) -> Sql:
        """Return `encode(text)`."""
        return self.call("encode", text)

    def float_text(self, number: Sql) -> Sql:
        """Return the number as DuckDB writes it, with exponents as the language does."""
        text = self.rewritten(
            self.cast(number, STRING), r"^(-?)([0-9])\.?([0-9]*)e-05\z", r"\10.0000\2\3"
        )
        return self.rewritten(self.substituted(text, "e-0", "e-"), r"^-?nan\z", "NaN")

    def without_fraction(self, number: Sql, of: LogicalType) -> Sql:
        """Return `TRY_CAST(trunc(number) AS BIGINT)`."""
        return self.try_cast(self.call("trunc", number), INT64)

    def float_to_decimal(self, number: Sql, to: LogicalType) -> Sql:
        """Return the whole number of units, which DuckDB casts without a rounding of its own, times
        the unit.
        """
        count = self.call("round", number, self.integer(to.scale))
        whole = LogicalType("decimal", 38, 0)
        if not to.scale:
            return self.try_cast(self.try_cast(count, whole), to)
        units = self.binary(exp.Mul, count, self.double(10.0**to.scale))
        count = self.try_cast(self.call("round_even", units, self.integer(0)), whole)
        unit = self.literal(Decimal(1).scaleb(-to.scale), LogicalType("decimal", 38, to.scale))
        return self.try_cast(self.binary(exp.Mul, count, unit), to)

    def decimal_text(self, number: Sql, of: LogicalType) -> Sql:
        """Return the number as text: DuckDB writes `.5` where all digits are behind the point."""
        text = self.cast(number, STRING)
        return self.rewritten(text, r"^(-?)\.", r"\10.") if of.precision == of.scale else text
