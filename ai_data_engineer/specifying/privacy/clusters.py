"""Places in a text where digits stand close together: all that numbers of people have in common.

Most of a text has none. To look for them once, and only there for all kinds of numbers, is what
makes looking through a text cheap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_CLUSTER: Final = re.compile(
    r"\d(?:[ \u00a0.,()/+–-]{0,3}[A-Za-z]{0,5}[ \u00a0.()/+–-]{0,2}\d){3,}", re.ASCII
)
_BEFORE: Final = 16
"""Characters before the first digit that may belong to a number: `MORGA`, `+ (`, `DE`."""
_BEHIND: Final = 16


class Cluster(NamedTuple):
    """At least four digits, with a few letters and marks between them."""

    start: int
    """Where what may belong to it begins."""
    first: int
    """Its first digit."""
    end: int
    """Where what may belong to it ends."""


def clusters(text: str) -> Iterator[Cluster]:
    """Yield the places of a text where four digits or more stand close together."""
    for found in _CLUSTER.finditer(text):
        start, end = max(0, found.start() - _BEFORE), min(len(text), found.end() + _BEHIND)
        while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        yield Cluster(start, found.start(), end)
