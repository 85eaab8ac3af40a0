"""What a recogniser says: a piece of a text, and what kind of thing it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Match(NamedTuple):
    """A piece `text[start:end]` that is personal data or a secret."""

    kind: str
    """`email`, `phone`, `iban`, `card`, `national_number`, `name`, `credential`, …"""
    start: int
    end: int


def apart(found: Iterable[Match]) -> list[Match]:
    """Return the matches in the order of the text, none over another.

    Those that touch the same characters become one, called as the longest of them: what is left of
    the shorter would still say something.
    """
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (m.start, -m.end)):
        if kept and match.start < kept[-1].end:
            last = kept[-1]
            longer = match if match.end - match.start > last.end - last.start else last
            kept[-1] = Match(longer.kind, last.start, max(last.end, match.end))
        else:
            kept.append(match)
    return kept
