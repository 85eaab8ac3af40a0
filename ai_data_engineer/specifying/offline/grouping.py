"""What rows are grouped by: `by customer and month`, `per week of created`, `order month`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ai_data_engineer.specifying.column_matching import CERTAIN
from ai_data_engineer.specifying.offline import scheduling
from ai_data_engineer.specifying.offline.draft import Chain, unused
from ai_data_engineer.specifying.offline.periods import UNITS
from ai_data_engineer.specifying.offline.phrases import alternatives
from ai_data_engineer.specifying.offline.reader import ARTICLES, Reader, is_dated
from ai_data_engineer.specifying.offline.vocabulary import Ref

_GROUPED_BY = (
    "by | per | for each | for every | grouped by | group by | in each | of each | across | "
    "broken down by | split by | each | within each | per each | in every | by each | every"
)
ADJECTIVES = "hourly | daily | weekly | monthly | quarterly | yearly | annual"


@dataclass(frozen=True)
class GroupKey:
    """A column to group by, or a period of a date."""

    ref: Ref
    unit: str | None = None

    @property
    def said(self) -> str:
        """How a sentence names it."""
        return f"{self.unit} of {self.ref.name}" if self.unit else self.ref.name

    def entry(self, chain: Chain, taken: set[str]) -> tuple[str, Any]:
        """Return the key's name in the result and how the aggregate step writes it."""
        column = chain.name_of(self.ref)
        if self.unit is None:
            return column, column
        name = self.unit if self.unit not in taken else unused(f"{column}_{self.unit}", taken)
        return name, {"name": name, "column": column, "every": self.unit}


def read_keys(r: Reader, *, preposition_taken: bool = False) -> list[GroupKey]:
    """Take `by customer and month`, `per day of order_date`."""
    start = r.at
    if not preposition_taken and not r.take(_GROUPED_BY):
        return []
    keys: list[GroupKey] = []
    while True:
        here = r.at
        if keys:
            separated = r.separator()
            prepositioned = r.take("by | per | for each")
            if not (separated or prepositioned):
                break
            if scheduling.begins(r):
                r.at = here
                break
        key = read_key(r)
        if key is None:
            r.at = here
            break
        keys.append(key)
    if not keys:
        r.at = start
    return keys


def read_key(r: Reader) -> GroupKey | None:
    """Take one thing to group by: a column or a period (`month`, `week of created`)."""
    start = r.at
    r.skip((*ARTICLES, "calendar"))
    here = r.at
    ref = r.column(entity=True)
    behind = r.at
    period = _period_key(r, here)
    if ref is not None and (period is None or (ref.score >= CERTAIN and ref.name in UNITS)):
        r.at = behind
        return GroupKey(ref, None if ref.field.type.name != "datetime" else "day")
    if period is None:
        r.at = start
    return period


def _period_key(r: Reader, start: int) -> GroupKey | None:
    r.at = start
    token = r.peek()
    if token is None or token.kind != "word":
        return None
    if (unit := UNITS.get(token.lower)) and token.lower not in alternatives(ADJECTIVES):
        r.at += 1
        here = r.at
        if r.take("of | in"):
            ref = r.column(is_dated)
            if ref is not None:
                return GroupKey(ref, unit)
            r.at = here
        main = r.vocabulary.main_date(unit)
        return GroupKey(main, unit) if main else None
    # "order month": the date's own word stands before the unit.
    following = r.peek(1)
    if (
        following
        and (unit := UNITS.get(following.lower))
        and following.lower not in alternatives(ADJECTIVES)
    ):
        ref = r.vocabulary.column(token.value, is_dated)
        if ref is None and r.vocabulary.is_rows(token.value):
            ref = r.vocabulary.main_date(unit)
        if ref is not None:
            r.at += 2
            return GroupKey(ref, unit)
    return None
