"""Case without regard to it: Unicode's simple case folding (CaseFolding.txt, status C and S)."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

LATE_PAIRS = {
    point: (other,)
    for pair in ((0x390, 0x1FD3), (0x3B0, 0x1FE3), (0xFB05, 0xFB06))
    for point, other in (pair, pair[::-1])
}
"""Characters that are folded together since Unicode 15.1; engines with older tables do not."""

_END_OF_CASE = 0x1F000
"""No character from here on has a case."""


@cache
def same_letters() -> dict[int, tuple[int, ...]]:
    """Return for each character with a case the others that are the same without it."""
    folded = defaultdict(list)
    for point in range(_END_OF_CASE):
        if not 0xD800 <= point <= 0xDFFF:
            folded[_simple_folding(chr(point))].append(point)
    others = {
        point: tuple(other for other in points if other != point)
        for points in folded.values()
        if len(points) > 1
        for point in points
    }
    return others | LATE_PAIRS


def _simple_folding(character: str) -> str:
    """Return the one character that stands for all cases of it.

    Python folds fully, so "ß" becomes "ss"; where that gives several characters, the simple
    folding is the lower case, if this is one character.
    """
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1:
            return folded
    return character
