"""The best of them: `top 10 customers by amount`, `top 3 per region`, `5 largest orders`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from ai_data_engineer.specifying.offline.aggregation import aggregate
from ai_data_engineer.specifying.offline.date_parts import period_columns
from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.filters import add_filter
from ai_data_engineer.specifying.offline.grouping import GroupKey, read_key
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.literals import read_value_anywhere
from ai_data_engineer.specifying.offline.measures import Measure
from ai_data_engineer.specifying.offline.ordering import Ordered, read_ordered
from ai_data_engineer.specifying.offline.periods import UNITS
from ai_data_engineer.specifying.offline.phrases import alternatives
from ai_data_engineer.specifying.offline.predicates import Compared, Condition
from ai_data_engineer.specifying.offline.reader import Reader, is_number
from ai_data_engineer.specifying.offline.vocabulary import Ref

_GREATEST = "top | largest | highest | biggest | greatest | the top | best"
_LEAST = "bottom | smallest | lowest | least | worst | the bottom"
_NEWEST = "latest | newest | most recent | last"
_OLDEST = "oldest | earliest"
_ASKING = (
    "show | show me | give me | keep | keep only | find | get | i want | take | only | return | "
    "list | only keep | i need | what are | select | just | only the | pick"
)
_PER = "per | for each | in each | of each | within each | for every | in every | each"
_BY = (
    "by | with the highest | with the most | with the largest | with the lowest | with most | "
    "in terms of | based on | ranked by | sorted by | ordered by | according to | "
    "with the biggest | with highest | with the smallest"
)


@dataclass(frozen=True, kw_only=True)
class Top(Intent):
    """Keep the rows, or the groups, with the greatest or smallest values."""

    n: int
    by: Ordered | None
    descending: bool = True
    entity: Ref | None = None
    partition: tuple[GroupKey, ...] = ()
    only: Condition | None = None
    """Which rows take part."""

    stage: ClassVar[Stage] = Stage.TOP

    @property
    def refs(self) -> tuple[Ref, ...]:
        by = self.by.refs if self.by else ()
        entity = (self.entity,) if self.entity else ()
        only = self.only.refs if self.only else ()
        return (*entity, *by, *(key.ref for key in self.partition), *only)

    @property
    def says_only_how_many(self) -> bool:
        """Whether it is `top 20` and nothing more."""
        return self.descending and not (self.by or self.entity or self.partition or self.only)

    def apply(self, draft: Draft) -> str:
        chain = next(
            (c for c in draft.chains if c.measures or all(c.find(ref) for ref in self.refs)), None
        )
        if chain is None:
            raise NotPossible("its columns are not in one table; join the tables first")
        if self.only is not None:
            add_filter(draft, chain, self.only.sql(chain.name_of), self.note)
        remark = self._summarise(draft, chain)
        if self.by is not None:
            by = self.by.column(chain)
        elif chain.measures:
            by = next(iter(chain.measures.values()))
        else:
            raise NotPossible("it does not say by what")
        partition = self._partition_columns(draft, chain)
        draft.add(
            chain,
            f"{'top' if self.descending else 'bottom'}_{self.n}",
            "top_n",
            self.note,
            n=self.n,
            by=[by],
            descending=self.descending,
            partition_by=partition,
        )
        chain.removes_rows = True
        which = "greatest" if self.descending else "smallest"
        each = f" for each {listed(partition)}" if partition else ""
        return f"keeps the {self.n} rows with the {which} `{by}`{each}{remark}"

    def _partition_columns(self, draft: Draft, chain: Chain) -> list[str]:
        names: list[str] = []
        for key in self.partition:
            if key.unit is None:
                names.append(chain.name_of(key.ref))
            else:
                names += period_columns(draft, chain, key.ref, key.unit, self.note)
        return list(dict.fromkeys(names))

    def _summarise(self, draft: Draft, chain: Chain) -> str:
        """Put the rows of a thing together when the ten best things, and not rows, are meant."""
        entity, by = self.entity, self.by
        if entity is None or by is None or chain.summarised:
            return ""
        if by.measure is None and not (
            entity.field.repeats and chain.key != (chain.name_of(entity),)
        ):
            return ""
        measure = by.measure
        if measure is None:
            assert by.ref is not None
            if not by.ref.field.type.is_numeric:
                return ""
            measure = Measure("sum", by.ref)
        keys = (*self.partition, GroupKey(entity))
        columns, figures = aggregate(draft, chain, (measure,), keys, self.note)
        if by.measure is not None:
            return f", computed for each {listed(columns)}"
        return (
            f", after adding up `{measure.refs[0].name}` to {listed(figures)} for each "
            f"{listed(columns)}, as a value of `{entity.name}` can occur in several rows"
        )


def read(r: Reader) -> Top | None:
    """Take `top 10 paid orders by amount`, `bottom 5 per region`, `latest 20 rows`."""
    start = r.at
    r.take(_ASKING)
    r.skip(("the",))
    head = r.take(_GREATEST, _LEAST, _NEWEST, _OLDEST)
    n = r.count()
    if head is None and n is not None:
        head = r.take(_GREATEST, _LEAST, _NEWEST, _OLDEST)
    if head is None or n is None:
        return None
    if (token := r.peek()) and token.lower in UNITS:
        # "last 30 days" depends on the day of the run, and a spec does not.
        return None
    only, of_rows, entity = _of_what(r)
    partition: list[GroupKey] = []
    by: Ordered | None = None
    for _ in range(2):
        partition = partition or _partition(r)
        by = by or _by(r)
    in_time = head in alternatives(_NEWEST) + alternatives(_OLDEST)
    if by is None and in_time:
        date = r.vocabulary.main_date()
        by = Ordered(date) if date else None
        entity = None
    elif by is None and entity is not None and is_number(entity.field):
        # "10 largest amounts"
        by, entity = Ordered(entity), None
    elif by is None and of_rows and (measure := r.vocabulary.main_measure()) is not None:
        by = Ordered(replace(measure, phrase=f"{head} rows"))
    if by is None and (in_time or entity is not None):
        return None
    return Top(
        words=r.said(start),
        n=n,
        by=by,
        descending=head in alternatives(_GREATEST) + alternatives(_NEWEST),
        entity=entity,
        partition=tuple(partition),
        only=only,
    )


def _of_what(r: Reader) -> tuple[Condition | None, bool, Ref | None]:
    """Take `paid orders` or `customers`: a condition, whether rows are meant, else what is."""
    if r.rows():
        return None, True, None
    start = r.at
    value = read_value_anywhere(r)
    if value is not None and r.rows():
        return Compared(value[0], "=", value[1]), True, None
    r.at = start
    return None, False, r.column(entity=True)


def _partition(r: Reader) -> list[GroupKey]:
    if not r.take(_PER):
        return []
    keys: list[GroupKey] = []
    while True:
        start = r.at
        if keys and not r.separator():
            break
        key = read_key(r)
        if key is None:
            r.at = start
            break
        keys.append(key)
    return keys


def _by(r: Reader) -> Ordered | None:
    start = r.at
    by = read_ordered(r) if r.take(_BY) else None
    if by is None:
        r.at = start
    return by
