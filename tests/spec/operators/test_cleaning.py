"""clean_text, map_values, fill_null, drop_null, deduplicate."""

import datetime as dt
from decimal import Decimal

import pytest

T = {"n": "int64", "t": "string"}


@pytest.mark.parametrize(
    ("params", "given", "expected"),
    [
        ({}, [" a  b ", "\t\r\n", "", None, "é"], ["a  b", None, None, None, "é"]),
        ({"collapse_blanks": True}, [" a \t b "], ["a b"]),
        ({"case": "upper"}, ["straße", "é"], ["STRASSE", "É"]),
        ({"case": "lower"}, ["ÀÉ"], ["àé"]),
        ({"case": "title"}, ["ada LOVELACE-king"], ["Ada Lovelace-King"]),
        ({"trim": False, "empty_to_null": False, "case": "lower"}, [" A", ""], [" a", ""]),
        ({"columns": ["t"]}, ["\u00a0x"], ["\u00a0x"]),
    ],
)
def test_text_is_cleaned(run, table, params, given, expected):
    result = run({"op": "clean_text", **params}, table(T, [(1, text) for text in given]))
    assert [row[1] for row in result.rows] == expected


def test_a_table_without_text_is_left_alone(run, table):
    assert run({"op": "clean_text"}, table({"n": "int64"}, [(1,)])).rows == [(1,)]


@pytest.mark.parametrize(
    ("params", "columns", "given", "expected"),
    [
        ({"mapping": {"a": "A"}}, "string", ["a", "b", None], ["A", "b", None]),
        ({"mapping": {"a": None}}, "string", ["a", "b"], [None, "b"]),
        (
            {"mapping": {"y": True, "n": False}, "unmapped": "null"},
            "string",
            ["y", "n", "?", None],
            [True, False, None, None],
        ),
        (
            {"mapping": {"1": "one"}, "unmapped": "value", "value": "many"},
            "int64",
            [1, 2, None],
            ["one", "many", None],
        ),
        ({"mapping": {"1": 2}}, "int64", [1, 3, None], [2, 3, None]),
        ({"mapping": {"true": "yes"}, "unmapped": "null"}, "boolean", [True, False], ["yes", None]),
        (
            {"mapping": {"1900-01-01": None}},
            "date",
            [dt.date(1900, 1, 1), dt.date(2024, 1, 1)],
            [None, dt.date(2024, 1, 1)],
        ),
        ({"mapping": {"a": 1, "b": 1.5}, "unmapped": "null"}, "string", ["a", "b"], [1.0, 1.5]),
    ],
)
def test_values_are_mapped(run, table, params, columns, given, expected):
    params = {"op": "map_values", "column": "v", **params}
    result = run(params, table({"v": columns}, [(value,) for value in given]))
    assert [row[0] for row in result.rows] == expected


def test_mapping_into_a_new_column_leaves_the_old_one(run, table):
    params = {"op": "map_values", "column": "t", "mapping": {"x": "X"}, "into": "long"}
    assert run(params, table(T, [(1, "x")])).rows == [(1, "x", "X")]


ROWS = {"k": "string", "day": "int64", "v": "int64", "f": "float64", "d": "decimal(10,2)"}
FILL = [
    ("a", 3, None, None, None),
    ("a", 1, 10, 1.0, Decimal("1.00")),
    ("b", 2, None, None, None),
    ("a", 2, 15, 2.0, Decimal("1.02")),
    (None, None, None, None, None),
]


@pytest.mark.parametrize(
    ("params", "column", "expected"),
    [
        ({"values": {"v": 0}}, 2, [0, 10, 0, 15, 0]),
        ({"values": {"d": "9.90"}}, 4, [Decimal(x) for x in ("9.90", "1", "9.90", "1.02", "9.90")]),
        ({"values": {"k": "?"}}, 0, ["a", "a", "b", "a", "?"]),
        ({"columns": ["v"], "method": "zero"}, 2, [0, 10, 0, 15, 0]),
        ({"columns": ["v"], "method": "mean"}, 2, [13, 10, 13, 15, 13]),
        ({"columns": ["f"], "method": "median"}, 3, [1.5, 1.0, 1.5, 2.0, 1.5]),
        (
            {"columns": ["d"], "method": "mean"},
            4,
            [Decimal(x) for x in ("1.01", "1", "1.01", "1.02", "1.01")],
        ),
        (
            {"columns": ["v"], "method": "max", "partition_by": ["k"]},
            2,
            [15, 10, None, 15, None],
        ),
        (
            {"columns": ["v"], "method": "forward", "order_by": [{"column": "day"}]},
            2,
            [15, 10, 10, 15, 15],
        ),
        (
            {
                "columns": ["v"],
                "method": "forward",
                "order_by": [{"column": "day"}],
                "partition_by": ["k"],
            },
            2,
            [15, 10, None, 15, None],
        ),
        ({"columns": ["v"], "method": "forward"}, 2, [None, 10, 10, 15, 15]),
        (
            {"columns": ["v"], "method": "backward", "partition_by": ["k"]},
            2,
            [10, 10, None, 15, None],
        ),
        (
            {
                "columns": ["v"],
                "method": "backward",
                "order_by": [{"column": "day", "descending": True}],
            },
            2,
            [15, 10, 15, 15, None],
        ),
    ],
)
def test_missing_values_are_filled(run, table, params, column, expected):
    result = run({"op": "fill_null", **params}, table(ROWS, FILL))
    assert [row[column] for row in result.rows] == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [(1, "x")]),
        ({"columns": ["n"]}, [(1, "x"), (2, None)]),
        ({"how": "all"}, [(1, "x"), (2, None), (None, "y")]),
        ({"how": "all", "columns": ["t"]}, [(1, "x"), (None, "y")]),
    ],
)
def test_rows_with_missing_values_go(run, table, params, expected):
    rows = [(1, "x"), (2, None), (None, "y"), (None, None)]
    assert run({"op": "drop_null", **params}, table(T, rows)).rows == expected


