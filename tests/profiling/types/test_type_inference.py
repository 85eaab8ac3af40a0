"""Columns as they are found in the wild: what type they get, and that a pipeline reads them so."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.profiling.types.type_inference import Custom, infer
from ai_data_engineer.spec.casting import parse_text
from ai_data_engineer.spec.code import Code

Case = tuple[str, list[str], str, dict[str, Any]]

CASES: dict[str, Case] = {
    # Numbers
    "integers": ("age", ["31", "4", "-7", "+9", "0"], "int64", {}),
    "years stay integers": ("year", ["1999", "2004", "2024"], "int64", {}),
    "noughts and ones": ("children", ["0", "1", "1", "0"], "int64", {}),
    "decimals": ("weight", ["1.5", "12", "-0.25", ".5"], "float64", {}),
    "exponents": ("mass", ["1.5e-3", "2E+10", "7"], "float64", {}),
    "decimal comma": ("gewicht", ["1,5", "12,25", "3"], "float64", {"decimal_mark": ","}),
    "English thousands": ("population", ["1,234", "12", "3,456,789"], "int64", {"thousands_mark": ","}),
    "English thousands with fractions": (
        "area", ["1,234.5", "12.25", "3,456,789.0"], "float64", {"thousands_mark": ","},
    ),
    "continental thousands": (
        "flaeche", ["1.234,5", "12,25", "3.456.789,0"], "float64",
        {"decimal_mark": ",", "thousands_mark": "."},
    ),
    "blanks for thousands": (
        "montant_ht", ["1 234,5", "12,25", "33 456,1"], "float64",
        {"decimal_mark": ",", "thousands_mark": " "},
    ),
    "narrow blanks for thousands": (
        "habitants", ["1\u202f234", "12", "33\u202f456"], "int64", {"thousands_mark": "\u202f"},
    ),
    "Swiss thousands": ("einwohner", ["1'234", "12", "33'456"], "int64", {"thousands_mark": "'"}),
    "thousands beside unmarked ones": ("n", ["1,234", "5678"], "int64", {"thousands_mark": ","}),
    "a comma behind a nought is decimal": ("x", ["0,125", "1,250"], "float64", {"decimal_mark": ","}),
    "three decimals": ("x", ["1.234", "2.345"], "float64", {}),
    "per cent": ("growth", ["12.5%", "-3%", "0.1%"], "float64", {"suffix": "%"}),
    "per cent behind a blank": ("growth", ["12,5 %", "-3 %"], "float64", {"decimal_mark": ",", "suffix": " %"}),
    "dollars": ("list_price", ["$1,200.50", "-$3.00", "$0.99"], "decimal(18,2)", {"prefix": "$", "thousands_mark": ","}),
    "euros": ("preis", ["1.200,50 €", "3,00 €"], "decimal(18,2)", {"suffix": " €", "decimal_mark": ",", "thousands_mark": "."}),
    "currency codes": ("value", ["USD 12.50", "USD 3.25"], "decimal(18,2)", {"prefix": "USD "}),
    "whole dollars": ("grant", ["$1,200", "$300"], "int64", {"prefix": "$", "thousands_mark": ","}),
    "money by name": ("unit_price", ["12.50", "3.99", "100.00"], "decimal(18,2)", {}),
    "a rate is no money": ("tax_rate", ["0.19", "0.07", "0.19"], "float64", {}),
    "units": ("weight", ["12 kg", "3.5 kg"], "float64", {"suffix": " kg"}),
    "integers beyond 64 bits": ("wei", ["1", "123456789012345678901234"], "decimal(38,0)", {}),
    "doubles written in full": ("x", ["0.30000000000000004", "0.1"], "float64", {}),
    "more digits than a double keeps": ("x", ["0.12345678901234567891", "0.5"], "decimal(38,20)", {}),
    "Indian groups": ("revenue_inr", ["12,34,567", "1,234", "98"], "int64", {"thousands_mark": ","}),
    "thin blanks for thousands": ("n", ["1\u2009234", "12"], "int64", {"thousands_mark": "\u2009"}),
    "Swiss apostrophes": (
        "n", ["1\u2019234.50", "12.00"], "float64", {"thousands_mark": "\u2019"},
    ),
    "negatives in parentheses": (
        "balance_eur", ["(1,234.50)", "99.00"], "decimal(18,2)",
        {"thousands_mark": ",", "negative": "parentheses"},
    ),
    "dollars in parentheses": (
        "x", ["($5.00)", "$7.50"], "decimal(18,2)", {"prefix": "$", "negative": "parentheses"},
    ),
    "signs behind": ("x", ["12.5-", "3.25"], "float64", {"negative": "behind"}),
    "typographic signs": ("x", ["\u221212.5", "3.25"], "float64", {"negative": "typographic"}),
    "numbers all in parentheses": ("note", ["(1)", "(2)"], "string", {}),
    "a fixed blank before the unit": (
        "x", ["12,50\u00a0€", "3,25\u00a0€"], "decimal(18,2)", {"suffix": "\u00a0€", "decimal_mark": ","},
    ),
    "units with digits": ("x", ["12.5 m2", "3.5 m2"], "float64", {"suffix": " m2"}),
    "units with a stroke": ("x", ["12 km/h", "130 km/h"], "int64", {"suffix": " km/h"}),
    "amounts of nought without a unit": ("x", ["12%", "0", "7%"], "int64", {"suffix": "%"}),
    "several units": ("x", ["12 kg", "500 g"], "string", {}),
    # Numbers that name things
    "leading zeros": ("store", ["007", "042", "100"], "string", {}),
    "postcodes": ("zip", ["12345", "90210"], "string", {}),
    "telephone numbers": ("phone", ["5551234567", "5559876543"], "string", {}),
    "international telephone numbers": (
        "contact", [f"+4930{n}" for n in range(1234560, 1234575)], "string", {},
    ),
    "cards by their check digits": (
        "payment", ["4111111111111111", "5500005555555559", "4012888888881881", "6011000990139424",
        "4222222222222220", "5105105105105100", "4242424242424242", "4000056655665556",
        "5555555555554444", "4000002500003155"], "string", {},
    ),
    "article numbers": ("ean", ["4006381333931", "9780306406157"], "string", {}),
    "long digits of one length": ("tweet", ["1234567890123456789", "1234567890123456790"], "string", {}),
    "codes of digits and letters": ("stock", ["85123", *["71053"] * 40, "85123A"], "string", {}),
    "codes that look like exponents": ("block", ["12E5", "13E4"], "string", {}),
    "versions": ("version", ["1.2", "1.10", "2.0"], "string", {}),
    # Booleans
    "true and false": ("x", ["true", "False", "TRUE"], "boolean", {}),
    "yes and no": ("x", ["Yes", "no"], "boolean", {"true_tokens": ("yes",), "false_tokens": ("no",)}),
    "ja und nein": ("x", ["ja", "nein"], "boolean", {"true_tokens": ("ja",), "false_tokens": ("nein",)}),
    "oui et non": ("x", ["oui", "non"], "boolean", {"true_tokens": ("oui",), "false_tokens": ("non",)}),
    "Y and N": ("x", ["Y", "N", "N"], "boolean", {"true_tokens": ("y",), "false_tokens": ("n",)}),
    "a letter alone": ("grade", ["Y", "Y"], "string", {}),
    "flags": ("is_member", ["0", "1", "1"], "boolean", {"true_tokens": ("1",), "false_tokens": ("0",)}),
    "да и нет": ("x", ["да", "нет"], "boolean", {"true_tokens": ("да",), "false_tokens": ("нет",)}),
    "はい and いいえ": (
        "x", ["はい", "いいえ"], "boolean", {"true_tokens": ("はい",), "false_tokens": ("いいえ",)},
    ),
    "yes alone": ("x", ["Yes", "Yes"], "boolean", {"true_tokens": ("yes",), "false_tokens": ("no",)}),
    "no alone may be a country": ("x", ["NO", "NO"], "string", {}),
    "yes, no and maybe": ("x", ["yes", "no", "maybe"], "string", {}),
    "yes, no and unknown": (
        "x", ["yes", "no", "unknown"], "boolean",
        {"true_tokens": ("yes",), "false_tokens": ("no",), "null_tokens": ("", "unknown")},
    ),
    # Null tokens
    "NA among numbers": ("x", ["1.5", "NA", "2"], "float64", {"null_tokens": ("", "NA")}),
    "dashes among integers": ("x", ["1", "-", "2", "-"], "int64", {"null_tokens": ("", "-")}),
    "question marks among words": ("x", ["Private", "?", "Local"], "string", {"null_tokens": ("", "?")}),
    "signs that mean something": ("trend", ["+", "-", "="], "string", {}),
    "NA as Namibia": ("iso", ["NA", "DE", "FR"], "string", {}),
    "a word that repeats among numbers": (
        "x", [*map(str, range(20)), *["withheld"] * 3], "int64", {"null_tokens": ("", "withheld")},
    ),
    "two words among numbers": (
        "x", [*map(str, range(20)), *["low", "high"] * 3], "string", {},
    ),
    "nought dates": (
        "seen", ["2024-01-05", "0000-00-00"], "date",
        {"date_format": "%Y-%m-%d", "null_tokens": ("", "0000-00-00")},
    ),
    # Dates and times
    "ISO dates": ("d", ["2024-01-05", "2024-12-31"], "date", {"date_format": "%Y-%m-%d"}),
    "dates with slashes": ("d", ["2024/1/5", "2024/12/31"], "date", {"date_format": "%Y/%m/%d"}),
    "American dates": ("d", ["1/5/2024", "12/31/2024"], "date", {"date_format": "%m/%d/%Y"}),
    "British dates": ("d", ["5/1/2024", "31/12/2024"], "date", {"date_format": "%d/%m/%Y"}),
    "German dates": ("d", ["5.1.2024", "31.12.2024"], "date", {"date_format": "%d.%m.%Y"}),
    "short years": ("d", ["05/01/24", "31/12/98"], "date", {"date_format": "%d/%m/%y"}),
    "months in words": ("d", ["Jan 5 2024", "May 15 2024"], "date", {"date_format": "%b %d %Y"}),
    "long months": ("d", ["January 5, 2024", "May 15, 2024"], "date", {"date_format": "%B %d, %Y"}),
    "day, short month, year": ("d", ["05-Jan-2024", "31-DEC-2024"], "date", {"date_format": "%d-%b-%Y"}),
    "months": ("month", ["2024-01", "2024-12"], "date", {"date_format": "%Y-%m"}),
    "months of another era": ("month", ["2513/01", "2553/11"], "string", {}),
    "blank dates of dBase": (
        "seen", ["05/13/2024", "/  /"], "date",
        {"date_format": "%m/%d/%Y", "null_tokens": ("", "/  /")},
    ),
    "seasons are no months": ("season", ["2010-11", "2012-13"], "string", {}),
    "digits that are dates by name": ("order_date", ["20240105", "20241231"], "date", {"date_format": "%Y%m%d"}),
    "digits that could be dates": ("batch_no", ["20240105", "20241231"], "int64", {}),
    "digits that are months by name": ("month", ["202401", "202412"], "date", {"date_format": "%Y%m"}),
    "day first in digits": ("birth_date", ["31012024", "01122023"], "date", {"date_format": "%d%m%Y"}),
    "weeks": ("week", ["2024-W01", "2024-W52"], "string", {}),
    "quarters": ("x", ["2024-Q1", "2024-Q4"], "string", {}),
    "days of the year": ("day", ["2024-001", "2024-366"], "date", {"date_format": "%Y-%j"}),
    "serial days of spreadsheets": (
        "excel_date", ["45296", "45300"], "date", {"date_format": "excel"},
    ),
    "serial days without a name": ("x", ["45296", "45300"], "int64", {}),
    "offsets of hours alone": (
        "t", ["2024-01-05 10:00:00+02", "2024-01-05 10:00:00-05"], "datetime",
        {"date_format": "%Y-%m-%d %H:%M:%S%z"},
    ),
    "named zones": (
        "t", ["2024-01-05 10:00 CET", "2024-07-05 10:00 CEST"], "datetime",
        {"date_format": "%Y-%m-%d %H:%M %Z"},
    ),
    "zones of unknown names": ("t", ["2024-01-05 10:00 XYZ"], "string", {}),
    "ISO datetimes": ("t", ["2024-01-05T10:00:00", "2024-01-05T23:59:59"], "datetime", {"date_format": "%Y-%m-%dT%H:%M:%S"}),
    "datetimes with zones": (
        "t", ["2024-01-05T10:00:00Z", "2024-01-05T10:00:00+02:00"], "datetime",
        {"date_format": "%Y-%m-%dT%H:%M:%S%z"},
    ),
    "fractions that come and go": ("t", ["2024-01-05T10:00:00.25", "2024-01-05T10:00:00"], "datetime", {}),
    "datetimes without seconds": ("t", ["2024-01-05 10:00", "2024-01-05 9:30"], "datetime", {"date_format": "%Y-%m-%d %H:%M"}),
    "twelve hours": (
        "t", ["1/5/2024 1:05 PM", "12/31/2024 12:00 am"], "datetime", {"date_format": "%m/%d/%Y %I:%M %p"},
    ),
    "dates of e-mail": (
        "t", ["Mon, 01 Jan 2024 10:00:00 +0000", "Tue, 02 Jan 2024 10:00:00 +0100"], "datetime",
        {"date_format": "%a, %d %b %Y %H:%M:%S %z"},
    ),
    "seconds since 1970": ("created_at", ["1700000000", "1700086400"], "datetime", {"date_format": "epoch_s"}),
    "milliseconds since 1970": ("timestamp", ["1700000000000", "1700086400000"], "datetime", {"date_format": "epoch_ms"}),
    "microseconds since 1970": (
        "ts", ["1700000000000000", "1700086400000000"], "datetime", {"date_format": "epoch_us"},
    ),
    "moments in order that nothing names": (
        "x", [str(1700000000 + 61 * n * n) for n in range(30)], "datetime", {"date_format": "epoch_s"},
    ),
    "numbers one by one are no moments": (
        "x", [str(1700000000 + n) for n in range(30)], "int64", {},
    ),
    "telephone numbers in disorder are no moments": (
        "x", [str(2012000000 + 7919 * n * n % 9999) for n in range(30)], "int64", {},
    ),
    "ten digits that are no moment": ("order_id", ["1700000000", "1700086400"], "int64", {}),
    "times of day": ("opens", ["09:30", "18:00"], "time", {"date_format": "%H:%M"}),
    "hours beyond a day": ("x", ["1:23:45", "30:00:00"], "string", {}),
    "ISO durations": ("x", ["PT5M", "PT1H"], "string", {}),
    "durations stay text": ("duration", ["09:30", "18:00"], "string", {}),
    "words": ("x", ["red", "green"], "string", {}),
}  # fmt: skip


@pytest.mark.parametrize(("name", "texts", "kind", "parse"), CASES.values(), ids=CASES.keys())
def test_type_and_parse(name: str, texts: list[str], kind: str, parse: dict[str, Any]) -> None:
    found = infer(Texts(texts), name)

    assert (str(found.type), found.parse) == (kind, Parse(**parse))


@pytest.mark.parametrize(("name", "texts"), [c[:2] for c in CASES.values()], ids=CASES.keys())
def test_every_value_of_a_typed_column_is_read_by_a_pipeline(name: str, texts: list[str]) -> None:
    found = infer(Texts(texts), name)

    expression = eval(parse_text(Code('pl.col("x")'), found.type, found.parse), {"pl": pl})
    read = pl.DataFrame({"x": found.values.values}).select(expression).to_series()

    assert read.dtype == found.type.to_polars()
    assert read.null_count() == 0


def test_a_column_keeps_its_type_with_three_bad_values_in_a_hundred() -> None:
    found = infer(Texts(["12"] * 97 + ["twelve"] * 3))

    assert str(found.type) == "int64"
    assert [code for code, _ in found.warnings] == ["W_MIXED_TYPES"]


def test_four_bad_values_in_a_hundred_make_it_text() -> None:
    assert str(infer(Texts(["12"] * 96 + ["twelve"] * 4)).type) == "string"


def test_a_bad_value_in_a_small_sample_makes_it_text() -> None:
    assert str(infer(Texts(["12"] * 20 + ["twelve"])).type) == "string"


def test_leading_zeros_are_said() -> None:
    assert [c for c, _ in infer(Texts(["007", "008"])).warnings] == ["W_LEADING_ZEROS"]


def test_ambiguous_dates_follow_the_other_columns() -> None:
    texts = Texts(["03/04/2024", "01/02/2024", "05/01/2024"])

    alone = infer(texts)
    in_company = infer(texts, custom=Custom(day_first=True))

    assert alone.parse.date_format == "%m/%d/%Y"
    assert in_company.parse.date_format == "%d/%m/%Y"
    assert [c for c, _ in alone.warnings] == ["W_AMBIGUOUS_DATE"]


def test_firsts_of_months_tell_day_from_month() -> None:
    texts = [f"1/{month}/{year}" for year in (2022, 2023) for month in range(1, 13)]

    assert infer(Texts(texts)).parse.date_format == "%d/%m/%Y"


def test_order_tells_day_from_month() -> None:
    texts = ["1/9/2024", "1/12/2024", "2/3/2024", "2/8/2024", "3/1/2024"]

    assert infer(Texts(texts)).parse.date_format == "%m/%d/%Y"


def test_several_units_are_said() -> None:
    assert [c for c, _ in infer(Texts(["12 kg", "500 g"])).warnings] == ["W_MIXED_UNITS"]


@pytest.mark.parametrize(
    "texts",
    [
        [*map(str, range(20, 60)), "-999", "-999"],
        [*(f"{n}.5" for n in range(20, 60)), "9999.0", "9999.0"],
        [*(f"2024-01-{n}" for n in range(10, 31)), "1900-01-01", "1900-01-01"],
        [*(f"2024-01-{n}" for n in range(10, 31)), "9999-12-31", "9999-12-31"],
    ],
)
def test_values_that_may_mean_missing_are_said_and_kept(texts: list[str]) -> None:
    found = infer(Texts(texts))

    assert [c for c, _ in found.warnings] == ["W_SENTINEL"]
    assert found.parse.null_tokens == ("",)


@pytest.mark.parametrize(
    "texts",
    [
        [*map(str, range(900, 1100)), "999"],
        [*map(str, range(-50, 50)), "-1"],
        ["2020-01-01", "1900-01-01", "1950-06-05", "1930-01-01", "1910-02-03", "1900-01-01"],
    ],
)
def test_usual_values_are_not_suspected(texts: list[str]) -> None:
    assert infer(Texts(texts)).warnings == ()


def test_a_word_taken_for_missing_is_said() -> None:
    found = infer(Texts([*map(str, range(20)), *["withheld"] * 3]))

    assert [c for c, _ in found.warnings] == ["W_NULL_TOKEN"]


def test_ambiguous_thousands_follow_the_other_columns() -> None:
    texts = Texts(["1.234", "2.345"])

    assert str(infer(texts).type) == "float64"
    assert [c for c, _ in infer(Texts(["1,234"])).warnings] == ["W_AMBIGUOUS_NUMBER"]
    assert infer(Texts(["1,234"]), custom=Custom(decimal_mark=".")).warnings == ()
    assert infer(texts, custom=Custom(decimal_mark=",")).parse.thousands_mark == "."


@pytest.mark.parametrize(
    ("kinds", "texts", "kind"),
    [
        ({"string"}, ["123", "456"], "string"),
        ({"string"}, ["true", "false"], "string"),
        ({"string"}, ["2024-01-05", "2024-02-06"], "date"),
        ({"string", "null"}, ["2024-01-05T10:00:00Z"], "datetime"),
        ({"integer", "null"}, ["123", "456"], "int64"),
        ({"integer"}, ["9223372036854775807"], "int64"),
        ({"integer"}, ["9223372036854775808"], "decimal(38,0)"),
        ({"integer", "number"}, ["1", "1.5", "1e10"], "float64"),
        ({"number"}, ["1E5", "2E6"], "float64"),
        ({"boolean"}, ["true", "false"], "boolean"),
        ({"string", "integer"}, ["a", "1"], "string"),
    ],
)
def test_json_says_what_is_text(kinds: set[str], texts: list[str], kind: str) -> None:
    assert str(infer(Texts(texts), "x", frozenset(kinds)).type) == kind


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=40))
def test_integers_keep_their_values(numbers: list[int]) -> None:
    found = infer(Texts([str(n) for n in numbers]), "x", frozenset({"integer"}))

    expression = eval(parse_text(Code('pl.col("x")'), found.type, found.parse), {"pl": pl})
    read = found.values.series.to_frame("x").select(expression).to_series()

    assert [int(v) for v in read] == numbers


@given(st.lists(st.text(max_size=30).map(str.strip).filter(bool), max_size=40))
def test_any_text_gets_a_type_that_reads_nearly_all_of_it(texts: list[str]) -> None:
    found = infer(Texts(texts), "x")

    expression = eval(parse_text(Code('pl.col("x")'), found.type, found.parse), {"pl": pl})
    read = found.values.series.to_frame("x").select(expression).to_series()

    assert read.null_count() <= 0.03 * len(found.values)
