"""How the text of a column becomes values: what a profile finds out and a spec carries on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ai_data_engineer.document import Document

TRIMMED = " \t\r\n"
"""The white space that is trimmed, on every engine: blank, tab, carriage return, line feed."""


DateLanguage = Literal[
    "cs", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it", "nb", "nl", "pl", "pt", "ro", "ru",
    "sv", "tr", "uk",
]  # fmt: skip
"""ISO 639 codes of the languages whose months and weekdays are known."""


class Parse(Document):
    """How text is read as a typed value. What is left out takes the type's plain form."""

    trim: bool = True
    """Remove blanks, tabs and line ends around the text before it is read."""
    null_tokens: tuple[str, ...] = ("",)
    """Texts (after trimming) that mean "no value"."""
    date_format: str | None = Field(None, max_length=64)
    """strptime format of a date, time or datetime, such as `%d.%m.%Y` or `%Y-%m-%dT%H:%M:%S%z`.
    Directives: %Y %y %m %d %H %I %M %S %f %p %z %Z %b %B %j %a %A and %%, and %o for the ending of
    an English ordinal (`1st`); `epoch_s`, `epoch_ms` and `epoch_us` read integers since 1970,
    `excel` the serial days of spreadsheets."""
    date_language: DateLanguage | None = None
    """Language of the words in `date_format`: `%b` and `%B` read any name or abbreviation of its
    months. Left out: English, `%b` of three letters, `%B` in full."""
    true_tokens: tuple[str, ...] = ()
    """Texts that mean true, compared without regard to case; empty: `true`."""
    false_tokens: tuple[str, ...] = ()
    """Texts that mean false, compared without regard to case; empty: `false`."""
    decimal_mark: Literal[".", ","] = "."
    """The mark before the fraction of a number."""
    thousands_mark: (
        Literal[",", ".", " ", "'", "_", "\u00a0", "\u202f", "\u2009", "\u2019"] | None
    ) = None
    """The mark between groups of three digits; a comma may also stand as in `12,34,567`."""
    negative: Literal["parentheses", "behind", "typographic"] | None = None
    """What makes a number negative besides a sign before it: parentheses around it, a sign behind
    it, or the sign U+2212."""
    prefix: str | None = Field(None, max_length=8)
    """Text before every number that is removed, such as `$` or `EUR `."""
    suffix: str | None = Field(None, max_length=8)
    """Text behind every number that is removed, such as `%` or ` kg`."""
