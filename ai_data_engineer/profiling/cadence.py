"""How often the moments of a column follow each other, for the schedule that new data asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import sub
from statistics import median
from typing import Final

import polars as pl

from ai_data_engineer.profiling.profile import Cadence, CadenceName

FEWEST: Final = 5
"""Different moments that a cadence is told from."""
_REGULAR: Final = 0.8
"""Share of the intervals that must be one step."""
_OCCUPIED: Final = 0.9
"""Share of the hours (days, …) that must have an event to call events hourly (daily, …)."""
_DAY: Final = 86_400

_CALENDAR: Final[tuple[tuple[CadenceName, str, int, int, float], ...]] = (
    ("daily", "P1D", 1, 1, 1),
    ("weekly", "P1W", 7, 7, 7),
    ("monthly", "P1M", 28, 31, 365.2425 / 12),
    ("quarterly", "P3M", 90, 92, 365.2425 / 4),
    ("yearly", "P1Y", 365, 366, 365.2425),
)
"""Name, ISO 8601 duration, fewest, most and mean days of a step."""
_MONTH: Final = pl.first().dt.year() * 12 + pl.first().dt.month()
_STEPS: Final[tuple[tuple[CadenceName, int, str], ...]] = (
    ("weekly", 7 * _DAY, "P{}W"),
    ("daily", _DAY, "P{}D"),
    ("hourly", 3600, "PT{}H"),
    ("minutely", 60, "PT{}M"),
)
_CRON: Final[dict[CadenceName, str]] = {
    "secondly": "* * * * *",
    "hourly": "0 * * * *",
    "daily": "0 6 * * *",
    "business_daily": "0 6 * * 1-5",
    "monthly": "0 6 1 * *",
    "quarterly": "0 6 1 1,4,7,10 *",
    "yearly": "0 6 1 1 *",
}


def cadence(moments: pl.Series) -> Cadence | None:
    """Return the cadence of dates or datetimes without nulls; None where there are too few."""
    distinct = moments.unique().sort()
    if len(distinct) < FEWEST:
        return None
    seconds = _seconds(distinct)
    intervals = Counter(map(sub, seconds[1:], seconds))
    found = (
        _by_calendar(seconds, intervals)
        or _by_clock(seconds, intervals)
        or _by_events(distinct, seconds)
        or _Found("irregular", None, is_regular=False)
    )
    return Cadence(
        name=found.name,
        period=found.period,
        is_regular=found.is_regular,
        median_seconds=median(intervals.elements()),
        missing=max(found.due - found.there, 0),
        missing_share=round(max(found.due - found.there, 0) / found.due, 4) if found.due else 0.0,
        schedule=_schedule(found, seconds),
    )


def _seconds(moments: pl.Series) -> list[int]:
    if moments.dtype == pl.Date:
        return [day * _DAY for day in moments.cast(pl.Int64).to_list()]
    seconds: list[int] = moments.cast(pl.Datetime("us")).dt.epoch("s").to_list()
    return seconds


@dataclass(frozen=True)
class _Found:
    name: CadenceName
    period: str | None
    is_regular: bool
    due: int = 0
    """Steps from the first moment to the last one."""
    there: int = 0
    """Those that have a moment."""


def _by_calendar(seconds: Sequence[int], intervals: Counter[int]) -> _Found | None:
    """Return days, weeks, months, … of moments that all stand at one time of the day."""
    if any(interval % _DAY for interval in intervals):
        return None
    days = Counter({interval // _DAY: n for interval, n in intervals.items()})
    first, last = _day(seconds[0]), _day(seconds[-1])
    if all(_day(s) % 7 < 5 for s in seconds) and _share(days, 1, 3) >= _REGULAR:
        due = _weekdays_before(last + 1) - _weekdays_before(first)
        return _Found("business_daily", "P1D", True, due, len(seconds))
    for name, period, fewest, most, mean in _CALENDAR:
        if _share(days, fewest, most) >= _REGULAR:
            return _Found(name, period, True, round((last - first) / mean) + 1, len(seconds))
    return None


def _share(days: Counter[int], fewest: int, most: int) -> float:
    return sum(n for length, n in days.items() if fewest <= length <= most) / days.total()


def _day(second: int) -> int:
    """Return the number of a day, counted from a Monday."""
    return second // _DAY + 3


def _weekdays_before(day: int) -> int:
    """Return how many days from Monday to Friday lie before a day, counted from a Monday."""
    return day // 7 * 5 + min(day % 7, 5)


def _by_clock(seconds: Sequence[int], intervals: Counter[int]) -> _Found | None:
    """Return a step of seconds, minutes, hours or days that most intervals have."""
    step, count = intervals.most_common(1)[0]
    if not step or count < _REGULAR * intervals.total():
        return None
    name, period = _named(step)
    return _Found(name, period, True, (seconds[-1] - seconds[0]) // step + 1, len(seconds))


def _named(step: int) -> tuple[CadenceName, str]:
    for name, size, form in _STEPS:
        if step % size == 0:
            return name, form.format(step // size)
    return "secondly", f"PT{step}S"


def _by_events(moments: pl.Series, seconds: Sequence[int]) -> _Found | None:
    """Return the finest of hours, days, weeks and months of which nearly all have an event."""
    hours = {s // 3600 for s in seconds}
    days = {_day(s) for s in seconds}
    buckets: list[tuple[CadenceName, str, set[int]]] = [
        ("hourly", "PT1H", hours),
        ("daily", "P1D", days),
        ("weekly", "P1W", {day // 7 for day in days}),
        ("monthly", "P1M", set(moments.to_frame("").select(_MONTH).to_series().to_list())),
    ]
    for name, period, there in buckets[moments.dtype == pl.Date :]:
        due = max(there) - min(there) + 1
        if len(there) >= FEWEST and len(there) >= _OCCUPIED * due:
            return _Found(name, period, False, due, len(there))
    return None


def _schedule(found: _Found, seconds: Sequence[int]) -> str | None:
    if found.name == "weekly":
        ((weekday, _),) = Counter(_day(s) % 7 for s in seconds).most_common(1)
        return f"0 6 * * {(weekday + 1) % 7}"
    if found.name == "minutely" and found.period:
        minutes = int(found.period[2:-1])
        return f"*/{minutes} * * * *" if 60 % minutes == 0 else "* * * * *"
    return _CRON.get(found.name)
