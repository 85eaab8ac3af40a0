"""sort, limit, top_n, window: operators that look at the order of rows."""

import datetime as dt
from decimal import Decimal

import pytest

T = {"k": "string", "v": "float64", "i": "int64!"}
ROWS = [
    ("b", 2.0, 0),
    ("a", None, 1),
    (None, 5.0, 2),
    ("a", 1.0, 3),
    ("b", 2.0, 4),
    ("a", 3.0, 5),
]


def key(column, descending=False):
    return {"column": column, "descending": descending}


def order(result):
    return [row[2] for row in result.rows]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ([key("v")], [3, 0, 4, 5, 2, 1]),
        ([key("v", True)], [2, 5, 0, 4, 3, 1]),
        ([key("k"), key("v", True)], [5, 3, 1, 0, 4, 2]),
        ([key("k", True), key("v", True)], [0, 4, 5, 3, 1, 2]),
    ],
)
def test_nulls_come_last_in_both_directions_and_equal_rows_stay(run, table, by, expected):
    assert order(run({"op": "sort", "by": by}, table(T, ROWS))) == expected


def test_text_is_compared_by_code_points(run, table):
    rows = [(t,) for t in ("é", "a", "Z", "z", "😀")]
    result = run({"op": "sort", "by": [key("t")]}, table({"t": "string"}, rows))
    assert [row[0] for row in result.rows] == ["Z", "a", "z", "é", "😀"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"n": 2}, [0, 1]), ({"n": 2, "offset": 5}, [5]), ({"n": 0}, []), ({"n": 99}, list(range(6)))],
)
def test_limit_takes_rows_as_they_come(run, table, params, expected):
    assert order(run({"op": "limit", **params}, table(T, ROWS))) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"n": 3, "by": ["v"]}, [2, 5, 0]),
        ({"n": 2, "by": ["v"], "descending": False}, [3, 0]),
        ({"n": 1, "by": ["v"], "partition_by": ["k"]}, [5, 0, 2]),
        ({"n": 9, "by": ["v"]}, [2, 5, 0, 4, 3, 1]),
        ({"n": 1, "by": ["k"], "partition_by": ["k"]}, [1, 0, 2]),
    ],
)
def test_top_n_breaks_ties_by_the_order_of_the_input(run, table, params, expected):
    assert order(run({"op": "top_n", **params}, table(T, ROWS))) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"n": 1}, [2, 4, 5]),
        ({"n": 2}, [2, 4, 5]),
        ({"n": 4}, [2, 4, 5, 0]),
        ({"n": 4, "ties": "first"}, [2, 4, 5, 0]),
        ({"n": 5}, [2, 4, 5, 0, 1, 3]),
        ({"n": 2, "ties": "dense"}, [2, 4, 5, 0]),
        ({"n": 3, "ties": "dense"}, [2, 4, 5, 0, 1, 3]),
        ({"n": 1, "partition_by": ["k"]}, [2, 4, 0, 5]),
        ({"n": 2, "ties": "dense", "partition_by": ["k"]}, [2, 4, 1, 0, 3, 5]),
    ],
)
def test_top_n_can_keep_the_rows_that_are_equal(run, table, params, expected):
    rows = [
        ("b", 1.0, 0), ("a", None, 1), ("a", 5.0, 2), ("b", None, 3), ("a", 5.0, 4), (None, 5.0, 5),
    ]  # fmt: skip
    params = {"op": "top_n", "by": ["v"], "ties": "all", **params}
    assert order(run(params, table(T, rows))) == expected


