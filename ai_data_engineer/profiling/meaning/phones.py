"""Telephone numbers: by the numbering plan they name, or by the one that all of them keep."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

INTERNATIONAL: Final = re.compile(
    r"(?:\+|00)[1-9][0-9 ().\-/]{6,20}[0-9](?: ?(?:x|ext\.?) ?\d{1,6})?"
)
LOOSE: Final = re.compile(r"(?:\+|00)?[0-9(][0-9 ().\-/]{4,20}[0-9](?: ?(?:x|ext\.?) ?[0-9]{1,6})?")
"""What may be a number where the column is named so."""
_NORTH_AMERICAN = re.compile(
    r"(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[.-])\d{3}[.-]\d{4}(?: ?(?:x|ext\.?) ?\d{1,6})?"
)
_NATIONAL = re.compile(r"(?=(?:\D*\d){9,12}\D*$)\(?0[1-9][0-9 ()./-]+[0-9]")
_PLANS: Final = ("DE", "FR", "GB", "IT", "NL", "BE", "AT", "CH", "SE", "AU", "NZ", "ZA", "JP", "IN")
"""Countries where a number begins with a nought at home."""
_GLANCE = 40


def is_phone(text: str) -> bool:
    """Return whether a number names its country and has a length of it, or is North American."""
    if _NORTH_AMERICAN.fullmatch(text):
        return True
    if not INTERNATIONAL.fullmatch(text):
        return False
    from phonenumbers import NumberParseException, is_possible_number, parse

    international = f"+{text[2:]}" if text.startswith("00") else text
    try:
        return is_possible_number(parse(international))
    except NumberParseException:
        return False


def are_national(texts: Collection[str], least: float) -> bool:
    """Return whether that share of the texts are valid numbers of one country's plan.

    Only numbers that begin with a nought are looked at, for other digits are too common.
    """
    some = list(texts)[:_GLANCE]
    if len(some) < 3 or sum(_NATIONAL.fullmatch(t) is not None for t in some) < least * len(some):
        return False
    from phonenumbers import NumberParseException, is_valid_number, parse

    def is_valid(text: str, plan: str) -> bool:
        try:
            return is_valid_number(parse(text, plan))
        except NumberParseException:
            return False

    return any(sum(is_valid(t, plan) for t in some) >= least * len(some) for plan in _PLANS)
