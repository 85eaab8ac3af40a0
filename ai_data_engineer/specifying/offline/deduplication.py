"""Which of equal rows: `remove duplicates`, `one row per email, the latest by updated_at`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.reader import Reader, is_dated
from ai_data_engineer.specifying.offline.vocabulary import Ref

_HEADS = (
    "deduplicate | de-duplicate | dedupe | dedup | remove duplicates | remove duplicate | drop "
    "duplicates | drop duplicate | delete duplicates | delete duplicate | without duplicates | "
    "without duplicate | no duplicates | no duplicate | remove all duplicates | eliminate "
    "duplicates | remove the duplicates | get rid of duplicates | unique | distinct | "
    "deduplicated | deduplicating | de-dupe | remove duplicated | drop all duplicates | remove "
    "repeated | remove exact duplicates | remove exact duplicate | remove any duplicates | filter "
    "out duplicates | make unique | unique by | distinct by | dropping duplicates | removing "
    "duplicates | remove dupes | drop dupes | uniquify | "
    "remove rows with duplicate | drop rows with duplicate"
)
_ONE_EACH = "one | only one | a single | single | just one | keep one | keep only one | exactly one"
_PER = "per | for each | by | for every | of each"
_ON = (
    "on | by | based on | per | for | in | using | over | with the same | with same | according "
    "to | considering"
)
_KEEPING = (
    "keeping | keep | and keep | keeping only | keep only | retain | retaining | and keeping | , "
    "keeping | , keep | and keep only | taking | take | preferring | prefer"
)
_WHICH = meanings(
    {
        "first": "first | the first",
        "last": "last | the last",
        "latest": "latest | the latest | newest | the newest | most recent | the most recent",
        "earliest": "earliest | the earliest | oldest | the oldest",
    }
)
_HIGHEST = meanings(
    {
        "latest": "highest | the highest | largest | the largest",
        "earliest": "lowest | the lowest | smallest | the smallest",
    }
)
_ORDERED_BY = "by | per | according to | based on | ordered by | sorted by | using | in terms of"


@dataclass(frozen=True, kw_only=True)
class Deduplicate(Intent):
    """Keep one row of those that are equal in some columns, or whole."""

    columns: tuple[Ref, ...] = ()
    """Empty: the key where there is one, else whole rows."""
    whole: bool = False
    """Whether only rows that are equal in all columns are meant."""
    keep: str = "first"
    """first, last; latest, earliest: by `order_by`."""
    order_by: Ref | None = None
    one_table: str | None = None
    """The table that is named, or the only one that has the columns: done before any join."""

    stage: ClassVar[Stage] = Stage.DEDUPLICATE

    @property
    def when(self) -> Stage:
        return Stage.DEDUPLICATE_A_SIDE if self.one_table else Stage.DEDUPLICATE

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (*self.columns, *((self.order_by,) if self.order_by else ()))

    def apply(self, draft: Draft) -> str:
        done = [self._apply(draft, chain) for chain in self.chains(draft)]
        if not done:
            raise NotPossible("its columns are not in one table")
        return "; ".join(dict.fromkeys(done))

    def chains(self, draft: Draft) -> list[Chain]:
        """Return the chains that it speaks of."""
        return [
            chain
            for chain in draft.chains
            if all(chain.find(ref) for ref in self.refs)
            and (self.one_table is None or self.one_table in chain.tables)
        ]

    def _apply(self, draft: Draft, chain: Chain) -> str:
        named = [chain.name_of(ref) for ref in self.columns]
        columns = named or ([] if self.whole else list(chain.key))
        keep, order = self.keep, self.order_by
        if keep in ("latest", "earliest") and order is None:
            order = draft.main_date(chain)
            if order is None:
                raise NotPossible(f"there is no date that tells the {keep} row")
        parameters: dict[str, Any] = {"keep": "last" if keep in ("last", "latest") else "first"}
        if order is not None:
            parameters["order_by"] = [{"column": chain.name_of(order)}]
        if columns:
            parameters["columns"] = columns
        draft.add(chain, "deduplicate", "deduplicate", self.note, **parameters)
        chain.removes_rows = True
        chain.key, chain.key_holds = tuple(columns), bool(columns)
        rows = (
            f"one row for each {listed(columns)}"
            if columns
            else "one of rows that are equal in all columns"
        )
        which = f"the {parameters['keep']}"
        return (
            f"keeps {rows}, {which} {f'by `{chain.name_of(order)}`' if order else 'as they come'}"
        )


@dataclass(frozen=True, kw_only=True)
class KeepDuplicates(Intent):
    """Leave equal rows alone."""

    stage: ClassVar[Stage] = Stage.DEDUPLICATE

    def apply(self, draft: Draft) -> str:
        return "keeps rows that repeat"


def read(r: Reader) -> Deduplicate | KeepDuplicates | None:
    """Take a wish about equal rows."""
    start = r.at
    if r.take(
        "keep duplicates | keep all duplicates | do not deduplicate | don't deduplicate | "
        "keep the duplicates | without deduplication | don't remove duplicates | do not "
        "remove duplicates | no deduplication"
    ):
        return KeepDuplicates(words=r.said(start))
    return _by_verb(r) or _duplicates_of(r) or _one_each(r) or _latest_each(r)


def _duplicates_of(r: Reader) -> Deduplicate | None:
    """`remove email duplicates`."""
    start = r.at
    columns = r.columns() if r.take("remove | drop | delete | eliminate") else []
    if not columns or not r.take("duplicates | dupes"):
        r.at = start
        return None
    keep, order = _which(r)
    return _deduplicate(r, start, columns, keep, order, None)


def _by_verb(r: Reader) -> Deduplicate | None:
    start = r.at
    r.take("also | please")
    head = r.take(_HEADS)
    if head is None:
        return None
    if head in ("unique", "distinct") and not r.rows():
        r.at = start
        return None
    table = _table(r)
    r.take("rows | records | entries | values | the | data")
    r.rows()
    columns = (
        r.columns(entity=True)
        if r.take(_ON) or head.startswith(("remove", "drop", "delete", "no", "without"))
        else []
    )
    keep, order = _which(r)
    found = _deduplicate(r, start, columns, keep, order, table)
    return replace(found, whole="exact" in head)


def _one_each(r: Reader) -> Deduplicate | None:
    """`one row per customer, the latest by date`."""
    start = r.at
    r.take("keep | i want | give me")
    if r.take(_ONE_EACH) is None or not r.rows() or not r.take(_PER):
        r.at = start
        return None
    columns = r.columns(entity=True)
    if not columns:
        r.at = start
        return None
    r.take(", | (")
    keep, order = _which(r)
    r.take(")")
    return _deduplicate(r, start, columns, keep, order, None)


def _latest_each(r: Reader) -> Deduplicate | None:
    """`keep the latest record per customer`, `latest order per customer by date`."""
    start = r.at
    r.take("only")
    r.take(_KEEPING)
    r.take("only")
    r.take("the")
    which = r.take(*_WHICH)
    if which is None or not r.rows() or not r.take(_PER):
        r.at = start
        return None
    columns = r.columns(entity=True)
    if not columns:
        r.at = start
        return None
    order = r.column() if r.take(_ORDERED_BY) else None
    return _deduplicate(r, start, columns, _WHICH[which], order, None)


def _which(r: Reader) -> tuple[str, Ref | None]:
    """Take `keeping the latest by updated_at`."""
    start = r.at
    r.take(_KEEPING)
    r.take("only")
    which = r.take(*_WHICH, *_HIGHEST)
    if which is None:
        r.at = start
        return "first", None
    keep = {**_WHICH, **_HIGHEST}[which]
    if which in _HIGHEST:
        order = r.column()
        if order is None:
            r.at = start
        return keep, order
    order = None
    if which not in ("first", "last", "the first", "the last"):
        order = r.column(is_dated)
    r.take("one | row | record | entry | version | value | occurrence | rows")
    r.rows()
    here = r.at
    if order is None and r.take(_ORDERED_BY):
        order = r.column()
        if order is None:
            r.at = here
    return keep, order


def _table(r: Reader) -> str | None:
    token = r.peek()
    table = r.vocabulary.table(token.value) if token and token.kind == "word" else None
    if table is None or (r.vocabulary.column(token.value) or _NOTHING).score >= 0.95:  # type: ignore[union-attr]
        return None
    r.at += 1
    return table.id


@dataclass(frozen=True)
class _Nothing:
    score: float = 0.0


_NOTHING = _Nothing()


def _deduplicate(
    r: Reader, start: int, columns: list[Ref], keep: str, order: Ref | None, table: str | None
) -> Deduplicate:
    several_tables = len(r.vocabulary.tables) > 1
    homes = set.intersection(*({t for t, _ in ref.places} for ref in columns)) if columns else set()
    if table is None and several_tables and len(homes) == 1:
        table = next(iter(homes))
    return Deduplicate(
        words=r.said(start),
        columns=tuple(columns),
        keep=keep,
        order_by=order,
        one_table=table if several_tables else None,
    )