DUPLICATES = [(1, "b"), (2, "z"), (1, "a"), (None, "n"), (1, None), (None, "m"), (1, "b")]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, DUPLICATES[:-1]),
        ({"keep": "last"}, DUPLICATES[1:]),
        ({"columns": ["n"]}, [(1, "b"), (2, "z"), (None, "n")]),
        ({"columns": ["n"], "keep": "last"}, [(2, "z"), (None, "m"), (1, "b")]),
        (
            {"columns": ["n"], "order_by": [{"column": "t"}]},
            [(2, "z"), (1, "a"), (None, "m")],
        ),
        (
            {"columns": ["n"], "keep": "last", "order_by": [{"column": "t"}]},
            [(2, "z"), (None, "n"), (1, "b")],
        ),
        (
            {"columns": ["n"], "order_by": [{"column": "t", "descending": True}]},
            [(1, "b"), (2, "z"), (None, "n")],
        ),
    ],
)
def test_one_row_of_those_alike_is_kept_where_it_stood(run, table, params, expected):
    assert run({"op": "deduplicate", **params}, table(T, DUPLICATES)).rows == expected


def test_nested_values_can_be_alike(run, table):
    rows = [([1], {"x": 1}), ([1], {"x": 1}), ([2], {"x": 1})]
    columns = {"l": "list<int64>", "s": "struct<x: int64>"}
    assert run({"op": "deduplicate"}, table(columns, rows)).rows == [rows[0], rows[2]]


def test_whole_rows_are_alike_by_the_values_of_their_columns(run, table):
    columns = {"f": "float64", "t": "string", "u": "string"}
    different = [
        (0.0, "ab", "c"),
        (0.0, "a", "bc"),
        (0.0, "c", "ab"),
        (1.0, None, ""),
        (1.0, "", None),
        (None, None, None),
    ]
    again = [(-0.0, "ab", "c"), (1.0, "", None), (None, None, None)]

    assert run({"op": "deduplicate"}, table(columns, different + again)).rows == different


NOTHING = {"trim": False, "empty_to_null": False}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"op": "clean_text", "columns": ["n"]}, ("E_TYPE", "/columns/0")),
        ({"op": "clean_text", **NOTHING}, ("E_PARAMETERS", "")),
        ({"op": "map_values", "column": "f", "mapping": {"1": 1}}, ("E_TYPE", "/column")),
        ({"op": "map_values", "column": "n", "mapping": {"x": 1}}, ("E_VALUE", "/mapping/x")),
        ({"op": "map_values", "column": "n", "mapping": {"1": "x"}}, ("E_VALUE", "/mapping/1")),
        (
            {
                "op": "map_values",
                "column": "t",
                "mapping": {"a": 1, "b": "x"},
                "unmapped": "null",
            },
            ("E_TYPE", "/mapping"),
        ),
        (
            {"op": "map_values", "column": "t", "mapping": {"a": "b"}, "value": "c"},
            ("E_PARAMETERS", "/value"),
        ),
        ({"op": "fill_null"}, ("E_PARAMETERS", "")),
        ({"op": "fill_null", "columns": ["n"]}, ("E_PARAMETERS", "")),
        ({"op": "fill_null", "values": {"n": "0"}}, ("E_VALUE", "/values/n")),
        ({"op": "fill_null", "values": {"z": 0}}, ("E_UNKNOWN_COLUMN", "/values/z")),
        ({"op": "fill_null", "columns": ["t"], "method": "mean"}, ("E_TYPE", "/columns/0")),
        (
            {"op": "fill_null", "values": {"n": 0}, "columns": ["n"], "method": "mean"},
            ("E_DUPLICATE_COLUMN", "/values/n"),
        ),
        ({"op": "drop_null", "columns": ["z"]}, ("E_UNKNOWN_COLUMN", "/columns/0")),
        ({"op": "deduplicate", "columns": ["z"]}, ("E_UNKNOWN_COLUMN", "/columns/0")),
        (
            {"op": "deduplicate", "order_by": [{"column": "z"}]},
            ("E_UNKNOWN_COLUMN", "/order_by/0/column"),
        ),
        (
            {"op": "deduplicate", "order_by": [{"column": "l"}]},
            ("E_TYPE", "/order_by/0/column"),
        ),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    columns = {**T, "f": "float64", "l": "list<int64>"}
    assert problems(params, table(columns)) == [found]
