"""join and union: rows of several inputs."""

import polars as pl
import pytest

LEFT = {"id": "int64!", "cust": "int64", "name": "string"}
LEFT_ROWS = [(1, 20, "x"), (2, 10, "y"), (3, None, "z"), (4, 99, "ž")]
RIGHT = {"key": "int64!", "name": "string!", "id": "string"}
RIGHT_ROWS = [(10, "Ada", "a"), (20, "Bob", "b"), (30, "Cyd", None)]
KEYS = {"op": "join", "left_on": ["cust"], "right_on": ["key"]}


@pytest.mark.parametrize(
    ("how", "rows"),
    [
        ("inner", [(1, 20, "x", "Bob", "b"), (2, 10, "y", "Ada", "a")]),
        (
            "left",
            [
                (1, 20, "x", "Bob", "b"),
                (2, 10, "y", "Ada", "a"),
                (3, None, "z", None, None),
                (4, 99, "ž", None, None),
            ],
        ),
        (
            "right",
            [
                (2, 10, "y", "Ada", "a"),
                (1, 20, "x", "Bob", "b"),
                (None, 30, None, "Cyd", None),
            ],
        ),
        (
            "full",
            [
                (1, 20, "x", "Bob", "b"),
                (2, 10, "y", "Ada", "a"),
                (3, None, "z", None, None),
                (4, 99, "ž", None, None),
                (None, 30, None, "Cyd", None),
            ],
        ),
        ("semi", LEFT_ROWS[:2]),
        ("anti", LEFT_ROWS[2:]),
    ],
)
def test_joins_keep_left_columns_then_right_ones(run, table, how, rows):
    result = run({**KEYS, "how": how}, table(LEFT, LEFT_ROWS), table(RIGHT, RIGHT_ROWS))
    assert result.rows == rows
    added = [] if how in ("semi", "anti") else ["name_right", "id_right"]
    assert list(result.columns) == ["id", "cust", "name", *added]


def test_a_cross_join_pairs_every_row_with_every_row(run, table):
    result = run(
        {"op": "join", "how": "cross", "suffix": "_2"},
        table({"a": "int64"}, [(1,), (2,)]),
        table({"a": "int64"}, [(3,), (4,)]),
    )
    assert result.columns == {"a": "int64", "a_2": "int64"}
    assert result.rows == [(1, 3), (1, 4), (2, 3), (2, 4)]


def test_missing_keys_match_nothing_and_do_not_break_a_cardinality(run, table):
    keys = {"k": "int64", "v": "string"}
    result = run(
        {"op": "join", "how": "left", "left_on": ["k"], "cardinality": "one_to_one"},
        table(keys, [(1, "a"), (None, "b"), (None, "c")]),
        table({"k": "int64", "w": "string"}, [(1, "A"), (None, "B"), (None, "C")]),
    )
    assert result.rows == [(1, "a", "A"), (None, "b", None), (None, "c", None)]


@pytest.mark.parametrize(
    ("how", "rows"),
    [
        ("inner", [(1, "x", "a", "A")]),
        (
            "left",
            [(1, "x", "a", "A"), (None, "x", "b", None), (1, None, "c", None), (2, "y", "d", None)],
        ),
        (
            "right",
            [
                (None, "x", None, "B"),
                (1, "x", "a", "A"),
                (1, None, None, "C"),
                (None, None, None, "D"),
            ],
        ),
        (
            "full",
            [
                (1, "x", "a", "A"),
                (None, "x", "b", None),
                (1, None, "c", None),
                (2, "y", "d", None),
                (None, "x", None, "B"),
                (1, None, None, "C"),
                (None, None, None, "D"),
            ],
        ),
        ("semi", [(1, "x", "a")]),
        ("anti", [(None, "x", "b"), (1, None, "c"), (2, "y", "d")]),
    ],
)
def test_one_missing_key_of_several_matches_nothing(run, table, how, rows):
    left = [(1, "x", "a"), (None, "x", "b"), (1, None, "c"), (2, "y", "d")]
    right = [("x", None, "B"), ("x", 1, "A"), (None, 1, "C"), (None, None, "D")]
    result = run(
        {"op": "join", "how": how, "left_on": ["n", "t"], "right_on": ["m", "u"]},
        table({"n": "int64", "t": "string", "v": "string"}, left),
        table({"u": "string", "m": "int64", "w": "string"}, right),
    )
    assert result.rows == rows


def test_several_keys(run, table):
    columns = {"a": "int64", "b": "string", "c": "int64"}
    result = run(
        {"op": "join", "left_on": ["a", "b"]},
        table(columns, [(1, "x", 1), (1, "y", 2)]),
        table(columns, [(1, "y", 3), (2, "x", 4)]),
    )
    assert result.columns == {"a": "int64", "b": "string", "c": "int64", "c_right": "int64"}
    assert result.rows == [(1, "y", 2, 3)]


