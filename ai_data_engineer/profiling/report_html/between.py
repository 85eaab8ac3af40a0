"""What holds between the columns of a table, found again by the column."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ai_data_engineer.profiling.profile import FileProfile, ProfileWarning
from ai_data_engineer.profiling.report_html.text import share

Told = tuple[str, tuple[str, ...], str]
"""What holds, the safe names of the other columns that it holds with, and what is to be added."""


@dataclass
class Between:
    """What the profile of a file says of each column, by its safe name."""

    places: dict[str, int] = field(default_factory=dict)
    """The number of the column, which is its address in the page."""
    warnings: dict[str, list[ProfileWarning]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    in_keys: set[str] = field(default_factory=set)
    """Columns that are a candidate key alone or with others."""

    @classmethod
    def of(cls, profile: FileProfile) -> Between:
        """Collect it from a profile."""
        found = cls({column.name: place for place, column in enumerate(profile.columns)})
        for warned in profile.warnings:
            if warned.column is not None:
                found.warnings[warned.column].append(warned)
        found._keys(profile)
        found._equals(profile)
        for holds in profile.functional_dependencies:
            in_share = "" if holds.share == 1 else f"in {share(holds.share, 1)} of the records"
            found.told[holds.determinant].append(("Determines", (holds.dependent,), in_share))
            found.told[holds.dependent].append(("Determined by", (holds.determinant,), in_share))
        for to in profile.references:
            has = share(to.containment, 1)
            told = f"{to.source}.{to.source_column}, which has {has} of its values"
            found.told[to.column].append(("Refers to", (), told))
        for table in profile.child_tables:
            told = f"{len(table.columns):,} columns, {table.rows:,} rows in the records read"
            found.told[table.column].append(("Could be a table of its own", (), told))
        return found

    def _keys(self, profile: FileProfile) -> None:
        for key in profile.candidate_keys:
            self.in_keys.update(key)
            for name in key:
                others = tuple(other for other in key if other != name)
                told = "Candidate key together with" if others else "Candidate key"
                self.told[name].append((told, others, ""))

    def _equals(self, profile: FileProfile) -> None:
        for same in profile.repeated_columns:
            what = "Equal to" if same.kind == "identical" else "One to one with"
            for name in same.columns:
                others = tuple(other for other in same.columns if other != name)
                self.told[name].append((what, others, ""))
