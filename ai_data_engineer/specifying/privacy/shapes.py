"""Shapes of values that say how they are written and nothing of what they say.

A profile's shape has `9`, `a` and `A` for digits and letters and leaves every other character as it
is. A smiley, a password of signs or a name in a script without capitals would be shown whole.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 40
"""Characters of a shape that are shown."""
_MARKS: Final = frozenset(" .,:;/-_()+'%#@€$£¥°&\"")
"""Signs that tell one way of writing from another: of dates, amounts, codes, addresses."""
_LONG_RUN: Final = re.compile(r"a{5,}|A{5,}")
_SIGNS: Final = re.compile(r"[^\w\s+]{3,}")


def safe_shape(shape: str) -> str:
    """Return a shape in which every character stands for many: letters, digits, a few marks.

    Letters of other scripts are `a`, their digits `9`, all other signs `?`. Three signs in a row
    are `…`: dates and amounts have none, a password may be made of them.
    """
    plain = "".join(map(_safe, shape[: 4 * LONGEST]))
    plain = _SIGNS.sub("…", _LONG_RUN.sub(lambda run: f"{run[0][0]}+", plain))
    if not any(c.isalnum() for c in plain):
        return "…" if plain.strip() else ""
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"


def _safe(character: str) -> str:
    if character in "aA9" or character in _MARKS:
        return character
    category = unicodedata.category(character)
    if category[0] == "N":
        return "9"
    if category in ("Lu", "Lt"):
        return "A"
    if category[0] in "LM":
        return "a"
    return " " if category[0] == "Z" else "?"
