"""Limits on figures: `customers with more than 5 orders`, `total amount over 1000`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ai_data_engineer.specifying.offline.aggregation import add_figures, aggregate
from ai_data_engineer.specifying.offline.draft import Draft, NotPossible
from ai_data_engineer.specifying.offline.filters import add_filter
from ai_data_engineer.specifying.offline.grouping import GroupKey
from ai_data_engineer.specifying.offline.intents import Intent, Stage
from ai_data_engineer.specifying.offline.measures import Measure, read_measures
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.predicates import identifier, literal
from ai_data_engineer.specifying.offline.reader import ARTICLES, Reader
from ai_data_engineer.specifying.offline.vocabulary import Ref

_LIMITS = meanings(
    {
        ">": "more than | over | above | greater than | > | exceeding",
        ">=": "at least | >= | ≥ | minimum",
        "<": "less than | fewer than | under | below | <",
        "<=": "at most | up to | <= | ≤ | no more than",
        "=": "exactly | =",
    }
)


@dataclass(frozen=True, kw_only=True)
class Having(Intent):
    """Keep the groups whose figure passes a limit."""

    measure: Measure
    operator: str
    number: int | float
    entity: Ref | None = None
    """What is counted over, where the goal does not group by itself."""

    stage: ClassVar[Stage] = Stage.FILTER_FIGURES

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (*self.measure.refs, *((self.entity,) if self.entity else ()))

    def apply(self, draft: Draft) -> str:
        chain = next((c for c in draft.chains if c.measures), None)
        if chain is None:
            if self.entity is None:
                raise NotPossible("no such figure is computed for groups")
            chain = next((c for c in draft.chains if c.find(self.entity)), draft.chains[0])
            aggregate(draft, chain, (self.measure,), (GroupKey(self.entity),), self.note)
        elif self.measure.key not in chain.measures:
            add_figures(draft, chain, (self.measure,), self.note)
        where = f"{identifier(self.measure.found_in(chain))} {self.operator} {literal(self.number)}"
        add_filter(draft, chain, where, self.note)
        return f"keeps the groups where {where}"


def read(r: Reader) -> Having | None:
    """Take `customers with more than 5 orders`, `whose total amount is over 1000`."""
    start = r.at
    r.take("only | keep | show | find | list")
    entity = r.column(entity=True)
    if entity is None:
        r.take("groups | those | ones")
    introduced = r.take(
        "with | having | whose | where | that have | which have | who have | with a | have | "
        "who placed"
    )
    if entity is not None and not introduced:
        r.at, entity = start, None
    r.skip(ARTICLES)
    measure: Measure | None = None
    operator, number = _limit(r) if introduced else (None, None)
    if operator is not None:
        measure = Measure("count") if r.rows() else None
    else:
        measures = read_measures(r)
        measure = measures[0] if len(measures) == 1 else None
        r.take("is | are | of | was")
        operator, number = _limit(r) if measure else (None, None)
    if measure is None or operator is None or number is None:
        return None
    return Having(
        words=r.said(start), measure=measure, operator=operator, number=number, entity=entity
    )


def _limit(r: Reader) -> tuple[str, int | float] | tuple[None, None]:
    start = r.at
    phrase = r.take(*_LIMITS)
    number = r.number() if phrase else None
    if phrase is None or number is None:
        r.at = start
        return None, None
    return _LIMITS[phrase], number
