"""From the records of a sample to the profile of every column and of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.profiling import personal_data
from ai_data_engineer.profiling.conversion import reader
from ai_data_engineer.profiling.keys import KeyColumn, candidate_keys, could_be_key
from ai_data_engineer.profiling.profile import ColumnProfile, ProfileWarning
from ai_data_engineer.profiling.record_schema import record_schema
from ai_data_engineer.profiling.semantics import Meaning, meaning
from ai_data_engineer.profiling.statistics import text_statistics, value_statistics
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.type_inference import Custom, Inference, infer
from ai_data_engineer.profiling.warning_codes import WARNINGS
from ai_data_engineer.types import STRING, LogicalType


@dataclass(frozen=True)
class ColumnSource:
    """Where a column of a sample comes from."""

    name: str
    """Safe name: the column's name in the rows."""
    source_name: str
    """Name as found; empty when there was none."""
    path: tuple[str, ...] = ()
    """Keys from the record to the value for JSON and XML."""
    json_kinds: frozenset[str] = frozenset()
    """Kinds of the values in JSON: `string`, `integer`, `number`, `boolean`, `null`."""
    is_native: bool = False
    """Whether the format itself says that texts are texts (Parquet): their type is not inferred."""


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


@dataclass(frozen=True)
class _Column:
    """A column on its way to a profile."""

    source: ColumnSource
    type: LogicalType
    parse: Parse
    values: pl.Series
    """As typed, null where missing or not of the type."""
    texts: Texts
    """What is there, as text; empty for nested values."""
    null_count: int
    unparsed: int
    meaning: Meaning | None
    warnings: tuple[tuple[str, str], ...] = ()


def profile_table(rows: pl.DataFrame, sources: Sequence[ColumnSource]) -> TableProfile:
    """Profile a sample.

    `rows` has a column for each source: String for text, whose type is inferred; any other dtype
    as it is.
    """
    rows = rows.select(source.name for source in sources)
    trimmed = rows.with_columns(pl.col(pl.String).str.strip_chars(TRIMMED))
    inferences = _infer_all(trimmed, sources)
    columns = _read(trimmed, sources, inferences)
    duplicates = _duplicates(trimmed)
    found = [
        personal_data.personal_data(c.texts, c.type, c.source.name, c.meaning) for c in columns
    ]
    if personal_data.is_about_people(found):
        found = [
            own or personal_data.personal_in_company(c.texts, c.type, c.source.name, c.meaning)
            for own, c in zip(found, columns, strict=True)
        ]
    profiles = [
        _profile(column, position, rows.height, own)
        for position, (column, own) in enumerate(zip(columns, found, strict=True))
    ]
    keys = candidate_keys(
        [
            KeyColumn(profile, column.values, position)
            for position, (profile, column) in enumerate(zip(profiles, columns, strict=True))
        ],
        rows.height,
    )
    warnings = _table_warnings(rows.height, duplicates, keys)
    padded = _padded_columns(rows, trimmed)
    for profile, column in zip(profiles, columns, strict=True):
        warnings += _column_warnings(profile, column, rows.height, profile.name in padded)
    forms = [i.number for i in inferences.values() if i.number is not None]
    thousands = Counter(f.thousands_mark for f in forms if f.thousands_mark)
    return TableProfile(
        columns=tuple(profiles),
        candidate_keys=keys,
        record_schema=record_schema(profiles),
        warnings=tuple(warnings),
        duplicate_records=duplicates,
        decimal_mark=_custom(inferences.values()).decimal_mark or ".",
        thousands_mark=thousands.most_common(1)[0][0] if thousands else None,
        null_tokens=tuple(dict.fromkeys(t for p in profiles for t in p.parse.null_tokens)) or ("",),
    )


def _infer_all(rows: pl.DataFrame, sources: Sequence[ColumnSource]) -> dict[str, Inference]:
    """Infer each text column; those that could be read in two ways follow the others."""
    series = {column.name: column for column in rows.get_columns()}
    inferences: dict[str, Inference] = {}
    for source in sources:
        column = series[source.name]
        if column.dtype == pl.String and not source.is_native:
            values = [v for v in column.to_list() if v]
            inferences[source.name] = infer(Texts(values), source.name, source.json_kinds)
    custom = _custom(inferences.values())
    if custom != Custom():
        for source in sources:
            inference = inferences.get(source.name)
            if inference is not None and inference.is_ambiguous:
                values = [v for v in series[source.name].to_list() if v]
                inferences[source.name] = infer(
                    Texts(values), source.name, source.json_kinds, custom
                )
    return inferences


