"""One column of a sample: its type, its meaning, and all that is counted over its texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.meaning.personal_data import Found, in_company, personal_data
from ai_data_engineer.profiling.meaning.semantics import meaning
from ai_data_engineer.profiling.names import safe_names, words
from ai_data_engineer.profiling.profile import Semantic
from ai_data_engineer.profiling.statistics import text_statistics
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.dates import DateForm
from ai_data_engineer.profiling.types.numbers import NumberForm
from ai_data_engineer.profiling.types.type_inference import Custom, infer
from ai_data_engineer.types import STRING, LogicalType

MOST_LEAVES = 1000
"""Values of a nested field that are looked at."""


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
class Examined:
    """What the texts of a column told. They themselves are let go: a wide table has many."""

    type: LogicalType
    parse: Parse = field(default_factory=Parse)
    present: int = 0
    """Values that are there: neither null nor a null token."""
    semantic: Semantic | None = None
    semantic_support: float | None = None
    """Share of the values that have the form of that meaning; None where the name tells it."""
    personal: Found | None = None
    """What the column holds of personal data by itself."""
    personal_in_company: Found | None = None
    """What it holds where other columns are about people."""
    statistics: dict[str, Any] = field(default_factory=dict)
    """Fields of the profile, for a column of text."""
    warnings: tuple[tuple[str, str], ...] = ()
    number: NumberForm | None = None
    date: DateForm | None = None

    def would_change(self, custom: Custom) -> bool:
        """Return whether what other columns prove could change the answer."""
        number, date = self.number, self.date
        if date is not None and date.is_ambiguous:
            return custom.day_first is not None
        if number is None or not number.is_ambiguous or custom.decimal_mark is None:
            return False
        return number.thousands_mark is not None or number.decimal_mark != custom.decimal_mark


def examine_text(values: pl.Series, source: ColumnSource, custom: Custom) -> Examined:
    """Infer the type of a column of trimmed text, and judge its texts."""
    texts = Texts([value for value in values.to_list() if value])
    inference = infer(texts, source.name, source.json_kinds, custom)
    return _judged(
        inference.values,
        source.name,
        type=inference.type,
        parse=inference.parse,
        warnings=inference.warnings,
        number=inference.number,
        date=inference.date,
    )


def examine_native(values: pl.Series, source: ColumnSource) -> Examined:
    """Judge a column whose type the format itself gives. Empty texts count as missing."""
    kind = LogicalType.from_polars(values.dtype)
    if kind.is_nested or kind.name == "binary":
        found = personal_in_nested(values, source.name) if kind.is_nested else None
        return Examined(kind, present=len(values) - values.null_count(), personal=found)
    texts = Texts([v for v in values.cast(pl.String).to_list() if v])
    return _judged(texts, source.name, type=kind)


def plain_values(values: pl.Series) -> pl.Series:
    """Return native values in the dtype of their logical type, as a pipeline sees them."""
    kind = LogicalType.from_polars(values.dtype)
    match kind.name:
        case "string":
            return values.cast(pl.String).replace("", None)
        case "datetime":
            return values.cast(pl.Datetime("us", getattr(values.dtype, "time_zone", None)))
        case "int64":
            return values.cast(pl.Int64)
        case "float64":
            return values.cast(pl.Float64).fill_nan(None)
    return values


def _judged(texts: Texts, name: str, **inferred: Any) -> Examined:
    kind: LogicalType = inferred["type"]
    found = meaning(texts, kind, name)
    return Examined(
        present=len(texts),
        semantic=found[0] if found else None,
        semantic_support=found[1] if found else None,
        personal=personal_data(texts, kind, words(name), found),
        personal_in_company=in_company(texts, kind, words(name), found),
        statistics=text_statistics(texts) if kind == STRING else {},
        **inferred,
    )


def personal_in_nested(values: pl.Series, name: str) -> Found | None:
    """Return what the first field with personal data in lists and objects holds, and why."""
    for path, field_name, leaf in _leaves(values, name, name):
        kind = LogicalType.from_polars(leaf.dtype)
        texts = Texts([v for v in leaf.head(MOST_LEAVES).cast(pl.String).to_list() if v])
        field_name = safe_names([field_name])[0]
        found = personal_data(texts, kind, words(field_name), meaning(texts, kind, field_name))
        if found is not None:
            return found[0], f"`{path}`: {found[1]}"
    return None


def _leaves(values: pl.Series, path: str, name: str) -> Iterator[tuple[str, str, pl.Series]]:
    """Yield path, name and values of each field of lists and objects, the nulls left out."""
    values = values.drop_nulls()
    if isinstance(values.dtype, pl.List | pl.Array):
        yield from _leaves(values.explode(), f"{path}[]", name)
    elif isinstance(values.dtype, pl.Struct):
        for field in values.struct.fields:
            yield from _leaves(values.struct.field(field), f"{path}.{field}", field)
    elif values.dtype != pl.Binary:
        yield path, name, values
