"""aggregate and pivot: one row of each group."""

import datetime as dt
from decimal import Decimal

import pytest

from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.figures import check_figure
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import STRING

ORDERS = {
    "country": "string",
    "day": "date",
    "at": "datetime",
    "n": "int64",
    "f": "float64",
    "d": "decimal(10,2)",
    "paid": "boolean",
    "status": "string",
}


def at(day, hour):
    return dt.datetime(2024, 1, day, hour, 30, tzinfo=dt.UTC)


ROWS = [
    ("de", dt.date(2024, 1, 7), at(7, 23), 1, 1.0, Decimal("1.10"), True, "open"),
    ("at", dt.date(2024, 1, 8), at(8, 0), 2, 3.0, Decimal("2.20"), False, "paid"),
    ("de", dt.date(2024, 2, 1), at(9, 5), None, None, None, None, None),
    ("de", dt.date(2024, 1, 31), at(9, 5), 4, 2.0, Decimal("0.05"), False, "paid"),
    (None, None, None, None, None, None, None, None),
]


def figures(**named):
    return [{"name": name, **parts} for name, parts in named.items()]


def of(function, column=None, **more):
    return {"function": function, **({"column": column} if column else {}), **more}


def test_figures_of_each_group_sorted_by_the_key_nulls_last(run, table):
    result = run(
        {
            "op": "aggregate",
            "group_by": ["country"],
            "figures": figures(
                rows=of("count"),
                n=of("count", "n"),
                total=of("sum", "n"),
                money=of("sum", "d"),
                mean=of("mean", "n"),
                low=of("min", "f"),
                high=of("max", "d"),
                kinds=of("count_distinct", "status"),
                some=of("any", "paid"),
                every=of("all", "paid"),
            ),
        },
        table(ORDERS, ROWS),
    )
    assert result.columns["money"] == "decimal(38,2)"
    d = Decimal
    assert result.rows == [
        ("at", 1, 1, 2, d("2.20"), 2.0, 3.0, d("2.20"), 1, False, False),
        ("de", 3, 2, 5, d("1.15"), 2.5, 1.0, d("1.10"), 2, True, False),
        (None, 1, 0, 0, d(0), None, None, None, 0, False, True),
    ]


def test_spread_is_that_of_a_sample(run, table):
    result = run(
        {
            "op": "aggregate",
            "figures": figures(
                median=of("median", "d"), std=of("std", "n"), variance=of("variance", "n")
            ),
        },
        table({"d": "decimal(5,1)", "n": "int64"}, [(Decimal("1.5"), 2), (Decimal("2.5"), 4)]),
    )
    assert result.rows == [(2.0, pytest.approx(2**0.5), pytest.approx(2.0))]


def test_a_sum_that_does_not_fit_is_missing_and_not_wrong(run, table):
    largest = 2**63 - 1
    result = run(
        {"op": "aggregate", "group_by": ["k"], "figures": figures(s=of("sum", "n"))},
        table({"k": "string", "n": "int64"}, [("a", largest), ("a", 1), ("b", largest), ("b", 0)]),
    )
    assert result.rows == [("a", None), ("b", largest)]


def test_a_condition_restricts_a_figure_and_not_the_groups(run, table):
    result = run(
        {
            "op": "aggregate",
            "group_by": ["country"],
            "figures": figures(
                paid=of("sum", "n", where="status = 'paid'"),
                open=of("count", where="status = 'open'"),
            ),
        },
        table(ORDERS, ROWS),
    )
    assert result.rows == [("at", 2, 0), ("de", 4, 1), (None, 0, 0)]


def test_first_and_last_are_meant_in_an_order_and_prefer_rows_that_have_one(run, table):
    rows = [("a", 2, "two"), ("a", None, "none"), ("a", 1, None), ("b", None, "only")]
    result = run(
        {
            "op": "aggregate",
            "group_by": ["k"],
            "figures": figures(
                first=of("first", "v", order_by=[{"column": "t"}]),
                last=of("last", "v", order_by=[{"column": "t"}]),
                known=of("first", "v", order_by=[{"column": "t"}], where="v IS NOT NULL"),
            ),
        },
        table({"k": "string", "t": "int64", "v": "string"}, rows),
    )
    assert result.rows == [("a", None, "two", "two"), ("b", "only", "only", "only")]


VALUES = {"k": "string!", "n": "int64", "f": "float64", "d": "decimal(5,2)", "t": "string"}
MANY = [
    ("a", 3, 1.0, Decimal("1.10"), "é"),
    ("a", 1, 4.0, Decimal("1.10"), "a"),
    ("a", 3, None, None, "a"),
    ("a", None, 2.0, Decimal("-3.00"), None),
    ("b", None, None, None, None),
]


