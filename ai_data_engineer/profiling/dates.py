"""Dates, times and datetimes in text: the strptime format a column is written in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import polars as pl

from ai_data_engineer.parsing import DateLanguage, Parse
from ai_data_engineer.profiling.conversion import read_texts
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.vocabulary import word_set
from ai_data_engineer.profiling.worded_dates import is_worded_date, worded_format
from ai_data_engineer.spec.date_words import ZONES
from ai_data_engineer.spec.dateformat import DateFormat
from ai_data_engineer.types import DATE, DATETIME, TIME, LogicalType

_MOST_SHAPES = 400
_LONGEST = 48

# Patterns over shapes: 9 a digit, A and a letters. Named groups say what stands where.
_DATE = (
    r"(?:(?P<weekday>[Aa]{3,9})(?P<after_weekday>,? ))?(?:"
    r"(?P<y1>9999)(?P<s1>[-/. ])(?P<m1>99?)(?P=s1)(?P<d1>99?)"
    r"|(?P<a2>99?)(?P<s2>[-/. ])(?P<b2>99?)(?P=s2)(?P<y2>9999)"
    r"|(?P<a3>99)(?P<s3>[-/.])(?P<b3>99?)(?P=s3)(?P<c3>99)|(?P<a4>9)(?P<s4>[-/.])(?P<b4>99?)(?P=s4)(?P<c4>99)"
    r"|(?P<d5>99?)(?P<s5>[-/. ]|\. )?(?P<n5>[Aa]{3,9})(?P<t5>\.?,?[-/. ]?)(?P<y5>9999|99)"
    r"|(?P<n6>[Aa]{3,9})(?P<s6>\.? |[-/.])(?P<d6>99?)(?P<t6>,? |,|[-/.])(?P<y6>9999|99)"
    r"|(?P<y7>9999)(?P<s7>[-/. ])(?P<n7>[Aa]{3,9})(?P=s7)(?P<d7>99?)"
    r"|(?P<y8>9999)a ?(?P<m8>99?)a ?(?P<d8>99?)a|(?P<ordinal>9999-999)"
    r"|(?P<compact>99999999)"
    r"|(?P<y9>9999)(?P<s9>[-/])(?P<m9>99)|(?P<m10>99)(?P<s10>[-/])(?P<y10>9999)"
    r"|(?P<n11>[Aa]{3,9})(?P<s11>[- /])(?P<y11>9999)"
    r")"
)
_CLOCK = (
    r"(?P<hour>99?):(?P<minute>99)(?P<seconds>:99)?(?P<fraction>[.,]9{1,9})?"
    r"(?P<half>(?P<before_half> ?)(?:[Aa][Aa](?![Aa])))?"
)
_ZONE = r"(?P<before_zone> ?)(?P<zone>A|AAAA?|[+-]99(?::?99)?)"
_TIME = re.compile(_CLOCK)
_DATE_TIME = re.compile(
    rf"{_DATE}(?:(?P<between>A| |, |,|_|-|:)"
    rf"(?:{_CLOCK}|(?P<compact_clock>9999|999999))(?:{_ZONE})?)?"
)
_STAMP = re.compile(r"99999999999999")

_COMPACT = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%Y%m%d%H%M%S", "%Y-%j", "%Y%m")
"""Formats of what may as well be a number or a code."""
_MONTHS = word_set(
    "january february march april may june july august september october november december"
)
_SHORT_MONTHS = frozenset(m[:3] for m in _MONTHS)
_WEEKDAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
_SHORT_WEEKDAYS = frozenset(d[:3] for d in _WEEKDAYS)

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
    return _templates(shape, example) is not None or is_worded_date(example)


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
        formats = _templates(shape, texts.examples[shape]) if len(shape) <= _LONGEST else None
        if formats is None:
            unread += count
            if unread > allowed_misses:
                return None
        else:
            weights[formats] += count
    formats, weight = _merged(weights).most_common(1)[0]
    if len(texts) - weight > allowed_misses:
        return None
    read = {
        f: read_texts(texts.series, _type_of(f), Parse(date_format=_written(f))) for f in formats
    }
    misses = {f: v.null_count() for f, v in read.items()}
    fewest = min(misses.values())
    best = [f for f in formats if misses[f] == fewest]
    if fewest > allowed_misses:
        return None
    chosen = best[0]
    # Year, month, day is what ISO 8601 says; another order needs texts that prove it.
    is_ambiguous = not chosen.startswith("%Y") and any(
        _day_first(f) != _day_first(chosen) for f in best
    )
    if is_ambiguous:
        chosen = _settle(best, read, prefer_day_first)
    is_compact = chosen in _COMPACT
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


def _written(date_format: str) -> str | None:
    return None if date_format in _ISO.values() else date_format


def _type_of(date_format: str) -> LogicalType:
    has_date = "%Y" in date_format or "%y" in date_format
    has_time = "%H" in date_format or "%I" in date_format
    return DATETIME if has_date and has_time else DATE if has_date else TIME


def _day_first(date_format: str) -> bool:
    day, month = date_format.find("%d"), date_format.find("%m")
    return month >= 0 and day < month


def _templates(shape: str, example: str) -> tuple[str, ...] | None:
    """Return the formats that a text of this shape may have, the likeliest first."""
    if _STAMP.fullmatch(shape):
        return ("%Y%m%d%H%M%S",)
    if shape == "999999":
        return ("%Y%m",)
    if m := _TIME.fullmatch(shape):
        clock = _clock(m, example)
        return None if clock is None else (clock,)
    m = _DATE_TIME.fullmatch(shape)
    if m is None:
        return None
    dates = _date(m, example)
    rest = _rest(m, example)
    if dates is None or rest is None:
        return None
    formats = (date + rest for date in dates)
    # A format with `,%f` may have no other comma.
    return tuple(f for f in formats if ",%f" not in f or f.count(",") == 1) or None


def _rest(m: re.Match[str], example: str) -> str | None:
    """Return the format of what stands behind the date; None for what no format reads."""
    if m["between"] is None:
        return ""
    between = _at(m, "between", example)
    if between.isalpha() and between != "T":
        return None
    if m["compact_clock"]:
        clock: str | None = "%H%M%S" if len(m["compact_clock"]) == 6 else "%H%M"
    else:
        clock = _clock(m, example)
    zone = _zone(m, example)
    return None if clock is None or zone is None else between + clock + zone


def _clock(m: re.Match[str], example: str) -> str | None:
    clock = ("%I" if m["half"] else "%H") + ":%M" + (":%S" if m["seconds"] else "")
    if m["fraction"]:
        if not m["seconds"]:
            return None
        clock += m["fraction"][0] + "%f"
    if m["half"]:
        if _at(m, "half", example).strip().lower() not in ("am", "pm"):
            return None
        clock += m["before_half"] + "%p"
    return clock


def _zone(m: re.Match[str], example: str) -> str | None:
    if m["zone"] is None:
        return ""
    zone = _at(m, "zone", example)
    if zone in ZONES:
        return m["before_zone"] + "%Z"
    return None if zone.isalpha() and zone != "Z" else m["before_zone"] + "%z"


def _date(m: re.Match[str], example: str) -> tuple[str, ...] | None:
    weekday = ""
    if m["weekday"]:
        word = _at(m, "weekday", example).lower()
        if word not in _SHORT_WEEKDAYS and word not in _WEEKDAYS:
            return None
        weekday = ("%a" if word in _SHORT_WEEKDAYS else "%A") + m["after_weekday"]
    dates = _numeric_date(m, example) or _worded_date(m, example)
    return None if dates is None else tuple(weekday + d for d in dates)


def _numeric_date(m: re.Match[str], example: str) -> tuple[str, ...] | None:
    if s := m["s1"]:
        return (f"%Y{s}%m{s}%d", f"%Y{s}%d{s}%m")
    if s := m["s2"]:
        return (f"%m{s}%d{s}%Y", f"%d{s}%m{s}%Y")
    if s := m["s3"]:
        return (f"%m{s}%d{s}%y", f"%d{s}%m{s}%y", f"%y{s}%m{s}%d")
    if s := m["s4"]:
        return (f"%m{s}%d{s}%y", f"%d{s}%m{s}%y")
    if s := m["s9"]:
        return (f"%Y{s}%m",)
    if s := m["s10"]:
        return (f"%m{s}%Y",)
    if m["y8"]:
        date = example[m.start("y8") : m.end("d8") + 1]
        written = re.sub("[0-9]+", "{}", date).format("%Y", "%m", "%d")
        return (written,) if re.sub("[^年月日년월일]", "", date) in ("年月日", "년월일") else None
    if m["ordinal"]:
        return ("%Y-%j",)
    return _COMPACT[:3] if m["compact"] else None


def _worded_date(m: re.Match[str], example: str) -> tuple[str, ...] | None:
    group = next((g for g in ("n5", "n6", "n7", "n11") if m[g]), None)
    if group is None:
        return None
    word = _at(m, group, example).lower()
    if word not in _SHORT_MONTHS and word not in _MONTHS:
        return None
    month = "%b" if word in _SHORT_MONTHS else "%B"
    if group == "n5":
        return (f"%d{m['s5'] or ''}{month}{m['t5']}{_year(m['y5'])}",)
    if group == "n6":
        return (f"{month}{m['s6']}%d{m['t6']}{_year(m['y6'])}",)
    if group == "n11":
        return (f"{month}{m['s11']}%Y",)
    return (f"%Y{m['s7']}{month}{m['s7']}%d",)


def _year(shape: str) -> str:
    return "%Y" if len(shape) == 4 else "%y"


def _at(m: re.Match[str], group: str, example: str) -> str:
    return example[m.start(group) : m.end(group)]


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
