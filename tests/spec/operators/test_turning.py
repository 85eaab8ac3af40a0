"""wide_to_long, transpose, subtitle_rows: tables made for the eye, turned into tables of records."""

import datetime as dt

import pytest

WIDE = {
    "shop": "string",
    "sales_2023": "int64!",
    "cost_2023": "float64",
    "sales_2024": "int64!",
    "cost_2025": "float64",
    "sales_total": "int64",
    "note": "string",
}
WIDE_ROWS = [("Zürich", 1, 1.5, 2, None, 3, "x"), (None, 4, None, 5, 5.5, 9, None)]
LONG = [
    ("Zürich", 2023, 1, 1.5),
    ("Zürich", 2024, 2, None),
    ("Zürich", 2025, None, None),
    (None, 2023, 4, None),
    (None, 2024, 5, None),
    (None, 2025, None, 5.5),
]


@pytest.mark.parametrize(
    "which",
    [
        {"stubs": ["sales", "cost"]},
        {"pattern": "(?P<stub>sales|cost)_(?P<name>[0-9]+)"},
        {"stubs": ["sales_20", "cost_20"], "separator": "", "group": "2[0-9]"},
    ],
)
def test_groups_of_columns_become_rows(run, table, which):
    params = {"op": "wide_to_long", "keep": ["shop"], "names_to": "year", "names_type": "int64"}
    result = run({**params, **which}, table(WIDE, WIDE_ROWS))
    if "separator" in which:
        assert result.rows == [(shop, year - 2000, *rest) for shop, year, *rest in LONG]
    else:
        assert result.columns == {
            "shop": "string", "year": "int64", "sales": "int64", "cost": "float64",
        }  # fmt: skip
        assert result.rows == LONG


def test_the_name_may_stand_before_the_stub_and_be_any_text(run, table):
    result = run(
        {"op": "wide_to_long", "pattern": "(?P<name>.+) (?P<stub>Größe)", "keep": ["k"]},
        table(
            {"k": "int64", "m Größe": "date", "w Größe": "date", "Größe": "date"},
            [(1, *[None] * 3)],
        ),
    )
    assert result.columns == {"k": "int64", "name": "string", "Größe": "date"}
    assert result.rows == [(1, "m", None), (1, "w", None)]


def test_one_group_and_nothing_kept(run, table):
    result = run({"op": "wide_to_long", "stubs": ["a"]}, table({"a_1": "int64"}, [(7,), (7,)]))
    assert result.rows == [("1", 7), ("1", 7)]


QUARTERS = {"quarter": "string", "sales": "int64!", "cost": "int64!", "note": "string"}
QUARTER_ROWS = [("Q2", 3, 4, "x"), ("Q1", 1, 2, None), ("Q2", 5, 6, None), (None, 7, 8, None)]


def test_named_rows_become_columns_and_the_first_of_a_name_counts(run, table):
    result = run(
        {
            "op": "transpose",
            "column": "quarter",
            "names": {"first": "Q1", "second": "Q2", "third": "Q3"},
            "columns": ["cost", "sales"],
            "names_to": "figure",
        },
        table(QUARTERS, QUARTER_ROWS),
    )
    assert result.columns == {
        "figure": "string", "first": "int64", "second": "int64", "third": "int64",
    }  # fmt: skip
    assert result.rows == [("cost", 2, 4, None), ("sales", 1, 3, None)]


def test_the_first_row_of_a_name_counts_even_where_its_value_is_missing(run, table):
    result = run(
        {"op": "transpose", "column": "k", "names": {"x": 1}, "columns": ["v"]},
        table({"k": "int64", "v": "string"}, [(1, None), (1, "later")]),
    )
    assert result.rows == [("v", None)]


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("date", dt.date(2024, 1, 31), "2024-01-31"),
        ("boolean", True, True),
        ("string", "É", "É"),
        ("float64", 0.5, 0.5),
    ],
)
def test_names_are_values_of_the_naming_column(run, table, kind, value, written):
    result = run(
        {"op": "transpose", "column": "k", "names": {"it": written}, "columns": ["v"]},
        table({"k": kind, "v": "int64"}, [(None, 1), (value, 2)]),
    )
    assert result.rows == [("v", 2)]


def test_there_is_a_row_of_each_column_even_of_an_empty_table(run, table):
    result = run(
        {
            "op": "transpose",
            "column": "quarter",
            "names": {"a": "Q1"},
            "columns": ["sales", "cost"],
        },
        table(QUARTERS, []),
    )
    assert result.rows == [("sales", None), ("cost", None)]


REPORT = {"item": "string", "n": "int64", "unit": "string"}
REPORT_ROWS = [
    ("before", 1, None),
    ("Obst", None, None),
    ("apple", 2, "kg"),
    ("pear", None, "kg"),
    ("Gemüse", None, " \t"),
    ("Käse", None, ""),
    ("brie", 3, None),
    (None, None, None),
    ("", None, None),
]


