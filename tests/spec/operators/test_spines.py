"""date_spine: rows for periods that have none."""

import datetime as dt

import pytest

from ai_data_engineer.spec.operators import date_spine, date_spine_sql


def day(text):
    return None if text is None else dt.date.fromisoformat(text)


def moment(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


SALES = {"day": "date!", "sales": "int64!", "note": "string"}


def spine(run, table, columns, rows, **params):
    return run({"op": "date_spine", "column": "day", **params}, table(columns, rows))


def test_missing_days_are_added_in_their_place_and_others_stay(run, table):
    rows = [(day("2024-03-01"), 5, "é"), (day("2024-02-28"), 1, None), (day("2024-03-01"), 6, "x")]
    result = spine(run, table, SALES, rows, every="day", values={"sales": 0})
    assert result.columns == {"day": "date", "sales": "int64", "note": "string"}
    assert result.rows == [rows[1], (day("2024-02-29"), 0, None), rows[0], rows[2]]


@pytest.mark.parametrize(
    ("every", "start", "end", "added"),
    [
        ("day", "2024-02-28", "2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("week", "2024-12-24", "2025-01-08", ["2024-12-23", "2024-12-30", "2025-01-06"]),
        ("month", "2023-12-31", "2024-02-01", ["2023-12-01", "2024-01-01", "2024-02-01"]),
        ("quarter", "2023-11-05", "2024-04-01", ["2023-10-01", "2024-01-01", "2024-04-01"]),
        ("year", "2023-11-05", "2024-01-01", ["2023-01-01", "2024-01-01"]),
        ("year", "0001-01-01", "0002-01-01", ["0001-01-01", "0002-01-01"]),
        ("day", "9999-12-30", "9999-12-31", ["9999-12-30", "9999-12-31"]),
        ("week", "2024-03-05", "2024-03-05", ["2024-03-04"]),
    ],
)
@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_periods_go_from_the_one_with_start_to_the_one_with_end(
    run, table, kind, every, start, end, added
):
    params = {"every": every, "start": start, "end": end}
    result = spine(run, table, {"day": kind}, [], **params)
    read = day if kind == "date" else moment
    assert [value for (value,) in result.rows] == [read(text) for text in added]


def test_hours_are_counted_in_utc(run, table):
    rows = [(moment("2024-03-31T02:59:59.999999"),), (moment("2024-03-30T23:30"),)]
    result = spine(run, table, {"day": "datetime"}, rows, every="hour")
    assert [value for (value,) in result.rows] == [
        rows[1][0],
        moment("2024-03-31"),
        moment("2024-03-31T01:00"),
        rows[0][0],
    ]


def test_a_row_anywhere_in_a_period_is_enough(run, table):
    rows = [(day("2024-01-17"), 1, None), (day("2024-03-31"), 2, None)]
    result = spine(run, table, SALES, rows, every="month", values={"sales": -1})
    assert result.rows == [rows[0], (day("2024-02-01"), -1, None), rows[1]]


def test_rows_outside_and_without_a_date_stay(run, table):
    rows = [(None,), (day("2020-01-01"),), (day("2024-01-02"),), (day("2030-01-01"),), (None,)]
    params = {"every": "day", "start": "2024-01-01", "end": "2024-01-02"}
    result = spine(run, table, {"day": "date"}, rows, **params)
    assert [value for (value,) in result.rows] == [
        *map(day, ["2020-01-01", "2024-01-01", "2024-01-02", "2030-01-01"]), None, None
    ]  # fmt: skip


SHOPS = {"shop": "string", "day": "date", "n": "int64!", "price": "float64"}
VISITS = [
    ("b", day("2024-01-03"), 1, 1.5),
    ("a", day("2024-01-01"), 2, 2.5),
    (None, day("2024-01-02"), 3, None),
    ("c", None, 4, 4.5),
    ("b", day("2024-01-01"), 5, None),
]


@pytest.mark.parametrize(
    ("params", "days"),
    [
        ({}, {"a": [1, 2, 3], "b": [1, 2, 3], "c": [1, 2, 3, None], None: [1, 2, 3]}),
        ({"span": "partition"}, {"a": [1], "b": [1, 2, 3], "c": [None], None: [2]}),
        (
            {"span": "partition", "end": "2024-01-04"},
            {"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "c": [None], None: [2, 3, 4]},
        ),
        (
            {"start": "2024-01-03"},
            {"a": [1, 3], "b": [1, 3], "c": [3, None], None: [2, 3]},
        ),
    ],
)
def test_partitions_get_the_days_of_the_table_or_their_own(run, table, params, days):
    params = {"every": "day", "partition_by": ["shop"], "values": {"n": 0}, **params}
    result = spine(run, table, SHOPS, VISITS, **params)
    assert [(row[0], row[1] and row[1].day) for row in result.rows] == [
        (shop, number) for shop, numbers in days.items() for number in numbers
    ]
    assert sum(row[2] for row in result.rows) == 15


def test_values_are_carried_into_added_rows_alone_and_never_to_another_partition(run, table):
    rows = [
        ("a", day("2024-01-01"), 1, 1.5),
        ("a", day("2024-01-03"), 2, None),
        ("b", day("2024-01-02"), 3, None),
        ("b", day("2024-01-04"), 4, 4.5),
    ]
    params = {"every": "day", "partition_by": ["shop"], "carry_forward": ["price", "n"]}
    result = spine(run, table, SHOPS, rows, **params)
    assert result.columns == {"shop": "string", "day": "date", "n": "int64", "price": "float64"}
    assert [(row[0], row[1].day, *row[2:]) for row in result.rows] == [
        ("a", 1, 1, 1.5),
        ("a", 2, 1, 1.5),
        ("a", 3, 2, None),
        ("a", 4, 2, 1.5),
        ("b", 1, None, None),
        ("b", 2, 3, None),
        ("b", 3, 3, None),
        ("b", 4, 4, 4.5),
    ]


def test_where_there_is_no_date_nothing_is_added(run, table):
    assert spine(run, table, {"day": "date"}, [(None,)], every="day").rows == [(None,)]
    assert spine(run, table, {"day": "date"}, [], every="year", end="2024-01-01").rows == []


def test_a_start_after_all_dates_adds_nothing(run, table):
    rows = [(day("2024-01-01"),)]
    assert spine(run, table, {"day": "date"}, rows, every="day", start="2024-02-01").rows == rows


@pytest.mark.parametrize("partition", [{}, {"partition_by": ["shop"]}])
def test_too_many_periods_found_in_the_data_stop_the_run(run, table, monkeypatch, partition):
    for module in (date_spine, date_spine_sql):
        monkeypatch.setattr(module, "MOST_PERIODS", 24)
    columns = {"shop": "string", "day": "datetime"}
    params = {"op": "date_spine", "column": "day", "every": "hour", **partition}
    rows = [("a", moment("2024-01-01")), ("a", moment("2024-01-01T23:59"))]
    assert len(run(params, table(columns, rows)).rows) == 24
    with pytest.raises(Exception, match="E_PERIODS There would be more than"):
        run(params, table(columns, [*rows, ("b", moment("2024-01-02"))]))


COLUMNS = {"day": "date", "at": "datetime", "shop": "string", "n": "int64", "l": "list<int64>"}
BASE = {"op": "date_spine", "column": "day", "every": "day"}
GIVEN = {"start": "2024-01-01", "end": "2024-12-31"}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"column": "shop"}, ("E_TYPE", "/column")),
        ({"column": "dai"}, ("E_UNKNOWN_COLUMN", "/column")),
        ({"every": "hour"}, ("E_TYPE", "/column")),
        ({"start": "01.01.2024"}, ("E_VALUE", "/start")),
        ({"end": "2023-02-29"}, ("E_VALUE", "/end")),
        ({"start": "2024-01-02", "end": "2024-01-01"}, ("E_VALUE", "/end")),
        ({"span": "partition"}, ("E_PARAMETERS", "/span")),
        ({"span": "partition", "partition_by": ["shop"], **GIVEN}, ("E_PARAMETERS", "/span")),
        ({"partition_by": ["l"]}, ("E_TYPE", "/partition_by/0")),
        ({"values": {"n": "none"}}, ("E_VALUE", "/values/n")),
        ({"values": {"m": 0}}, ("E_UNKNOWN_COLUMN", "/values/m")),
        ({"values": {"day": "2024-01-01"}}, ("E_DUPLICATE_COLUMN", "/values/day")),
        (
            {"values": {"n": 0}, "carry_forward": ["n"]},
            ("E_DUPLICATE_COLUMN", "/carry_forward/0"),
        ),
        (
            {"partition_by": ["shop"], "carry_forward": ["shop"]},
            ("E_DUPLICATE_COLUMN", "/carry_forward/0"),
        ),
        (
            {"column": "at", "every": "hour", "start": "0001-01-01", "end": "2024-01-01"},
            ("E_PERIODS", "/end"),
        ),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    assert problems({**BASE, **params}, table(COLUMNS)) == [found]
