"""Whatever format dates are written in, they come back as the dates they were."""

import datetime as dt
import random

import polars as pl
import pytest

from ai_data_engineer.profiling.conversion import read_texts
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.type_inference import infer

DATE_FORMATS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y",
    "%d %m %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y",
    "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%b-%d-%Y", "%Y-%b-%d", "%d%b%Y", "%d. %B %Y",
    "%a, %d %b %Y", "%A, %d %B %Y", "%A, %B %d, %Y", "%a %d %b %Y", "%Y年%m月%d日", "%Y%m%d",
]  # fmt: skip
TIMES = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p"]
SEED = 7


def moments(count: int) -> list[dt.datetime]:
    chance = random.Random(SEED)
    start = dt.datetime(1990, 1, 1)
    seconds = int((dt.datetime(2029, 12, 31) - start).total_seconds())
    return [start + dt.timedelta(seconds=chance.randrange(seconds)) for _ in range(count)]


@pytest.mark.parametrize("written", DATE_FORMATS)
def test_dates(written: str) -> None:
    dates = [moment.date() for moment in moments(300)]

    found = infer(Texts([date.strftime(written) for date in dates]), "when")

    assert str(found.type) == "date"
    assert read_texts(found.values.series, found.type, found.parse).to_list() == dates


@pytest.mark.parametrize("clock", TIMES)
@pytest.mark.parametrize(
    "written", ["%Y-%m-%d ", "%Y-%m-%dT", "%d.%m.%Y ", "%m/%d/%Y, ", "%d %b %Y "]
)
def test_datetimes(written: str, clock: str) -> None:
    exact = [m.replace(second=m.second if "%S" in clock else 0) for m in moments(300)]

    found = infer(Texts([moment.strftime(written + clock) for moment in exact]), "when")

    assert str(found.type) == "datetime"
    read = read_texts(found.values.series, found.type, found.parse)
    assert read.dt.replace_time_zone(None).to_list() == exact


def test_a_fraction_may_stand_behind_a_comma() -> None:
    exact = [m.replace(microsecond=1000 * n) for n, m in enumerate(moments(50))]
    texts = [m.strftime("%Y-%m-%d %H:%M:%S,") + f"{m.microsecond // 1000:03}" for m in exact]

    found = infer(Texts(texts), "when")

    assert (str(found.type), found.parse.date_format) == ("datetime", "%Y-%m-%d %H:%M:%S,%f")
    read = read_texts(found.values.series, found.type, found.parse)
    assert read.dt.replace_time_zone(None).to_list() == exact
    two_commas = infer(Texts([f"{m:%b %d, %Y %H:%M:%S},5" for m in exact]), "when")
    assert str(two_commas.type) == "string"


@pytest.mark.parametrize("written", ["%Y-%m-%dT%H:%M:%S%z", "%d/%b/%Y:%H:%M:%S %z"])
def test_zones_end_as_utc(written: str) -> None:
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    exact = [moment.replace(tzinfo=east) for moment in moments(50)]

    found = infer(Texts([moment.strftime(written) for moment in exact]), "when")

    read = read_texts(found.values.series, found.type, found.parse)
    assert read.dtype == pl.Datetime("us", "UTC")
    assert read.to_list() == exact


@pytest.mark.parametrize("clock", TIMES)
def test_times(clock: str) -> None:
    exact = [m.time().replace(second=m.second if "%S" in clock else 0) for m in moments(100)]

    found = infer(Texts([time.strftime(clock) for time in exact]), "opens")

    assert str(found.type) == "time"
    assert read_texts(found.values.series, found.type, found.parse).to_list() == exact


@pytest.mark.parametrize(
    "texts",
    [
        ["2024-02-30", "2023-02-29"],
        ["12:75", "25:00"],
        ["Foo 5 2024", "Bar 6 2024"],
        ["2024-01-05", "2024-01-05 10:00"],
        ["1st of May", "2nd of May"],
        ["12.34.56.78", "1.2.3.4"],
        ["3:1", "2:0"],
        ["2024x01y05z", "2024x01y06z"],
    ],
)
def test_what_is_no_date_stays_text(texts: list[str]) -> None:
    assert str(infer(Texts(texts), "when").type) == "string"
