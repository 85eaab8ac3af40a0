"""Which warnings a person reads first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from ai_data_engineer.profiling.profile import ProfileWarning
from ai_data_engineer.profiling.warning_codes import WARNINGS

Rank = Literal["wrong", "personal", "check", "note"]

TITLES: Final[dict[Rank, str]] = {
    "wrong": "Data is lost or damaged",
    "personal": "Personal data",
    "check": "May be read otherwise than meant",
    "note": "Good to know",
}
_RANKS: Final[dict[Rank, frozenset[str]]] = {
    "wrong": frozenset({
        "W_CELL_ERRORS", "W_DUPLICATE_NAMES", "W_ENCODING_DAMAGED", "W_LOST_PRECISION",
        "W_MIXED_TYPES", "W_NO_ROWS", "W_REJECTED_ROWS", "W_TOO_MANY_COLUMNS", "W_UNREAD_FIELDS",
    }),
    "personal": frozenset({"W_PERSONAL_DATA"}),
    "check": frozenset({
        "W_AMBIGUOUS_DATE", "W_AMBIGUOUS_NUMBER", "W_DUPLICATE_ROWS", "W_ENCODING_UNSURE",
        "W_HEADER_AGAIN", "W_HEADER_REPEATED", "W_MIXED_RECORDS", "W_MIXED_UNITS", "W_NO_HEADER",
        "W_NO_KEY", "W_NULL_TOKEN", "W_OTHER_FILES", "W_RECORD_PATHS", "W_SENTINEL",
        "W_SEVERAL_TABLES", "W_SHEETS", "W_SHORT_ROWS", "W_TABLES_BESIDE", "W_TWO_DIGIT_YEAR",
    }),
}  # fmt: skip
"""All others are notes."""


@dataclass(frozen=True)
class WarningGroup:
    """The warnings of one code."""

    code: str
    rank: Rank
    meaning: str
    """What the code stands for; empty for one that is not known here."""
    warnings: tuple[ProfileWarning, ...]

    @property
    def columns(self) -> int:
        """How many of them are about a column."""
        return sum(found.column is not None for found in self.warnings)


def ranked(warnings: Iterable[ProfileWarning]) -> list[WarningGroup]:
    """Return warnings by their code, the gravest codes first, else in their order."""
    by_code: dict[str, list[ProfileWarning]] = {}
    for found in warnings:
        by_code.setdefault(found.code, []).append(found)
    groups = [
        WarningGroup(code, rank_of(code), WARNINGS.get(code, ""), tuple(found))
        for code, found in by_code.items()
    ]
    return sorted(groups, key=lambda group: list(TITLES).index(group.rank))


def rank_of(code: str) -> Rank:
    """Return how grave a warning is."""
    return next((rank for rank, codes in _RANKS.items() if code in codes), "note")
