"""Names and texts are data: whatever they look like, they never become code."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ODD = [
    'a"); import os #',
    "b' + __import__('os').system('x') + '",
    "{rows}",
    "{0}",
    "}}{{",
    "line\nend",
    "\\",
    'quote"""',
    "ž\u202eoddly",
    "self",
    "class",
    "pl",
    "exprs",
    "a.*b",
    "$1",
    "\x00",
    " ",
    "a__SQLGLOT__LB__",
]
SIMPLE = [
    lambda a, b: {"op": "select", "columns": [b, a]},
    lambda a, b: {"op": "drop", "columns": [a]},
    lambda a, b: {"op": "rename", "columns": {a: f"{a}2", b: a}},
    lambda a, b: {"op": "reorder", "columns": [b]},
    lambda a, b: {"op": "cast", "columns": {a: "int64", b: "date"}},
    lambda a, b: {"op": "cast", "columns": {a: "int64"}, "on_error": "null"},
    lambda a, b: {"op": "parse_date", "columns": [a], "formats": ["%d'\"{}%m\\%Y"]},
    lambda a, b: {"op": "clean_text", "columns": [a], "case": "upper", "collapse_blanks": True},
    lambda a, b: {"op": "map_values", "column": a, "mapping": {a: b, b: None}},
    lambda a, b: {
        "op": "map_values",
        "column": a,
        "mapping": {b: b},
        "unmapped": "value",
        "value": a,
        "into": f"{b}3",
    },
    lambda a, b: {"op": "fill_null", "values": {a: b}},
    lambda a, b: {
        "op": "fill_null",
        "columns": [a],
        "method": "forward",
        "order_by": [{"column": b}],
    },
    lambda a, b: {"op": "drop_null", "columns": [a]},
    lambda a, b: {"op": "drop_null", "columns": [a, b], "how": "all"},
    lambda a, b: {"op": "deduplicate", "columns": [a], "order_by": [{"column": b}]},
    lambda a, b: {
        "op": "aggregate",
        "group_by": [a],
        "figures": [{"name": f"{b}4", "function": "max", "column": b}],
    },
    lambda a, b: {
        "op": "window",
        "partition_by": [a],
        "order_by": [{"column": b}],
        "figures": [
            {"name": f"{a}5", "function": "rank"},
            {"name": f"{b}6", "function": "lag", "column": a},
        ],
    },
    lambda a, b: {"op": "sort", "by": [{"column": a, "descending": True}, {"column": b}]},
    lambda a, b: {"op": "top_n", "n": 1, "by": [a], "partition_by": [b]},
    lambda a, b: {"op": "top_n", "n": 1, "by": [a, b], "ties": "all"},
    lambda a, b: {
        "op": "aggregate",
        "group_by": [a],
        "figures": [
            {"name": f"{b}l", "function": "list", "column": b, "order_by": [{"column": a}]},
            {"name": f"{b}j", "function": "join_text", "column": b, "separator": a},
            {"name": f"{a}f", "function": "first", "column": b, "order_by": [{"column": b}]},
        ],
    },
    lambda a, b: {
        "op": "window",
        "partition_by": [a],
        "order_by": [{"column": b}],
        "figures": [
            {"name": f"{a}w", "function": "max", "column": b, "frame": {"preceding": 1}},
            {"name": f"{b}w", "function": "nth_value", "column": a, "n": 2},
        ],
    },
    lambda a, b: {
        "op": "pivot",
        "index": [a],
        "column": b,
        "names": {f"{b}7": a},
        "function": "count",
    },
    lambda a, b: {
        "op": "unpivot",
        "columns": [a, b],
        "names_to": f"{a}8",
        "values_to": f"{b}9",
    },
    lambda a, b: {"op": "split", "column": a, "separator": b, "into": [f"{a}x", f"{b}y"]},
    lambda a, b: {"op": "split_rows", "column": a, "separator": b},
    lambda a, b: {"op": "extract", "column": a, "pattern": r"([\"'{}]+)", "into": [f"{a}x"]},
    lambda a, b: {"op": "mask", "columns": [a, b], "keep_first": 1},
    lambda a, b: {"op": "mask", "columns": [a], "method": "constant", "value": b},
    lambda a, b: {"op": "hash", "columns": [a]},
    lambda a, b: {"op": "subtitle_rows", "column": a, "into": f"{b}s"},
    lambda a, b: {
        "op": "split_dataset",
        "parts": [{"name": a, "fraction": 0.5}, {"name": b}],
        "part": b,
        "key": [a],
    },
    lambda a, b: {
        "op": "transpose",
        "column": a,
        "names": {f"{a}t": b},
        "columns": [b],
        "names_to": f"{b}n",
    },
    lambda a, b: {"op": "surrogate_key", "name": f"{a}k", "columns": [a, b]},
]
names = st.text(min_size=1, max_size=20).filter(lambda t: t[0] not in "*^" and t[:2] != "__")


@pytest.mark.parametrize("params", SIMPLE)
@pytest.mark.parametrize("odd", ODD)
def test_odd_names_and_texts_are_only_data(run, table, params, odd):
    rows = [(odd, "x"), ("y", None), (None, odd)]
    run(params(odd, "other"), table({odd: "string", "other": "string"}, rows))
    run(params("other", odd), table({odd: "string", "other": "string"}, rows))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(one=names, two=names)