def test_rows_in_which_one_cell_is_filled_are_subtitles_of_those_below(run, table):
    result = run(
        {"op": "subtitle_rows", "column": "item", "into": "kind"}, table(REPORT, REPORT_ROWS)
    )
    assert result.columns == {**REPORT, "kind": "string"}
    assert result.rows == [
        ("before", 1, None, None),
        ("apple", 2, "kg", "Obst"),
        ("pear", None, "kg", "Obst"),
        ("brie", 3, None, "Käse"),
        (None, None, None, "Käse"),
        ("", None, None, "Käse"),
    ]


def test_a_condition_tells_subtitles_and_unknown_is_none(run, table):
    result = run(
        {"op": "subtitle_rows", "column": "n", "into": "level", "where": "n > 1"},
        table({"n": "int64"}, [(1,), (3,), (None,), (0,), (2,), (2,), (1,)]),
    )
    assert result.rows == [(1, None), (None, 3), (0, 3), (1, 2)]


def test_a_subtitle_without_text_changes_nothing_below(run, table):
    result = run(
        {"op": "subtitle_rows", "column": "t", "into": "s", "where": "n = 0"},
        table({"t": "string", "n": "int64"}, [("a", 0), ("x", 1), (None, 0), ("y", 1)]),
    )
    assert result.rows == [("x", 1, "a"), ("y", 1, "a")]


COLUMNS = {**WIDE, "l_1": "list<int64>", "cost_x": "string", "a_1": "int64", "b1": "int64"}
LONGER = {"op": "wide_to_long", "keep": ["shop"], "stubs": ["sales", "cost"]}
BY_PATTERN = {"op": "wide_to_long", "pattern": "(?P<stub>sales)_(?P<name>.*)"}
TURN = {"op": "transpose", "column": "shop", "names": {"a": "A"}, "columns": ["sales_2023"]}
SUB = {"op": "subtitle_rows", "column": "shop", "into": "city"}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"op": "wide_to_long"}, ("E_PARAMETERS", "/stubs")),
        ({**LONGER, **BY_PATTERN}, ("E_PARAMETERS", "/stubs")),
        ({**LONGER, "keep": ["z"]}, ("E_UNKNOWN_COLUMN", "/keep/0")),
        ({**LONGER, "stubs": ["sales", "profit"]}, ("E_NO_COLUMNS", "/stubs")),
        ({**LONGER, "group": "("}, ("E_REGEX", "/group")),
        ({**LONGER, "group": ".*", "stubs": ["cost"]}, ("E_TYPE_CONFLICT", "/stubs")),
        ({**LONGER, "group": ".*", "stubs": ["l"]}, ("E_TYPE", "/stubs")),
        (
            {**LONGER, "group": ".*", "stubs": ["sales"], "names_type": "int64"},
            ("E_VALUE", "/names_type"),
        ),
        ({**LONGER, "names_to": "shop"}, ("E_DUPLICATE_COLUMN", "/names_to")),
        ({**LONGER, "names_to": "sales"}, ("E_DUPLICATE_COLUMN", "/stubs")),
        ({**LONGER, "stubs": ["sales", "sales"]}, ("E_DUPLICATE_COLUMN", "/stubs/1")),
        ({**BY_PATTERN, "pattern": "sales_(?P<name>.*)"}, ("E_GROUP_COUNT", "/pattern")),
        ({**BY_PATTERN, "pattern": "(?P<stub>(?!a))"}, ("E_REGEX", "/pattern")),
        ({**BY_PATTERN, "pattern": "(?P<stub>q)(?P<name>.)"}, ("E_NO_COLUMNS", "/pattern")),
        (
            {**BY_PATTERN, "pattern": "[ab]_?(?P<name>1)(?P<stub>x?)"},
            ("E_NO_COLUMNS", "/pattern"),
        ),
        (
            {**BY_PATTERN, "pattern": "(?P<stub>sales|cost)_20(?P<name>2)[0-9]"},
            ("E_DUPLICATE_COLUMN", "/pattern"),
        ),
        ({**TURN, "column": "z"}, ("E_UNKNOWN_COLUMN", "/column")),
        ({**TURN, "names": {"a": 1}}, ("E_VALUE", "/names/a")),
        ({**TURN, "names": {"name": "A"}}, ("E_DUPLICATE_COLUMN", "/names/name")),
        ({**TURN, "columns": ["sales_2023", "note"]}, ("E_TYPE_CONFLICT", "/columns/1")),
        ({**TURN, "columns": ["l_1"]}, ("E_TYPE", "/columns/0")),
        ({**SUB, "column": "z"}, ("E_UNKNOWN_COLUMN", "/column")),
        ({**SUB, "into": "note"}, ("E_DUPLICATE_COLUMN", "/into")),
        ({**SUB, "where": "sales_2023"}, ("E_TYPE", "/where")),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    assert problems(params, table(COLUMNS)) == [found]


def test_one_column_alone_shows_no_subtitles(problems, table):
    params = {"op": "subtitle_rows", "column": "t", "into": "s"}
    assert problems(params, table({"t": "string"})) == [("E_PARAMETERS", "/where")]
