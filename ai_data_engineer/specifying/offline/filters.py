"""Which rows: verbs and connectives around conditions, and the step that they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sqlglot
from sqlglot import exp

from ai_data_engineer.specifying.offline.conditions import read_conditions
from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.intents import Intent, Stage
from ai_data_engineer.specifying.offline.phrases import alternatives
from ai_data_engineer.specifying.offline.predicates import Condition, Missing, Several, several
from ai_data_engineer.specifying.offline.reader import Reader
from ai_data_engineer.specifying.offline.vocabulary import Ref

KEEPING = (
    "keep only | only keep | keep just | just keep | keep | keeping | only | just | where | with "
    "| having | whose | which have | that have | which has | that has | which are | that are | "
    "which is | that is | who are | filter to | filter for | filter on | filter by | filter | for "
    "| restrict to | limit to | limited to | select | select only | show | show only | only show "
    "| only where | only with | if | when | get | find | take | use only | include only | only "
    "include | include | give me | give me only | only take | retain | from | in | on"
)
REMOVING = (
    "remove | drop | exclude | excluding | delete | discard | filter out | ignore | ignoring | "
    "skip | leave out | get rid of | throw away | throw out | without | except | except for | "
    "remove all | drop all | no | not | dropping | removing | omit | but not | strip | do not "
    "keep | don't keep | do not include | don't include"
)
_CONNECTIVES = (
    "where | with | that have | which have | having | whose | that are | which are | that is | "
    "who are | in which | for which | if | when | that has | which has | containing | of | from | "
    "in | for | that were | which were | placed | made | created | dated | on"
)


_HAVING = "with | having | that have | which have | that has | which has"


@dataclass(frozen=True, kw_only=True)
class Filter(Intent):
    """Keep the rows for which a condition is true."""

    condition: Condition

    stage: ClassVar[Stage] = Stage.FILTER

    @property
    def refs(self) -> tuple[Ref, ...]:
        return self.condition.refs

    def apply(self, draft: Draft) -> str:
        chains = [c for c in draft.chains if all(c.find(ref) for ref in self.refs)]
        if not chains:
            for ref in self.refs:
                draft.chains[0].name_of(ref)
            raise NotPossible("its columns are not in one table; join the tables first")
        for chain in chains:
            where = self.condition.sql(chain.name_of)
            add_filter(draft, chain, where, self.note)
        return f"keeps the rows where {where}"


def add_filter(draft: Draft, chain: Chain, where: str, note: str) -> None:
    """Add a filter, or widen the one that stands at the end: one step for one chain of `and`s."""
    last = draft.last(chain, "filter")
    if last is None or last["id"] != chain.node:
        draft.add(chain, "filter", "filter", note, where=where)
    else:
        both = f"{_enclosed(last['where'])} AND {_enclosed(where)}"
        draft.change(chain, last, where=both, note=f"{last['note']}; {note}")
    chain.removes_rows = True


def _enclosed(condition: str) -> str:
    """Put brackets around what an `OR` holds together."""
    return f"({condition})" if isinstance(sqlglot.parse_one(condition), exp.Or) else condition


@dataclass(frozen=True, kw_only=True)
class RelativeTime(Intent):
    """A time that depends on the day of the run, which nothing in a spec does."""

    stage: ClassVar[Stage] = Stage.FILTER

    def apply(self, draft: Draft) -> str:
        raise NotPossible("a spec means the same on every day that it runs; name the dates")


def read_relative_time(r: Reader) -> RelativeTime | None:
    """Take `in the last 30 days`, `this year`, `yesterday`."""
    start = r.at
    r.take("from | in | of | since | for | during | within | older than | newer than")
    r.skip(("the",))
    if r.take("yesterday | today | tomorrow | now | recently"):
        return RelativeTime(words=r.said(start))
    if not r.take("last | past | previous | this | current | next | recent"):
        return None
    r.number()
    if not r.take("day | days | week | weeks | month | months | quarter | quarters | year | years"):
        return None
    r.take("ago | or so")
    return RelativeTime(words=r.said(start))


def read(r: Reader) -> Filter | None:
    """Take a condition on rows, with or without a verb."""
    start = r.at
    removing = r.take(REMOVING) is not None
    keeping = not removing and r.take(KEEPING) is not None
    r.take("only | just")
    condition = _rows_that(r, verb=removing or keeping)
    if condition is None:
        return None
    if removing:
        condition = _without(condition)
        while (more := _more_to_remove(r)) is not None:
            condition = several([condition, _without(more)], "AND")
    if (removing or keeping) and r.rows() and r.peek_is("by", "per", "for"):
        r.at -= 1
    return Filter(words=r.said(start), condition=condition)


def _rows_that(r: Reader, *, verb: bool) -> Condition | None:
    """Take `orders where …`, `those with …`, or the condition alone."""
    start = r.at
    spoke_of_rows = r.rows()
    if not spoke_of_rows:
        r.take("those | ones | everything | anything | all")
    # "orders without email" speaks of a gap, "without email" of a column.
    lacking = spoke_of_rows and r.take("without | with no | lacking | missing") is not None
    connective = None if lacking else r.take(_CONNECTIVES)
    here = r.at
    condition = None if lacking else read_conditions(r, verb=verb)
    if condition is None and (lacking or connective in alternatives(_HAVING)):
        r.at = here
        r.take("any")
        ref = r.column()
        condition = Missing(ref, is_missing=lacking) if ref is not None else None
    if condition is None and connective is not None and not spoke_of_rows:
        # The word may belong to the condition itself: "in 2023", "from March 2024".
        r.at = start
        condition = read_conditions(r, verb=verb)
    if condition is None:
        r.at = start
    return condition


def _without(condition: Condition) -> Condition:
    """Return what is left when rows are removed: `missing a and missing b` means either."""
    if isinstance(condition, Several) and all(isinstance(p, Missing) for p in condition.parts):
        return several([part.negated() for part in condition.parts], "AND")
    return condition.negated()


def _more_to_remove(r: Reader) -> Condition | None:
    """Take `and orders under 5` behind what is removed already."""
    start = r.at
    if not r.separator() or not r.rows():
        r.at = start
        return None
    r.at -= 1
    condition = _rows_that(r, verb=True)
    if condition is None:
        r.at = start
    return condition
