"""Texts and numbers that become one another in SQL: what the engines write differently."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ai_data_engineer.types import LogicalType


class Conversions:
    """The casts of a `Dialect`, each with the one meaning that polars' has."""

    def rewritten(self, text: exp.Expr, pattern: str, template: str) -> exp.Expr:
        r"""Return a text with the one match of an anchored pattern replaced by a template, in which
        `\1` to `\9` are groups; the text as it is where the pattern does not match.
        """
        raise NotImplementedError

    def lookup(self, key: exp.Expr, entries: Mapping[str, exp.Expr]) -> exp.Expr:
        """Return the entry of a text, null where there is none.

        Unlike in a CASE, which engines write out, the key is worked out once.
        """
        raise NotImplementedError

    def lower(self, text: exp.Expr) -> exp.Expr:
        """Return a text in small letters, as Unicode maps them."""
        raise NotImplementedError

    def encoded(self, text: exp.Expr) -> exp.Expr:
        """Return a text's bytes in UTF-8."""
        raise NotImplementedError

    def float_text(self, number: exp.Expr) -> exp.Expr:
        """Return a float64 in its shortest digits: `0.00001`, `2.5`, `1e+16`, `1.5e-7`, `NaN`."""
        raise NotImplementedError

    def without_fraction(self, number: exp.Expr, of: LogicalType) -> exp.Expr:
        """Return a float64 or decimal as int64 without its fraction; null where it does not fit."""
        raise NotImplementedError

    def float_to_decimal(self, number: exp.Expr, to: LogicalType) -> exp.Expr:
        """Return a float64 as a decimal; null where it does not fit.

        It is worked out as polars does, in float64: `round(number * 10 ** scale) / 10 ** scale`,
        half away from zero, then times `10 ** scale` again, which may leave a half of its own:
        that one goes to the even number.
        """
        raise NotImplementedError

    def decimal_text(self, number: exp.Expr, of: LogicalType) -> exp.Expr:
        """Return a decimal as text with all digits of its scale, and one before the point."""
        raise NotImplementedError