@pytest.mark.parametrize("how", ["inner", "left", "right", "full"])
@pytest.mark.parametrize(
    ("cardinality", "holds"),
    [("one_to_many", True), ("many_to_one", False), ("one_to_one", False), ("many_to_many", True)],
)
def test_a_cardinality_that_does_not_hold_fails_the_run(run, table, how, cardinality, holds):
    params = {"op": "join", "how": how, "left_on": ["k"], "cardinality": cardinality}
    tables = (
        table({"k": "int64!"}, [(1,), (2,)]),
        table({"k": "int64!", "v": "int64"}, [(1, 1), (1, 2), (2, 3)]),
    )
    if holds:
        assert run(params, *tables).rows == [(1, 1), (1, 2), (2, 3)]
    else:
        with pytest.raises(pl.exceptions.ComputeError, match="validation"):
            run(params, *tables)


def test_union_matches_columns_by_name_and_fills_what_is_missing(run, table):
    result = run(
        {"op": "union"},
        table({"a": "int64!", "b": "string!"}, [(1, "x")]),
        table({"c": "boolean", "b": "string!", "a": "int64"}, [(True, "y", 2), (None, "x", None)]),
        table({"a": "int64"}, []),
    )
    assert result.columns == {"a": "int64", "b": "string", "c": "boolean"}
    assert result.rows == [(1, "x", None), (2, "y", True), (None, "x", None)]


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        ({"a": "int64"}, [(1, "rows"), (2, "other")]),
        ({"b": "string", "a": "int64"}, [(1, None, "rows"), (2, "x", "other")]),
    ],
)
def test_union_can_name_the_input_of_each_row(run, table, second, rows):
    values = {"a": 2, "b": "x"}
    result = run(
        {"op": "union", "input_column": "from"},
        table({"a": "int64"}, [(1,)]),
        table(second, [tuple(values[name] for name in second)]),
    )
    assert list(result.columns)[-1] == "from"
    assert result.rows == rows


def test_the_column_that_names_the_input_is_new(problems, table):
    tables = table({"a": "int64"}), table({"b": "int64"})
    found = problems({"op": "union", "input_column": "b"}, *tables)
    assert found == [("E_DUPLICATE_COLUMN", "/input_column")]


def test_union_of_like_tables_keeps_duplicates(run, table):
    one = table({"a": "int64"}, [(1,), (1,)])
    assert run({"op": "union"}, one, one).rows == [(1,)] * 4


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"left_on": ["z"], "right_on": ["key"]}, ("E_UNKNOWN_COLUMN", "/left_on/0")),
        ({"left_on": ["cust"], "right_on": ["z"]}, ("E_UNKNOWN_COLUMN", "/right_on/0")),
        ({"left_on": ["cust"]}, ("E_UNKNOWN_COLUMN", "/left_on/0")),
        ({}, ("E_JOIN_KEYS", "/left_on")),
        ({"left_on": ["id", "cust"], "right_on": ["key"]}, ("E_JOIN_KEYS", "/left_on")),
        ({"how": "cross", "left_on": ["id"]}, ("E_JOIN_KEYS", "/left_on")),
        ({"left_on": ["name"], "right_on": ["key"]}, ("E_JOIN_TYPES", "/left_on/0")),
        ({"how": "semi", "cardinality": "one_to_one"}, ("E_PARAMETERS", "/cardinality")),
    ],
)
def test_keys_that_do_not_fit_are_found(problems, table, params, found):
    assert problems({"op": "join", **params}, table(LEFT), table(RIGHT)) == [found]


def test_a_name_that_is_taken_even_with_the_suffix_is_found(problems, table):
    left = table({"k": "int64", "a": "int64", "a_right": "int64"})
    right = table({"k": "int64", "a": "int64"})
    found = problems({"op": "join", "left_on": ["k"]}, left, right)
    assert found == [("E_DUPLICATE_COLUMN", "/suffix")]


def test_union_of_columns_of_different_types_is_found(problems, table):
    tables = table({"a": "int64"}), table({"b": "string"}), table({"a": "float64", "b": "string"})
    assert problems({"op": "union"}, *tables) == [("E_TYPE_CONFLICT", "/inputs/2")]


