"""cast and parse_date: what converts, and what becomes of the rest."""

import datetime as dt
from decimal import Decimal

import pytest

TEXT = {"id": "int64!", "v": "string"}


def texts(*values):
    return list(enumerate(values))


@pytest.mark.parametrize(
    ("to", "given", "expected"),
    [
        ("int64", ["7", " 8 ", "", None, "-9"], [7, 8, None, None, -9]),
        ("float64", ["1.5", "1e3", None], [1.5, 1000.0, None]),
        ("decimal(18,2)", ["1.005", "2", ""], [Decimal("1.01"), Decimal("2.00"), None]),
        ("boolean", ["true", "FALSE", None], [True, False, None]),
        ("date", ["2024-02-29", ""], [dt.date(2024, 2, 29), None]),
    ],
)
def test_text_becomes_typed(run, table, to, given, expected):
    result = run({"op": "cast", "columns": {"v": to}}, table(TEXT, texts(*given)))
    assert [row[1] for row in result.rows] == expected
    assert result.rejects == []


def test_quarantine_sets_the_row_aside_with_a_reason_and_no_value(run, table):
    result = run(
        {"op": "cast", "columns": {"v": "int64", "w": "date"}},
        table(
            {"v": "string", "w": "string"},
            [("1", "2024-01-01"), ("x", "2024-01-01"), ("2", "soon"), ("x", "soon"), (None, "")],
        ),
    )
    assert result.rows == [(1, dt.date(2024, 1, 1)), (None, None)]
    assert result.rejects == [
        ("x", "2024-01-01", "v: not an int64"),
        ("2", "soon", "w: not a date"),
        ("x", "soon", "v: not an int64"),
    ]


def test_null_keeps_the_row(run, table):
    result = run(
        {"op": "cast", "columns": {"v": "int64"}, "on_error": "null"}, table(TEXT, texts("1", "x"))
    )
    assert result.rows == [(0, 1), (1, None)]


def test_fail_stops_the_run_and_names_column_and_type_but_no_value(run, stops, table):
    params = {"op": "cast", "columns": {"v": "int64"}, "on_error": "fail"}
    assert run(params, table(TEXT, texts("1", ""))).rows == [(0, 1), (1, None)]
    message = stops(params, table(TEXT, texts("1", "secret")))
    assert "E_CONVERSION v: not an int64" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    ("actual", "to", "given", "expected"),
    [
        ("float64", "int64", 3.0, 3),
        ("int64", "decimal(10,1)", 3, Decimal("3.0")),
        ("int64", "string", 3, "3"),
        ("date", "datetime", dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, tzinfo=dt.UTC)),
        ("boolean", "int64", True, 1),
    ],
)
def test_typed_values_become_others(run, table, actual, to, given, expected):
    rows = [(0, given), (1, None)]
    result = run({"op": "cast", "columns": {"v": to}}, table({"id": "int64", "v": actual}, rows))
    assert result.rows == [(0, expected), (1, None)]
    assert result.columns["v"] == to


def test_a_column_of_the_type_already_stays_as_it_is(run, table):
    result = run({"op": "cast", "columns": {"v": "string"}}, table(TEXT, texts(" x ")))
    assert result.rows == [(0, " x ")]


def test_parse_says_how_text_is_read(run, table):
    result = run(
        {
            "op": "cast",
            "columns": {"v": "float64"},
            "parse": {"v": {"decimal_mark": ",", "thousands_mark": ".", "null_tokens": ["n/a"]}},
        },
        table(TEXT, texts("1.234,5", "n/a")),
    )
    assert result.rows == [(0, 1234.5), (1, None)]


def test_formats_are_tried_in_turn(run, table):
    result = run(
        {"op": "parse_date", "columns": ["v"], "formats": ["%d.%m.%Y", "%Y-%m-%d"]},
        table(TEXT, texts("05.01.2024", "2024-01-06", "", None, "31.02.2024")),
    )
    assert result.rows == [(0, dt.date(2024, 1, 5)), (1, dt.date(2024, 1, 6)), (2, None), (3, None)]
    assert result.rejects == [(4, "31.02.2024", "v: not a date")]


def test_datetimes_are_utc(run, table):
    result = run(
        {
            "op": "parse_date",
            "columns": ["v"],
            "formats": ["%Y-%m-%dT%H:%M:%S%z"],
            "to": "datetime",
            "on_error": "null",
        },
        table(TEXT, texts("2024-01-01T00:30:00+0200", "later")),
    )
    assert result.rows == [(0, dt.datetime(2023, 12, 31, 22, 30, tzinfo=dt.UTC)), (1, None)]


@pytest.mark.parametrize(
    ("to", "form", "given", "expected"),
    [
        ("time", "%H:%M", "23:05", dt.time(23, 5)),
        ("datetime", "epoch_s", "86400", dt.datetime(1970, 1, 2, tzinfo=dt.UTC)),
        ("date", "%d %b %Y", " 5 Jan 2024 ", dt.date(2024, 1, 5)),
    ],
)
def test_times_epochs_and_month_names(run, table, to, form, given, expected):
    params = {"op": "parse_date", "columns": ["v"], "formats": [form], "to": to}
    assert run(params, table(TEXT, texts(given))).rows == [(0, expected)]


def test_items_of_a_list_that_do_not_convert_become_null(run, table):
    params = {"op": "cast", "columns": {"v": "list<int64>"}, "on_error": "null"}
    assert run(params, table({"v": "list<string>"}, [(["1", "x"],)])).rows == [([1, None],)]


@pytest.mark.parametrize(
    ("params", "columns", "found"),
    [
        ({"op": "cast", "columns": {"z": "int64"}}, TEXT, ("E_UNKNOWN_COLUMN", "/columns/z")),
        ({"op": "cast", "columns": {"v": "list<int64>"}}, TEXT, ("E_CAST", "/columns/v")),
        (
            {"op": "cast", "columns": {"v": "list<int64>"}},
            {"v": "list<string>"},
            ("E_PARAMETERS", "/on_error"),
        ),
        ({"op": "cast", "columns": {"id": "date"}}, TEXT, ("E_CAST", "/columns/id")),
        (
            {"op": "cast", "columns": {"v": "date"}, "parse": {"v": {"date_format": "%H"}}},
            TEXT,
            ("E_PARSE", "/parse/v"),
        ),
        (
            {"op": "cast", "columns": {"v": "int64"}, "parse": {"id": {}}},
            TEXT,
            ("E_PARAMETERS", "/parse/id"),
        ),
        (
            {"op": "parse_date", "columns": ["id"], "formats": ["%Y-%m-%d"]},
            TEXT,
            ("E_TYPE", "/columns/0"),
        ),
        (
            {"op": "parse_date", "columns": ["v"], "formats": ["%Y-%m-%d", "%Q"]},
            TEXT,
            ("E_DATE_FORMAT", "/formats/1"),
        ),
        (
            {"op": "parse_date", "columns": ["v"], "formats": ["%H:%M"]},
            TEXT,
            ("E_DATE_FORMAT", "/formats/0"),
        ),
    ],
)
def test_what_cannot_be_converted_is_found(problems, table, params, columns, found):
    assert problems(params, table(columns)) == [found]
