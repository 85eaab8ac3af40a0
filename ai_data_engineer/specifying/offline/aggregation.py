"""Figures for groups: `total amount by customer and month`, `orders per day`, `monthly revenue`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ai_data_engineer.specifying.column_matching import singular
from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible, unused
from ai_data_engineer.specifying.offline.grouping import ADJECTIVES, GroupKey, read_keys
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.measures import Measure, is_number_only, read_measures
from ai_data_engineer.specifying.offline.periods import UNITS
from ai_data_engineer.specifying.offline.reader import ARTICLES, Reader, is_quantity
from ai_data_engineer.specifying.offline.vocabulary import Field, Ref

_ASKING = (
    "compute | calculate | show | show me | give me | get | find | report | i want | i need | "
    "aggregate | list | build | create | produce | what is | what was | what are | tell me | "
    "determine | work out | i would like | we need | i'd like | we want | return"
)


@dataclass(frozen=True, kw_only=True)
class Aggregate(Intent):
    """One row for each group, with figures."""

    measures: tuple[Measure, ...]
    keys: tuple[GroupKey, ...] = ()
    remark: str = ""

    stage: ClassVar[Stage] = Stage.AGGREGATE

    @property
    def refs(self) -> tuple[Ref, ...]:
        figures = [ref for measure in self.measures for ref in measure.refs]
        return (*figures, *(key.ref for key in self.keys))

    def apply(self, draft: Draft) -> str:
        per = (
            f" for each {listed([key.said for key in self.keys])}" if self.keys else " of all rows"
        )
        for chain in draft.chains:
            if chain.before is not None and chain.grouped_by == self.keys:
                figures = add_figures(draft, chain, self.measures, self.note)
                return f"computes {listed(figures)}{per}{self.remark}"
        chain = self._rows(draft)
        _, figures = aggregate(draft, chain, self.measures, self.keys, self.note)
        return f"computes {listed(figures)}{per}{self.remark}"

    def _rows(self, draft: Draft) -> Chain:
        """Return the rows to put together; those that have been already go another way, too."""
        for chain in draft.chains:
            if chain.before is None and all(chain.find(ref) for ref in self.refs):
                return chain
        for chain in draft.chains:
            if chain.before is not None and all(chain.before.find(ref) for ref in self.refs):
                branch = chain.before.copy()
                draft.chains.append(branch)
                return branch
        for ref in self.refs:
            draft.chains[0].name_of(ref)
        raise NotPossible("its columns are not in one table; join the tables first")


def aggregate(
    draft: Draft,
    chain: Chain,
    measures: tuple[Measure, ...],
    keys: tuple[GroupKey, ...],
    note: str,
) -> tuple[list[str], list[str]]:
    """Add an aggregate step; return the names of its keys and of its figures."""
    before = chain.copy()
    group_by: dict[str, Any] = {}
    plain = {chain.find(key.ref) or "" for key in keys if key.unit is None}
    for key in keys:
        name, entry = key.entry(chain, {*group_by, *plain})
        group_by.setdefault(name, entry)
    names = list(group_by)
    figures = _figures(chain, measures, names)
    base = chain.sources[0] if len(chain.sources) == 1 else chain.name
    wanted = f"{base}_by_{'_and_'.join(names)}" if names else f"summarise_{base}"
    step_id = draft.free_id(wanted if len(wanted) <= 50 else f"summarise_{base}")
    draft.add_named(
        chain,
        step_id,
        "aggregate",
        note,
        group_by=list(group_by.values()),
        figures=list(figures.values()),
    )
    chain.name, chain.before, chain.summarised = step_id, before, True
    chain.grouped_by = keys
    chain.measures = {key: figure["name"] for key, figure in figures.items()}
    # A figure may bear the name of a column whose profile says nothing about it.
    columns = {name for name, entry in group_by.items() if isinstance(entry, str)}
    chain.profiles = {n: p for n, p in before.profiles.items() if n in columns}
    chain.key, chain.key_holds = tuple(names), True
    return names, [figure["name"] for figure in figures.values()]


def add_figures(draft: Draft, chain: Chain, measures: tuple[Measure, ...], note: str) -> list[str]:
    """Let the aggregate step at the end of a chain compute more; raises NotPossible."""
    last = draft.last(chain, "aggregate")
    if chain.before is None or last is None:
        raise NotPossible("this figure is not computed before")
    new = tuple(measure for measure in measures if measure.key not in chain.measures)
    figures = _figures(chain.before, new, list(chain.schema))
    draft.change(
        chain,
        last,
        note=f"{last['note']}; {note}",
        figures=[*last["figures"], *figures.values()],
    )
    chain.measures.update({key: figure["name"] for key, figure in figures.items()})
    return [chain.measures[measure.key] for measure in measures]


def _figures(
    chain: Chain, measures: tuple[Measure, ...], taken: list[str]
) -> dict[tuple[str, str], dict[str, str]]:
    figures: dict[tuple[str, str], dict[str, str]] = {}
    for measure in measures:
        if measure.key not in figures:
            names = {*taken, *(figure["name"] for figure in figures.values())}
            figures[measure.key] = measure.figure(chain, unused(measure.name(chain), names))
    return figures


def read(r: Reader) -> Aggregate | None:
    """Take figures with their groups, in either order."""
    start = r.at
    for reading in (_groups_first, _figures_first, _rows_per, _column_per, _things_per):
        r.at = start
        r.take(_ASKING)
        r.skip(ARTICLES)
        if (found := reading(r, start)) is not None:
            return found
    return None


def _figures_first(r: Reader, start: int) -> Aggregate | None:
    """`total amount and number of orders by region`; `monthly total amount`."""
    unit = _adjective(r)
    measures = _all_measures(r)
    if not measures:
        return None
    behind = r.at
    r.take("grouped | group | broken down | ,")
    by = read_keys(r)
    if not by:
        r.at = behind
    keys = _with_unit(r, by, unit)
    if keys is None or (not keys and not _stands_alone(r, start, measures)):
        return None
    return Aggregate(words=r.said(start), measures=tuple(measures), keys=tuple(keys))


def _stands_alone(r: Reader, start: int, measures: list[Measure]) -> bool:
    """Whether a figure without groups is a wish of its own and no part of another phrase."""
    before = r.tokens[start - 1] if start else None
    if r.peek_is("first", "last", "only"):
        return False
    if before is None:
        return True
    # Behind something else "last name" and "highest price" are no figures.
    separated = (
        before.text == "," or before.text.startswith("\n") or before.lower in ("and", "also")
    )
    return separated and not any(m.function in ("min", "max") for m in measures)


def _groups_first(r: Reader, start: int) -> Aggregate | None:
    """`for each region show the total amount`; `group by region and sum amount`."""
    grouping = r.take(
        "group by | group it by | group rows by | group them by | grouped by | group the data by"
    )
    if not grouping and not r.take("for each | for every | per | aggregate by"):
        return None
    keys = read_keys(r, preposition_taken=True)
    if not keys:
        return None
    here = r.at
    r.separator()
    r.take(_ASKING)
    r.take("with | having")
    measures = _all_measures(r)
    remark = ""
    if not measures and not grouping:
        return None
    if not measures:
        r.at = here
        measures, remark = [Measure("count")], " (no figure was named: rows are counted)"
    return Aggregate(words=r.said(start), measures=tuple(measures), keys=tuple(keys), remark=remark)


def _rows_per(r: Reader, start: int) -> Aggregate | None:
    """`orders per day`: the rows are counted."""
    unit = _adjective(r)
    if not r.rows():
        return None
    sold = singular(r.tokens[r.at - 1].lower) == "sale"
    counted = r.take("count | counts") is not None
    here = r.at
    if not r.take("per | by | for each | for every"):
        if unit is None:
            return None
        keys: list[GroupKey] | None = []
    else:
        r.at = here
        keys = read_keys(r)
        if not keys:
            return None
    keys = _with_unit(r, keys or [], unit)
    if not keys:
        return None
    amount = r.vocabulary.main_measure() if sold and not counted else None
    if amount is not None:
        measure, remark = Measure("sum", amount), f" (`{amount.name}` is summed up)"
    else:
        measure, remark = Measure("count"), " (rows are counted)"
    return Aggregate(words=r.said(start), measures=(measure,), keys=tuple(keys), remark=remark)


def _column_per(r: Reader, start: int) -> Aggregate | None:
    """`revenue per month`, `monthly revenue`: a number without a function is summed up."""
    unit = _adjective(r)
    ref = r.column(is_quantity)
    if ref is None:
        return None
    r.take("totals | total | sum")
    keys = _with_unit(r, read_keys(r), unit)
    if not keys:
        return None
    return Aggregate(
        words=r.said(start),
        measures=(Measure("sum", ref),),
        keys=tuple(keys),
        remark=f" (`{ref.name}` is summed up, as no function was named)",
    )


def _things_per(r: Reader, start: int) -> Aggregate | None:
    """`unique customers per day`: different values are counted."""
    unit = _adjective(r)
    r.take("distinct | unique | different")
    ref = r.column(is_countable, entity=True)
    keys = _with_unit(r, read_keys(r), unit) if ref is not None else None
    if ref is None or not keys or any(is_number_only(key.ref.field) for key in keys):
        return None
    return Aggregate(
        words=r.said(start),
        measures=(Measure("count_distinct", ref),),
        keys=tuple(keys),
        remark=f" (different values of `{ref.name}` are counted)",
    )


def is_countable(field: Field) -> bool:
    """Fit what names things, of which one counts the different ones."""
    return field.type.name in ("string", "int64") and not is_quantity(field)


def _all_measures(r: Reader) -> list[Measure]:
    found: list[Measure] = []
    while True:
        start = r.at
        if found:
            r.separator()
        more = read_measures(r)
        if not more:
            r.at = start
            return found
        found.extend(more)


def _adjective(r: Reader) -> str | None:
    word = r.take(ADJECTIVES)
    return UNITS[word] if word else None


def _with_unit(r: Reader, keys: list[GroupKey], unit: str | None) -> list[GroupKey] | None:
    """Put the period of `monthly …` in front; None when there is no date for it."""
    if unit is None:
        return keys
    date = r.vocabulary.main_date(unit)
    return None if date is None else [GroupKey(date, unit), *keys]
