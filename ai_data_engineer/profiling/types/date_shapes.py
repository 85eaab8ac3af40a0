"""Which date formats a text may have, by its shape and one example of it."""

from __future__ import annotations

import re

from ai_data_engineer.profiling.vocabulary import word_set
from ai_data_engineer.spec.date_words import ZONES

# Patterns over shapes: 9 a digit, A and a letters. Named groups say what stands where.
_DATE = (
    r"(?:(?P<weekday>[Aa]{3,9})(?P<after_weekday>,? ))?(?:"
    r"(?P<y1>9999)(?P<s1>[-/ ]|\. ?)(?P<m1>99?)(?P=s1)(?P<d1>99?)(?P<e1>\.?)"
    r"|(?P<a2>99?)(?P<s2>[-/ ]|\. ?)(?P<b2>99?)(?P=s2)(?P<y2>9999)(?P<e2>\.?)"
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
    r"(?P<half>(?P<before_half>[ \u00a0]?)(?:[Aa][Aa](?![Aa])|[Aa]\.[ \u00a0]?[Aa]\.))?"
)


_ZONE = r"(?P<before_zone> ?)(?P<zone>A|AAAA?|[+-]99(?::?99)?|[Aa]?a{1,2})"


_TIME = re.compile(rf"{_CLOCK}(?:{_ZONE})?")
_HOURS = frozenset({"uhr", "h", "hs", "hrs"})
"""Words behind a time of day that say that it is one."""


_DATE_TIME = re.compile(
    rf"{_DATE}(?:(?P<between>A| |, |,|_|-|:)"
    rf"(?:{_CLOCK}|(?P<compact_clock>9999|999999))(?:{_ZONE})?)?"
)


_STAMP = re.compile(r"99999999999999")


COMPACT = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%Y%m%d%H%M%S", "%Y-%j", "%Y%m")
"""Formats of what may as well be a number or a code."""


_MONTHS = word_set(
    "january february march april may june july august september october november december"
)


_SHORT_MONTHS = frozenset(m[:3] for m in _MONTHS)


_WEEKDAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")


_SHORT_WEEKDAYS = frozenset(d[:3] for d in _WEEKDAYS)


def formats_of(shape: str, example: str) -> tuple[str, ...] | None:
    """Return the formats that a text of this shape may have, the likeliest first."""
    if _STAMP.fullmatch(shape):
        return ("%Y%m%d%H%M%S",)
    if shape == "999999":
        return ("%Y%m",)
    if m := _TIME.fullmatch(shape):
        clock, hours = _clock(m, example), _hours(m, example)
        return None if clock is None or hours is None else (clock + hours,)
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
        if re.sub(r"[.\s]", "", _at(m, "half", example)).lower() not in ("am", "pm"):
            return None
        clock += m["before_half"] + "%p"
    return clock


def _hours(m: re.Match[str], example: str) -> str | None:
    """Return the word behind the time of day; None for one that does not say that it is a time."""
    if m["zone"] is None:
        return ""
    word = _at(m, "zone", example)
    return f"{m['before_zone']}{word}" if word.lower() in _HOURS else None


def _zone(m: re.Match[str], example: str) -> str | None:
    if m["zone"] is None:
        return ""
    zone = _at(m, "zone", example)
    if hours := _hours(m, example):
        return hours
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
        return (f"%Y{s}%m{s}%d{m['e1']}", f"%Y{s}%d{s}%m{m['e1']}")
    if s := m["s2"]:
        return (f"%m{s}%d{s}%Y{m['e2']}", f"%d{s}%m{s}%Y{m['e2']}")
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
    return COMPACT[:3] if m["compact"] else None


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