def _custom(inferences: Collection[Inference]) -> Custom:
    """Return what the columns that can be read in one way only have in common."""
    marks = Counter(
        i.number.decimal_mark
        for i in inferences
        if i.number is not None
        and not i.number.is_ambiguous
        and (i.number.scale or i.number.thousands_mark)
    )
    orders = Counter(
        i.date.day_first for i in inferences if i.date is not None and i.date.day_first is not None
    )
    return Custom(
        decimal_mark=marks.most_common(1)[0][0] if marks else None,
        day_first=orders.most_common(1)[0][0] if len(orders) == 1 else None,
    )


def _read(
    rows: pl.DataFrame, sources: Sequence[ColumnSource], inferences: dict[str, Inference]
) -> list[_Column]:
    typed = rows.select(
        reader(inference.type, inference.parse)(pl.col(name)).alias(name)
        for name, inference in inferences.items()
    )
    series = {column.name: column for column in (*rows.get_columns(), *typed.get_columns())}
    columns = []
    for source in sources:
        if (inference := inferences.get(source.name)) is not None:
            columns.append(_text_column(source, inference, series[source.name]))
        else:
            columns.append(_native_column(source, series[source.name]))
    return columns


def _text_column(source: ColumnSource, inference: Inference, values: pl.Series) -> _Column:
    texts = inference.values
    return _Column(
        source=source,
        type=inference.type,
        parse=inference.parse,
        values=values,
        texts=texts,
        null_count=len(values) - len(texts),
        unparsed=len(texts) - (len(values) - values.null_count()),
        meaning=meaning(texts, inference.type, source.name),
        warnings=inference.warnings,
    )


def _native_column(source: ColumnSource, values: pl.Series) -> _Column:
    kind = LogicalType.from_polars(values.dtype)
    if kind == STRING:
        # Empty texts are missing: what a pipeline will see.
        values = values.cast(pl.String).replace("", None)
    elif kind.name == "datetime":
        values = values.cast(pl.Datetime("us", getattr(values.dtype, "time_zone", None)))
    elif kind.name == "int64":
        values = values.cast(pl.Int64)
    elif kind.name == "float64":
        values = values.cast(pl.Float64).fill_nan(None)
    is_text = not kind.is_nested and kind.name != "binary"
    texts = Texts(values.drop_nulls().cast(pl.String).to_list() if is_text else [])
    return _Column(
        source=source,
        type=kind,
        parse=Parse(),
        values=values,
        texts=texts,
        null_count=values.null_count(),
        unparsed=0,
        meaning=meaning(texts, kind, source.name),
    )


def _profile(
    column: _Column, position: int, rows: int, personal: personal_data.Found | None
) -> ColumnProfile:
    if column.type == STRING:
        statistics = text_statistics(column.texts)
    else:
        statistics = value_statistics(column.values.drop_nulls(), column.type)
    distinct = statistics.get("distinct_count", 0)
    semantic = column.meaning[0] if column.meaning else None
    profile = ColumnProfile(
        name=column.source.name,
        source_name=column.source.source_name,
        path=column.source.path,
        type=column.type,
        parse=column.parse,
        nullable=column.null_count > 0 or column.unparsed > 0,
        null_count=column.null_count,
        unparsed_count=column.unparsed,
        semantic=semantic if personal is None or personal[0] != "name" else "name",
        pii=personal[0] if personal else None,
        pii_reason=personal[1] if personal else None,
        is_unique=rows > 0 and distinct == rows and not column.null_count,
        is_constant=distinct == 1 and rows > 1 and not column.null_count,
        **statistics,
    )
    if could_be_key(profile, position, rows):
        return profile.model_copy(update={"could_be_key": True})
    return profile


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
    if rows and not keys:
        warnings.append(ProfileWarning(code="W_NO_KEY", message=WARNINGS["W_NO_KEY"]))
    return warnings


def _column_warnings(
    profile: ColumnProfile, column: _Column, rows: int, is_padded: bool
) -> list[ProfileWarning]:
    found = list(column.warnings)
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
