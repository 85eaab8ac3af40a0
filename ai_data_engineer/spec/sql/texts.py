"""Texts in SQL: what the engines write differently, with one meaning each."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.regex import Regex, Replacement


class Texts:
    """What a `Dialect` does with text; characters are Unicode code points, unless it is said."""

    def list_as_text(self, texts: exp.Expr, separator: str) -> exp.Expr:
        """Return the texts of a list as one."""
        raise NotImplementedError

    def count(self, number: exp.Expr, least: int = 0) -> exp.Expr:
        """Return a whole number as a count of characters: from `least` to 2³¹ − 1."""
        raise NotImplementedError

    def strip(self, text: exp.Expr, characters: str, side: str = "") -> exp.Expr:
        """Return a text without some characters at its `start`, its `end`, or both."""
        raise NotImplementedError

    def found_all(self, text: exp.Expr, pattern: str) -> exp.Expr:
        """Return all matches of a pattern, as a list."""
        raise NotImplementedError

    def reverse(self, text: exp.Expr) -> exp.Expr:
        """Return a text from back to front, by what a reader takes for a character."""
        raise NotImplementedError

    def starts_with(self, text: exp.Expr, part: exp.Expr) -> exp.Expr:
        """Return whether a text begins with another."""
        raise NotImplementedError

    def ends_with(self, text: exp.Expr, part: exp.Expr) -> exp.Expr:
        """Return whether a text ends with another."""
        raise NotImplementedError

    def matches(self, text: exp.Expr, regex: Regex) -> exp.Expr:
        """Return whether a regular expression matches anywhere in a text."""
        raise NotImplementedError

    def replaced(self, text: exp.Expr, regex: Regex, by: Replacement) -> exp.Expr:
        """Return a text with every match replaced."""
        raise NotImplementedError

    def split_at(self, text: exp.Expr, regex: Regex) -> exp.Expr:
        """Return the parts of a text between matches that take a character, as a list."""
        raise NotImplementedError

    def split(self, text: exp.Expr, separator: str) -> exp.Expr:
        """Return the parts of a text between separators, as a list; null for a missing text."""
        raise NotImplementedError
