"""From the records of a sample to the profile of every column and of the table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import ne
from typing import Any

import polars as pl

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.profiling.columns import (
    ColumnSource,
    Examined,
    examine_native,
    examine_text,
    plain_values,
)
from ai_data_engineer.profiling.dependencies import relations
from ai_data_engineer.profiling.insights import insights
from ai_data_engineer.profiling.json_cells import json_cell_warnings
from ai_data_engineer.profiling.keys import FEW_ROWS, KeyColumn, candidate_keys, could_be_key
from ai_data_engineer.profiling.meaning.personal_data import Found, is_about_people
from ai_data_engineer.profiling.profile import (
    ColumnProfile,
    FunctionalDependency,
    ProfileWarning,
    RepeatedColumns,
)
from ai_data_engineer.profiling.records.record_schema import record_schema
from ai_data_engineer.profiling.statistics import value_statistics
from ai_data_engineer.profiling.types.conversion import reader
from ai_data_engineer.profiling.types.type_inference import Custom
from ai_data_engineer.profiling.warning_codes import WARNINGS
from ai_data_engineer.types import STRING, LogicalType

MOST_GROUPS = 20

__all__ = ["ColumnSource", "TableProfile", "profile_table"]


@dataclass(frozen=True)
class TableProfile:
    """What was measured of a table."""

    columns: tuple[ColumnProfile, ...]
    candidate_keys: tuple[tuple[str, ...], ...]
    """Safe names, best first."""
    record_schema: dict[str, Any]
    """JSON Schema of one record."""
    warnings: tuple[ProfileWarning, ...]
    duplicate_records: int
    """Records that repeat an earlier one whole."""
    decimal_mark: str
    """The one that most number columns use."""
    thousands_mark: str | None
    null_tokens: tuple[str, ...]
    """Those of all columns."""
    functional_dependencies: tuple[FunctionalDependency, ...]
    repeated_columns: tuple[RepeatedColumns, ...]
    values: tuple[pl.Series, ...]
    """The columns as typed: null where missing or not of the type."""


def profile_table(rows: pl.DataFrame, sources: Sequence[ColumnSource]) -> TableProfile:
    """Profile a sample.

    `rows` has a column for each source: String for text, whose type is inferred; any other dtype
    as it is.
    """
    rows = rows.select(source.name for source in sources)
    trimmed = rows.with_columns(pl.col(pl.String).str.strip_chars(TRIMMED))
    examined = _examine(trimmed.get_columns(), sources)
    values = _typed(trimmed, sources, examined)
    about_people = is_about_people(e.personal for e in examined)
    profiles = [
        _profile(
            source,
            one,
            typed,
            position,
            one.personal or (one.personal_in_company if about_people else None),
        )
        for position, (source, one, typed) in enumerate(zip(sources, examined, values, strict=True))
    ]
    keys = candidate_keys(
        [KeyColumn(p, v, i) for i, (p, v) in enumerate(zip(profiles, values, strict=True))],
        rows.height,
    )
    dependencies, repeated = relations(profiles, values, rows.height)
    duplicates = _duplicates(trimmed)
    warnings = _table_warnings(rows.height, duplicates, keys)
    padded = _padded_columns(rows, trimmed)
    for profile, one in zip(profiles, examined, strict=True):
        warnings += _column_warnings(profile, one, rows.height, profile.name in padded)
    for profile, source in zip(profiles, sources, strict=True):
        warnings += json_cell_warnings(profile, source, trimmed[profile.name])
    thousands = Counter(e.number.thousands_mark for e in examined if e.number is not None)
    del thousands[None]
    return TableProfile(
        columns=tuple(profiles),
        candidate_keys=keys,
        record_schema=record_schema(profiles),
        warnings=tuple(warnings),
        duplicate_records=duplicates,
        decimal_mark=_custom(examined).decimal_mark or ".",
        thousands_mark=thousands.most_common(1)[0][0] if thousands else None,
        null_tokens=tuple(dict.fromkeys(t for p in profiles for t in p.parse.null_tokens)) or ("",),
        functional_dependencies=dependencies,
        repeated_columns=repeated,
        values=tuple(values),
    )


def _examine(columns: Sequence[pl.Series], sources: Sequence[ColumnSource]) -> list[Examined]:
    """Examine each column; those that could be read in two ways follow the others."""
    examined = [
        examine_native(column, source) if _is_native(column, source)
        else examine_text(column, source, Custom())
        for column, source in zip(columns, sources, strict=True)
    ]  # fmt: skip
    custom = _custom(examined)
    return [
        examine_text(column, source, custom) if one.would_change(custom) else one
        for column, source, one in zip(columns, sources, examined, strict=True)
    ]


def _is_native(column: pl.Series, source: ColumnSource) -> bool:
    return source.is_native or column.dtype != pl.String


def _custom(examined: Collection[Examined]) -> Custom:
    """Return what the columns that can be read in one way only have in common."""
    marks = Counter(
        e.number.decimal_mark
        for e in examined
        if e.number is not None
        and not e.number.is_ambiguous
        and (e.number.scale or e.number.thousands_mark)
    )
    orders = {e.date.day_first for e in examined if e.date is not None} - {None}
    if not orders:
        # Whoever writes a decimal comma, or words other than English, writes the day first.
        languages = {e.date.language for e in examined if e.date is not None} - {None, "en"}
        orders = {True} if languages or set(marks) == {","} else orders
    return Custom(
        decimal_mark=marks.most_common(1)[0][0] if marks else None,
        day_first=orders.pop() if len(orders) == 1 else None,
    )


def share(part: int, whole: int) -> float:
    """Return a share with four digits, which is 1 for all of them alone."""
    found = part / whole if whole else 1.0
    return min(round(found, 4), 0.9999) if part < whole else 1.0


def _typed(
    rows: pl.DataFrame, sources: Sequence[ColumnSource], examined: Sequence[Examined]
) -> list[pl.Series]:
    """Return the columns as typed values: null where missing or not of the type."""
    columns = rows.get_columns()
    alike: dict[tuple[LogicalType, Parse], list[str]] = defaultdict(list)
    for column, source, one in zip(columns, sources, examined, strict=True):
        if not _is_native(column, source):
            alike[one.type, one.parse].append(source.name)
    # One expression for all columns read alike: building one for each costs more than reading.
    read = rows.select(reader(*how)(pl.col(names)) for how, names in alike.items())
    texts = {column.name: column for column in read.get_columns()}
    return [
        texts[source.name] if source.name in texts else plain_values(column)
        for column, source in zip(columns, sources, strict=True)
    ]


def _profile(
    source: ColumnSource,
    examined: Examined,
    values: pl.Series,
    position: int,
    personal: Found | None,
) -> ColumnProfile:
    rows, nulls = len(values), values.null_count()
    statistics = examined.statistics
    known = values.drop_nulls() if nulls else values
    if examined.type != STRING:
        statistics = value_statistics(known, examined.type)
    semantic = "name" if personal and personal[0] == "name" else examined.semantic
    distinct = statistics.get("distinct_count", 0)
    missing = rows - examined.present
    profile = ColumnProfile(
        name=source.name,
        source_name=source.source_name,
        path=source.path,
        type=examined.type,
        parse=examined.parse,
        nullable=nulls > 0,
        null_count=missing,
        unparsed_count=nulls - missing,
        support=share(examined.present - (nulls - missing), examined.present),
        unit=examined.number.unit if examined.number else None,
        semantic=semantic,
        semantic_support=examined.semantic_support,
        pii=personal[0] if personal else None,
        pii_reason=personal[1] if personal else None,
        is_unique=rows > 0 and distinct == rows,
        is_constant=distinct == 1 and rows > 1 and not nulls,
        is_grouped=_is_grouped(known, distinct),
        **statistics,
        **insights(known, examined.type, semantic, statistics),
    )
    if could_be_key(profile, position, rows):
        return profile.model_copy(update={"could_be_key": True})
    return profile


def _is_grouped(values: pl.Series, distinct: int) -> bool:
    """Whether few values, none of them null, follow each other in about as many runs."""
    if not 1 < distinct <= MOST_GROUPS or values.dtype.is_nested():
        return False
    listed = values.to_list()
    runs = 1 + sum(bool(differs) for differs in map(ne, listed, listed[1:]))
    return runs <= 1.5 * distinct


def _duplicates(rows: pl.DataFrame) -> int:
    if rows.height < 2 or not rows.width:
        return 0
    nested = [name for name, dtype in rows.schema.items() if dtype.is_nested()]
    if nested:
        # Polars does not hash every nesting of lists and structs; their text it does.
        rows = rows.with_columns(
            pl.Series(name, [repr(v) for v in rows[name].to_list()]) for name in nested
        )
    return rows.height - rows.n_unique()


def _padded_columns(rows: pl.DataFrame, trimmed: pl.DataFrame) -> frozenset[str]:
    """Return the names of the text columns in which something was trimmed away."""
    size = pl.col(pl.String).str.len_bytes().sum()
    before, after = rows.select(size), trimmed.select(size)
    if not before.width:
        return frozenset()
    pairs = zip(before.columns, before.row(0), after.row(0), strict=True)
    return frozenset(name for name, old, new in pairs if old != new)


def _table_warnings(
    rows: int, duplicates: int, keys: tuple[tuple[str, ...], ...]
) -> list[ProfileWarning]:
    warnings = []
    if duplicates:
        message = f"{duplicates:,} of {rows:,} records repeat earlier ones whole."
        warnings.append(ProfileWarning(code="W_DUPLICATE_ROWS", message=message))
    if rows >= FEW_ROWS and not keys:
        warnings.append(ProfileWarning(code="W_NO_KEY", message=WARNINGS["W_NO_KEY"]))
    return warnings


def _column_warnings(
    profile: ColumnProfile, examined: Examined, rows: int, is_padded: bool
) -> list[ProfileWarning]:
    found = list(examined.warnings)
    if rows and profile.null_count == rows:
        found.append(("W_EMPTY_COLUMN", WARNINGS["W_EMPTY_COLUMN"]))
    if profile.is_constant:
        found.append(("W_CONSTANT_COLUMN", WARNINGS["W_CONSTANT_COLUMN"]))
    if is_padded:
        found.append(("W_WHITESPACE", WARNINGS["W_WHITESPACE"]))
    if profile.pii:
        message = f"Seems to hold personal data ({profile.pii}): {profile.pii_reason}."
        found.append(("W_PERSONAL_DATA", message))
    return [ProfileWarning(code=c, message=m, column=profile.name) for c, m in found]
