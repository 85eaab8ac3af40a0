"""From batches of text to typed Parquet files, with every record accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Batch
from ai_data_engineer.io.rejects import REASON, Rejects

MOST_UNREAD = 20
"""How many fields that are not read a report names."""


@dataclass(frozen=True)
class Conversion:
    """How the values of a column come about, as expressions over the columns of a batch."""

    value: pl.Expr
    """The typed value: null where missing or not convertible."""
    missing: pl.Expr
    """Whether there is no value: the text is null or a null token."""
    type_name: str
    required: bool = False
    """A row without this value is set aside."""


@dataclass(frozen=True)
class Staged:
    """A source that has been read: records = rows + rejected."""

    table: pl.LazyFrame
    """The typed rows, in the order of the source."""
    records: int
    rows: int
    rejected: int
    padded: int = 0
    """Rows that lacked cells at their end."""
    unread: Mapping[str, int] = field(default_factory=dict)
    """Fields that no column asks for, and in how many records each stands; the most frequent."""


def stage(
    batches: Iterable[Batch],
    conversions: Mapping[str, Conversion],
    directory: Path,
    *,
    on_error: Literal["quarantine", "null", "fail"],
    source_id: str,
    rejects: Rejects,
) -> Staged:
    """Convert batches and write them to `directory` as `part-00000.parquet` and so on.

    Args:
        batches: What a reader yields: at least one, if need be without rows.
        conversions: By name of the column, in the order wanted.
        directory: Made if need be; must hold no parts yet.
        on_error: What becomes of a value that does not convert: its row is rejected with the
            reason `amount: not a int64`; it is null; reading stops.
        source_id: Names the source in rejects and errors.
        rejects: Takes what is set aside. A row that lacks a required value is, whatever
            `on_error` says, with the reason `id: missing`.

    Raises:
        SourceError: `E_UNPARSED` with column and line when `on_error` is `fail`; `E_CONVERSION`
            when a column cannot be converted at all; `E_EMPTY` when there is no batch.
    """
    directory.mkdir(parents=True, exist_ok=True)
    typed = [conversion.value.alias(name) for name, conversion in conversions.items()]
    parts = kept = set_aside = padded = 0
    schema = None
    unread: Counter[str] = Counter()
    for batch in batches:
        unread += batch.unread
        rejects.add_records(source_id, batch.rejected)
        set_aside += len(batch.rejected)
        padded += len(batch.padded)
        try:
            converted = batch.rows.select(typed)
            if on_error == "fail":
                _stop_at_unparsed(batch.rows, converted, conversions, source_id)
            reasons = _reasons(batch.rows, converted, conversions, on_error)
        except pl.exceptions.PolarsError:
            converted = None  # the texts of polars quote values
        if converted is None:
            raise SourceError(
                "The columns of this source cannot be converted.",
                code="E_CONVERSION",
                location=source_id,
                hint="Profile the source again: the types in it have changed.",
            )
        if reasons is not None:
            good = reasons == ""
            bad = batch.rows.with_columns(reasons).filter(~good)
            rejects.add_rows("source", source_id, bad)
            set_aside += bad.height
            converted = converted.filter(good)
        schema = converted.schema
        if converted.height:
            converted.write_parquet(_part(directory, parts), compression="lz4")
            parts += 1
            kept += converted.height
    if schema is None:
        raise SourceError(
            "Nothing was read.", code="E_EMPTY", location=source_id, hint="Check the source."
        )
    if not parts:
        pl.DataFrame(schema=schema).write_parquet(_part(directory, 0))
    files = [_part(directory, number) for number in range(max(parts, 1))]
    # The folder's name may hold `[` or `*`, which stand for themselves.
    table = pl.scan_parquet(files, glob=False, hive_partitioning=False)
    most_unread = dict(unread.most_common(MOST_UNREAD))
    return Staged(table, kept + set_aside, kept, set_aside, padded, most_unread)


def _reasons(
    rows: pl.DataFrame,
    converted: pl.DataFrame,
    conversions: Mapping[str, Conversion],
    on_error: str,
) -> pl.Series | None:
    """Return why each row is set aside, empty for one that is kept; None: all are kept.

    Only columns with nulls are looked at: most have none, and whether text is missing costs as
    much to find out as its value.
    """
    found: list[pl.Expr] = []
    for name, conversion in conversions.items():
        if not converted[name].null_count():
            continue
        if on_error == "quarantine" or conversion.required:
            text = f"{name}: not a {conversion.type_name}"
            found.append(pl.when(_is_unparsed(converted[name], conversion)).then(pl.lit(text)))
        if conversion.required:
            found.append(pl.when(conversion.missing).then(pl.lit(f"{name}: missing")))
    if not found:
        return None
    reasons = rows.select(pl.concat_str(found, separator="; ", ignore_nulls=True).alias(REASON))
    series = reasons.to_series()
    return None if (series == "").all() else series


def _is_unparsed(value: pl.Series, conversion: Conversion) -> pl.Expr:
    return pl.lit(value.is_null()) & ~conversion.missing


def _stop_at_unparsed(
    rows: pl.DataFrame,
    converted: pl.DataFrame,
    conversions: Mapping[str, Conversion],
    source_id: str,
) -> None:
    unparsed = [
        pl.col(LINE).filter(_is_unparsed(converted[name], conversion)).min().alias(name)
        for name, conversion in conversions.items()
        if converted[name].null_count()
    ]
    if not unparsed:
        return
    lines = rows.select(unparsed).row(0, named=True)
    found = [(line, name) for name, line in lines.items() if line is not None]
    if found:
        line, name = min(found)
        raise SourceError(
            f"`{name}` is not a {conversions[name].type_name}.",
            code="E_UNPARSED",
            location=f"{source_id}, line {line}",
            hint="Mend the value, or set on_error to quarantine or null.",
        )


def _part(directory: Path, number: int) -> Path:
    return directory / f"part-{number:05}.parquet"