@pytest.mark.parametrize(
    ("figure", "type_", "expected"),
    [
        (of("count_null", "n"), "int64", [1, 1]),
        (of("count_null", "t", where="n = 3"), "int64", [0, 0]),
        (of("mode", "n"), "int64", [3, None]),
        (of("mode", "f"), "float64", [1.0, None]),
        (of("mode", "t"), "string", ["a", None]),
        (of("mode", "d"), "decimal(5,2)", [Decimal("1.10"), None]),
        (of("quantile", "n", q=0.25), "float64", [2.0, None]),
        (of("quantile", "n", q=0.25, distinct=True), "float64", [1.5, None]),
        (of("quantile", "f", q=0), "float64", [1.0, None]),
        (of("quantile", "d", q=1), "float64", [1.1, None]),
        (of("quantile", "d", q=0.75, where="t is not null"), "float64", [1.1, None]),
        (of("sum", "n", distinct=True), "int64", [4, 0]),
        (of("sum", "d", distinct=True), "decimal(38,2)", [Decimal("-1.90"), Decimal(0)]),
        (of("mean", "n", distinct=True), "float64", [2.0, None]),
        (of("count", "t", distinct=True), "int64", [2, 0]),
        (of("median", "n", distinct=True), "float64", [2.0, None]),
        (of("variance", "n", distinct=True), "float64", [2.0, None]),
        (of("list", "n"), "list<int64>", [[1, 3, 3], []]),
        (of("list", "n", distinct=True), "list<int64>", [[1, 3], []]),
        (of("list", "n", where="f > 1"), "list<int64>", [[1], []]),
        (of("list", "t", order_by=[{"column": "f"}]), "list<string>", [["é", "a", "a"], []]),
        (
            of("list", "n", order_by=[{"column": "t", "descending": True}], where="f > 0"),
            "list<int64>",
            [[3, 1], []],
        ),
        (of("join_text", "t"), "string", ["a, a, é", ""]),
        (of("join_text", "t", distinct=True, separator=""), "string", ["aé", ""]),
        (of("join_text", "t", separator=" | ", where="n = 3"), "string", ["a | é", ""]),
        (of("join_text", "t", order_by=[{"column": "f"}]), "string", ["é, a, a", ""]),
    ],
)
def test_other_figures_of_a_group(run, table, figure, type_, expected):
    result = run(
        {"op": "aggregate", "group_by": ["k"], "figures": figures(x=figure)}, table(VALUES, MANY)
    )
    assert result.columns["x"] == type_
    assert [row[1] for row in result.rows] == expected
    empty = run({"op": "aggregate", "figures": figures(x=figure)}, table(VALUES, []))
    nothing = 0 if figure["function"] == "count_null" else expected[1]
    assert empty.rows == [(nothing,)]


def test_what_a_list_or_a_mode_shows_is_as_personal_as_the_column():
    schema = Schema({"mail": Column(STRING, pii="email")})
    shown = {f: check_figure(f, "mail", schema, Findings()) for f in ("list", "mode", "count")}
    assert {f: c and c.pii for f, c in shown.items()} == {
        "list": "email",
        "mode": "email",
        "count": None,
    }


def test_without_keys_even_an_empty_table_gives_one_row(run, table):
    params = {
        "op": "aggregate",
        "figures": figures(n=of("count"), s=of("sum", "n"), m=of("max", "n")),
    }
    assert run(params, table({"n": "int64"}, [])).rows == [(0, 0, None)]


@pytest.mark.parametrize(
    ("column", "every", "expected"),
    [
        ("day", "day", [(7, 1), (8, 1), (31, 1), (1, 2)]),
        ("day", "week", [(1, 1), (8, 1), (29, 1)]),
        ("day", "month", [(1, 1), (1, 2)]),
        ("at", "day", [(7, 1), (8, 1), (9, 1)]),
    ],
)
def test_periods_of_a_date_are_keys(run, table, column, every, expected):
    result = run(
        {
            "op": "aggregate",
            "group_by": [{"name": "period", "column": column, "every": every}],
            "figures": figures(n=of("count")),
        },
        table(ORDERS, ROWS),
    )
    assert result.columns["period"] == "date"
    assert result.rows[-1] == (None, 1)
    periods = [(row[0].day, row[0].month) for row in result.rows[:-1]]
    assert periods == expected


@pytest.mark.parametrize(
    ("every", "beginning"),
    [
        ("hour", dt.datetime(2024, 8, 15, 13, tzinfo=dt.UTC)),
        ("day", dt.date(2024, 8, 15)),
        ("week", dt.date(2024, 8, 12)),
        ("month", dt.date(2024, 8, 1)),
        ("quarter", dt.date(2024, 7, 1)),
        ("year", dt.date(2024, 1, 1)),
    ],
)
def test_a_period_is_named_by_its_beginning(run, table, every, beginning):
    result = run(
        {
            "op": "aggregate",
            "group_by": [{"name": "at", "column": "at", "every": every}],
            "figures": figures(latest=of("max", "at")),
        },
        table({"at": "datetime"}, [(dt.datetime(2024, 8, 15, 13, 59, tzinfo=dt.UTC),)]),
    )
    assert result.rows == [(beginning, dt.datetime(2024, 8, 15, 13, 59, tzinfo=dt.UTC))]


