"""Columns that are the same under another name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from ai_data_engineer.profiling.profile import ColumnProfile

_ENOUGH = 0.6
"""Likeness from which a column that came is one that went."""


def find_renames(
    gone: Sequence[ColumnProfile],
    added: Sequence[ColumnProfile],
    positions: tuple[Sequence[str], Sequence[str]],
) -> list[tuple[ColumnProfile, ColumnProfile]]:
    """Return pairs of a column that went and one that came in its stead, the most alike first.

    `positions` are the names of all columns of both sources, in order. Types must be equal.
    """
    before, after = positions
    scored = sorted(
        (
            (_likeness(one, other, before.index(one.name), after.index(other.name)), one, other)
            for one in gone
            for other in added
            if one.type == other.type
        ),
        key=lambda found: -found[0],
    )
    pairs: list[tuple[ColumnProfile, ColumnProfile]] = []
    taken: set[str] = set()
    for score, one, other in scored:
        if score < _ENOUGH:
            break
        if f"-{one.name}" in taken or f"+{other.name}" in taken:
            continue
        taken |= {f"-{one.name}", f"+{other.name}"}
        pairs.append((one, other))
    return pairs


def _likeness(one: ColumnProfile, other: ColumnProfile, place: int, other_place: int) -> float:
    """From 0 to 1: names, places, meaning, and what the values look like."""
    names = SequenceMatcher(None, one.name, other.name).ratio()
    return (
        0.35 * names
        + 0.25 / (1 + abs(place - other_place))
        + 0.15 * (one.semantic == other.semantic and one.parse == other.parse)
        + 0.25 * _values_alike(one, other)
    )


def _values_alike(one: ColumnProfile, other: ColumnProfile) -> float:
    if one.shapes and other.shapes:
        return _overlap([s.value for s in one.shapes], [s.value for s in other.shapes])
    if one.top_values and other.top_values:
        return _overlap([v.value for v in one.top_values], [v.value for v in other.top_values])
    low, high = one.quantiles.get("0.05"), one.quantiles.get("0.95")
    middle = other.quantiles.get("0.5")
    if low is None or high is None or middle is None:
        return 0.5
    return float(low <= middle <= high)


def _overlap(one: Sequence[object], other: Sequence[object]) -> float:
    """Jaccard's index."""
    return len(set(one) & set(other)) / len(set(one) | set(other))
