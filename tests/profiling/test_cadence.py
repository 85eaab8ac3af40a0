import datetime as dt
import random

import polars as pl
import pytest

from ai_data_engineer.profiling.cadence import cadence

START = dt.datetime(2024, 1, 1)


def every(**step: float) -> list[dt.datetime]:
    return [START + i * dt.timedelta(**step) for i in range(60)]


def dates(moments: list[dt.datetime]) -> list[dt.date]:
    return [moment.date() for moment in moments]


def months(step: int) -> list[dt.date]:
    return [dt.date(2015 + n // 12, n % 12 + 1, 1) for n in range(0, 60 * step, step)]


@pytest.mark.parametrize(
    ("moments", "name", "period", "schedule"),
    [
        (every(seconds=10), "secondly", "PT10S", "* * * * *"),
        (every(minutes=15), "minutely", "PT15M", "*/15 * * * *"),
        (every(hours=1), "hourly", "PT1H", "0 * * * *"),
        (dates(every(days=1)), "daily", "P1D", "0 6 * * *"),
        (every(days=1), "daily", "P1D", "0 6 * * *"),
        (dates(every(days=7)), "weekly", "P1W", "0 6 * * 1"),
        ([d for d in dates(every(days=1)) if d.weekday() < 5], "business_daily", "P1D", "0 6 * * 1-5"),
        (months(1), "monthly", "P1M", "0 6 1 * *"),
        (months(3), "quarterly", "P3M", "0 6 1 1,4,7,10 *"),
        (months(12), "yearly", "P1Y", "0 6 1 1 *"),
    ],
)  # fmt: skip
def test_regular_moments_in_any_order(
    moments: list[dt.date], name: str, period: str, schedule: str
) -> None:
    shuffled = random.Random(1).sample(moments, len(moments))

    found = cadence(pl.Series([*shuffled, shuffled[0]]))

    assert found is not None
    assert (found.name, found.period, found.schedule) == (name, period, schedule)
    assert (found.is_regular, found.missing) == (True, 0)


def test_moments_that_are_missing_are_counted() -> None:
    days = dates(every(days=1))
    weekdays = [d for d in days if d.weekday() < 5]

    of_days, of_weekdays = (
        cadence(pl.Series(days[:20] + days[22:])),
        cadence(pl.Series(weekdays[:9] + weekdays[10:])),
    )

    assert of_days is not None
    assert of_weekdays is not None
    assert (of_days.name, of_days.missing, of_days.missing_share) == ("daily", 2, round(2 / 60, 4))
    assert (of_weekdays.name, of_weekdays.missing) == ("business_daily", 1)


def test_events_at_any_time_of_every_hour() -> None:
    random_ = random.Random(7)
    moments = [START + dt.timedelta(minutes=random_.uniform(0, 60 * 48)) for _ in range(500)]

    found = cadence(pl.Series(moments))

    assert found is not None
    assert (found.name, found.is_regular, found.schedule) == ("hourly", False, "0 * * * *")
    assert found.median_seconds < 3600


def test_what_comes_now_and_then_has_no_schedule() -> None:
    found = cadence(pl.Series([dt.date(2001, 5, 3), dt.date(2004, 1, 9), dt.date(2004, 2, 1), dt.date(2015, 7, 7), dt.date(2020, 1, 1)]))  # fmt: skip

    assert found is not None
    assert (found.name, found.period, found.schedule) == ("irregular", None, None)


def test_few_moments_have_no_cadence() -> None:
    assert cadence(pl.Series(dates(every(days=1))[:4])) is None


def test_zones_and_years_at_the_ends_of_the_calendar_are_taken() -> None:
    zoned = pl.Series(every(hours=1)).dt.replace_time_zone(
        "Europe/Rome", ambiguous="earliest", non_existent="null"
    )
    far = pl.Series([dt.date(1, 1, 1), dt.date(9999, 12, 31), *dates(every(days=1))])

    of_zoned, of_far = cadence(zoned.drop_nulls()), cadence(far)

    assert of_zoned is not None
    assert of_far is not None
    assert (of_zoned.name, of_far.name) == ("hourly", "daily")
