"""to_zone and from_zone, against Python's own time zones."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import DATETIME

SCHEMA = Schema({"at": Column(DATETIME)})
ZONES = [
    "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
    "America/Argentina/Buenos_Aires", "UTC",
]  # fmt: skip
moments = st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2036, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=dt.UTC)
)


def clock_of(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=dt.UTC)


def moment_of(clock: dt.datetime, zone: str) -> dt.datetime | None:
    """Return the first moment at which the clock shows that, None where it never does."""
    moment = clock.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(dt.UTC)
    return moment if clock_of(moment, zone) == clock else None


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@given(zone=st.sampled_from(ZONES), rows=st.lists(moments, min_size=1, max_size=20))
@example("Europe/Berlin", [at("2024-03-31 02:30"), at("2024-03-31 03:00"), at("2024-10-27 02:00")])
@example("America/New_York", [at("2024-03-10 02:30"), at("2024-11-03 01:59:59.999999")])
@example("Australia/Lord_Howe", [at("2024-10-06 02:15"), at("2024-04-07 01:45")])
@example("Pacific/Apia", [at("2011-12-30 12:00"), at("2011-12-31 00:00")])
def test_clocks_show_what_they_show_in_python(series, zone, rows) -> None:
    frame = pl.DataFrame({"at": rows}, schema={"at": pl.Datetime("us", "UTC")})

    shown = series(f"to_zone(at, '{zone}')", SCHEMA, frame)
    found = series(f"from_zone(at, '{zone}')", SCHEMA, frame)

    assert shown.to_list() == [clock_of(moment, zone) for moment in rows]
    assert found.to_list() == [moment_of(clock, zone) for clock in rows]


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "CET", "+02:00", "Europe", "../etc/passwd"])
def test_a_zone_is_an_area_and_a_city(zone) -> None:
    with pytest.raises(SpecError, match="no such time zone"):
        compile_expression(f"to_zone(at, '{zone}')", SCHEMA)
