"""elapsed and date_range, against counting step by step."""

from __future__ import annotations

import calendar
import datetime as dt

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import DATE, DATETIME

MONTHS = {"year": 12, "quarter": 3, "month": 1}
SCHEMA = Schema({"a": Column(DATE), "b": Column(DATE)})
days = st.dates(dt.date(2019, 12, 25), dt.date(2024, 3, 5))
rows_of_days = st.lists(st.tuples(days, days), min_size=1, max_size=8)


def frame_of(rows: list[tuple[dt.date, dt.date]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"a": pl.Date, "b": pl.Date}, orient="row")


def months_later(start: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the first of the next month without such a day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    first = dt.date(year, month + 1, 1)
    return first + dt.timedelta(days=min(start.day - 1, last))


def counted(unit: str, start: dt.date, end: dt.date) -> int:
    return next(n for n in range(99) if months_later(start, (n + 1) * MONTHS[unit]) > end)


@given(rows=rows_of_days)
@example(
    [(dt.date(2020, 2, 29), dt.date(2021, 2, 28)), (dt.date(2020, 2, 29), dt.date(2021, 3, 1))]
)
def test_a_unit_has_passed_when_the_day_comes_again(series, rows) -> None:
    rows = [(min(row), max(row)) for row in rows]
    for unit in MONTHS:
        found = series(f"elapsed('{unit}', a, b)", SCHEMA, frame_of(rows))
        assert found.to_list() == [counted(unit, a, b) for a, b in rows]


@pytest.mark.parametrize(
    ("unit", "start", "end", "passed"),
    [
        ("month", "2024-03-15 10:00", "2024-02-15 10:00", -1),
        ("month", "2024-03-15 10:00", "2024-02-15 10:00:00.000001", 0),
        ("month", "2024-03-15 10:00", "2024-04-15 09:59:59", 0),
        ("month", "2024-03-15 10:00", "2024-04-15 10:00", 1),
        ("quarter", "2024-03-15 10:00", "2023-12-16 00:00", 0),
        ("quarter", "2024-03-15 10:00", "2023-12-15 00:00", -1),
        ("year", "2024-03-15 10:00", "1969-03-15 10:00", -55),
        ("year", "2024-03-15 10:00", "1969-03-15 10:01", -54),
    ],
)
def test_the_time_of_day_counts_and_so_does_the_way_back(series, unit, start, end, passed) -> None:
    moments = [dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) for text in (start, end)]
    frame = pl.DataFrame({"a": [moments[0], None], "b": [moments[1]] * 2})
    schema = Schema({"a": Column(DATETIME), "b": Column(DATETIME)})
    assert series(f"elapsed('{unit}', a, b)", schema, frame).to_list() == [passed, None]


@given(rows=rows_of_days)
@example([(dt.date(2024, 1, 31), dt.date(2024, 3, 1)), (dt.date(2024, 3, 1), dt.date(2024, 2, 1))])
def test_a_range_holds_the_first_day_of_each_unit(series, rows) -> None:
    first_days = {
        "day": lambda day: day,
        "week": lambda day: day - dt.timedelta(days=day.weekday()),
        "month": lambda day: day.replace(day=1),
        "year": lambda day: day.replace(month=1, day=1),
    }
    for unit, first in first_days.items():
        found = series(f"date_range('{unit}', a, b)", SCHEMA, frame_of(rows))
        for dates, (a, b) in zip(found, rows, strict=True):
            between = (first(a) + dt.timedelta(days=n) for n in range((b - first(a)).days + 1))
            assert dates.to_list() == sorted({day for day in between if day == first(day)})


def test_a_range_of_more_than_100000_days_is_null(series) -> None:
    frame = frame_of([(dt.date(1, 1, 1), dt.date(9999, 1, 1)), (dt.date(1, 1, 1), None)])
    assert series("date_range('year', a, b)", SCHEMA, frame).to_list() == [None, None]


def test_days_and_hours_are_counted_otherwise() -> None:
    with pytest.raises(SpecError, match="date_diff"):
        compile_expression("elapsed('day', a, b)", SCHEMA)
