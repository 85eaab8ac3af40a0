"""Which rows: verbs and connectives around conditions, and the step that they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ai_data_engineer.specifying.offline.conditions import read_condition
from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.intents import Intent, Stage
from ai_data_engineer.specifying.offline.predicates import Condition, several
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
    last = next((s for s in draft.steps if s["id"] == chain.node), None)
    if last is None or last["op"] != "filter":
        draft.add(chain, "filter", "filter", note, where=where)
    else:
        both = f"{_enclosed(last['where'])} AND {_enclosed(where)}"
        draft.replace_last(chain, where=both, note=f"{last['note']}; {note}")
    chain.removes_rows = True


def _enclosed(condition: str) -> str:
    whole = condition.startswith("(") and condition.endswith(")") and condition.count("(") == 1
    return f"({condition})" if " OR " in condition and not whole else condition


def read(r: Reader) -> Filter | None:
    """Take a condition on rows, with or without a verb."""
    start = r.at
    removing = r.take(REMOVING) is not None
    keeping = not removing and r.take(KEEPING) is not None
    spoke_of_rows = False
    if not (removing or keeping) and r.rows():
        r.take(_CONNECTIVES)
    if removing or keeping:
        r.take("only | just")
        here = r.at
        spoke_of_rows = r.rows()
        if spoke_of_rows and not r.take(_CONNECTIVES):
            r.take("only")
        if not spoke_of_rows:
            r.at = here
            r.take("where | with | those with | those where | everything where | anything where")
    condition = _alternatives(r, verb=removing or keeping)
    if condition is None or r.at == start:
        return None
    if (removing or keeping) and r.rows() and r.peek_is("by", "per", "for"):
        r.at -= 1
    return Filter(words=r.said(start), condition=condition.negated() if removing else condition)


def _alternatives(r: Reader, *, verb: bool) -> Condition | None:
    """`a and b or c`: `and` binds more tightly."""
    options: list[Condition] = []
    while True:
        start = r.at
        if options and not r.take("or | or where | or if | or with"):
            break
        part = _all_of(r, verb=verb)
        if part is None:
            r.at = start
            break
        options.append(part)
    return several(options, "OR") if options else None


def _all_of(r: Reader, *, verb: bool) -> Condition | None:
    parts: list[Condition] = []
    while True:
        start = r.at
        if parts and not r.take("and | and where | but | and with | , and | and that"):
            break
        if parts:
            r.take("with | where | a | an | the | only | whose")
        part = read_condition(r, verb=verb and not parts)
        if part is None:
            r.at = start
            break
        parts.append(part)
    return several(parts, "AND") if parts else None
