"""Spans of time in words: a day, a month, a quarter, a year; as a first day and the day after."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from ai_data_engineer.specifying.offline.reader import Reader

UNITS = {
    "hour": "hour", "hours": "hour", "hourly": "hour",
    "day": "day", "days": "day", "daily": "day",
    "week": "week", "weeks": "week", "weekly": "week",
    "month": "month", "months": "month", "monthly": "month",
    "quarter": "quarter", "quarters": "quarter", "quarterly": "quarter",
    "year": "year", "years": "year", "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
"""Words for the units by which rows are put together."""


@dataclass(frozen=True)
class Period:
    """From `start` up to, not including, `end`."""

    start: dt.date | dt.datetime
    end: dt.date | dt.datetime


def read_period(r: Reader) -> Period | None:
    """Take a date, a moment, a month with its year, a quarter with its year, or a year."""
    start = r.at
    try:
        period = _read(r)
    except (ValueError, OverflowError):
        period = None
    if period is None:
        r.at = start
    return period


def _read(r: Reader) -> Period | None:
    r.skip(("the", "year", "month", "of"))
    token = r.peek()
    if token is None:
        return None
    if (date := token.date) is not None:
        r.at += 1
        step = dt.timedelta(seconds=1) if isinstance(date, dt.datetime) else dt.timedelta(days=1)
        return Period(date, date + step)
    if month := token.month:
        r.at += 1
        day = _day_of_month(r)
        r.skip(("of",))
        r.take(",")
        if (year := _year(r)) is None:
            return None
        if day:
            return Period(
                dt.date(year, month, day), dt.date(year, month, day) + dt.timedelta(days=1)
            )
        return Period(dt.date(year, month, 1), _first_of(year, month + 1))
    if quarter := re.fullmatch(r"q([1-4])", token.lower):
        r.at += 1
        r.skip(("of",))
        if (year := _year(r)) is None:
            return None
        first = 3 * int(quarter[1]) - 2
        return Period(dt.date(year, first, 1), _first_of(year, first + 3))
    if (day := _day_of_month(r)) and (token := r.peek()) and (month := token.month):
        r.at += 1
        if (year := _year(r)) is None:
            return None
        return Period(dt.date(year, month, day), dt.date(year, month, day) + dt.timedelta(days=1))
    if (year := _year(r)) is not None:
        return Period(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    return None


def _year(r: Reader) -> int | None:
    token = r.peek()
    if token is None or not re.fullmatch(r"(1[6-9]|20|21)\d\d", token.text):
        return None
    r.at += 1
    return int(token.text)


def _day_of_month(r: Reader) -> int | None:
    token = r.peek()
    found = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)?", token.lower) if token else None
    if found is None or not 1 <= int(found[1]) <= 31:
        return None
    r.at += 1
    return int(found[1])


def _first_of(year: int, month: int) -> dt.date:
    return dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
