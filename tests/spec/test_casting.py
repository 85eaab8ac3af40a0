"""Casts: which texts and values become which values, and which become null."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.parsing import DateLanguage, Parse
from ai_data_engineer.spec.casting import can_cast, cast_value, is_missing, parse_text
from ai_data_engineer.spec.code import col
from ai_data_engineer.spec.date_words import month_names, weekday_names
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.plain_text import read_plainly
from ai_data_engineer.spec.sql.casting import cast_sql, missing_sql
from ai_data_engineer.types import LogicalType
from tests.engines import Cast, check_casts

NAMES = {"pl": pl, "dt": dt, "Decimal": Decimal}


def parsed(text: str | None, kind: str, parse: Parse | None = None) -> object:
    return read([text], kind, parse)[2].to_list()[0]


def read(texts: Sequence[str | None], kind: str, parse: Parse | None = None) -> Cast:
    """Read texts in polars; the result can be held against the engines."""
    return casted(texts, "string", kind, parse)


def casted(values: Sequence[object], source: str, kind: str, parse: Parse | None = None) -> Cast:
    """Cast values in polars; the result can be held against the engines."""
    from_type, to = LogicalType.parse(source), LogicalType.parse(kind)
    given = pl.Series("a", values, dtype=from_type.to_polars())
    expression = eval(cast_value(col("a"), from_type, to, parse or Parse()), NAMES)
    found = given.to_frame().lazy().select(expression).collect().to_series()
    assert found.dtype == to.to_polars()
    return given, lambda d, a: cast_sql(d, a, from_type, to, parse or Parse()), found


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type]


PLAIN_TEXTS = [
    ("string", " a b\t\r\n", "a b"),
    ("string", "\u00a0a", "\u00a0a"),
    ("string", "  ", None),
    ("int64", " 7\n", 7),
    ("int64", "+7", 7),
    ("int64", "-007", -7),
    ("int64", "9223372036854775807", 2**63 - 1),
    ("int64", "-9223372036854775808", -(2**63)),
    ("int64", "9223372036854775808", None),
    *(("int64", t, None) for t in ("3.7", "1e3", "0x10", "1_000", "1,000", "٣", "7 8", "-", "")),
    ("float64", "1.5", 1.5),
    ("float64", ".5", 0.5),
    ("float64", "5.", 5.0),
    ("float64", "-1E3", -1000.0),
    ("float64", "1e999", None),
    ("float64", "9" * 400, None),
    *(("float64", t, None) for t in ("inf", "-Infinity", "nan", ".", "1e", "1_000", "1,5")),
    ("decimal(7,2)", "1.005", Decimal("1.01")),
    ("decimal(7,2)", "-1.005", Decimal("-1.01")),
    ("decimal(7,2)", "1.0049999999999999999999", Decimal("1.00")),
    ("decimal(7,2)", "99999.994", Decimal("99999.99")),
    ("decimal(7,2)", "99999.995", None),
    ("decimal(7,2)", "100000", None),
    ("decimal(7,2)", "1e3", None),
    ("decimal(38,0)", "9" * 36 + ".5", Decimal("1" + "0" * 36)),
    ("decimal(38,0)", "9" * 39, None),
    ("decimal(18,18)", ".0000000000000000005", Decimal("1E-18")),
    ("boolean", " TRUE ", True),
    ("boolean", "False", False),
    *(("boolean", t, None) for t in ("yes", "1", "t", "")),
    ("date", "2024-01-05", dt.date(2024, 1, 5)),
    ("date", "2024-1-5", dt.date(2024, 1, 5)),
    ("date", " 2024-02-29 ", dt.date(2024, 2, 29)),
    *(("date", t, None) for t in ("2023-02-29", "2024-13-01", "24-01-05", "2024-01-05x")),
    ("time", "13:45:10", dt.time(13, 45, 10)),
    ("time", "13:45:10.25", dt.time(13, 45, 10, 250000)),
    *(("time", t, None) for t in ("24:00:00", "13:45", "13:45:60", "1:00:00")),
    ("datetime", "2024-01-05T10:00:00", utc(2024, 1, 5, 10)),
    ("datetime", "2024-01-05 10:00:00.123456789", utc(2024, 1, 5, 10, 0, 0, 123456)),
    ("datetime", "2024-01-05T10:00:00Z", utc(2024, 1, 5, 10)),
    ("datetime", "2024-01-05T10:00:00-0530", utc(2024, 1, 5, 15, 30)),
    ("datetime", "2024-01-05T10:00:00+02:00", utc(2024, 1, 5, 8)),
    *(("datetime", t, None) for t in ("2024-01-05", "2024-01-05T10:00", "2024-01-05T10:00:60")),
    ("binary", "é", "é".encode()),
]


@pytest.mark.parametrize(("kind", "text", "expected"), PLAIN_TEXTS)
def test_plain_text(kind: str, text: str, expected: object) -> None:
    assert parsed(text, kind) == expected
    assert parsed(None, kind) is None


GERMAN = Parse(decimal_mark=",", thousands_mark=".")
DOLLARS = Parse(prefix="$", thousands_mark=",")
ACCOUNTS = Parse(prefix="$", thousands_mark=",", negative="parentheses")
KILOS = Parse(prefix="ca. ", suffix=" kg")


PARSED_TEXTS = [
    ("float64", "1.234,5", GERMAN, 1234.5),
    ("float64", "1234,5", GERMAN, 1234.5),
    ("float64", "-1.234.567,89", GERMAN, -1234567.89),
    ("float64", "12.34", GERMAN, None),
    ("float64", "1.23,4", GERMAN, None),
    ("int64", "1.234", GERMAN, 1234),
    ("decimal(9,1)", "1.234,55", GERMAN, Decimal("1234.6")),
    ("int64", "1 234", Parse(thousands_mark=" "), 1234),
    ("int64", "1\u202f234", Parse(thousands_mark="\u202f"), 1234),
    ("int64", "1'234", Parse(thousands_mark="'"), 1234),
    ("int64", "12,34,567", Parse(thousands_mark=","), 1234567),
    ("int64", "12,34,56", Parse(thousands_mark=","), None),
    ("int64", "12.34.567", GERMAN, None),
    ("float64", "(5)", ACCOUNTS, -5.0),
    ("float64", "(1,234.50)", ACCOUNTS, -1234.5),
    ("float64", "($5)", ACCOUNTS, -5.0),
    ("float64", "$(5)", ACCOUNTS, -5.0),
    ("float64", "-$5", ACCOUNTS, -5.0),
    ("float64", "5", ACCOUNTS, 5.0),
    ("float64", "(-5)", ACCOUNTS, None),
    ("float64", "(5", ACCOUNTS, None),
    ("float64", "(5)", DOLLARS, None),
    ("float64", "(5 %)", Parse(suffix="%", negative="parentheses"), -5.0),
    ("float64", "(5) %", Parse(suffix="%", negative="parentheses"), -5.0),
    ("float64", "12.5-", Parse(negative="behind"), -12.5),
    ("float64", "12 kg-", Parse(negative="behind", suffix="kg"), -12.0),
    ("float64", "-12-", Parse(negative="behind"), None),
    ("decimal(9,2)", "\u221212.5", Parse(negative="typographic"), Decimal("-12.50")),
    ("int64", "(9)", Parse(negative="parentheses", null_tokens=("(9)",)), None),
    ("float64", "$1,234.50", DOLLARS, 1234.5),
    ("float64", "-$5", DOLLARS, -5.0),
    ("float64", "$ -5", DOLLARS, -5.0),
    ("float64", "5", DOLLARS, 5.0),
    ("float64", "€5", DOLLARS, None),
    ("float64", "12.5 %", Parse(suffix="%"), 12.5),
    ("float64", "5kg", KILOS, 5.0),
    ("float64", "ca. 5 kg", KILOS, 5.0),
    ("float64", "5 lb", KILOS, None),
    ("int64", "-999", Parse(null_tokens=("", "-999")), None),
    ("float64", "$0", Parse(prefix="$", null_tokens=("$0",)), None),
    ("string", "n/a ", Parse(null_tokens=("n/a",)), None),
    ("string", "", Parse(null_tokens=()), ""),
    ("string", " a ", Parse(trim=False), " a "),
    ("string", "  ", Parse(trim=False), None),
    ("int64", " 7", Parse(trim=False), None),
    ("boolean", "JA", Parse(true_tokens=("ja",), false_tokens=("nein",)), True),
    ("boolean", "nein", Parse(true_tokens=("ja",), false_tokens=("nein",)), False),
    ("boolean", "true", Parse(true_tokens=("ja",), false_tokens=("nein",)), None),
    ("boolean", "N", Parse(true_tokens=("Y",), false_tokens=("N",), null_tokens=("N",)), None),
]


@pytest.mark.parametrize(("kind", "text", "parse", "expected"), PARSED_TEXTS)
def test_text_with_a_parse(kind: str, text: str, parse: Parse, expected: object) -> None:
    assert parsed(text, kind, parse) == expected


DATED_TEXTS = [
    ("date", "%d.%m.%Y", "5.1.2024", dt.date(2024, 1, 5)),
    ("date", "%d.%m.%Y", "31.02.2024", None),
    ("date", "%d.%m.%Y", "05.01.24", None),
    ("date", "%m/%d/%y", "1/5/69", dt.date(2069, 1, 5)),
    ("date", "%m/%d/%y", "1/5/70", dt.date(1970, 1, 5)),
    ("date", "%Y%m%d", "20240105", dt.date(2024, 1, 5)),
    ("date", "%Y%m%d", "2024115", None),
    ("date", "%d %b %Y", "5 JAN 2024", dt.date(2024, 1, 5)),
    ("date", "%d %b %Y", "5 January 2024", None),
    ("date", "%B %d, %Y", "January 5, 2024", dt.date(2024, 1, 5)),
    ("date", "%Y-%j", "2024-366", dt.date(2024, 12, 31)),
    ("date", "%Y-%j", "2023-366", None),
    ("date", "%Y-%m", "2024-02", dt.date(2024, 2, 1)),
    ("date", "%b %Y", "FEB 2024", dt.date(2024, 2, 1)),
    ("date", "%Y %B", "2024 february", dt.date(2024, 2, 1)),
    ("date", "%a %d %b %Y", "Mon 05 Jan 2024", None),
    ("date", "%a %d %b %Y", "Fri 05 Jan 2024", dt.date(2024, 1, 5)),
    ("date", "%Y-%m-%dT%H:%M:%S%z", "2024-01-05T23:00:00-05:00", dt.date(2024, 1, 5)),
    ("date", "%d%%%m%%%Y", "05%01%2024", dt.date(2024, 1, 5)),
    ("date", "epoch_ms", "1700000000000", dt.date(2023, 11, 14)),
    ("datetime", "%Y-%m-%d", "2024-01-05", utc(2024, 1, 5)),
    ("datetime", "%Y-%m-%dT%H:%M:%S%z", "2024-01-05T10:00:00Z", utc(2024, 1, 5, 10)),
    ("datetime", "%Y-%m-%dT%H:%M:%S%z", "2024-01-05T10:00:00", None),
    (
        "datetime",
        "%Y-%m-%d %H:%M:%S.%f",
        "2024-01-05 10:00:00.5",
        utc(2024, 1, 5, 10, 0, 0, 500000),
    ),
    (
        "datetime",
        "%Y-%m-%d %H:%M:%S,%f",
        "2024-01-05 10:00:00,123",
        utc(2024, 1, 5, 10, 0, 0, 123000),
    ),
    ("datetime", "%m/%d/%Y %I:%M %p", "1/5/2024 12:05 am", utc(2024, 1, 5, 0, 5)),
    ("datetime", "%m/%d/%Y %I:%M %p", "1/5/2024 13:05 PM", None),
    ("datetime", "%d/%b/%Y:%H:%M:%S %z", "05/Jan/2024:10:00:00 +0100", utc(2024, 1, 5, 9)),
    ("date", "%B %d%o, %Y", "March 22nd, 2024", dt.date(2024, 3, 22)),
    ("date", "%B %d%o, %Y", "March 22, 2024", None),
    ("datetime", "%Y-%m-%d %H:%M %Z", "2024-01-05 10:00 EST", utc(2024, 1, 5, 15)),
    ("datetime", "%Y-%m-%d %H:%M %Z", "2024-07-05 10:00 CEST", utc(2024, 7, 5, 8)),
    ("datetime", "%Y-%m-%d %H:%M %Z", "2024-01-05 10:00 XYZ", None),
    ("datetime", "%Y-%m-%d %H:%M%z", "2024-01-05 10:00+02", utc(2024, 1, 5, 8)),
    ("date", "excel", "45296", dt.date(2024, 1, 5)),
    ("datetime", "excel", "45296.75", utc(2024, 1, 5, 18)),
    ("date", "excel", "-5", None),
    ("datetime", "epoch_us", "1700000000123456", utc(2023, 11, 14, 22, 13, 20, 123456)),
    ("datetime", "epoch_s", "-1", utc(1969, 12, 31, 23, 59, 59)),
    ("datetime", "epoch_s", "1700000000.5", None),
    ("datetime", "epoch_s", "999999999999", None),
    ("time", "%I:%M %p", "9:05 pm", dt.time(21, 5)),
    ("time", "%I:%M %p", "9:05 p.m.", dt.time(21, 5)),
    ("time", "%I:%M %p", "9:05 a. m.", dt.time(9, 5)),
    ("time", "%I:%M %p", "9:05 p.m", None),
    ("time", "%H:%M", "9:05", dt.time(9, 5)),
]


@pytest.mark.parametrize(("kind", "form", "text", "expected"), DATED_TEXTS)
def test_date_formats(kind: str, form: str, text: str, expected: object) -> None:
    assert parsed(text, kind, Parse(date_format=form)) == expected


WORDED_TEXTS = [
    ("de", "%d. %B %Y", "5. März 2024", dt.date(2024, 3, 5)),
    ("de", "%d. %B %Y", "5. MÄRZ 2024", dt.date(2024, 3, 5)),
    ("de", "%d. %b %Y", "5. Sept. 2024", dt.date(2024, 9, 5)),
    ("de", "%d. %B %Y", "31. Februar 2024", None),
    ("de", "%d. %B %Y", "5. Foo 2024", None),
    ("de", "%d. %B %Y", "5. March 2024", None),
    ("es", "%d de %B de %Y", "5 de mayo de 2024", dt.date(2024, 5, 5)),
    ("fr", "%A %d%o %B %Y", "lundi 1er janv. 2024", dt.date(2024, 1, 1)),
    ("fr", "%A %d%o %B %Y", "mar. 2 janvier 2024", dt.date(2024, 1, 2)),
    ("ru", "%d %B %Y г.", "5 января 2024 г.", dt.date(2024, 1, 5)),
    ("en", "%b %d, %Y", "Sept. 5, 2024", dt.date(2024, 9, 5)),
]


@pytest.mark.parametrize(("language", "form", "text", "expected"), WORDED_TEXTS)
def test_months_in_words(
    language: DateLanguage, form: str, text: str, expected: dt.date | None
) -> None:
    assert parsed(text, "date", Parse(date_format=form, date_language=language)) == expected


@pytest.mark.parametrize("language", get_args(DateLanguage))
def test_each_language_has_its_months_and_no_word_for_two(language: DateLanguage) -> None:
    names = month_names(language)

    assert len(set(names.values())) == 12
    assert all(name == name.lower() for name in names)
    assert not set(names) & set(weekday_names(language)) - {"mar"}


@pytest.mark.parametrize(
    ("kind", "form", "message"),
    [
        ("date", "%H:%M", "names no day"),
        ("date", "%d.%m.", "names no day"),
        ("date", "%Q", "`%Q` is not a date directive"),
        ("date", "%Y-%m-%d %Y", "once"),
        ("datetime", "%Y-%m-%d %I:%M", "%I without %p"),
        ("datetime", "%Y-%m-%d %H", "names no time of day"),
        ("datetime", "%Y-%m-%d %H:%M:%S%f", "behind a point or a comma"),
        ("time", "%Y %H:%M", "more than a time of day"),
        ("time", "epoch_s", "a moment"),
        ("time", "excel", "no time of day"),
        ("date", "%o %d %B %Y", "stands behind %d"),
        ("datetime", "%Z %Y-%m-%d %H:%M", "stands at the end"),
    ],
)
def test_a_format_that_cannot_be_followed_is_refused(kind: str, form: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_text(col("a"), LogicalType.parse(kind), Parse(date_format=form))


def test_one_mark_cannot_be_both() -> None:
    with pytest.raises(ValueError, match="the same"):
        parse_text(col("a"), LogicalType("int64"), Parse(thousands_mark="."))


def test_missing_is_null_or_a_token_after_trimming() -> None:
    frame = pl.DataFrame({"a": ["x", " ", "NA\n", None]})
    parse = Parse(null_tokens=("", "NA"), trim=False)

    missing = frame.select(eval(is_missing(col("a"), parse), NAMES)).to_series()
    only_null = frame.select(eval(is_missing(col("a"), Parse(null_tokens=())), NAMES)).to_series()

    assert missing.to_list() == [False, True, True, True]
    check_casts([(frame["a"], lambda d, a: missing_sql(d, a, parse), missing)])
    assert only_null.to_list() == [False, False, False, True]


def test_source_of_plain_columns_is_short() -> None:
    assert parse_text(col("n"), LogicalType("string")) == (
        """pl.col("n").str.strip_chars(' \\t\\r\\n')"""
        '.pipe(lambda x: pl.when(x != "").then(x))'
    )
    assert parse_text(col("n"), LogicalType("int64")) == (
        """pl.col("n").str.strip_chars(' \\t\\r\\n')"""
        """.pipe(lambda x: pl.when(x.str.contains("^[+-]?[0-9]+$")).then(x))"""
        ".cast(pl.Int64, strict=False)"
    )
    nested = LogicalType.parse("list<string>")
    assert parse_text(col("n"), nested) == col("n")


VALUES = [
    (3.7, "float64", "int64", 3),
    (-3.7, "float64", "int64", -3),
    (1e19, "float64", "int64", None),
    (float("nan"), "float64", "int64", None),
    (0.125, "float64", "decimal(5,2)", Decimal("0.13")),
    (-0.125, "float64", "decimal(5,2)", Decimal("-0.13")),
    (999.996, "float64", "decimal(5,2)", None),
    (1000.0, "float64", "decimal(5,2)", None),
    (float("inf"), "float64", "decimal(5,2)", None),
    (float("nan"), "float64", "decimal(5,2)", None),
    (1e300, "float64", "decimal(38,0)", None),
    (1.5, "float64", "decimal(1,1)", None),
    (2.5, "float64", "string", "2.5"),
    (7, "int64", "float64", 7.0),
    (1000, "int64", "decimal(5,2)", None),
    (7, "int64", "decimal(5,2)", Decimal("7.00")),
    (7, "int64", "string", "7"),
    (1, "int64", "boolean", True),
    (2, "int64", "boolean", None),
    (True, "boolean", "int64", 1),
    (True, "boolean", "string", "true"),
    (True, "boolean", "decimal(3,1)", Decimal("1.0")),
    (Decimal("-3.70"), "decimal(5,2)", "int64", -3),
    (Decimal("0.25"), "decimal(5,2)", "decimal(5,1)", Decimal("0.3")),
    (Decimal("999.99"), "decimal(5,2)", "decimal(4,2)", None),
    (Decimal("9" * 36 + ".99"), "decimal(38,2)", "decimal(38,0)", None),
    (Decimal("3.70"), "decimal(5,2)", "string", "3.70"),
    (dt.date(2024, 1, 5), "date", "string", "2024-01-05"),
    (dt.date(2024, 1, 5), "date", "datetime", utc(2024, 1, 5)),
    (utc(2024, 1, 5, 23, 59), "datetime", "date", dt.date(2024, 1, 5)),
    (utc(2024, 1, 5, 23, 59), "datetime", "time", dt.time(23, 59)),
    (utc(2024, 1, 5, 1, 2, 3), "datetime", "string", "2024-01-05T01:02:03Z"),
    (utc(2024, 1, 5, 1, 2, 3, 5), "datetime", "string", "2024-01-05T01:02:03.000005Z"),
    (dt.time(1, 2, 3), "time", "string", "01:02:03"),
    (" 7 ", "string", "int64", 7),
    (["1", "x"], "list<string>", "list<int64>", [1, None]),
]


@pytest.mark.parametrize(("value", "source", "target", "expected"), VALUES)
def test_values(value: object, source: str, target: str, expected: object) -> None:
    assert casted([value, None], source, target)[2].to_list() == [expected, None]


def test_the_engines_read_every_text_alike() -> None:
    check_casts(
        [
            *(read([text], kind) for kind, text, _ in PLAIN_TEXTS),
            *(read([text], kind, parse) for kind, text, parse, _ in PARSED_TEXTS),
            *(read([t], kind, Parse(date_format=form)) for kind, form, t, _ in DATED_TEXTS),
            *(
                read([text], "date", Parse(date_format=form, date_language=language))
                for language, form, text, _ in WORDED_TEXTS
            ),
        ]
    )


def test_the_engines_cast_every_value_alike() -> None:
    check_casts([casted([value, None], source, to) for value, source, to, _ in VALUES])


def test_an_integer_becomes_a_date_only_by_a_format() -> None:
    int64, date = LogicalType("int64"), LogicalType("date")
    parse = Parse(date_format="%Y%m%d")

    assert not can_cast(int64, date)
    assert can_cast(int64, date, parse)
    frame = pl.DataFrame({"a": [20240105, 5]})
    result = frame.select(eval(cast_value(col("a"), int64, date, parse), NAMES)).to_series()
    assert result.to_list() == [dt.date(2024, 1, 5), None]
    check_casts([casted([20240105, 5], "int64", "date", parse)])


ALL = [
    *("boolean", "int64", "float64", "string", "date", "time", "datetime", "binary"),
    *("decimal(10,2)", "list<int64>", "struct<a: int64>"),
]


@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("target", ALL)
def test_every_pair_casts_or_is_refused(source: str, target: str) -> None:
    from_type, to = LogicalType.parse(source), LogicalType.parse(target)
    if not can_cast(from_type, to):
        with pytest.raises(ValueError, match="cannot become"):
            cast_value(col("a"), from_type, to)
        return

    check_casts([casted([None], source, target)])


@pytest.mark.parametrize("kind", [*ALL, 'struct<a: list<decimal(5,2)>, "b c": datetime>'])
def test_dtype_source_is_the_polars_dtype(kind: str) -> None:
    logical = LogicalType.parse(kind)
    assert eval(dtype(logical), NAMES) == logical.to_polars()


KINDS = st.sampled_from([k for k in ALL if "<" not in k] + ["decimal(38,0)", "decimal(1,1)"])


TEXTS = st.lists(
    st.text(max_size=30) | st.from_regex(r"[-+0-9.,eE:T /]{1,45}", fullmatch=True),
    min_size=1,
    max_size=20,
)


@given(kind=KINDS, texts=TEXTS)
def test_no_text_raises(kind: str, texts: list[str]) -> None:
    check_casts([read(texts, kind)])


@given(values=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_integers_survive_being_written(values: list[int]) -> None:
    cast = read([str(v) for v in values], "int64")
    assert cast[2].to_list() == values
    check_casts([cast, *(casted(values, "int64", kind) for kind in ("string", "decimal(18,2)"))])


@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_survive_being_written(values: list[float]) -> None:
    cast = read([repr(v) for v in values], "float64")
    assert cast[2].to_list() == values
    check_casts([cast])


@given(values=st.lists(st.floats(), min_size=1))
def test_floats_become_the_same_on_every_engine(values: list[float]) -> None:
    kinds = ("string", "int64", "decimal(18,2)", "decimal(38,0)", "decimal(5,4)")
    check_casts([casted(values, "float64", kind) for kind in kinds])


@given(values=st.lists(st.decimals(-(10**10), 10**10, places=4, allow_nan=False), min_size=1))
def test_decimals_round_half_away_from_zero(values: list[Decimal]) -> None:
    cast = read([f"{v:f}" for v in values], "decimal(18,2)")
    assert cast[2].to_list() == [
        v.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP") for v in values
    ]
    kinds = ("decimal(18,2)", "decimal(7,1)", "int64", "float64", "string")
    check_casts([cast, *(casted(values, "decimal(18,4)", kind) for kind in kinds)])


@given(
    values=st.lists(st.datetimes(), min_size=1),
    form=st.sampled_from(["%d.%m.%Y %H:%M:%S.%f", "%Y%m%d%H%M%S.%f"]),
)
def test_datetimes_survive_being_written(values: list[dt.datetime], form: str) -> None:
    texts = [v.strftime(form.replace("%Y", f"{v.year:04}")) for v in values]
    cast = read(texts, "datetime", Parse(date_format=form))
    moments = [v.replace(tzinfo=dt.UTC) for v in values]
    assert cast[2].to_list() == moments
    kinds = ("date", "time", "string")
    check_casts([cast, *(casted(moments, "datetime", kind) for kind in kinds)])
    check_casts([casted([v.time() for v in values], "time", "string")])


FORMATS = [
    "%Y-%m-%d", "%m/%d/%y", "%Y%m%d", "%d %b %Y", "%B %d, %Y", "%Y-%j", "%y%j", "%Y-%m", "%b %Y",
    "%a %d %b %Y", "%A, %d %B %Y", "%d%%%m%%%Y", "%d%b%Y", "%Y-%m-%dT%H:%M:%S%z",
    "%d/%b/%Y:%H:%M:%S %z", "%a %b %d %H:%M:%S %z %Y", "%m/%d/%Y %I:%M %p", "%Y%m%d%H%M%S",
    "%d.%m.%Y %I:%M:%S.%f %p", "%Y-%m-%d %H:%M:%S,%f", "%Y-%j %H:%M",
]  # fmt: skip
OFFSETS = ("+0100", "-0530", "+01:00", "+00:00", "-23:59", "+1800", "+24:00", "+0160", "+02", "Z")


@st.composite
def written_in(draw: Any, form: str) -> str:
    """A moment in a format, perhaps with a character too many or another one."""
    value = draw(st.datetimes(min_value=dt.datetime(1000, 1, 1)))
    text = value.strftime(form.replace("%z", draw(st.sampled_from(OFFSETS))))
    text = draw(st.sampled_from([str, str.upper, str.lower]))(text)
    if draw(st.integers(0, 3)) == 0:
        place, cut = draw(st.integers(0, len(text))), draw(st.integers(0, 1))
        text = text[:place] + draw(st.sampled_from("0123456789 -:.aZ\n")) + text[place + cut :]
    return text


@given(data=st.data(), form=st.sampled_from(FORMATS), kind=st.sampled_from(["date", "datetime"]))
def test_every_format_reads_the_same_on_every_engine(
    data: st.DataObject, form: str, kind: str
) -> None:
    texts = data.draw(st.lists(written_in(form), min_size=1, max_size=20))
    parse = Parse(date_format=form, trim=data.draw(st.booleans()))
    check_casts([read(texts, kind, parse)])


WRITTEN = st.one_of(
    st.text(st.sampled_from("0123456789+-.,eE _x\t\n٣１:T/Z"), max_size=12),
    st.text(st.sampled_from("01259.-+"), min_size=15, max_size=45),
    st.from_regex(r"\A[ +]?[0-9]{1,4}[-/. ][ 0-9]{1,2}[-/.][0-9]{1,3}[T ]?[0-9:. ]{0,9}\Z"),
    st.sampled_from(
        ["", " ", "NA", "na", "-", "nan", "NaN", "inf", "-Infinity", "1e400", "1e3", "-0", "+7", "7.",
         ".5", "yes", "YES", "Yes", "yEs", "yes ", "no", "true", "TRUE", "1", "0", "2024-01-05",
         "2024-1-5", " 2024-01-05", "2024-02-30", "+2024-01-05", "2024-01-05T10:00:00Z", "0.005",
         "9223372036854775808", "2024-01-05 10:00:60", "-999", "ſ", "K"]
    ),
)  # fmt: skip


READ_PLAINLY = [
    (LogicalType.parse(kind), parse)
    for kind, parse in [
        *(
            (kind, parse)
            for kind in ("int64", "float64", "decimal(18,2)", "decimal(5,0)", "decimal(38,0)")
            for parse in (
                Parse(),
                Parse(null_tokens=("", "NA", "-", "NaN")),
                Parse(trim=False),
                Parse(thousands_mark=","),
            )
        ),
        ("decimal(37,35)", Parse()),
        ("boolean", Parse()),
        ("boolean", Parse(true_tokens=("yes", "1", " y"), false_tokens=("NO", "yes", "0"))),
        ("boolean", Parse(null_tokens=("", "no"), true_tokens=("yes",), false_tokens=("no",))),
        ("date", Parse(null_tokens=("", "2024-01-05"))),
        ("date", Parse(date_format="%d.%m.%Y")),
        ("date", Parse(date_format="%Y%m%d", trim=False)),
        ("time", Parse()),
        ("datetime", Parse()),
        ("datetime", Parse(date_format="%Y-%m-%dT%H:%M:%S")),
        ("datetime", Parse(date_format="%Y-%m-%d %H:%M:%S.%f")),
    ]
]


@given(case=st.sampled_from(READ_PLAINLY), texts=st.lists(WRITTEN, min_size=20, max_size=40))
def test_what_is_read_plainly_is_read_the_same(
    case: tuple[LogicalType, Parse], texts: list[str]
) -> None:
    to, parse = case
    plainly = read_plainly(col("a"), to, parse)
    assert plainly is not None
    frame = pl.LazyFrame({"a": pl.Series(["", *texts], dtype=pl.String)})
    found = frame.select(
        plainly=eval(plainly, NAMES), exact=eval(parse_text(col("a"), to, parse), NAMES)
    ).collect()
    assert found.schema["plainly"] == to.to_polars()
    assert found.row(0) == (None, None)
    assert found.filter(
        pl.col("plainly").is_not_null() & pl.col("plainly").ne_missing(pl.col("exact"))
    ).is_empty()


@pytest.mark.parametrize(
    ("kind", "parse"),
    [
        ("int64", Parse(null_tokens=("NA",))),
        ("int64", Parse(null_tokens=("", "-999"))),
        ("float64", Parse(decimal_mark=",")),
        ("float64", Parse(thousands_mark=".", decimal_mark=",")),
        ("decimal(7,2)", Parse(prefix="1")),
        ("decimal(2,2)", Parse()),
        ("date", Parse(date_format="%Y-%m-%d ")),
        ("date", Parse(date_format="excel")),
    ],
)
def test_what_may_mean_something_else_is_not_read_plainly(kind: str, parse: Parse) -> None:
    assert read_plainly(col("a"), LogicalType.parse(kind), parse) is None
