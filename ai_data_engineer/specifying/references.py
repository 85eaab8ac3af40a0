"""Likely foreign keys: columns of one source whose values are found in a key of another.

Two samples seldom hold the same records, so no rule stands alone: names, types and the share of
values found speak together, and the share is told. Values are compared while both samples are at
hand; none goes into a profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile, Reference
from ai_data_engineer.profiling.profile_source import Measured, measure_source
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.column_matching import words_of

FEWEST: Final = 5
"""Different values without which names must speak."""
_NEARLY_ALL: Final = 0.9
_SOME: Final = 0.05
"""Share of the values found that is enough where a sample stands for more than was read."""
_KEY_TYPES: Final = frozenset({"string", "int64", "decimal", "date"})
_KEY_WORDS: Final = frozenset({"id", "key", "code", "number", "uuid", "sku", "isbn", "ean", "iso"})
_OF_EACH_TABLE: Final = frozenset(
    {"id", "key", "code", "number", "name", "date", "day", "time", "index", "row", "rank", "value",
     "position", "year", "month", "type", "title", "label"}
)  # fmt: skip
"""Words that name something else in each table."""
_MOST_COLUMNS: Final = 200
"""Columns of a source that are tried."""


def profile_sources(uris: Sequence[str], *, settings: Settings | None = None) -> list[FileProfile]:
    """Profile several sources, with the references between them.

    Raises:
        SourceError: One of them cannot be profiled; the code says why.
        TransientError: The network may answer later.
    """
    return with_references([measure_source(uri, settings=settings) for uri in uris])


def with_references(measured: Sequence[Measured]) -> list[FileProfile]:
    """Return the profiles, each with its likely references to the others."""
    return [
        one.profile.model_copy(
            update={
                "references": tuple(
                    reference
                    for other in measured
                    if other is not one
                    for reference in _references(one, other)
                )
            }
        )
        for one in measured
    ]


def _references(one: Measured, other: Measured) -> Iterator[Reference]:
    """Yield the references from one source to another, the best key for each column."""
    keys = [
        (column, other.values[column.name].drop_nulls())
        for column in other.profile.columns[:_MOST_COLUMNS]
        if _identifies(column, other.profile)
    ]
    for column in one.profile.columns[:_MOST_COLUMNS]:
        if column.type.name not in _KEY_TYPES or column.distinct_count < 2:
            continue
        values = one.values[column.name].drop_nulls().unique()
        found = [
            (_named_alike(column, key, other.profile), containment, key.name)
            for key, of_key in keys
            if key.type.name == column.type.name and values.dtype == of_key.dtype
            for containment in (_containment(values, of_key),)
            if _is_likely(column, key, containment, one.profile, other.profile)
        ]
        if found:
            _, containment, name = max(found)
            yield Reference(
                column=column.name,
                source=other.profile.name,
                source_column=name,
                containment=round(containment, 4),
            )


def _identifies(column: ColumnProfile, profile: FileProfile) -> bool:
    """Whether each record read has its own value, records that repeat whole left out."""
    if column.type.name not in _KEY_TYPES or column.null_count or column.unparsed_count:
        return False
    records = profile.records.read - profile.records.rejected - profile.records.duplicate
    return 1 < column.distinct_count == records


def _containment(values: pl.Series, of_key: pl.Series) -> float:
    return float(values.is_in(of_key.implode()).mean() or 0.0)  # type: ignore[arg-type]


def _is_likely(
    column: ColumnProfile,
    key: ColumnProfile,
    containment: float,
    one: FileProfile,
    other: FileProfile,
) -> bool:
    alike = _named_alike(column, key, other)
    if alike:
        all_read = one.records.are_all_read and other.records.are_all_read
        return containment >= (0.5 if all_read else _SOME)
    # Small whole numbers and dates are found in any list of them: only texts speak for themselves.
    speaks = column.type.name == "string" and column.distinct_count >= FEWEST
    return speaks and containment >= _NEARLY_ALL and not column.is_constant


def _named_alike(column: ColumnProfile, key: ColumnProfile, other: FileProfile) -> bool:
    """Whether names say it: `customer_id` is that of `customers`, or its column `id`."""
    ours, theirs = words_of(column.name), words_of(key.name)
    if ours == theirs:
        # `id` or `code` alone is each table's own, not a link between two of them.
        return not set(ours) <= _OF_EACH_TABLE
    about = words_of(other.name)
    return len(theirs) == 1 and theirs[0] in _KEY_WORDS and ours == (*about, *theirs)
