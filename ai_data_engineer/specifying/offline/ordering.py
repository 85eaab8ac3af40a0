"""In which order and how many: `sort by amount descending, then by date`, `first 100 rows`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.intents import Intent, Stage
from ai_data_engineer.specifying.offline.measures import Measure, read_measures
from ai_data_engineer.specifying.offline.periods import UNITS
from ai_data_engineer.specifying.offline.reader import ARTICLES, Reader
from ai_data_engineer.specifying.offline.tokens import tokenise
from ai_data_engineer.specifying.offline.vocabulary import Ref

_SORT = (
    "sort by | sorted by | sorted | ordered | order by | ordered by | sort | sorting by | "
    "arrange by | arranged by | rank by | ranked by | sort it by | sort them by | sort "
    "rows by | sort the rows by | order rows by | order the rows by | sort the data by | "
    "sort the result by | sort results by | sort the results by | order it by | order "
    "them by | in order of | sort on | sorted on | ordering by | arrange | order the "
    "result by | order results by | sort everything by | then by"
)
_DOWN = (
    "descending | desc | in descending order | largest first | highest first | biggest first | "
    "newest first | latest first | most recent first | from high to low | high to low | from "
    "highest to lowest | highest to lowest | from largest to smallest | decreasing | reverse | in "
    "reverse | reversed | z-a | z to a | from newest to oldest | newest to oldest | in reverse "
    "order | largest to smallest | most first | top first"
)
_UP = (
    "ascending | asc | in ascending order | smallest first | lowest first | oldest first | "
    "earliest first | from low to high | low to high | from lowest to highest | lowest to highest "
    "| increasing | alphabetically | a-z | a to z | from smallest to largest | from oldest to "
    "newest | oldest to newest | chronologically | smallest to largest | in alphabetical order | "
    "in chronological order"
)
_HEAD = (
    "first | limit | limit to | only the first | head | at most | no more than | up to | limited "
    "to | only | limit the result to | limit it to | limit output to | the first | keep the first "
    "| take the first | take | keep | show | return | just | keep only | keep only the first | "
    "only keep the first | give me | show only | return only"
)


@dataclass(frozen=True)
class Ordered:
    """Something to order by: a column or a figure."""

    ref: Ref | None
    measure: Measure | None = None
    unit: str | None = None
    """A period by which the rows were grouped, such as `month`."""
    descending: bool = False

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The columns that it speaks of."""
        if self.measure is not None:
            return self.measure.refs
        return (self.ref,) if self.ref else ()

    def column(self, chain: Chain) -> str:
        """Return the column to order by, of those that a chain has now; raises NotPossible."""
        if self.unit is not None and self.unit in chain.schema:
            return self.unit
        if self.measure is not None:
            return self.measure.found_in(chain)
        assert self.ref is not None
        if (name := chain.find(self.ref)) is not None and (
            not chain.summarised or name in chain.key or name in chain.measures.values()
        ):
            return name
        # The column has gone into a figure: "total amount by region, sorted by amount".
        figures = [n for (_, column), n in chain.measures.items() if column == self.ref.name]
        if figures:
            return figures[0]
        by_unit = [
            k for k in chain.key if k not in chain.profiles and chain.schema[k].type.is_temporal
        ]
        if self.ref.field.type.is_temporal and by_unit:
            return by_unit[0]
        return chain.name_of(self.ref)


@dataclass(frozen=True, kw_only=True)
class Sort(Intent):
    """Put the rows in order."""

    by: tuple[Ordered, ...]

    stage: ClassVar[Stage] = Stage.SORT

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(ref for ordered in self.by for ref in ordered.refs)

    def apply(self, draft: Draft) -> str:
        problem: NotPossible | None = None
        done = ""
        for chain in draft.chains:
            try:
                keys = [{"column": o.column(chain), "descending": o.descending} for o in self.by]
            except NotPossible as error:
                problem = error
                continue
            draft.add(chain, "sort", "sort", self.note, by=keys)
            done = ", ".join(
                f"`{k['column']}` {'descending' if k['descending'] else 'ascending'}" for k in keys
            )
        if not done and problem is not None:
            raise problem
        return f"sorts by {done}"


@dataclass(frozen=True, kw_only=True)
class Limit(Intent):
    """Keep the first rows."""

    n: int

    stage: ClassVar[Stage] = Stage.LIMIT

    def apply(self, draft: Draft) -> str:
        for chain in draft.chains:
            draft.add(chain, "limit", "limit", self.note, n=self.n)
            chain.removes_rows = True
        return f"keeps the first {self.n} rows"


