"""Columns that follow from others: functional dependencies, and columns that say the same.

A dependency that holds in every record may still be chance: of few records, or with a column that
is nearly constant. So it is told only where records that agree in the determinant would, if the two
columns had nothing to do with each other, have disagreed in the dependent many times.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ai_data_engineer.profiling.profile import (
    ColumnProfile,
    FunctionalDependency,
    RepeatedColumns,
)

MOST_COLUMNS: Final = 24
"""Columns that are tried with each other: 552 ordered pairs."""
MOST_DEPENDENCIES: Final = 20
MOST_REPEATED: Final = 20
_GLANCE: Final = 150
"""Records that are looked at before all of them are."""
_SHARE: Final = 0.99
"""Share of the records in which a dependency must hold."""
_EXPECTED: Final = 12
"""Disagreements that independent columns would have: none then has a chance below e⁻¹²."""
_EXCEPTIONS: Final = 0.05
"""Violations as a share of those expected."""


@dataclass(frozen=True)
class _Coded:
    """A column as numbers: equal values have equal ones, None stands for a missing value."""

    name: str
    codes: list[int | None]
    distinct: int
    witnesses: int
    """Records that share their value with an earlier one, missing values left out."""
    disagreement: float
    """How likely two records differ in the column."""
    may_determine: bool


def relations(
    profiles: Sequence[ColumnProfile], values: Sequence[pl.Series], rows: int
) -> tuple[tuple[FunctionalDependency, ...], tuple[RepeatedColumns, ...]]:
    """Return the dependencies between columns, and the groups of columns that say the same.

    Of each group of repeated columns only the first takes part in dependencies.
    """
    identical = _identical(profiles, values)
    left_out = {name for group in identical for name in group[1:]}
    coded = [
        _coded(profile, column)
        for profile, column in itertools.islice(
            (
                pair
                for pair in zip(profiles, values, strict=True)
                if _takes_part(pair[0], rows) and pair[0].name not in left_out
            ),
            MOST_COLUMNS,
        )
    ]
    found = {(d.determinant, d.dependent): d for d in _dependencies(coded, rows)}
    one_to_one = _groups((a, b) for a, b in found if (b, a) in found)
    left_out = {name for group in one_to_one for name in group[1:]}
    kept = [pair for pair in found if not left_out & set(pair)]
    told = [found[pair] for pair in kept if not _follows(pair, kept)]
    order = {profile.name: place for place, profile in enumerate(profiles)}
    repeated = [
        *(RepeatedColumns(columns=tuple(g), kind="identical") for g in identical),
        *(
            RepeatedColumns(columns=tuple(sorted(g, key=order.__getitem__)), kind="one_to_one")
            for g in one_to_one
        ),
    ]
    return tuple(told[:MOST_DEPENDENCIES]), tuple(repeated[:MOST_REPEATED])


def _takes_part(profile: ColumnProfile, rows: int) -> bool:
    """Whether a column repeats its values, and has more than one."""
    if profile.type.is_nested or profile.type.name in ("binary", "datetime", "time"):
        return False
    is_prose = profile.semantic in ("free_text", "json")
    return not is_prose and 2 <= profile.distinct_count <= rows // 2


def _coded(profile: ColumnProfile, values: pl.Series) -> _Coded:
    codes: list[int | None] = values.rank("dense").to_list()
    counts = Counter(codes)
    total, missing = len(codes), counts.get(None, 0)
    distinct = len(counts) - (missing > 0)
    return _Coded(
        name=profile.name,
        codes=codes,
        distinct=distinct,
        witnesses=total - missing - distinct,
        disagreement=1 - sum((count / total) ** 2 for count in counts.values()),
        may_determine=profile.type.name in ("string", "int64", "boolean", "date"),
    )


def _dependencies(coded: Sequence[_Coded], rows: int) -> Iterator[FunctionalDependency]:
    """Yield every dependency between two of the columns, in their order."""
    for one, other in itertools.permutations(coded, 2):
        if not _could_be(one, other):
            continue
        limit = _limit(one, other, rows)
        # More violations than allowed among the first records are as many among all of them.
        violations = _violations(one, other, _GLANCE)
        if violations <= limit and rows > _GLANCE:
            violations = _violations(one, other, rows)
        if violations <= limit:
            yield FunctionalDependency(
                determinant=one.name,
                dependent=other.name,
                violations=violations,
                share=round(1 - violations / rows, 4),
            )


def _could_be(one: _Coded, other: _Coded) -> bool:
    """Whether the counts allow a dependency, and would show it."""
    enough = one.witnesses * other.disagreement >= _EXPECTED
    return one.may_determine and enough and other.distinct <= one.distinct * 1.05


def _limit(one: _Coded, other: _Coded, rows: int) -> float:
    """Return the most violations: few of the records, and few of those that chance would make."""
    return min((1 - _SHARE) * rows, _EXCEPTIONS * one.witnesses * other.disagreement)


def _violations(one: _Coded, other: _Coded, rows: int) -> int:
    """Return how many of the first records have not the commonest value of their determinant.

    A missing dependent is a value like others; a missing determinant says nothing.
    """
    together = Counter(zip(one.codes[:rows], other.codes[:rows], strict=True))
    most: dict[int, int] = {}
    total = 0
    for (determinant, _), count in together.items():
        if determinant is not None:
            total += count
            most[determinant] = max(count, most.get(determinant, 0))
    return total - sum(most.values())


def _follows(pair: tuple[str, str], pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a dependency follows from two others: A → C from A → B and B → C."""
    known = set(pairs)
    return any((middle, pair[1]) in known for first, middle in known if first == pair[0] != middle)


def _identical(profiles: Sequence[ColumnProfile], values: Sequence[pl.Series]) -> list[list[str]]:
    """Return groups of columns with the same values, in their order.

    Only columns with the same figures are compared, so that wide tables stay cheap.
    """
    alike: dict[Any, list[int]] = defaultdict(list)
    for place, profile in enumerate(profiles):
        if profile.distinct_count > 1 and not profile.type.is_nested:
            figures = (str(profile.type), profile.distinct_count, profile.null_count)
            alike[(*figures, profile.min, profile.max, profile.mean)].append(place)
    equal: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for places in alike.values():
        if len(places) > 1:
            for place in places:
                equal[tuple(values[place].to_list())].append(place)
    return [
        [profiles[place].name for place in places]
        for content, places in equal.items()
        if len(places) > 1 and _is_telling(content)
    ]


def _is_telling(content: Sequence[object]) -> bool:
    """Whether a column varies so much that another one is not equal by chance."""
    total = len(content)
    agreement = sum((n / total) ** 2 for n in Counter(content).values())
    return total * (1 - agreement) >= _EXPECTED


def _groups(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return names that are linked by pairs, together."""
    groups: dict[str, list[str]] = {}
    for a, b in pairs:
        one, other = groups.setdefault(a, [a]), groups.setdefault(b, [b])
        if one is not other:
            one.extend(other)
            for name in other:
                groups[name] = one
    return list({id(group): group for group in groups.values()}.values())
