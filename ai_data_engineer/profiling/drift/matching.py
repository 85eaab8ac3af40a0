"""Which column of one source is which of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_data_engineer.profiling.drift.renames import find_renames
from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile

Pair = tuple[ColumnProfile, ColumnProfile]


@dataclass(frozen=True)
class Matching:
    """The columns of two sources, matched by their name as found."""

    old: Mapping[str, ColumnProfile]
    """All of the first source by what they are matched by, in order."""
    new: Mapping[str, ColumnProfile]
    renames: Sequence[Pair]
    """Columns that seem to be the same under another name."""

    @property
    def kept(self) -> list[str]:
        """What the columns of both sources are matched by, in the order of the first."""
        return [name for name in self.old if name in self.new]

    @property
    def pairs(self) -> list[Pair]:
        """Columns of both, renamed ones last."""
        return [*((self.old[name], self.new[name]) for name in self.kept), *self.renames]

    @property
    def gone(self) -> list[ColumnProfile]:
        """Columns of the first source alone."""
        renamed = {one.name for one, _ in self.renames}
        return [c for name, c in self.old.items() if name not in self.new and c.name not in renamed]

    @property
    def added(self) -> list[ColumnProfile]:
        """Columns of the second source alone."""
        renamed = {other.name for _, other in self.renames}
        return [c for name, c in self.new.items() if name not in self.old and c.name not in renamed]


def match(before: FileProfile, after: FileProfile) -> Matching:
    """Match the columns of two profiles."""
    old, new = _by_name(before), _by_name(after)
    gone = [column for name, column in old.items() if name not in new]
    added = [column for name, column in new.items() if name not in old]
    positions = [c.name for c in before.columns], [c.name for c in after.columns]
    return Matching(old, new, find_renames(gone, added, positions))


def _by_name(profile: FileProfile) -> dict[str, ColumnProfile]:
    """Return the columns by their name as found; those without one, or with another's, by ours."""
    found: dict[str, ColumnProfile] = {}
    for column in profile.columns:
        name = column.source_name
        found[name if name and name not in found else f"\0{column.name}"] = column
    return found
