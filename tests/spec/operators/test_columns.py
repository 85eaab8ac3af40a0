"""select, drop, rename, reorder: which columns, under which names, in which order."""

import pytest

COLUMNS = {"a": "int64", "b": "string", "c": "boolean"}
ROWS = [(1, "x", True), (None, None, None), (3, "žluťoučký", False)]


@pytest.mark.parametrize(
    ("params", "columns", "rows"),
    [
        (
            {"op": "select", "columns": ["c", "a"]},
            ["c", "a"],
            [(True, 1), (None, None), (False, 3)],
        ),
        ({"op": "drop", "columns": ["a", "c"]}, ["b"], [("x",), (None,), ("žluťoučký",)]),
        ({"op": "rename", "columns": {"a": "b", "b": "a"}}, ["b", "a", "c"], ROWS),
        ({"op": "rename", "columns": {"c": "Größe €"}}, ["a", "b", "Größe €"], ROWS),
        (
            {"op": "reorder", "columns": ["b"]},
            ["b", "a", "c"],
            [("x", 1, True), (None, None, None), ("žluťoučký", 3, False)],
        ),
    ],
)
def test_columns_are_chosen_named_and_ordered(run, table, params, columns, rows):
    result = run(params, table(COLUMNS, ROWS))
    assert list(result.columns) == columns
    assert result.rows == rows


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"op": "select", "columns": ["a", "z"]}, ("E_UNKNOWN_COLUMN", "/columns/1")),
        ({"op": "select", "columns": ["a", "a"]}, ("E_DUPLICATE_COLUMN", "/columns/1")),
        ({"op": "drop", "columns": ["z"]}, ("E_UNKNOWN_COLUMN", "/columns/0")),
        ({"op": "drop", "columns": ["a", "b", "c"]}, ("E_NO_COLUMNS", "/columns")),
        ({"op": "rename", "columns": {"z": "y"}}, ("E_UNKNOWN_COLUMN", "/columns/z")),
        ({"op": "rename", "columns": {"a": "b"}}, ("E_DUPLICATE_COLUMN", "/columns/a")),
        ({"op": "rename", "columns": {"a": "x", "b": "x"}}, ("E_DUPLICATE_COLUMN", "/columns/b")),
        ({"op": "reorder", "columns": ["z"]}, ("E_UNKNOWN_COLUMN", "/columns/0")),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    assert problems(params, table(COLUMNS)) == [found]


def test_emitted_code_reads_as_written_by_hand(run, table):
    source = run({"op": "rename", "columns": {"a": "amount"}}, table(COLUMNS)).source
    assert source == 'def result(rows):\n    return rows.rename({"a": "amount"})\n'