def test_numberings_follow_the_order_within_each_partition(run, table):
    result = run(
        {
            "op": "window",
            "partition_by": ["k"],
            "order_by": [key("v", True)],
            "figures": [
                {"name": "row", "function": "row_number"},
                {"name": "rank", "function": "rank"},
                {"name": "dense", "function": "dense_rank"},
            ],
        },
        table(T, [*ROWS, ("b", 1.0, 6)]),
    )
    assert {row[2]: row[3:] for row in result.rows} == {
        0: (1, 1, 1),
        4: (2, 1, 1),
        6: (3, 3, 2),
        5: (1, 1, 1),
        3: (2, 2, 2),
        1: (3, 3, 3),
        2: (1, 1, 1),
    }
    assert order(result) == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ({"function": "lag", "column": "v"}, [None, 10, None, 30, None]),
        ({"function": "lead", "column": "v", "offset": 2}, [30, None, 5, None, None]),
        ({"function": "cumulative_sum", "column": "v"}, [10, 10, 40, 40, 45]),
        ({"function": "cumulative_count", "column": "v"}, [1, 1, 2, 2, 3]),
        ({"function": "cumulative_min", "column": "v"}, [10, 10, 10, 10, 5]),
        ({"function": "cumulative_max", "column": "v"}, [10, 10, 30, 30, 30]),
        ({"function": "rolling_sum", "column": "v", "rows": 2}, [10, 10, 30, 30, 5]),
        ({"function": "rolling_sum", "column": "v", "rows": 1}, [10, 0, 30, 0, 5]),
        ({"function": "rolling_mean", "column": "v", "rows": 3}, [10, 10, 20, 30, 17.5]),
        ({"function": "rolling_min", "column": "v", "rows": 3}, [10, 10, 10, 30, 5]),
        ({"function": "rolling_max", "column": "v", "rows": 1}, [10, None, 30, None, 5]),
        ({"function": "share_of_total", "column": "v"}, [10 / 45, None, 30 / 45, None, 5 / 45]),
    ],
)
def test_running_figures_pass_over_missing_values(run, table, figure, expected):
    rows = [(1, 10), (2, None), (3, 30), (4, None), (5, 5)]
    result = run(
        {"op": "window", "order_by": [key("t")], "figures": [{"name": "x", **figure}]},
        table({"t": "int64", "v": "int64"}, rows),
    )
    assert [row[2] for row in result.rows] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("type_", "values", "function", "expected"),
    [
        ("decimal(5,2)", [Decimal("1.10"), None, Decimal("2.25")], "cumulative_sum", "3.35"),
        ("decimal(5,2)", [Decimal("1.10"), None, Decimal("2.25")], "rolling_mean", "1.675"),
        ("date", [dt.date(2024, 1, 2), None, dt.date(2024, 1, 1)], "cumulative_min", "2024-01-01"),
        ("string", ["b", None, "a"], "cumulative_count", "2"),
    ],
)
def test_running_figures_of_other_types(run, table, type_, values, function, expected):
    figure = {"name": "x", "function": function, "column": "v"}
    figure |= {"rows": 3} if function.startswith("rolling") else {}
    result = run(
        {"op": "window", "order_by": [key("t")], "figures": [figure]},
        table({"t": "int64", "v": type_}, list(enumerate(values))),
    )
    assert str(result.rows[-1][-1]) == expected


@pytest.mark.parametrize(
    "figure", [{"function": "cumulative_sum"}, {"function": "rolling_sum", "rows": 2}]
)
def test_a_running_sum_that_does_not_fit_is_missing_and_not_wrong(run, table, figure):
    result = run(
        {
            "op": "window",
            "order_by": [key("t")],
            "figures": [{"name": "x", "column": "t", **figure}],
        },
        table({"t": "int64"}, [(1,), (2**63 - 1,)]),
    )
    assert [row[1] for row in result.rows] == [1, None]


def test_a_share_of_nothing_is_missing(run, table):
    result = run(
        {
            "op": "window",
            "partition_by": ["k"],
            "figures": [{"name": "share", "function": "share_of_total", "column": "v"}],
        },
        table({"k": "string", "v": "int64"}, [("a", 1), ("a", 3), ("b", 0), (None, 5)]),
    )
    assert [row[2] for row in result.rows] == [0.25, 0.75, None, 1.0]


RANK = [{"name": "x", "function": "rank"}]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"op": "sort", "by": [key("z")]}, ("E_UNKNOWN_COLUMN", "/by/0/column")),
        ({"op": "sort", "by": [key("l")]}, ("E_TYPE", "/by/0/column")),
        ({"op": "sort", "by": [key("k"), key("k")]}, ("E_DUPLICATE_COLUMN", "/by/1/column")),
        ({"op": "top_n", "n": 1, "by": ["z"]}, ("E_UNKNOWN_COLUMN", "/by/0")),
        (
            {"op": "top_n", "n": 1, "by": ["v"], "partition_by": ["z"]},
            ("E_UNKNOWN_COLUMN", "/partition_by/0"),
        ),
        ({"op": "sample"}, ("E_PARAMETERS", "/n")),
        ({"op": "sample", "n": 1, "fraction": 0.5}, ("E_PARAMETERS", "/n")),
        ({"op": "window", "figures": RANK}, ("E_ORDER_NEEDED", "/figures/0/function")),
        (
            {"op": "window", "order_by": [key("z")], "figures": RANK},
            ("E_UNKNOWN_COLUMN", "/order_by/0/column"),
        ),
        (
            {
                "op": "window",
                "order_by": [key("v")],
                "figures": [{"name": "k", "function": "row_number"}],
            },
            ("E_DUPLICATE_COLUMN", "/figures/0/name"),
        ),
        (
            {"op": "window", "figures": [{"name": "x", "function": "share_of_total"}]},
            ("E_PARAMETERS", "/figures/0/column"),
        ),
        (
            {
                "op": "window",
                "order_by": [key("v")],
                "figures": [{"name": "x", "function": "rolling_sum", "column": "v"}],
            },
            ("E_PARAMETERS", "/figures/0/rows"),
        ),
        (
            {
                "op": "window",
                "figures": [{"name": "x", "function": "share_of_total", "column": "k"}],
            },
            ("E_TYPE", "/figures/0/column"),
        ),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    assert problems(params, table({**T, "l": "list<int64>"})) == [found]
