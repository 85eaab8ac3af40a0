"""From text to typed columns: what each row holds, and why a row is set aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE
from ai_data_engineer.io.rejects import REASON

OnError = Literal["quarantine", "null", "fail"]


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
    plainly: pl.Expr | None = None
    """The value of text that is written plainly, at less cost; null for any other text.

    Where there is one, an empty text of the column of that name is a missing value.
    """


class Converted(NamedTuple):
    """Typed rows that are kept, and the rows of text that are not, each with its REASON."""

    rows: pl.DataFrame
    rejected: pl.DataFrame | None


def convert(
    rows: pl.DataFrame,
    conversions: Mapping[str, Conversion],
    *,
    on_error: OnError,
    source_id: str,
) -> Converted:
    """Convert the rows of a batch; see `staging.stage` for what becomes of a value that cannot be.

    Raises SourceError: `E_UNPARSED` when `on_error` is `fail`; `E_CONVERSION` when a column cannot
    be converted at all.
    """
    try:
        typed, doubtful = _typed(rows, conversions)
        if on_error == "fail":
            _stop_at_unparsed(rows, typed, conversions, doubtful, source_id)
        strict = doubtful if on_error == "quarantine" else ()
        reasons = _reasons(rows, typed, conversions, strict)
    except pl.exceptions.PolarsError:
        typed = None  # the texts of polars quote values
    if typed is None:
        raise SourceError(
            "The columns of this source cannot be converted.",
            code="E_CONVERSION",
            location=source_id,
            hint="Profile the source again: the types in it have changed.",
        )
    if reasons is None:
        return Converted(typed, None)
    good = reasons == ""
    return Converted(typed.filter(good), rows.with_columns(reasons).filter(~good))


def _typed(
    rows: pl.DataFrame, conversions: Mapping[str, Conversion]
) -> tuple[pl.DataFrame, set[str]]:
    """Return all values, and the columns where a null may stand for a text that does not convert.

    Columns are read plainly first, and only texts that are not plain are looked at more closely.
    """
    cheapest = {n: c.value if c.plainly is None else c.plainly for n, c in conversions.items()}
    typed = _select(rows, cheapest)
    gaps = {n: typed[n].is_null() for n in typed.columns if typed[n].null_count()}
    doubtful = {n for n in gaps if conversions[n].plainly is None and typed[n].dtype != pl.String}
    unread = {
        name: pl.lit(gap) & (pl.col(name) != "")
        for name, gap in gaps.items()
        if conversions[name].plainly is not None
    }
    for name, count in _count(rows, unread).items():
        if count:
            doubtful.add(name)
            value = conversions[name].value.alias(name)
            read = rows.lazy().filter(unread[name]).select(value).collect().to_series()
            if read.null_count() < count:
                typed = typed.with_columns(rows.select(value).to_series())
    return typed, doubtful


def _reasons(
    rows: pl.DataFrame,
    typed: pl.DataFrame,
    conversions: Mapping[str, Conversion],
    strict: Collection[str],
) -> pl.Series | None:
    """Return why each row is set aside, empty for one that is kept; None: all are kept.

    In the columns of `strict` a text that does not convert is a reason.
    """
    found: list[pl.Expr] = []
    for name, conversion in conversions.items():
        if not typed[name].null_count():
            continue
        if name in strict or conversion.required:
            text = f"{name}: not a {conversion.type_name}"
            found.append(pl.when(_is_unparsed(typed[name], conversion)).then(pl.lit(text)))
        if conversion.required:
            found.append(pl.when(conversion.missing).then(pl.lit(f"{name}: missing")))
    if not found:
        return None
    reasons = rows.select(pl.concat_str(found, separator="; ", ignore_nulls=True).alias(REASON))
    series = reasons.to_series()
    return None if (series == "").all() else series


def _stop_at_unparsed(
    rows: pl.DataFrame,
    typed: pl.DataFrame,
    conversions: Mapping[str, Conversion],
    doubtful: Collection[str],
    source_id: str,
) -> None:
    unparsed = [
        pl.col(LINE).filter(_is_unparsed(typed[name], conversions[name])).min().alias(name)
        for name in sorted(doubtful)
    ]
    if not unparsed:
        return
    lines = rows.select(unparsed).row(0, named=True)
    if found := [(line, name) for name, line in lines.items() if line is not None]:
        line, name = min(found)
        raise SourceError(
            f"`{name}` is not a {conversions[name].type_name}.",
            code="E_UNPARSED",
            location=f"{source_id}, line {line}",
            hint="Mend the value, or set on_error to quarantine or null.",
        )


def _is_unparsed(value: pl.Series, conversion: Conversion) -> pl.Expr:
    return pl.lit(value.is_null()) & ~conversion.missing


def _count(rows: pl.DataFrame, conditions: Mapping[str, pl.Expr]) -> dict[str, int]:
    """Return for how many rows each condition holds."""
    if not conditions:
        return {}
    return rows.select(c.sum().alias(name) for name, c in conditions.items()).row(0, named=True)


def _select(rows: pl.DataFrame, columns: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Compute columns; lazily, for then polars computes once what an expression has twice."""
    query = rows.lazy().select(column.alias(name) for name, column in columns.items())
    return query.collect(engine="in-memory")
