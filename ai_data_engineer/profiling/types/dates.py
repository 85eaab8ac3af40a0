"""Dates, times and datetimes in text: the strptime format a column is written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ai_data_engineer.parsing import DateLanguage, Parse
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.conversion import read_texts, reader
from ai_data_engineer.profiling.types.date_shapes import COMPACT, formats_of
from ai_data_engineer.profiling.types.worded_dates import is_worded_date, worded_format
from ai_data_engineer.spec.dateformat import DateFormat
from ai_data_engineer.types import DATE, DATETIME, TIME, LogicalType

_MOST_SHAPES = 400
_LONGEST = 48


_ISO_DATETIMES = frozenset(
    f"%Y-%m-%d{between}%H:%M:%S{fraction}{zone}"
    for between in "T "
    for fraction in ("", ".%f")
    for zone in ("", "%z")
)
_ISO_TIMES = frozenset({"%H:%M:%S", "%H:%M:%S.%f"})
_ISO = {_ISO_DATETIMES: "%Y-%m-%dT%H:%M:%S%z or less", _ISO_TIMES: "%H:%M:%S.%f or less"}
"""Names for a mixture of ISO forms; the plain form of a type reads each of them."""


@dataclass(frozen=True)
class DateForm:
    """A format that reads a column, the type it yields, and what was left undecided."""

    type: LogicalType
    format: str | None
    """strptime format; None: the variants of ISO 8601."""
    misses: int
    language: DateLanguage | None = None
    """Language of its words, where it is not plain English."""
    is_ambiguous: bool = False
    """Whether day and month could change places in every text."""
    day_first: bool | None = None
    """Order of day and month where the texts themselves prove it."""
    has_short_years: bool = False
    is_partial: bool = False
    """Digits alone, or no day (`2024-01`): what could also be something else."""
    is_compact: bool = False
    """Digits alone (`20240105`): a number that happens to be a date, unless more speaks for it."""


def could_be_dates(texts: Texts) -> bool:
    """Return whether the most frequent shape is that of a date, time or datetime."""
    if not texts.values:
        return False
    shape = max(texts.shapes, key=texts.shapes.__getitem__)
    if len(shape) > _LONGEST or "9" not in shape:
        return False
    example = texts.examples[shape]
    return formats_of(shape, example) is not None or is_worded_date(example)


def date_form(
    texts: Texts, allowed_misses: int, prefer_day_first: bool | None = None
) -> DateForm | None:
    """Return the format that the texts are written in, or None when too many have another one.

    Where every text allows both orders of day and month, the column's own regularity decides, then
    `prefer_day_first` (what other columns prove), then custom: `/` is month first, `.` and `-` day
    first.
    """
    if len(texts.shapes) > _MOST_SHAPES:
        return None
    return _plain_form(texts, allowed_misses, prefer_day_first) or _worded_form(
        texts, allowed_misses
    )


def _worded_form(texts: Texts, allowed_misses: int) -> DateForm | None:
    found = worded_format(texts, allowed_misses)
    if found is None:
        return None
    written, language = found
    try:
        DateFormat(written, language).check(_type_of(written))
    except ValueError:
        return None  # such as two commas, of which one is before a fraction
    parse = Parse(date_format=written, date_language=language)
    misses = read_texts(texts.series, _type_of(written), parse).null_count()
    if misses > allowed_misses:
        return None
    return DateForm(
        type=_type_of(written),
        format=written,
        language=language,
        misses=misses,
        has_short_years="%y" in written,
        is_partial="%d" not in written,
    )


def _plain_form(
    texts: Texts, allowed_misses: int, prefer_day_first: bool | None
) -> DateForm | None:
    weights = Counter[tuple[str, ...]]()
    unread = 0
    for shape, count in texts.shapes.items():
        formats = formats_of(shape, texts.examples[shape]) if len(shape) <= _LONGEST else None
        if formats is None:
            unread += count
            if unread > allowed_misses:
                return None
        else:
            weights[formats] += count
    formats, weight = _merged(weights).most_common(1)[0]
    if len(texts) - weight > allowed_misses:
        return None
    read = _read(texts.series, formats)
    misses = {f: v.null_count() for f, v in read.items()}
    fewest = min(misses.values())
    if fewest > allowed_misses:
        return None
    best = _with_year_settled([f for f in formats if misses[f] == fewest], read)
    chosen = best[0]
    # Year, month, day is what ISO 8601 says; another order needs texts that prove it.
    is_ambiguous = not chosen.startswith("%Y") and any(
        _day_first(f) != _day_first(chosen) for f in best
    )
    if is_ambiguous:
        chosen = _settle(best, read, prefer_day_first)
    is_compact = chosen in COMPACT
    return DateForm(
        type=_type_of(chosen),
        format=_written(chosen),
        misses=fewest,
        is_ambiguous=is_ambiguous,
        day_first=None if is_ambiguous or len(formats) == 1 else _day_first(chosen),
        has_short_years="%y" in chosen,
        is_partial=is_compact or (_type_of(chosen) == DATE and "%d" not in chosen),
        is_compact=is_compact,
    )


def _read(texts: pl.Series, formats: Sequence[str]) -> dict[str, pl.Series]:
    """Return the texts as each of the formats reads them, all at once."""
    frame = texts.to_frame("text").select(
        reader(_type_of(f), Parse(date_format=_written(f)))(pl.col("text")).alias(f)
        for f in formats
    )
    return {column.name: column for column in frame.get_columns()}


def _written(date_format: str) -> str | None:
    return None if date_format in _ISO.values() else date_format


def _type_of(date_format: str) -> LogicalType:
    has_date = "%Y" in date_format or "%y" in date_format
    has_time = "%H" in date_format or "%I" in date_format
    return DATETIME if has_date and has_time else DATE if has_date else TIME


def _day_first(date_format: str) -> bool:
    day, month = date_format.find("%d"), date_format.find("%m")
    return month >= 0 and day < month


def _merged(weights: Counter[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """Join formats of which one reads the other's texts too.

    `May` is a short and a long month, `1/2/24` says less than `01/02/24` about where the year
    stands, and ISO 8601 leaves out what is nought.
    """
    for formats in list(weights):
        longer = (o for o in weights if len(o) > len(formats) and o[: len(formats)] == formats)
        full = tuple(f.replace("%b", "%B") for f in formats)
        other = next(longer, full)
        if other != formats and other in weights:
            weights[other] += weights.pop(formats)
    for iso in (_ISO_DATETIMES, _ISO_TIMES):
        found = [formats for formats in weights if formats[0] in iso]
        if len(found) > 1:
            weights[_ISO[iso],] = sum(weights.pop(formats) for formats in found)
    return weights


def _with_year_settled(best: list[str], read: dict[str, pl.Series]) -> list[str]:
    """Return the formats that agree on where a year of two digits stands.

    `05.01.23` could begin with the year or end with it. The year is what lets the dates stand in
    order, else what takes fewer values, else what comes last.
    """
    first = [f for f in best if 0 <= f.find("%y") < f.find("%m")]
    last = [f for f in best if f not in first]
    if not first or not last:
        return best
    in_order = [any(_is_in_order(read[f].drop_nulls()) for f in place) for place in (first, last)]
    if in_order[0] != in_order[1]:
        return first if in_order[0] else last
    years = [read[place[0]].dt.year().n_unique() for place in (first, last)]
    return first if years[0] < years[1] else last


def _settle(best: list[str], read: dict[str, pl.Series], prefer_day_first: bool | None) -> str:
    """Choose between orders of day and month that read every text."""
    orders = {_day_first(f): f for f in reversed(best)}
    for is_regular in (_is_one_day_a_month, _is_in_order):
        regular = [f for f in orders.values() if is_regular(read[f].drop_nulls())]
        if len(regular) == 1:
            return regular[0]
    if prefer_day_first is not None and prefer_day_first in orders:
        return orders[prefer_day_first]
    separator = re.sub(r"%[a-zA-Z]", "", best[0])[:1]
    return orders.get(separator in ".-", best[0])


def _is_one_day_a_month(dates: pl.Series) -> bool:
    """Return whether the dates are the same day of many months: figures by month."""
    return dates.n_unique() > 12 and dates.dt.day().n_unique() == 1


def _is_in_order(dates: pl.Series) -> bool:
    """Return whether five or more dates stand in order, which by chance they hardly do."""
    return dates.n_unique() >= 5 and (dates.is_sorted() or dates.is_sorted(descending=True))