@pytest.mark.parametrize(
    ("op", "rows"),
    [
        ("set_intersect", [(None, "b"), (1, "a")]),
        ("set_difference", [(2, "a"), (1, None)]),
    ],
)
def test_rows_are_compared_whole_and_missing_equals_missing(run, table, op, rows):
    left = [(None, "b"), (2, "a"), (1, "a"), (1, "a"), (1, None), (2, "a")]
    result = run(
        {"op": op},
        table({"n": "int64", "t": "string"}, left),
        table({"t": "string", "n": "int64"}, [("a", 1), ("b", None), ("b", None), ("z", 9)]),
    )
    assert result.rows == rows


@pytest.mark.parametrize("op", ["set_intersect", "set_difference"])
@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"n": "int64"}, ("E_UNKNOWN_COLUMN", "/inputs/1")),
        ({"n": "float64", "t": "string"}, ("E_TYPE_CONFLICT", "/inputs/1")),
        ({"n": "int64", "t": "string", "x": "date"}, ("E_TYPE_CONFLICT", "/inputs/1")),
    ],
)
def test_rows_of_different_columns_are_not_compared(problems, table, op, columns, found):
    left = table({"n": "int64", "t": "string"})
    assert problems({"op": op}, left, table(columns)) == [found]


AMOUNTS = {"i": "int64!", "k": "string", "v": "int64"}
AMOUNT_ROWS = [(0, "a", 5), (1, "a", 10), (2, "b", 10), (3, "a", None), (4, None, 1), (5, "a", 99)]
BANDS = {"k": "string", "lo": "int64", "hi": "int64", "band": "string", "v": "float64"}
BAND_ROWS = [
    ("a", 0, 10, "small", 0.5),
    ("a", 10, 20, "middle", 0.5),
    ("b", 10, None, "open", 0.5),
    ("a", None, -1, "below", 0.5),
]


def between(closed, **more):
    ends = {"low": "lo", "high": "hi", **more}
    return {"ranges": [{"column": "v", "closed": closed, **ends}]}


@pytest.mark.parametrize(
    ("params", "bands"),
    [
        (between("left"), {0: ["small"], 1: ["middle"], 2: ["open"]}),
        (between("both"), {0: ["small"], 1: ["small", "middle"], 2: ["open"]}),
        (between("right"), {0: ["small"], 1: ["small"]}),
        (between("neither"), {0: ["small"]}),
        (between("left", high=None), {0: ["small", "below"], 1: ["small", "middle", "below"],
                                      2: ["open"], 5: ["small", "middle", "below"]}),
        ({**between("left"), "left_on": []}, {0: ["small"], 1: ["middle", "open"],
                                              2: ["middle", "open"], 4: ["small"], 5: ["open"]}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["inner", "left", "semi", "anti"])
def test_a_join_may_match_by_ranges(run, table, params, bands, how):
    result = run(
        {"op": "join", "how": how, "left_on": ["k"], **params},
        table(AMOUNTS, AMOUNT_ROWS),
        table(BANDS, BAND_ROWS),
    )
    places = range(len(AMOUNT_ROWS))
    if how in ("semi", "anti"):
        assert [row[0] for row in result.rows] == [
            i for i in places if (i in bands) == (how == "semi")
        ]
        return
    nothing = [None] if how == "left" else []
    found = [(row[0], row[list(result.columns).index("band")]) for row in result.rows]
    assert found == [(i, band) for i in places for band in bands.get(i, nothing)]
    assert "v_right" in result.columns


@pytest.mark.parametrize("how", ["inner", "left"])
@pytest.mark.parametrize(("closed", "holds"), [("left", True), ("both", False)])
def test_a_value_in_several_ranges_breaks_many_to_one(run, table, how, closed, holds):
    params = {"op": "join", "how": how, "left_on": ["k"], "cardinality": "many_to_one"}
    tables = table(AMOUNTS, AMOUNT_ROWS[:2]), table(BANDS, BAND_ROWS)
    if holds:
        assert len(run({**params, **between(closed)}, *tables).rows) == 2
    else:
        with pytest.raises(pl.exceptions.ComputeError, match="validation"):
            run({**params, **between(closed)}, *tables)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"how": "full", **between("both")}, ("E_PARAMETERS", "/ranges")),
        ({"cardinality": "one_to_many", **between("both")}, ("E_PARAMETERS", "/cardinality")),
        (between("both", low=None, high=None), ("E_PARAMETERS", "/ranges/0")),
        (between("both", low="z"), ("E_UNKNOWN_COLUMN", "/ranges/0/low")),
        (between("both", high="band"), ("E_JOIN_TYPES", "/ranges/0/high")),
        ({"ranges": [{"column": "z", "low": "lo"}]}, ("E_UNKNOWN_COLUMN", "/ranges/0/column")),
    ],
)
def test_ranges_that_do_not_fit_are_found(problems, table, params, found):
    assert problems({"op": "join", **params}, table(AMOUNTS), table(BANDS)) == [found]
