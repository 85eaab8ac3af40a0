"""Which columns of a wide file a goal most likely needs, found fast enough for 10,000 of them."""

from __future__ import annotations

from collections.abc import Iterable

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile
from ai_data_engineer.specifying.column_matching import SYNONYMS, words_of

NAMED = 10.0
"""From this rank on the goal says every word of the column's name."""
_BY_WORD = 5.0
_BY_SYNONYM = 2.0
_USEFUL = {"key": 1.0, "category": 0.6, "measure": 0.6, "ordinal": 0.5}


class Relevance:
    """Ranks columns by the words of a goal, then by what they are."""

    def __init__(self, goal: str) -> None:
        self._said = frozenset(words_of(goal))
        self._meant = frozenset(other for word in self._said for other in SYNONYMS.get(word, ()))

    def rank(self, column: ColumnProfile, linked: Iterable[str] = ()) -> float:
        """Return the rank; `linked` are the columns of keys and references."""
        named = set(words_of(column.name))
        rank = _useful(column) + (1.0 if column.name in linked else 0.0)
        if not named:
            return rank
        if named <= self._said:
            return rank + NAMED
        rank += _BY_WORD * len(named & self._said) / len(named)
        return rank + _BY_SYNONYM * len(named & self._meant) / len(named)


def _useful(column: ColumnProfile) -> float:
    """Keys, dates, measures and categories go before free text; a constant goes last."""
    if column.is_constant:
        return -1.0
    if column.could_be_key:
        return 1.0
    if column.type.is_temporal:
        return 0.8
    return _USEFUL.get(column.semantic or "", 0.3 if column.semantic else 0.0)


def linked(profile: FileProfile) -> frozenset[str]:
    """Return the columns that identify records or refer to other sources."""
    keys = {name for key in profile.candidate_keys[:3] for name in key}
    return frozenset(keys | {reference.column for reference in profile.references})
