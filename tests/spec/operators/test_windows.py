"""window: figures over frames, places in a frame, and the numberings of statistics."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

T = {"k": "string", "t": "int64!", "v": "int64", "d": "decimal(5,2)", "s": "string"}
ROWS = [
    ("a", 1, 10, Decimal("1.10"), "x"),
    ("b", 9, 7, Decimal("-0.05"), None),
    ("a", 3, 30, None, "é"),
    ("a", 2, None, Decimal("2.20"), "a"),
    ("a", 4, 5, Decimal("0.15"), None),
]
ORDER = [1, 2, 3, 4]
"""Places of partition `a`, by `t`."""


def key(column: str, descending: bool = False) -> dict[str, Any]:
    return {"column": column, "descending": descending}


def window(figure: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "op": "window",
        "partition_by": ["k"],
        "order_by": [key("t")],
        "figures": [{"name": "x", **figure}],
        **more,
    }


def in_a(result: Any) -> list[Any]:
    return [row[-1] for row in sorted(result.rows, key=lambda r: r[1]) if row[0] == "a"]


def framed(function: str, column: str | None = "v", **frame: Any) -> dict[str, Any]:
    return {"function": function, "column": column, "frame": frame}


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (framed("sum", preceding=1, following=1), [10, 40, 35, 35]),
        (framed("sum", preceding=0, following="unbounded"), [45, 35, 35, 5]),
        (framed("sum", preceding="unbounded", following="unbounded"), [45, 45, 45, 45]),
        (framed("sum", preceding="unbounded", following=-1), [0, 10, 10, 40]),
        (framed("sum", preceding=-1, following=2), [30, 35, 5, 0]),
        (framed("sum", preceding=2, following=0), [10, 10, 40, 35]),
        (framed("mean", preceding=2, following=-1), [None, 10, 10, 30]),
        (framed("min", preceding=1, following=1), [10, 10, 5, 5]),
        (framed("max", preceding=2, following=-2), [None, None, 10, None]),
        (framed("count", preceding=1, following=0), [1, 1, 1, 2]),
        (framed("count", None, preceding=1, following=0), [1, 2, 2, 2]),
        (framed("std", preceding=3, following=0), [None, None, 200**0.5, 175**0.5]),
        (framed("sum", "d", preceding=1, following=0), ["1.10", "3.30", "2.20", "0.15"]),
        (framed("min", "d", preceding=1, following=0), ["1.10", "1.10", "2.20", "0.15"]),
        (framed("mean", "d", preceding=1, following=1), [1.65, 1.65, 1.175, 0.15]),
        (framed("max", "s", preceding=1, following=0), ["x", "x", "é", "é"]),
        (framed("min", "s", preceding="unbounded", following=0), ["x", "a", "a", "a"]),
        (framed("first_value", preceding=1, following=0), [10, 10, None, 30]),
        (framed("last_value", preceding=0, following=1), [None, 30, 5, 5]),
        ({**framed("nth_value", preceding=1, following=1), "n": 2}, [None, None, 30, 5]),
        ({**framed("nth_value", preceding=1, following=1), "n": 3}, [None, 30, 5, None]),
        ({"function": "first_value", "column": "s"}, ["x"] * 4),
        ({"function": "last_value", "column": "s"}, [None] * 4),
        ({"function": "nth_value", "column": "v", "n": 3}, [30] * 4),
        ({"function": "nth_value", "column": "v", "n": 5}, [None] * 4),
        ({"function": "sum", "column": "v"}, [45] * 4),
        ({"function": "mean", "column": "d"}, [1.15] * 4),
        ({"function": "count"}, [4] * 4),
        ({"function": "cumulative_mean", "column": "v"}, [10, 10, 20, 15]),
        ({"function": "cumulative_std", "column": "v"}, [None, None, 200**0.5, 175**0.5]),
        ({"function": "cumulative_max", "column": "s"}, ["x", "x", "é", "é"]),
        ({"function": "rolling_count", "column": "v", "rows": 2}, [1, 1, 1, 2]),
        ({"function": "rolling_std", "column": "v", "rows": 2}, [None, None, None, 312.5**0.5]),
        ({"function": "rolling_sum", "column": "d", "rows": 2}, ["1.10", "3.30", "2.20", "0.15"]),
        ({"function": "rolling_max", "column": "d", "rows": 3}, ["1.10", "2.20", "2.20", "2.20"]),
    ],
)
def test_a_figure_looks_at_the_rows_of_its_frame(run, table, figure, expected):
    got = in_a(run(window(figure), table(T, ROWS)))
    if any(isinstance(value, Decimal) for value in got):
        assert [str(value) for value in got] == expected
    else:
        assert got == pytest.approx(expected)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ({"function": "percent_rank"}, [0, 0, 2 / 4, 3 / 4, 1]),
        ({"function": "cume_dist"}, [2 / 5, 2 / 5, 3 / 5, 4 / 5, 1]),
        ({"function": "ntile", "n": 1}, [1, 1, 1, 1, 1]),
        ({"function": "ntile", "n": 2}, [1, 1, 1, 2, 2]),
        ({"function": "ntile", "n": 3}, [1, 1, 2, 2, 3]),
        ({"function": "ntile", "n": 4}, [1, 1, 2, 3, 4]),
        ({"function": "ntile", "n": 9}, [1, 2, 3, 4, 5]),
    ],
)
def test_numberings_of_statistics(run, table, figure, expected):
    rows = [(1,), (1,), (3,), (5,), (None,)]
    params = {"op": "window", "order_by": [key("t")], "figures": [{"name": "x", **figure}]}
    assert [row[1] for row in run(params, table({"t": "int64"}, rows)).rows] == pytest.approx(
        expected
    )


def test_a_partition_of_one_row_has_percent_rank_0(run, table):
    figures = [{"name": n, "function": n} for n in ("percent_rank", "cume_dist")]
    result = run(window({}, figures=figures), table(T, ROWS[:2]))
    assert [row[-2:] for row in result.rows] == [(0, 1), (0, 1)]


@pytest.mark.parametrize(
    ("partition", "expected"), [([], [1, 2, 3, 4, 5]), (["k"], [1, 1, 2, 3, 4])]
)
def test_rows_are_numbered_as_they_stand_without_an_order(run, table, partition, expected):
    numbered = window({"function": "row_number"}, order_by=[], partition_by=partition)
    assert [row[-1] for row in run(numbered, table(T, ROWS)).rows] == expected


def test_whole_partitions_need_no_order(run, table):
    result = run(
        {
            "op": "window",
            "partition_by": ["k"],
            "figures": [
                {"name": "mean", "function": "mean", "column": "v"},
                {"name": "rows", "function": "count"},
            ],
        },
        table(T, ROWS),
    )
    assert [row[-2:] for row in result.rows] == [(15, 4), (7, 1), (15, 4), (15, 4), (15, 4)]


DAYS = [dt.date(2024, 2, d) for d in (1, 3, 3, 28)] + [dt.date(2024, 3, 1), None, None]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"preceding": 2}, [1, 7, 7, 8, 24, 96, 96]),
        ({"preceding": 0, "following": 2}, [7, 6, 6, 24, 16, 96, 96]),
        ({"preceding": 0}, [1, 6, 6, 8, 16, 96, 96]),
        ({"preceding": 2, "following": -1}, [0, 1, 1, 0, 8, 0, 0]),
        ({"preceding": -1, "following": 2}, [6, 0, 0, 16, 0, 0, 0]),
        ({"preceding": "unbounded"}, [1, 7, 7, 15, 31, 96, 96]),
        ({"preceding": "unbounded", "following": "unbounded"}, [31] * 5 + [96] * 2),
    ],
)
@pytest.mark.parametrize("type_", ["date", "datetime"])
def test_a_frame_of_days_goes_by_the_date_and_takes_equal_ones(run, table, frame, expected, type_):
    at = dt.time(9 if type_ == "datetime" else 0)
    days = [day and dt.datetime.combine(day, at) for day in DAYS]
    rows = [(day, 2**n) for n, day in enumerate(days if type_ == "datetime" else DAYS)]
    figure = {"name": "x", **framed("sum", unit="days", **frame)}
    result = run(
        {"op": "window", "order_by": [key("day")], "figures": [figure]},
        table({"day": type_, "v": "int64"}, rows),
    )
    assert [row[-1] for row in result.rows] == expected


def test_both_ends_of_a_frame_of_days_are_included(run, table):
    at = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    late = [at, at + dt.timedelta(days=1), at + dt.timedelta(days=2, microseconds=1)]
    result = run(
        {
            "op": "window",
            "order_by": [key("at")],
            "figures": [{"name": "x", **framed("count", None, unit="days", preceding=1)}],
        },
        table({"at": "datetime!"}, [(moment,) for moment in late]),
    )
    assert [row[1] for row in result.rows] == [1, 2, 1]


def test_days_reach_to_the_ends_of_the_calendar(run, table):
    days = [dt.date(1, 1, 1), dt.date(9999, 12, 31)]
    result = run(
        {
            "op": "window",
            "order_by": [key("day")],
            "figures": [
                {"name": "x", **framed("count", "day", unit="days", following="unbounded")},
                {"name": "y", **framed("count", "day", unit="days", preceding=1_000_000)},
            ],
        },
        table({"day": "date!"}, [(day,) for day in days]),
    )
    assert [row[1:] for row in result.rows] == [(2, 1), (2, 1)]


def test_a_sum_in_a_frame_that_does_not_fit_is_missing(run, table):
    rows = [(1, 2**63 - 1), (2, 1), (3, -1)]
    result = run(
        {
            "op": "window",
            "order_by": [key("t")],
            "figures": [{"name": "x", **framed("sum", preceding=1, following=1)}],
        },
        table({"t": "int64!", "v": "int64"}, rows),
    )
    assert [row[2] for row in result.rows] == [None, 2**63 - 1, 0]


def expected_in_frame(
    function: str, values: list[int | None], start: int | None, end: int | None
) -> list[Any]:
    """Work a figure out row by row; ends are places from the row, None: unbounded."""
    found = []
    for row in range(len(values)):
        first = 0 if start is None else max(row + start, 0)
        last = len(values) if end is None else max(row + end + 1, 0)
        seen = [v for v in values[first:last] if v is not None]
        if function in ("sum", "count"):
            found.append(sum(seen) if function == "sum" else len(seen))
        elif function == "std":
            found.append(statistics.stdev(seen) if len(seen) > 1 else None)
        else:
            work = {"min": min, "max": max, "mean": statistics.fmean}[function]
            found.append(work(seen) if seen else None)
    return found


ends = st.one_of(st.none(), st.integers(-3, 3))


@settings(max_examples=60)
@given(
    values=st.lists(st.one_of(st.none(), st.integers(-50, 50)), max_size=9),
    start=ends,
    end=ends,
    function=st.sampled_from(["sum", "mean", "min", "max", "count", "std"]),
)
def test_every_frame_is_what_row_by_row_gives(run, table, values, start, end, function):
    if start is not None and end is not None and start > end:
        return
    frame = {
        "preceding": "unbounded" if start is None else -start,
        "following": "unbounded" if end is None else end,
    }
    result = run(
        {
            "op": "window",
            "order_by": [key("t")],
            "figures": [{"name": "x", **framed(function, **frame)}],
        },
        table({"t": "int64!", "v": "int64"}, list(enumerate(values))),
    )
    expected = expected_in_frame(function, values, start, end)
    for (*_, got), wanted in zip(result.rows, expected, strict=True):
        assert (got is None) == (wanted is None)
        assert got is None or math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("figure", "found"),
    [
        (framed("sum", preceding=1, following=-2), ("E_PARAMETERS", "/figures/0/frame")),
        (framed("sum", preceding=1_000_001), ("E_PARAMETERS", "/figures/0/frame")),
        (framed("sum", unit="days", preceding=1), ("E_ORDER_NEEDED", "/figures/0/frame/unit")),
        (framed("lag", preceding=1), ("E_PARAMETERS", "/figures/0/frame")),
        (framed("cumulative_sum", preceding=1), ("E_PARAMETERS", "/figures/0/frame")),
        (
            framed("last_value", unit="days", preceding=1),
            ("E_PARAMETERS", "/figures/0/frame/unit"),
        ),
        ({"function": "ntile"}, ("E_PARAMETERS", "/figures/0/n")),
        ({"function": "nth_value", "column": "v"}, ("E_PARAMETERS", "/figures/0/n")),
        ({"function": "sum", "column": "v", "n": 2}, ("E_PARAMETERS", "/figures/0/n")),
        ({"function": "mean", "column": "v", "rows": 2}, ("E_PARAMETERS", "/figures/0/rows")),
        ({"function": "first_value"}, ("E_PARAMETERS", "/figures/0/column")),
        ({"function": "std", "column": "s"}, ("E_TYPE", "/figures/0/column")),
    ],
)
def test_frames_that_do_not_fit_are_found(problems, table, figure, found):
    assert problems(window(figure), table(T)) == [found]


@pytest.mark.parametrize(
    "order_by", [[key("day", True)], [key("day"), key("v")], [key("v")], [key("nowhere")]]
)
def test_days_need_one_ascending_date(problems, table, order_by):
    figure = {"name": "x", **framed("sum", unit="days", preceding=6)}
    found = problems(
        {"op": "window", "order_by": order_by, "figures": [figure]},
        table({"day": "date", "v": "int64"}),
    )
    unknown = order_by == [key("nowhere")]
    assert found == [
        ("E_UNKNOWN_COLUMN", "/order_by/0/column")
        if unknown
        else ("E_ORDER_NEEDED", "/figures/0/frame/unit")
    ]


def test_first_and_last_value_need_an_order(problems, table):
    figure = {"function": "first_value", "column": "v"}
    assert problems(window(figure, order_by=[]), table(T)) == [
        ("E_ORDER_NEEDED", "/figures/0/function")
    ]