PIVOT = {
    "op": "pivot",
    "index": ["country"],
    "column": "status",
    "names": {"p": "paid", "o": "open"},
}


@pytest.mark.parametrize(
    ("params", "rows"),
    [
        ({"value": "n"}, [("at", 2, 0), ("de", 4, 1), (None, 0, 0)]),
        ({"function": "count"}, [("at", 1, 0), ("de", 1, 1), (None, 0, 0)]),
        ({"value": "f", "function": "count_null"}, [("at", 0, 0), ("de", 0, 0), (None, 0, 0)]),
        ({"value": "n", "function": "mode"}, [("at", 2, None), ("de", 4, 1), (None,) * 3]),
        ({"value": "f", "function": "max"}, [("at", 3.0, None), ("de", 2.0, 1.0), (None,) * 3]),
    ],
)
def test_pivot_gives_each_named_value_a_column(run, table, params, rows):
    assert run({**PIVOT, **params}, table(ORDERS, ROWS)).rows == rows


def test_pivot_on_dates(run, table):
    result = run(
        {
            "op": "pivot",
            "index": ["k"],
            "column": "d",
            "names": {"new_year": "2024-01-01"},
            "value": "v",
        },
        table({"k": "string", "d": "date", "v": "int64"}, [("a", dt.date(2024, 1, 1), 5)]),
    )
    assert result.rows == [("a", 5)]


COUNT = figures(n=of("count"))


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"figures": figures(x=of("sum", "z"))}, ("E_UNKNOWN_COLUMN", "/figures/0/column")),
        ({"figures": figures(x=of("sum", "status"))}, ("E_TYPE", "/figures/0/column")),
        ({"figures": figures(x=of("sum"))}, ("E_PARAMETERS", "/figures/0/column")),
        ({"figures": figures(x=of("any", "n"))}, ("E_TYPE", "/figures/0/column")),
        ({"figures": figures(x=of("count", where="1 = 1"))}, ("E_PARAMETERS", "/figures/0/where")),
        ({"figures": figures(x=of("first", "n"))}, ("E_ORDER_NEEDED", "/figures/0/order_by")),
        (
            {"figures": figures(x=of("sum", "n", order_by=[{"column": "n"}]))},
            ("E_PARAMETERS", "/figures/0/order_by"),
        ),
        ({"figures": figures(x=of("quantile", "n"))}, ("E_PARAMETERS", "/figures/0/q")),
        ({"figures": figures(x=of("sum", "n", q=0.5))}, ("E_PARAMETERS", "/figures/0/q")),
        (
            {"figures": figures(x=of("list", "n", separator="/"))},
            ("E_PARAMETERS", "/figures/0/separator"),
        ),
        ({"figures": figures(x=of("join_text", "n"))}, ("E_TYPE", "/figures/0/column")),
        (
            {"figures": figures(x=of("max", "n", distinct=True))},
            ("E_PARAMETERS", "/figures/0/distinct"),
        ),
        (
            {"figures": figures(x=of("count", distinct=True))},
            ("E_PARAMETERS", "/figures/0/distinct"),
        ),
        (
            {"figures": figures(x=of("list", "n", distinct=True, order_by=[{"column": "f"}]))},
            ("E_PARAMETERS", "/figures/0/distinct"),
        ),
        (
            {"group_by": ["status"], "figures": figures(status=of("count"))},
            ("E_DUPLICATE_COLUMN", "/figures/0/name"),
        ),
        ({"group_by": ["z"], "figures": COUNT}, ("E_UNKNOWN_COLUMN", "/group_by/0")),
        ({"group_by": ["tags"], "figures": COUNT}, ("E_TYPE", "/group_by/0")),
        (
            {"group_by": [{"name": "h", "column": "day", "every": "hour"}], "figures": COUNT},
            ("E_TYPE", "/group_by/0/column"),
        ),
        (
            {"group_by": [{"name": "h", "column": "n", "every": "day"}], "figures": COUNT},
            ("E_TYPE", "/group_by/0/column"),
        ),
    ],
)
def test_groups_and_figures_that_do_not_fit_are_found(problems, table, params, found):
    tables = table({**ORDERS, "tags": "list<string>"})
    assert problems({"op": "aggregate", **params}, tables) == [found]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"column": "z"}, ("E_UNKNOWN_COLUMN", "/column")),
        ({"index": ["z"]}, ("E_UNKNOWN_COLUMN", "/index/0")),
        ({"value": "z"}, ("E_UNKNOWN_COLUMN", "/value")),
        ({"value": None}, ("E_PARAMETERS", "/value")),
        ({"names": {}}, ("E_PARAMETERS", "/names")),
        ({"names": {"country": "x"}}, ("E_DUPLICATE_COLUMN", "/names/country")),
        ({"names": {"x": 1}}, ("E_VALUE", "/names/x")),
    ],
)
def test_pivots_that_do_not_fit_are_found(problems, table, params, found):
    assert problems({**PIVOT, "value": "n", **params}, table(ORDERS)) == [found]