@pytest.mark.parametrize("params", SIMPLE)
def test_any_names_are_only_data(run, table, params, one, two):
    if one != two:
        run(params(one, two), table({one: "string", two: "string"}, [(one, two), (None, None)]))


@settings(max_examples=40)
@given(one=names, two=names)
def test_any_names_join_and_unite(run, table, one, two):
    if one == two or f"{two}_right" == one:
        return
    left, right = {one: "string", two: "int64"}, {two: "int64", one: "string"}
    rows = [("x", 1)]
    joined = run({"op": "join", "left_on": [one]}, table(left, rows), table(right, [(2, "x")]))
    assert joined.rows == [("x", 1, 2)]
    united = run({"op": "union"}, table(left, rows), table(right, [(2, "x")]))
    assert united.rows == [("x", 1), ("x", 2)]
    ranged = {"op": "join", "ranges": [{"column": one, "low": one, "high": one}], "suffix": two}
    assert len(run(ranged, table({one: "string"}, [("x",)]), table({one: "string"}, [("x",)])).rows)
    dated = table({one: "string", two: "date"}, [("x", dt.date(2024, 1, 1))])
    nearest = {"op": "asof_join", "left_on": two, "left_by": [one], "suffix": one}
    assert len(run(nearest, dated, dated).rows) == 1
    versions = {"op": "scd2", "keys": [one], "at": two, "valid_from": f"{one}>", "valid_to": two}
    tracked = table({one: "string", two: "date", f"{two}!": "string"}, [])
    assert run({**versions, "is_current": f"{one}?"}, tracked).rows == []


@pytest.mark.parametrize("odd", ODD)
def test_odd_names_of_lists_and_structs_are_only_data(run, table, odd):
    lists = table({odd: "list<int64>", "x": "int64"}, [([1, 2], 3)])
    assert run({"op": "explode", "column": odd}, lists).rows == [(1, 3), (2, 3)]
    quoted = odd.replace('"', '""')
    structs = table({odd: f'struct<"{quoted}": int64>'}, [({odd: 1},)])
    assert run({"op": "flatten", "column": odd, "prefix": odd}, structs).rows == [(1,)]
    assert list(run({"op": "flatten", "column": odd}, structs).columns) == [f"{odd}_{odd}"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_stubs_and_names_of_groups_are_only_data(run, table, odd):
    wide = table({f"{odd}_{odd}": "int64", f"{odd}_x": "int64"}, [(1, 2)])
    params = {"op": "wide_to_long", "stubs": [odd], "group": "(?s).+", "names_to": f"{odd}n"}
    assert run(params, wide).rows == [(odd, 1), ("x", 2)]


@pytest.mark.parametrize(
    ("taken", "params"),
    [
        ("checked", {"op": "cast", "columns": {"a": "int64"}}),
        ("refuse_failures", {"op": "cast", "columns": {"a": "int64"}, "on_error": "fail"}),
        ("sha256", {"op": "hash", "columns": ["a"]}),
        ("key", {"op": "hash", "columns": ["a"], "salt_env": "HASH_SALT"}),
        ("sha256", {"op": "surrogate_key", "columns": ["a"]}),
        ("place", {"op": "sample", "n": 1}),
        ("drawn", {"op": "sample", "n": 1}),
        ("subtitle", {"op": "subtitle_rows", "column": "a", "into": "b", "where": "a = '1'"}),
        (
            "digits",
            {
                "op": "split_dataset",
                "parts": [{"name": "x", "fraction": 0.5}, {"name": "y"}],
                "part": "x",
                "key": ["a"],
            },
        ),
        ("bad", {"op": "quarantine", "where": "a = '1'", "reason": "one"}),
    ],
)
def test_an_input_may_be_called_like_a_variable_of_the_step(run, table, monkeypatch, taken, params):
    monkeypatch.setenv("HASH_SALT", "pepper")
    one = table({"a": "string"}, [("1",), ("2",)])
    assert run({**params, "inputs": [taken]}, one).rows == run(params, one).rows


@pytest.mark.parametrize(
    ("taken", "params"),
    [
        *((name, {"op": "bin", "column": "x", "into": "r", "count": 2})
          for name in ("number", "finite", "low", "high", "reached")),
        ("edges", {"op": "bin", "column": "x", "into": "r", "count": 2, "method": "quantiles"}),
        *((name, {"op": "clip_outliers", "columns": ["x"]}) for name in ("q1", "q3", "low", "high")),
        ("to_multiple", {"op": "round", "columns": ["x"], "multiple": 0.5}),
        *((name, {"op": "date_spine", "column": "d", "every": "day", "partition_by": ["x"]})
          for name in ("spans", "periods", "added", "refuse_too_many")),
    ],
)  # fmt: skip
def test_an_input_of_numbers_may_be_called_like_a_variable_too(run, table, taken, params):
    one = table({"x": "float64", "d": "date"}, [(1.0, None), (2.25, None)])
    assert run({**params, "inputs": [taken]}, one).rows == run(params, one).rows
