"""Safe column names: lower-case ASCII letters, digits and underscores, unique in their table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

MAX_LENGTH = 63
"""Longest name: what the strictest of the common databases takes."""

# Letters that do not decompose into an ASCII letter and a mark, and signs that carry meaning.
_WRITTEN_OUT = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "ı": "i", "'": "", "’": "", "%": " percent ", "&": " and ",
    }
)  # fmt: skip
_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_SAFE = re.compile(r"[^a-z0-9]+")


def safe_names(found: Sequence[str]) -> list[str]:
    """Return a safe name for each name found, in order.

    Accents go (`Größe` → `grosse`), words are parted (`orderId` → `order_id`), a name that keeps
    no letter or digit becomes `column_1` (its 1-based position), one that begins with a digit gets
    `column_` before it, and repeated names get `_2`, `_3`, ….
    """
    names: list[str] = []
    taken = set[str]()
    next_number: dict[str, int] = {}
    for position, text in enumerate(found, start=1):
        base = _safe(text) or f"column_{position}"
        name, number = base, next_number.get(base, 2)
        while name in taken:
            suffix = f"_{number}"
            name, number = base[: MAX_LENGTH - len(suffix)] + suffix, number + 1
        next_number[base] = number
        taken.add(name)
        names.append(name)
    return names


@lru_cache(maxsize=4096)
def words(name: str) -> frozenset[str]:
    """Return the words of a safe name, in which hints are looked for."""
    return frozenset(name.split("_"))


def _safe(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_WRITTEN_OUT))
        # What is not Latin parts words; a mark belongs to the letter before it.
        text = "".join(c for c in text if not unicodedata.combining(c))
    else:
        text = text.translate(_WRITTEN_OUT)
    # All-capitals names with digits or blanks (`ORDER ID`) have no words to part.
    name = _NOT_SAFE.sub("_", _WORD_ENDS.sub("_", text).lower()).strip("_")
    if name[:1].isdigit():
        name = f"column_{name}"
    return name[:MAX_LENGTH].rstrip("_")
