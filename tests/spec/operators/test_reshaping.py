"""unpivot, split, split_rows, explode, extract, flatten."""

import datetime as dt

import pytest

WIDE = {"k": "string", "y2023": "int64", "y2024": "int64!", "note": "string"}
WIDE_ROWS = [("a", 1, 2, "x"), ("b", None, 4, None)]


@pytest.mark.parametrize(
    "which", [{"columns": ["y2024", "y2023"]}, {"columns": ["y2023", "y2024"]}, {"pattern": "^y"}]
)
def test_columns_become_rows_next_to_each_other(run, table, which):
    params = {"op": "unpivot", "keep": ["k"], "names_to": "year", "values_to": "n", **which}
    result = run(params, table(WIDE, WIDE_ROWS))
    assert result.columns == {"k": "string", "year": "string", "n": "int64"}
    rows = [("a", "y2023", 1), ("a", "y2024", 2), ("b", "y2023", None), ("b", "y2024", 4)]
    turned = [rows[1], rows[0], rows[3], rows[2]]
    assert result.rows == (turned if which.get("columns", [""])[0] == "y2024" else rows)


def test_everything_can_be_unpivoted(run, table):
    result = run({"op": "unpivot", "pattern": "."}, table({"a": "int64", "b": "int64"}, [(1, 2)]))
    assert result.rows == [("a", 1), ("b", 2)]


def test_one_column_can_be_unpivoted(run, table):
    result = run({"op": "unpivot", "columns": ["a"]}, table({"a": "date"}, [(None,)]))
    assert result.rows == [("a", None)]


def test_the_last_part_takes_the_rest(run, table):
    rows = [("a b c",), ("a",), ("",), (None,), ("ä 😀",)]
    result = run(
        {"op": "split", "column": "t", "separator": " ", "into": ["x", "y"]},
        table({"t": "string"}, rows),
    )
    assert result.rows == [
        ("a b c", "a", "b c"),
        ("a", "a", None),
        ("", "", None),
        (None, None, None),
        ("ä 😀", "ä", "😀"),
    ]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"separator": ","}, [(1, "a"), (1, " b"), (2, ""), (3, None), (4, "x;y")]),
        (
            {"separator": r"\s*[,;]\s*", "regex": True},
            [(1, "a"), (1, "b"), (2, ""), (3, None), (4, "x"), (4, "y")],
        ),
        ({"separator": "."}, [(1, "a, b"), (2, ""), (3, None), (4, "x;y")]),
    ],
)
def test_parts_become_rows(run, table, params, expected):
    result = run(
        {"op": "split_rows", "column": "t", **params},
        table({"i": "int64", "t": "string"}, [(1, "a, b"), (2, ""), (3, None), (4, "x;y")]),
    )
    assert result.rows == expected


def test_no_row_is_lost_to_an_empty_or_missing_list(run, table):
    result = run(
        {"op": "explode", "column": "l"},
        table(
            {"i": "int64", "l": "list<string>!", "z": "int64"},
            [(1, ["a", None], 7), (2, [], 8), (3, ["b"], 9)],
        ),
    )
    assert result.columns == {"i": "int64", "l": "string", "z": "int64"}
    assert result.rows == [(1, "a", 7), (1, None, 7), (2, None, 8), (3, "b", 9)]


def test_a_missing_list_gives_a_row(run, table):
    columns = {"i": "int64", "l": "list<struct<x: int64>>"}
    result = run({"op": "explode", "column": "l"}, table(columns, [(1, None), (2, [{"x": 1}])]))
    assert result.rows == [(1, None), (2, {"x": 1})]


@pytest.mark.parametrize(
    ("params", "rows", "expected"),
    [
        (
            {"op": "explode", "column": "l"},
            [(1, ["a", None]), (2, []), (3, None)],
            [(1, "a", 1), (1, None, 2), (2, None, None), (3, None, None)],
        ),
        (
            {"op": "split_rows", "column": "l", "separator": ","},
            [(1, "a,,b"), (2, ""), (3, None)],
            [(1, "a", 1), (1, "", 2), (1, "b", 3), (2, "", 1), (3, None, None)],
        ),
    ],
)
def test_items_and_parts_tell_their_place(run, table, params, rows, expected):
    of = "list<string>" if params["op"] == "explode" else "string"
    result = run({**params, "position": "n"}, table({"i": "int64", "l": of}, rows))
    assert result.columns == {"i": "int64", "l": "string", "n": "int64"}
    assert result.rows == expected


def test_groups_of_the_first_match_become_columns(run, table):
    result = run(
        {"op": "extract", "column": "t", "pattern": r"(\d+)(?:-(\p{L}+))?", "into": ["n", "w"]},
        table({"t": "string"}, [("x12-é 34-z",), ("7",), ("none",), (None,)]),
    )
    assert result.rows == [
        ("x12-é 34-z", "12", "é"),
        ("7", "7", None),
        ("none", None, None),
        (None, None, None),
    ]


