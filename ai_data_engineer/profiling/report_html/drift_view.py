"""What the page says of two sources and of what changed between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from markupsafe import Markup

from ai_data_engineer.profiling.drift.document import SEVERITIES, Change, Drift, Severity
from ai_data_engineer.profiling.drift.matching import match
from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.profiling.report_html import charts
from ai_data_engineer.profiling.report_html.column_view import ColumnView, Tag
from ai_data_engineer.profiling.report_html.source_view import SourceView
from ai_data_engineer.profiling.report_html.text import count, share

TITLES: Final[Mapping[Severity, str]] = {
    "critical": "Critical: a pipeline made for the first refuses or misreads the second",
    "warning": "Warning: a pipeline runs, and its figures may mislead",
    "info": "Good to know",
}
KINDS: Final[Mapping[Severity, str]] = {"critical": "wrong", "warning": "check", "info": "plain"}
"""Severities as colours."""


@dataclass(frozen=True)
class ChangedColumn:
    """A column of either source or of both."""

    place: int
    """Its number in the page, from 0."""
    before: ColumnView | None
    after: ColumnView | None
    changes: tuple[Change, ...] = ()

    @property
    def any(self) -> ColumnView:
        """The column in the second source, or in the first where it is gone."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def name(self) -> str:
        """Its name now."""
        return self.any.name

    @property
    def both(self) -> tuple[ColumnView, ...]:
        """The column in the sources that have it."""
        return tuple(view for view in (self.before, self.after) if view is not None)

    @property
    def types(self) -> list[str]:
        """Its types, one where they are equal."""
        return list(dict.fromkeys(str(view.column.type) for view in self.both))

    @property
    def missing(self) -> list[str]:
        """Its shares of missing values, one where they read the same."""
        told = (share(view.column.null_count, view.rows) for view in self.both)
        return list(dict.fromkeys(told))

    @property
    def distinct(self) -> list[str]:
        """How many distinct values it has, one where they are equal."""
        found = [view.column for view in self.both]
        told = (count(c.distinct_count, is_exact=c.distinct_is_exact) for c in found)
        return list(dict.fromkeys(told))

    @property
    def flags(self) -> str:
        """The filters that it passes, a letter each."""
        severities = {change.severity for change in self.changes}
        return "".join(severity[0] for severity in SEVERITIES if severity in severities)

    @property
    def codes(self) -> str:
        """The codes of its changes."""
        return " ".join(change.code for change in self.changes)

    @property
    def tags(self) -> list[Tag]:
        """What a person should see of it at once."""
        counts = Counter(change.severity for change in self.changes)
        found = [(KINDS[s], f"{counts[s]} {s}") for s in SEVERITIES if counts[s]]
        if self.before is None:
            found.append(("plain", "new"))
        elif self.after is None:
            found.append(("plain", "gone"))
        elif self.before.name != self.after.name:
            found.append(("plain", "renamed"))
        return found

    @property
    def ends(self) -> tuple[float, float]:
        """Least and greatest value of both histograms."""
        bins = [view.column.histogram for view in self.both]
        return min(b[0].low for b in bins), max(b[-1].high for b in bins)

    @property
    def overlay(self) -> Markup:
        """Both histograms in one, where there are both."""
        bins = [view.column.histogram for view in self.both if not view.is_hidden]
        if len(bins) < 2 or not all(bins) or len({_scale(view) for view in self.both}) > 1:
            return Markup("")
        return charts.overlay(bins[0], bins[1], self.any.edge)


def _scale(view: ColumnView) -> str:
    """Return what the edges of its bins count: numbers, moments or times of a day."""
    kind = view.column.type
    return kind.name if kind.name == "time" else "moment" if kind.is_temporal else "number"


@dataclass(frozen=True)
class ChangeGroup:
    """The changes of one code."""

    code: str
    severity: Severity
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class DriftView:
    """Two profiles and what changed, as the page shows it."""

    before: SourceView
    after: SourceView
    drift: Drift

    @cached_property
    def columns(self) -> list[ChangedColumn]:
        """The columns of the second source in order, then those that are gone."""
        found = match(self.before.profile, self.after.profile)
        former = {other.name: one for one, other in found.pairs}
        pairs: list[tuple[ColumnProfile | None, ColumnProfile | None]] = [
            (former.get(column.name), column) for column in self.after.profile.columns
        ]
        pairs += [(column, None) for column in found.gone]
        return [self._column(place, *pair) for place, pair in enumerate(pairs)]

    def _column(
        self, place: int, one: ColumnProfile | None, other: ColumnProfile | None
    ) -> ChangedColumn:
        # What is personal in one source is so in the other.
        hide = any(column is not None and column.pii is not None for column in (one, other))
        before, after = (
            None if c is None else ColumnView(c, of.profile.records.read, of.between, hide)
            for c, of in ((one, self.before), (other, self.after))
        )
        told = (other or one).source_name or (other or one).name  # type: ignore[union-attr]
        is_gone = other is None
        changes = tuple(
            change
            for change in self._by_column[told]
            if (change.code == "D_COLUMN_GONE") == is_gone
        )
        return ChangedColumn(place, before, after, changes)

    @cached_property
    def _by_column(self) -> Mapping[str, list[Change]]:
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.drift.changes:
            if change.column is not None:
                found[change.column].append(change)
        return found

    @cached_property
    def _places(self) -> Mapping[tuple[str, bool], ChangedColumn]:
        return {(column.name, column.after is None): column for column in self.columns}

    def column_of(self, change: Change) -> ChangedColumn | None:
        """Return the column that a change is about."""
        if change.column is None:
            return None
        return self._places.get((change.column, change.code == "D_COLUMN_GONE"))

    @property
    def groups(self) -> list[ChangeGroup]:
        """The changes by severity and code, worst first."""
        found: dict[tuple[Severity, str], list[Change]] = defaultdict(list)
        for change in self.drift.changes:
            found[change.severity, change.code].append(change)
        return [ChangeGroup(code, severity, tuple(c)) for (severity, code), c in found.items()]

    @property
    def figures(self) -> list[tuple[str, str, str]]:
        """The large figures at the top: name, figure, and what is to be added."""
        counts = Counter(change.severity for change in self.drift.changes)
        sides = self.before.profile, self.after.profile
        records = [count(p.records.total, is_exact=p.records.total_is_exact) for p in sides]
        read = [count(p.records.read) for p in sides]
        columns = [count(len(p.columns)) for p in sides]
        return [
            *((s.capitalize(), count(counts[s]), "changes") for s in SEVERITIES),
            ("Records", " → ".join(records), f"{' → '.join(read)} read"),
            ("Columns", " → ".join(columns), ""),
        ]

    @property
    def facts(self) -> list[tuple[str, str, str]]:
        """How the sources are read: name, before, after."""
        before, after = dict(self.before.facts), dict(self.after.facts)
        names = [name for name in {**before, **after} if name != "Digest"]
        return [(name, before.get(name, "–"), after.get(name, "–")) for name in names]

    @property
    def filters(self) -> list[tuple[str, str, int]]:
        """Letters, names and counts of the filters that some column passes."""
        return list(self._filters())

    def _filters(self) -> Iterator[tuple[str, str, int]]:
        counts = Counter(letter for column in self.columns for letter in column.flags)
        for severity in SEVERITIES:
            if found := counts[severity[0]]:
                yield severity[0], severity.capitalize(), found

    @property
    def type_counts(self) -> list[tuple[str, int]]:
        """Types and how many columns have each now."""
        return Counter(column.any.column.type.name for column in self.columns).most_common()
