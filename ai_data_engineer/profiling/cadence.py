"""How often the moments of a column follow each other, for the schedule that new data asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import polars as pl

from ai_data_engineer.profiling.profile import Cadence

FEWEST: Final = 5
"""Different moments that a cadence is told from."""
_REGULAR: Final = 0.8
"""Share of the intervals that must be one step."""
_OCCUPIED: Final = 0.9
"""Share of the hours (days, …) that must have an event to call events hourly (daily, …)."""
_DAY: Final = 86_400

_Name = Literal["daily", "weekly", "monthly", "quarterly", "yearly"]
_CALENDAR: Final[tuple[tuple[_Name, str, int, int, float], ...]] = (
    ("daily", "P1D", 1, 1, 1),
    ("weekly", "P1W", 7, 7, 7),
    ("monthly", "P1M", 28, 31, 365.2425 / 12),
    ("quarterly", "P3M", 90, 92, 365.2425 / 4),
    ("yearly", "P1Y", 365, 366, 365.2425),
)
"""Name, ISO 8601 duration, fewest, most and mean days of a step."""
_BUCKETS: Final[tuple[tuple[Literal["hourly", "daily", "weekly", "monthly"], str, str], ...]] = (
    ("hourly", "1h", "PT1H"),
    ("daily", "1d", "P1D"),
    ("weekly", "1w", "P1W"),
    ("monthly", "1mo", "P1M"),
)
_CRON: Final = {
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
    moments = moments.unique().sort()
    if len(moments) < FEWEST:
        return None
    seconds = moments.cast(pl.Datetime("us")).dt.epoch("s")
    intervals = seconds.diff().drop_nulls()
    found = (
        _by_calendar(moments, seconds, intervals)
        or _by_clock(seconds, intervals)
        or _by_events(moments)
        or {"name": "irregular", "period": None, "is_regular": False}
    )
    name, period = str(found["name"]), found["period"]
    return Cadence.model_validate(
        {
            "median_seconds": float(intervals.median()),  # type: ignore[arg-type]
            "schedule": _schedule(name, str(period), moments),
            **found,
        }
    )


def _by_calendar(
    moments: pl.Series, seconds: pl.Series, intervals: pl.Series
) -> dict[str, object] | None:
    """Return days, weeks, months, … of moments that all stand at one time of the day."""
    if (seconds % _DAY).n_unique() > 1:
        return None
    days = intervals // _DAY
    if (moments.dt.weekday() <= 5).all() and days.is_in([1, 3]).mean() >= _REGULAR:  # type: ignore[operator]
        last, first = (int(seconds[i]) // _DAY + 3 for i in (-1, 0))  # days since a Monday
        due = _weekdays(last + 1) - _weekdays(first)
        return _found("business_daily", "P1D", True, due - len(moments), due)
    for name, period, fewest, most, mean in _CALENDAR:
        if days.is_between(fewest, most).mean() >= _REGULAR:  # type: ignore[operator]
            steps = round(float(days.sum()) / mean) + 1
            return _found(name, period, True, max(steps - len(moments), 0), steps)
    return None


def _weekdays(day: int) -> int:
    """Return how many days from Monday to Friday lie before a day, counted from a Monday."""
    return day // 7 * 5 + min(day % 7, 5)


def _by_clock(seconds: pl.Series, intervals: pl.Series) -> dict[str, object] | None:
    """Return a step of seconds, minutes, hours or days that most intervals have."""
    counted = intervals.value_counts(sort=True)
    step, count = int(counted.item(0, 0)), int(counted.item(0, 1))
    if not step or count < _REGULAR * len(intervals):
        return None
    steps = (int(seconds[-1]) - int(seconds[0])) // step + 1
    name, period = _named(step)
    return _found(name, period, True, max(steps - len(seconds), 0), steps)


def _named(step: int) -> tuple[str, str]:
    for name, size, form in (
        ("weekly", 7 * _DAY, "P{}W"),
        ("daily", _DAY, "P{}D"),
        ("hourly", 3600, "PT{}H"),
        ("minutely", 60, "PT{}M"),
    ):
        if step % size == 0:
            return name, form.format(step // size)
    return "secondly", f"PT{step}S"


def _by_events(moments: pl.Series) -> dict[str, object] | None:
    """Return the finest of hours, days, weeks and months of which nearly all have an event."""
    is_date = moments.dtype == pl.Date
    for name, size, period in _BUCKETS[is_date:]:
        buckets = moments.dt.truncate(size).unique().sort()
        if len(buckets) < FEWEST:
            return None
        due = _buckets_between(buckets, size)
        if len(buckets) >= _OCCUPIED * due:
            return _found(name, period, False, due - len(buckets), due)
    return None


def _buckets_between(buckets: pl.Series, size: str) -> int:
    first, last = buckets[0], buckets[-1]
    if size == "1mo":
        return int((last.year - first.year) * 12 + last.month - first.month) + 1
    seconds = {"1h": 3600, "1d": _DAY, "1w": 7 * _DAY}[size]
    return round(float((last - first).total_seconds()) / seconds) + 1


def _found(name: str, period: str, is_regular: bool, missing: int, due: int) -> dict[str, object]:
    return {
        "name": name,
        "period": period,
        "is_regular": is_regular,
        "missing": missing,
        "missing_share": round(missing / due, 4),
    }


def _schedule(name: str, period: str, moments: pl.Series) -> str | None:
    if name == "weekly":
        weekdays: Sequence[int] = moments.dt.weekday().mode().to_list()
        return f"0 6 * * {weekdays[0] % 7}"
    if name == "minutely":
        minutes = int(period[2:-1])
        return f"*/{minutes} * * * *" if minutes < 60 and 60 % minutes == 0 else "* * * * *"
    return _CRON.get(name)