def test_an_optional_group_that_takes_nothing_is_null(run, table):
    result = run(
        {"op": "extract", "column": "t", "pattern": r"^(\d*)(?:-(\d*))?$", "into": ["n", "m"]},
        table({"t": "string"}, [("1-2",), ("1-",), ("1",), ("",), ("x",)]),
    )
    assert result.rows == [
        ("1-2", "1", "2"),
        ("1-", "1", None),
        ("1", "1", None),
        ("", "", None),
        ("x", None, None),
    ]


@pytest.mark.parametrize(
    ("prefix", "names"),
    [(None, ["s_x", "s_y"]), ("", ["x", "y"]), ("from ", ["from x", "from y"])],
)
def test_fields_take_the_place_of_their_struct(run, table, prefix, names):
    params = {"op": "flatten", "column": "s"} | ({} if prefix is None else {"prefix": prefix})
    result = run(
        params,
        table(
            {"i": "int64", "s": "struct<x: int64, y: date>", "z": "int64"},
            [(1, {"x": 2, "y": dt.date(2024, 1, 1)}, 3), (4, None, 5)],
        ),
    )
    assert list(result.columns) == ["i", *names, "z"]
    assert result.rows == [(1, 2, dt.date(2024, 1, 1), 3), (4, None, None, 5)]


COLUMNS = {**WIDE, "l": "list<string>", "s": "struct<x: int64>", "s_x": "int64", "k_z": "string"}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"op": "unpivot"}, ("E_PARAMETERS", "/columns")),
        ({"op": "unpivot", "columns": ["k"], "pattern": "k"}, ("E_PARAMETERS", "/columns")),
        ({"op": "unpivot", "columns": ["z"]}, ("E_UNKNOWN_COLUMN", "/columns/0")),
        ({"op": "unpivot", "columns": ["k", "y2023"]}, ("E_TYPE_CONFLICT", "/columns")),
        ({"op": "unpivot", "columns": ["k"], "keep": ["k"]}, ("E_DUPLICATE_COLUMN", "/columns")),
        ({"op": "unpivot", "pattern": "("}, ("E_REGEX", "/pattern")),
        ({"op": "unpivot", "pattern": "(a{999}){999}"}, ("E_REGEX", "/pattern")),
        ({"op": "unpivot", "columns": ["l"]}, ("E_TYPE", "/columns")),
        ({"op": "unpivot", "pattern": "nothing"}, ("E_NO_COLUMNS", "/pattern")),
        (
            {"op": "unpivot", "columns": ["y2023"], "keep": ["k"], "names_to": "k"},
            ("E_DUPLICATE_COLUMN", "/names_to"),
        ),
        (
            {"op": "unpivot", "columns": ["y2023"], "values_to": "name"},
            ("E_DUPLICATE_COLUMN", "/values_to"),
        ),
        (
            {"op": "split", "column": "y2023", "separator": "-", "into": ["x", "y"]},
            ("E_TYPE", "/column"),
        ),
        (
            {"op": "split", "column": "k", "separator": "-", "into": ["x", "note"]},
            ("E_DUPLICATE_COLUMN", "/into/1"),
        ),
        ({"op": "split_rows", "column": "l", "separator": ","}, ("E_TYPE", "/column")),
        (
            {"op": "split_rows", "column": "k", "separator": "[", "regex": True},
            ("E_REGEX", "/separator"),
        ),
        (
            {"op": "split_rows", "column": "k", "separator": r"\s*", "regex": True},
            ("E_REGEX", "/separator"),
        ),
        ({"op": "explode", "column": "k"}, ("E_TYPE", "/column")),
        (
            {"op": "split_rows", "column": "k", "separator": ",", "position": "k"},
            ("E_DUPLICATE_COLUMN", "/position"),
        ),
        (
            {"op": "extract", "column": "k", "pattern": "(a)(?=b)", "into": ["x"]},
            ("E_REGEX", "/pattern"),
        ),
        (
            {"op": "extract", "column": "k", "pattern": "(a)(b)", "into": ["x"]},
            ("E_GROUP_COUNT", "/pattern"),
        ),
        (
            {"op": "extract", "column": "k", "pattern": "(a)", "into": ["k"]},
            ("E_DUPLICATE_COLUMN", "/into/0"),
        ),
        ({"op": "flatten", "column": "l"}, ("E_TYPE", "/column")),
        ({"op": "flatten", "column": "s"}, ("E_DUPLICATE_COLUMN", "/prefix")),
        ({"op": "flatten", "column": "s", "prefix": "__"}, ("E_COLUMN_NAME", "/prefix")),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    assert problems(params, table(COLUMNS)) == [found]
