"""Profiles in a compact form that fits the room there is, however wide the files are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile
from ai_data_engineer.specifying.prompt import columns
from ai_data_engineer.specifying.prompt.columns import Examples
from ai_data_engineer.specifying.prompt.marking import Names
from ai_data_engineer.specifying.prompt.relevance import NAMED, Relevance, linked
from ai_data_engineer.specifying.prompt.tokens import estimate

FAMILY = 12
"""So many columns that differ in a number alone are told in one line."""
_IN_FULL = 0.6
"""Part of the room for columns with their facts, where not all of them fit; then names alone."""
_UNTOLD = 100
"""Tokens of the line that says what is left out."""
_MOST_FACTS = 8
"""Dependencies, repeated columns and references of a source that are told, of each kind."""


def describe(
    sources: Sequence[tuple[str, FileProfile]],
    goal: str,
    room: int,
    names: Names,
    examples: Examples | None = None,
) -> str:
    """Return what the sources look like, in about `room` tokens.

    Sources share the room: what a small one does not need goes to the others.
    """
    relevance = Relevance(goal)
    called = Counter(profile.name for _, profile in sources)
    ids = {profile.name: id for id, profile in sources if called[profile.name] == 1}
    write = _Writer(names, examples, ids)
    blocks = [_Block(id, profile, relevance, room, write) for id, profile in sources]
    given: dict[int, str] = {}
    for index in sorted(range(len(blocks)), key=lambda i: blocks[i].cost):
        given[index] = blocks[index].within(room // (len(blocks) - len(given)))
        room -= estimate(given[index])
    return "\n".join(given[index] for index in range(len(blocks)))


@dataclass(frozen=True)
class _Writer:
    """What all lines are written with."""

    names: Names
    examples: Examples | None
    ids: Mapping[str, str]
    """Name of a profile that no other has → id of the source."""


class _Block:
    """One source: its head, its columns, and how they hang together.

    Lines are written as they are needed: of ten thousand, most never are.
    """

    def __init__(
        self,
        source_id: str,
        profile: FileProfile,
        relevance: Relevance,
        room: int,
        write: _Writer,
    ) -> None:
        self._write = write
        self._read = profile.records.read
        self._head = _head(source_id, profile, write.names)
        self._foot = _foot(profile, write)
        links = linked(profile)
        ranks = {c.name: relevance.rank(c, links) for c in profile.columns}
        self._lines = families(profile.columns, ranks)
        self._ranks = [max(ranks[c.name] for c in members) for members in self._lines]
        self._around = estimate("\n".join([self._head, *self._foot])) + 1
        self.cost = self._around
        """Tokens of all of it, or more than the room there is."""
        for members in self._lines:
            if self.cost > room:
                break
            self.cost += estimate(self._full(members)) + 1

    def within(self, room: int) -> str:
        """Return the source in about `room` tokens: all of it, or what the goal likely needs."""
        if self.cost <= room:
            return "\n".join([self._head, *map(self._full, self._lines), *self._foot])
        left = room - self._around - _UNTOLD
        in_full = left * _IN_FULL
        shown: dict[int, str] = {}
        for index in sorted(range(len(self._lines)), key=lambda i: -self._ranks[i]):
            line = self._full(self._lines[index]) if in_full > 0 else ""
            cost = estimate(line) + 1
            if not line or cost > in_full:
                in_full = 0
                line = self._short(self._lines[index])
                cost = estimate(line) + 1
            if cost > left:
                break
            shown[index] = line
            left -= cost
            in_full -= cost
        rest = [c for i, members in enumerate(self._lines) if i not in shown for c in members]
        told = [shown[index] for index in sorted(shown)]
        return "\n".join([self._head, *told, *_untold(rest, self._write.names), *self._foot])

    def _full(self, members: Sequence[ColumnProfile]) -> str:
        if len(members) > 1:
            return self._short(members)
        return f" {columns.full(members[0], self._read, self._write.names, self._write.examples)}"

    def _short(self, members: Sequence[ColumnProfile]) -> str:
        names = self._write.names
        if len(members) == 1:
            return f" {columns.short(members[0], names)}"
        nulls = max(c.null_count for c in members)
        facts = f", up to {columns.share(nulls, self._read)} null" if nulls else ""
        return (
            f" {names.name(members[0].name)} … {columns.short(members[-1], names)}: "
            f"{len(members):,} columns{facts}"
        )


def families(
    all_columns: Sequence[ColumnProfile], ranks: dict[str, float]
) -> list[list[ColumnProfile]]:
    """Return the columns, those of a numbered family together where its first one stands.

    A column that the goal names stands for itself.
    """
    found: dict[object, list[ColumnProfile]] = {}
    for column in all_columns:
        pattern = re.sub(r"[0-9]+", "#", column.name)
        alone = "#" not in pattern or ranks[column.name] >= NAMED
        key = column.name if alone else (pattern, column.type, column.semantic, column.pii)
        found.setdefault(key, []).append(column)
    together = {id(f[0]): f for f in found.values() if len(f) >= FAMILY}
    members = {id(column) for family in together.values() for column in family}
    return [
        together.get(id(column), [column])
        for column in all_columns
        if id(column) in together or id(column) not in members
    ]


def _head(source_id: str, profile: FileProfile, names: Names) -> str:
    records = profile.records
    about = "" if records.total_is_exact else "about "
    repeated = f", {columns.share(records.duplicate, records.read)} repeat an earlier one whole"
    several = ", several files" if any(c in profile.uri for c in "*?[") else ""
    return (
        f"source {names.name(source_id)}: {about}{records.total} records{several}"
        f"{repeated if records.duplicate else ''}, {len(profile.columns)} columns"
    )


def _foot(profile: FileProfile, write: _Writer) -> list[str]:
    """Return keys, references to other sources, and columns that depend on others."""
    names, ids = write.names, write.ids
    told = []
    if keys := profile.candidate_keys[:3]:
        told.append("keys: " + " or ".join("+".join(map(names.name, key)) for key in keys))
    told += [
        f"{names.name(r.column)} refers to {names.name(ids[r.source])}."
        f"{names.name(r.source_column)} ({r.containment:.0%} of its values found)"
        for r in profile.references[:_MOST_FACTS]
        if r.source in ids
    ]
    told += [
        f"{names.name(d.determinant)} determines {names.name(d.dependent)}"
        + (f" in {d.share:.0%} of records" if d.violations else "")
        for d in profile.functional_dependencies[:_MOST_FACTS]
    ]
    told += [
        f"{' and '.join(map(names.name, r.columns[:4]))} "
        f"{'are identical' if r.kind == 'identical' else 'stand for each other one to one'}"
        for r in profile.repeated_columns[:_MOST_FACTS]
    ]
    if profile.record_kinds is not None:
        told.append(
            f"records of several kinds, told apart by {names.name(profile.record_kinds.column)}"
        )
    return told


def _untold(rest: Sequence[ColumnProfile], names: Names) -> list[str]:
    """Return a line about the columns left out: how many of which type, and how names begin."""
    if not rest:
        return []
    kinds = Counter(column.type.name for column in rest).most_common()
    starts = Counter(names.name(column.name).partition("_")[0] for column in rest).most_common(8)
    counted = ", ".join(f"{count:,} {kind}" for kind, count in kinds)
    begin = ", ".join(f"{start}_… {count:,}" for start, count in starts if count > 1)
    return [
        f" and {len(rest):,} more columns that the goal seems not to name: {counted}"
        + (f"; {begin}" if begin else "")
    ]
