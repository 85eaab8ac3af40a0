"""add_business_days and business_days_between, against counting day by day."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import DATE, INT64

DAY = dt.timedelta(days=1)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (dt.date(2024, 3, day) for day in (8, 9, 10, 11))
SCHEMA = Schema({"a": Column(DATE), "b": Column(DATE), "n": Column(INT64)})
days = st.dates(dt.date(2024, 1, 1), dt.date(2024, 4, 30))


def is_business_day(day: dt.date, holidays: list[dt.date]) -> bool:
    return day.isoweekday() < 6 and day not in holidays


def stepped(day: dt.date, count: int, holidays: list[dt.date]) -> dt.date:
    """Walk from the day to the next business day so many times; with 0 only off a business day."""
    step = DAY if count >= 0 else -DAY
    while count == 0 and not is_business_day(day, holidays):
        day += DAY
    while count:
        day += step
        count -= is_business_day(day, holidays) * (1 if count > 0 else -1)
    return day


def counted(start: dt.date, end: dt.date, holidays: list[dt.date]) -> int:
    if end < start:
        return -counted(end, start, holidays)
    between = (start + i * DAY for i in range((end - start).days))
    return sum(is_business_day(day, holidays) for day in between)


def written(holidays: list[dt.date]) -> str:
    return "".join(f", '{day}'" for day in holidays)


@given(
    rows=st.lists(st.tuples(days, days, st.integers(-40, 40)), min_size=1, max_size=8),
    holidays=st.lists(days, max_size=12),
)
def test_days_are_counted_one_by_one(series, rows, holidays) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.Date, "b": pl.Date, "n": pl.Int64}, orient="row")

    added = series(f"add_business_days(a, n{written(holidays)})", SCHEMA, frame)
    between = series(f"business_days_between(a, b{written(holidays)})", SCHEMA, frame)

    assert added.to_list() == [stepped(a, n, holidays) for a, _, n in rows]
    assert between.to_list() == [counted(a, b, holidays) for a, b, _ in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("add_business_days(DATE '2024-03-08', 0)", FRIDAY),
        ("add_business_days(DATE '2024-03-09', 0)", MONDAY),
        ("add_business_days(DATE '2024-03-10', 1)", MONDAY),
        ("add_business_days(DATE '2024-03-10', -1)", FRIDAY),
        ("add_business_days(DATE '2024-03-08', 1, '2024-03-11')", MONDAY + DAY),
        ("add_business_days(DATE '2024-03-08', 1, '2024-03-09')", MONDAY),
        ("add_business_days(TIMESTAMP '2024-03-08 23:59:59', 1)", MONDAY),
        ("add_business_days(DATE '1969-12-26', 5)", dt.date(1970, 1, 2)),
        ("business_days_between(DATE '2024-03-09', DATE '2024-03-11')", 0),
        ("business_days_between(DATE '2024-03-09', DATE '2024-03-08')", -1),
        ("business_days_between(DATE '2024-03-08', DATE '2024-03-08')", 0),
        ("business_days_between(DATE '1582-10-15', DATE '9999-12-31')", 2_195_945),
    ],
)
def test_weekends_holidays_and_the_ends_of_a_week(series, text, expected) -> None:
    assert series(text, Schema(), pl.DataFrame({"x": [0]})).to_list() == [expected]


def test_too_many_days_are_no_date(series) -> None:
    frame = pl.DataFrame(
        {"a": [FRIDAY] * 4, "b": [None] * 4, "n": [100_001, -100_001, 2**63 - 1, None]},
        schema_overrides={"b": pl.Date},
    )

    assert series("add_business_days(a, n)", SCHEMA, frame).to_list() == [None] * 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("add_business_days(day, 100001)", "`count` goes to 100000"),
        ("add_business_days(day, 1, due)", "`holidays` of `add_business_days` must be a date"),
        ("add_business_days(day, 1, '24.12.2024')", "24.12.2024"),
        ("add_business_days(day, 1.5)", "`count`"),
        ("business_days_between(name, day)", "`start`"),
        (
            "business_days_between(day, due"
            + "".join(
                f", '2024-{month:02}-{day:02}'" for month in range(1, 6) for day in range(1, 22)
            )
            + ")",
            "at most 100 holidays",
        ),
    ],
)
def test_what_is_wrong_is_said(refuse, text, said) -> None:
    assert said in refuse(text).message
