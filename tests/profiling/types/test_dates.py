"""Whatever format dates are written in, they come back as the dates they were."""

import datetime as dt
import random

import polars as pl
import pytest

from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.conversion import read_texts
from ai_data_engineer.profiling.types.type_inference import infer

DATE_FORMATS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y",
    "%d %m %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y",
    "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%b-%d-%Y", "%Y-%b-%d", "%d%b%Y", "%d. %B %Y",
    "%a, %d %b %Y", "%A, %d %B %Y", "%A, %B %d, %Y", "%a %d %b %Y", "%Y年%m月%d日", "%Y%m%d",
]  # fmt: skip
TIMES = ["%H:%M", "%H:%M:%S", "%H:%M Uhr", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p"]
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


YEARS_OF_TWO_DIGITS = {
    "a quarter's bookings, day first": ("%d.%m.%y", dt.date(2023, 1, 1), 80),
    "a quarter's bookings with slashes": ("%d/%m/%y", dt.date(2023, 1, 1), 80),
    "many years, day first": ("%d.%m.%y", dt.date(1999, 12, 1), 1500),
    "a quarter, year first": ("%y-%m-%d", dt.date(2023, 1, 1), 80),
}


@pytest.mark.parametrize(
    ("written", "first", "days"), YEARS_OF_TWO_DIGITS.values(), ids=YEARS_OF_TWO_DIGITS
)
@pytest.mark.parametrize("shuffled", [False, True])
def test_a_year_of_two_digits_stands_where_the_dates_vary_least(
    written: str, first: dt.date, days: int, shuffled: bool
) -> None:
    dates = [first + dt.timedelta(days=n) for n in range(days)]
    if shuffled:
        random.Random(SEED).shuffle(dates)

    found = infer(Texts([date.strftime(written) for date in dates]), "when")

    assert found.parse.date_format == written


WORDED = {
    "German": "{d}. {m} {y}|Januar Februar März April Mai Juni Juli August September Oktober "
    "November Dezember",
    "German, short": "{d}. {m} {y}|Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "French": "{d} {m} {y}|janvier février mars avril mai juin juillet août septembre octobre "
    "novembre décembre",
    "French, short": "{d}-{m}-{y}|janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "Spanish": "{d} de {m} de {y}|enero febrero marzo abril mayo junio julio agosto septiembre "
    "octubre noviembre diciembre",
    "Polish": "{d} {m} {y}|stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia",
    "Hungarian": "{y}. {m} {d}.|január február március április május június július augusztus "
    "szeptember október november december",
    "Russian": "{d} {m} {y} г.|января февраля марта апреля мая июня июля августа сентября октября "
    "ноября декабря",
    "Greek": "{d} {m} {y}|Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου "
    "Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
    "Turkish": "{d} {m} {y}|Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım "
    "Aralık",
    "American newspapers": "{m} {d}, {y}|Jan. Feb. March April May June July Aug. Sept. Oct. Nov. "
    "Dec.",
}


@pytest.mark.parametrize("written", WORDED.values(), ids=WORDED.keys())
def test_months_in_many_languages(written: str) -> None:
    form, _, months = written.partition("|")
    dates = [moment.date() for moment in moments(300)]
    texts = [form.format(d=d.day, m=months.split()[d.month - 1], y=d.year) for d in dates]

    found = infer(Texts(texts), "when")

    assert str(found.type) == "date"
    assert read_texts(found.values.series, found.type, found.parse).to_list() == dates


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["lundi 5 févr. 2024", "mar. 6 févr. 2024"], dt.date(2024, 2, 5)),
        (["1er mai 2024", "2 mai 2024"], dt.date(2024, 5, 1)),
        (["segunda-feira, 5 de fevereiro de 2024"], dt.date(2024, 2, 5)),
        (["January 1st, 2024", "March 22nd, 2024"], dt.date(2024, 1, 1)),
        (["3rd of March 2024", "11th of May 2023"], dt.date(2024, 3, 3)),
        (["Saturday, January 6th, 2024"], dt.date(2024, 1, 6)),
        (["2024년 1월 5일", "2024년 12월 31일"], dt.date(2024, 1, 5)),
        (["marzo 2024", "abril 2024"], dt.date(2024, 3, 1)),
        (["15 de sep. de 1992", "3 de ene. de 2001", "4 de ago. de 2002"], dt.date(1992, 9, 15)),
        (["2024. 1. 5.", "2024. 12. 31."], dt.date(2024, 1, 5)),
        (["5. 1. 2024", "31. 12. 2024"], dt.date(2024, 1, 5)),
        (["5.1.2024.", "31.12.2024."], dt.date(2024, 1, 5)),
    ],
)
def test_dates_in_words(texts: list[str], day: dt.date) -> None:
    found = infer(Texts(texts), "when")

    read = read_texts(found.values.series, found.type, found.parse)
    assert (str(found.type), read[0], read.null_count()) == ("date", day, 0)


def test_a_time_may_stand_before_the_year() -> None:
    found = infer(Texts(["Mon Jan 05 10:00:00 +0000 2015", "Tue Mar 10 23:59:59 +0000 2015"]))

    assert str(found.type) == "datetime"
    assert read_texts(found.values.series, found.type, found.parse).null_count() == 0


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
        ["chapter 5 of 2024", "chapter 6 of 2024"],
        ["May 5th and June 6th 2024"],
        ["5 mars 2024 ou 2025"],
        ["12.34.56.78", "1.2.3.4"],
        ["3:1", "2:0"],
        ["2024x01y05z", "2024x01y06z"],
    ],
)
def test_what_is_no_date_stays_text(texts: list[str]) -> None:
    assert str(infer(Texts(texts), "when").type) == "string"