def read(r: Reader) -> Intent | None:
    """Take a wish about order or number of rows."""
    start = r.at
    for reading in (_sort, _limit, _first_to_last):
        r.at = start
        if (found := reading(r)) is not None:
            return found
    return None


def _sort(r: Reader) -> Sort | None:
    start = r.at
    head = r.take(_SORT)
    if head is None:
        return None
    bare = r.at
    default = _direction(r)
    if not r.take("by | on | the rows by | rows by") and head in ("sorted", "ordered"):
        r.at = bare
        return None
    keys: list[Ordered] = []
    while True:
        here = r.at
        if keys and not (r.separator() or r.peek_is("then")):
            break
        if keys:
            r.take("then by | then | by")
        key = read_ordered(r)
        if key is None:
            r.at = here
            break
        direction = _direction(r)
        if direction is None:
            direction = key.descending if default is None else default
        keys.append(replace(key, descending=direction))
    return Sort(words=r.said(start), by=tuple(keys)) if keys else None


def read_ordered(r: Reader) -> Ordered | None:
    """Take one thing to order by: a column, a figure, or a period."""
    start = r.at
    r.skip(ARTICLES)
    if (ref := r.column()) is not None and ref.score >= 0.95:
        return Ordered(ref)
    behind = r.at
    r.at = start
    measures = read_measures(r)
    if len(measures) == 1:
        return Ordered(None, measures[0])
    r.at = behind
    if ref is not None:
        return Ordered(ref)
    if word := r.take("date | time | newest | latest | most recent | recency | oldest"):
        date = r.vocabulary.main_date()
        if date is not None:
            return Ordered(date, descending=word not in ("date", "time", "oldest"))
    return _new_column(r)


def _new_column(r: Reader) -> Ordered | None:
    """Take the name of a column that the same goal brings about: `month`, `total_amount`."""
    token = r.peek()
    if token is None or token.kind not in ("word", "quoted"):
        return None
    date = r.vocabulary.main_date()
    if (unit := UNITS.get(token.lower)) and date is not None:
        r.at += 1
        return Ordered(date, unit=unit)
    spelt_out = Reader(tokenise(token.value.replace("_", " ")), r.vocabulary, token.value)
    measures = read_measures(spelt_out)
    if len(measures) != 1 or not spelt_out.done:
        return None
    r.at += 1
    return Ordered(None, measures[0])


def _direction(r: Reader) -> bool | None:
    start = r.at
    r.take(", | (")
    down, up = r.take(_DOWN), None
    if down is None:
        up = r.take(_UP)
    if down is None and up is None:
        r.at = start
        return None
    r.take(") | order")
    return down is not None


def _first_to_last(r: Reader) -> Sort | None:
    """`newest first` alone: the main date."""
    start = r.at
    if (by := _extreme_first(r)) is not None:
        return Sort(words=r.said(start), by=(by,))
    phrase = r.take(
        "newest first | latest first | most recent first | oldest first | earliest first | "
        "chronologically | in chronological order | from newest to oldest | from oldest to "
        "newest"
    )
    date = r.vocabulary.main_date() if phrase else None
    if phrase is None or date is None:
        return None
    down = phrase.startswith(("newest", "latest", "most", "from newest"))
    return Sort(words=r.said(start), by=(Ordered(date, descending=down),))


def _extreme_first(r: Reader) -> Ordered | None:
    """`with the highest amount first`."""
    start = r.at
    r.take("with")
    r.skip(ARTICLES)
    extreme = r.take("highest | largest | biggest | newest | latest | lowest | smallest | oldest")
    ref = r.column() if extreme else None
    if ref is None or not r.take("first | on top | at the top"):
        r.at = start
        return None
    return Ordered(ref, descending=extreme in ("highest", "largest", "biggest", "newest", "latest"))


def _limit(r: Reader) -> Limit | None:
    start = r.at
    head = r.take(_HEAD)
    if head is None:
        return None
    n = r.count()
    if n is None:
        return None
    rows = r.rows()
    if not rows and (
        head
        in (
            "only",
            "keep",
            "take",
            "show",
            "return",
            "just",
            "give me",
            "at most",
            "up to",
            "no more than",
            "keep only",
            "show only",
            "return only",
        )
        or r.peek_is("column", "columns")
    ):
        return None
    return Limit(words=r.said(start), n=n)
