"""asof_join, scd2, watermark: rows that belong to a time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

TRADES = {"k": "string", "t": "int64", "i": "int64!"}
TRADE_ROWS = [("a", 5, 0), ("b", 5, 1), ("a", 1, 2), ("a", None, 3), (None, 5, 4), ("a", 9, 5)]
PRICES = {"k": "string", "t": "int64", "price": "float64", "i": "int64"}
PRICE_ROWS = [
    ("a", 7, 7.0, 70),
    ("a", 3, 3.0, 30),
    ("a", 5, 5.5, 50),
    ("a", 5, None, 51),
    ("a", None, 9.9, 90),
    (None, 5, 8.8, 80),
    ("z", 5, 1.0, 10),
]
ASOF = {"op": "asof_join", "left_on": "t", "left_by": ["k"]}


@pytest.mark.parametrize(
    ("params", "matches"),
    [
        ({}, {0: 5, 5: 7}),
        ({"exact": False}, {0: 3, 5: 7}),
        ({"direction": "later"}, {0: 5, 2: 3}),
        ({"direction": "later", "exact": False}, {0: 7, 2: 3}),
        ({"direction": "nearest"}, {0: 5, 2: 3, 5: 7}),
        ({"direction": "nearest", "exact": False}, {0: 7, 2: 3, 5: 7}),
        ({"direction": "nearest", "tolerance": 1}, {0: 5}),
        ({"direction": "nearest", "tolerance": 2}, {0: 5, 2: 3, 5: 7}),
        ({"direction": "earlier", "tolerance": 0}, {0: 5}),
        ({"direction": "later", "tolerance": 2, "exact": False}, {0: 7, 2: 3}),
    ],
)
@pytest.mark.parametrize("how", ["left", "inner"])
def test_each_row_takes_the_nearest_of_its_group(run, table, params, matches, how):
    result = run(
        {**ASOF, **params, "how": how}, table(TRADES, TRADE_ROWS), table(PRICES, PRICE_ROWS)
    )
    assert list(result.columns) == ["k", "t", "i", "t_right", "price", "i_right"]
    kept = range(6) if how == "left" else sorted(matches)
    assert [(row[2], row[3]) for row in result.rows] == [(i, matches.get(i)) for i in kept]


def test_of_right_rows_at_one_place_the_last_that_came_is_taken(run, table):
    result = run(ASOF, table(TRADES, TRADE_ROWS[:1]), table(PRICES, PRICE_ROWS))
    assert result.rows == [("a", 5, 0, 5, None, 51)]


def test_at_the_same_distance_the_later_is_taken(run, table):
    result = run(
        {"op": "asof_join", "left_on": "t", "direction": "nearest"},
        table({"t": "date"}, [(dt.date(2024, 2, 29),)]),
        table({"t": "date"}, [(dt.date(2024, 3, 1),), (dt.date(2024, 2, 28),)]),
    )
    assert result.rows == [(dt.date(2024, 2, 29), dt.date(2024, 3, 1))]


AT = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("type_", "place", "other", "tolerance", "matches"),
    [
        ("date", dt.date(2024, 1, 9), dt.date(2024, 1, 2), "7d", True),
        ("date", dt.date(2024, 1, 10), dt.date(2024, 1, 2), "7d", False),
        ("datetime", AT, AT - dt.timedelta(minutes=30), "30m", True),
        ("datetime", AT, AT - dt.timedelta(minutes=30, microseconds=1), "30m", False),
        ("datetime", AT, AT - dt.timedelta(hours=12), "12h", True),
        ("datetime", AT, AT - dt.timedelta(seconds=46), "45s", False),
        ("float64", 1.5, 1.0, 0.5, True),
        ("float64", 1.5, 0.5, 0.5, False),
        ("decimal(5,2)", Decimal("1.50"), Decimal("-3.25"), None, True),
        ("int64", 2**63 - 1, -(2**63), None, True),
    ],
)
def test_places_of_other_types_and_their_distances(
    run, table, type_, place, other, tolerance, matches
):
    params = {"op": "asof_join", "left_on": "t", "right_on": "u", "how": "inner"}
    if tolerance is not None:
        params["tolerance"] = tolerance
    result = run(params, table({"t": type_}, [(place,)]), table({"u": type_}, [(other,)]))
    assert len(result.rows) == matches


def test_groups_may_be_called_differently_and_be_several(run, table):
    result = run(
        {
            "op": "asof_join",
            "left_on": "at",
            "right_on": "since",
            "left_by": ["shop", "item"],
            "right_by": ["store", "product"],
        },
        table(
            {"shop": "string", "item": "int64", "at": "date"},
            [("é", 1, dt.date(2024, 5, 1)), ("é", 2, dt.date(2024, 5, 1))],
        ),
        table(
            {"product": "int64", "since": "date", "store": "string", "price": "decimal(5,2)"},
            [
                (1, dt.date(2024, 1, 1), "é", Decimal("1.00")),
                (1, dt.date(2024, 4, 1), "é", Decimal("1.50")),
                (2, dt.date(2024, 5, 2), "é", Decimal("9.99")),
            ],
        ),
    )
    assert list(result.columns) == ["shop", "item", "at", "since", "price"]
    assert [row[3:] for row in result.rows] == [
        (dt.date(2024, 4, 1), Decimal("1.50")),
        (None, None),
    ]


def nearest_by_hand(
    place: int, others: list[int], direction: str, exact: bool, tolerance: int | None
) -> int | None:
    sides = {"earlier": (-1,), "later": (1,), "nearest": (1, -1)}[direction]
    found = [
        o
        for side in sides
        for o in others
        if ((o - place) * side > 0 or (o == place and exact))
        and (tolerance is None or abs(o - place) <= tolerance)
    ]
    return min(found, key=lambda o: (abs(o - place), -o), default=None)


@settings(max_examples=60)
@given(
    places=st.lists(st.integers(-9, 9), max_size=6),
    others=st.lists(st.integers(-9, 9), max_size=6),
    direction=st.sampled_from(["earlier", "later", "nearest"]),
    exact=st.booleans(),
    tolerance=st.none() | st.integers(0, 5),
)
def test_every_match_is_what_a_search_by_hand_gives(
    run, table, places, others, direction, exact, tolerance
):
    params = {"op": "asof_join", "left_on": "t", "direction": direction, "exact": exact}
    if tolerance is not None:
        params["tolerance"] = tolerance
    result = run(
        params,
        table({"t": "int64"}, [(p,) for p in places]),
        table({"t": "int64"}, [(o,) for o in others]),
    )
    assert result.rows == [
        (p, nearest_by_hand(p, others, direction, exact, tolerance)) for p in places
    ]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"left_on": "z"}, ("E_UNKNOWN_COLUMN", "/left_on")),
        ({"right_on": "z"}, ("E_UNKNOWN_COLUMN", "/right_on")),
        ({"left_on": "k", "left_by": []}, ("E_TYPE", "/left_on")),
        ({"right_on": "price"}, ("E_JOIN_TYPES", "/right_on")),
        ({"left_by": ["z"]}, ("E_UNKNOWN_COLUMN", "/left_by/0")),
        ({"right_by": ["i"]}, ("E_JOIN_TYPES", "/left_by/0")),
        ({"right_by": ["k", "i"]}, ("E_JOIN_KEYS", "/left_by")),
        ({"left_by": ["i"], "right_by": ["t"]}, ("E_JOIN_KEYS", "/right_by")),
        ({"tolerance": "3d"}, ("E_VALUE", "/tolerance")),
        ({"tolerance": -1}, ("E_VALUE", "/tolerance")),
        ({"tolerance": 0.5}, ("E_VALUE", "/tolerance")),
    ],
)
def test_places_and_groups_that_do_not_fit_are_found(problems, table, params, found):
    found_here = problems({**ASOF, **params}, table(TRADES), table(PRICES))
    assert found in found_here
    assert len({pointer for _, pointer in found_here}) == 1


@pytest.mark.parametrize(
    ("type_", "tolerance", "good"),
    [
        ("date", "3d", True),
        ("date", "3h", False),
        ("date", 3, False),
        ("datetime", "3h", True),
        ("datetime", "3 hours", False),
        ("datetime", "-3h", False),
        ("float64", 3, True),
        ("decimal(5,2)", 3, False),
    ],
)
def test_a_tolerance_is_a_distance_of_the_type(problems, table, type_, tolerance, good):
    params = {"op": "asof_join", "left_on": "t", "tolerance": tolerance}
    found = problems(params, table({"t": type_}), table({"t": type_}))
    assert (found == []) == good


# --- scd2 ---

SNAPSHOTS = {"id": "int64", "day": "date", "city": "string", "n": "int64"}
SCD = {"op": "scd2", "keys": ["id"], "at": "day"}


def day(number: int) -> dt.date:
    return dt.date(2024, 1, number)


def versions(result: Any) -> list[tuple[Any, ...]]:
    """Rows with the days of their versions instead of the dates."""
    return [(*row[:-3], row[-3].day, row[-2] and row[-2].day, row[-1]) for row in result.rows]


HISTORY = [
    (2, day(1), "Rome", 1),
    (1, day(3), "Bonn", 1),
    (1, day(1), "Bonn", 1),
    (1, day(5), "Bonn", 1),
    (1, day(7), None, 1),
    (1, day(8), None, 1),
    (1, day(9), "Bonn", 1),
    (2, day(2), "Rome", 2),
    (2, day(4), "Ürüm", 2),
    (2, day(4), "Rome", 3),
]


def test_a_version_lasts_until_the_values_change(run, table):
    result = run(SCD, table(SNAPSHOTS, HISTORY))
    assert list(result.columns) == ["id", "city", "n", "valid_from", "valid_to", "is_current"]
    assert versions(result) == [
        (1, "Bonn", 1, 1, 7, False),
        (1, None, 1, 7, 9, False),
        (1, "Bonn", 1, 9, None, True),
        (2, "Rome", 1, 1, 2, False),
        (2, "Rome", 2, 2, 4, False),
        (2, "Rome", 3, 4, None, True),
    ]


def test_only_tracked_columns_make_versions(run, table):
    result = run({**SCD, "tracked": ["city"], "is_current": "now"}, table(SNAPSHOTS, HISTORY))
    assert list(result.columns) == ["id", "city", "valid_from", "valid_to", "now"]
    assert versions(result)[-1] == (2, "Rome", 1, None, True)


def test_rows_without_a_key_or_a_moment_are_set_aside(run, table):
    rows = [(None, day(1), "a", 1), (1, None, "b", 1), (None, None, "c", 1), (1, day(1), "d", 1)]
    result = run(SCD, table(SNAPSHOTS, rows))
    assert versions(result) == [(1, "d", 1, 1, None, True)]
    assert result.rejects == [
        (None, day(1), "a", 1, "id: missing"),
        (1, None, "b", 1, "day: missing"),
        (None, None, "c", 1, "id: missing; day: missing"),
    ]


def test_a_key_that_goes_ends_its_version_and_may_come_back(run, table):
    changes = {"id": "int64!", "day": "date!", "price": "decimal(5,2)", "op": "string"}
    price = Decimal("1.50")
    result = run(
        {**SCD, "tracked": ["price"], "deleted": "op = 'D'"},
        table(
            changes,
            [
                (1, day(1), price, "I"),
                (1, day(2), price, "D"),
                (1, day(3), price, None),
                (2, day(1), price, "D"),
                (3, day(1), price, "I"),
                (3, day(4), None, "D"),
            ],
        ),
    )
    assert result.rejects == []
    assert versions(result) == [
        (1, price, 1, 2, False),
        (1, price, 3, None, True),
        (3, price, 1, 4, False),
    ]


def dimension(result: Any) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    return result.columns, result.rows


def test_a_delivery_is_merged_into_the_dimension_as_it_is(run, table):
    before = run(SCD, table(SNAPSHOTS, HISTORY))
    delivery = table(
        SNAPSHOTS, [(1, day(20), "Bonn", 1), (2, day(20), "Oslo", 3), (3, day(20), "Graz", 0)]
    )
    after = run(SCD, delivery, table(*dimension(before)))
    assert versions(after) == [
        *versions(before)[:-1],
        (2, "Rome", 3, 4, 20, False),
        (2, "Oslo", 3, 20, None, True),
        (3, "Graz", 0, 20, None, True),
    ]
    assert run(SCD, delivery, table(*dimension(after))).rows == after.rows


def test_a_late_change_splits_the_version_it_falls_into(run, table):
    before = run(SCD, table(SNAPSHOTS, [(1, day(1), "a", 1), (1, day(9), "c", 1)]))
    after = run(SCD, table(SNAPSHOTS, [(1, day(5), "b", 1)]), table(*dimension(before)))
    assert versions(after) == [
        (1, "a", 1, 1, 5, False),
        (1, "b", 1, 5, 9, False),
        (1, "c", 1, 9, None, True),
    ]


def test_a_gap_in_the_dimension_stays_a_gap(run, table):
    columns = {
        "is_current": "boolean", "valid_to": "date", "valid_from": "date", "n": "int64",
        "city": "string", "id": "int64",
    }  # fmt: skip
    rows = [(False, day(3), day(1), 1, "a", 1), (False, day(9), day(5), 1, "a", 1)]
    after = run(SCD, table(SNAPSHOTS, []), table(columns, rows))
    assert versions(after) == [(1, "a", 1, 1, 3, False), (1, "a", 1, 5, 9, False)]


def changes(first: int, last: int) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    days = st.integers(first, last).map(day)
    cities = st.sampled_from(["a", "b", None])
    return st.lists(st.tuples(st.integers(1, 2), days, cities, st.booleans()), max_size=8)


@settings(max_examples=25)
@given(first=changes(1, 9), second=changes(10, 19), late=changes(1, 19))
def test_merging_is_the_same_as_all_at_once_and_safe_to_repeat(run, table, first, second, late):
    columns = {"id": "int64!", "day": "date!", "city": "string", "gone": "boolean!"}
    params = {**SCD, "tracked": ["city"], "deleted": "gone"}

    def merged(rows: list[Any], into: Any) -> Any:
        return run(params, table(columns, rows), table(*dimension(into)))

    before = run(params, table(columns, first))
    after = merged(second, before)
    assert after.rows == run(params, table(columns, [*first, *second])).rows
    mixed = merged(late, after)
    assert merged(late, mixed).rows == mixed.rows
    for one, other in zip(mixed.rows, mixed.rows[1:], strict=False):
        assert one[0] != other[0] or one[3] <= other[2]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"keys": ["z"]}, ("E_UNKNOWN_COLUMN", "/keys/0")),
        ({"at": "n"}, ("E_TYPE", "/at")),
        ({"tracked": ["z"]}, ("E_UNKNOWN_COLUMN", "/tracked/0")),
        ({"tracked": ["id"]}, ("E_DUPLICATE_COLUMN", "/tracked/2")),
        ({"keys": ["id", "city", "n"]}, ("E_PARAMETERS", "/tracked")),
        ({"valid_from": "city"}, ("E_DUPLICATE_COLUMN", "/valid_from")),
        ({"valid_to": "valid_from"}, ("E_DUPLICATE_COLUMN", "/valid_to")),
        ({"deleted": "city"}, ("E_TYPE", "/deleted")),
    ],
)
def test_versions_that_cannot_be_made_are_found(problems, table, params, found):
    assert problems({**SCD, **params}, table(SNAPSHOTS)) == [found]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"id": "int64", "city": "string"}, "E_UNKNOWN_COLUMN"),
        (
            {"id": "string", "city": "string", "n": "int64", "valid_from": "date",
             "valid_to": "date"},
            "E_TYPE_CONFLICT",
        ),
    ],
)  # fmt: skip
def test_a_dimension_of_other_columns_is_found(problems, table, columns, found):
    assert {*problems(SCD, table(SNAPSHOTS), table(columns))} == {(found, "/inputs/1")}


# --- watermark ---

ROWS = {"id": "int64!", "day": "date"}
DELIVERY = [(1, day(5)), (2, day(3)), (3, None), (4, day(4)), (5, day(5))]
MARK = {"op": "watermark", "column": "day"}


def ids(result: Any) -> list[int]:
    return [row[0] for row in result.rows]


@pytest.mark.parametrize(
    ("params", "seen", "expected"),
    [
        ({}, [day(1), day(4), None], [1, 5]),
        ({"inclusive": True}, [day(4)], [1, 4, 5]),
        ({"tolerance": "1d"}, [day(4)], [1, 4, 5]),
        ({"tolerance": "1d", "inclusive": True}, [day(4)], [1, 2, 4, 5]),
        ({"tolerance": "999999d"}, [day(4)], [1, 2, 4, 5]),
        ({}, [day(9)], []),
        ({}, [None], [1, 2, 4, 5]),
        ({}, [], [1, 2, 4, 5]),
    ],
)
def test_rows_newer_than_the_greatest_seen_are_kept(run, table, params, seen, expected):
    result = run(
        {**MARK, **params}, table(ROWS, DELIVERY), table({"day": "date"}, [(d,) for d in seen])
    )
    assert ids(result) == expected


@pytest.mark.parametrize(
    ("type_", "values", "value", "tolerance", "expected"),
    [
        ("date", [day(4), day(5), None], "2024-01-04", None, [1]),
        ("datetime", [AT, AT + dt.timedelta(microseconds=1)], "2024-01-01T12:00:00Z", None, [1]),
        ("datetime", [AT - dt.timedelta(hours=1), AT], "2024-01-01T12:00:00Z", "1h", [1]),
        ("int64", [7, 8, -1], 7, None, [1]),
        ("int64", [-(2**63), 0], -(2**63), 1, [0, 1]),
        ("float64", [0.5, 1.5, 1.0], 1.5, 0.5, [1]),
        ("decimal(5,2)", [Decimal("1.50"), Decimal("1.51")], "1.50", None, [1]),
    ],
)
def test_a_watermark_may_be_given(run, table, type_, values, value, tolerance, expected):
    params = {"op": "watermark", "column": "v", "value": value}
    if tolerance is not None:
        params["tolerance"] = tolerance
    rows = [(i, v) for i, v in enumerate(values)]
    assert ids(run(params, table({"i": "int64!", "v": type_}, rows))) == expected


def test_the_other_input_may_call_it_differently(run, table):
    result = run(
        {**MARK, "seen_column": "last", "inclusive": True},
        table(ROWS, DELIVERY),
        table({"last": "date", "day": "string"}, [(day(5), "x")]),
    )
    assert ids(result) == [1, 5]


@pytest.mark.parametrize(
    ("params", "inputs", "found"),
    [
        ({}, 1, ("E_PARAMETERS", "/value")),
        ({"value": "2024-01-01"}, 2, ("E_PARAMETERS", "/value")),
        ({"value": 7}, 1, ("E_VALUE", "/value")),
        ({"column": "z"}, 2, ("E_UNKNOWN_COLUMN", "/column")),
        ({"seen_column": "z"}, 2, ("E_UNKNOWN_COLUMN", "/seen_column")),
        ({"seen_column": "id"}, 2, ("E_TYPE_CONFLICT", "/seen_column")),
        ({"tolerance": 1}, 2, ("E_VALUE", "/tolerance")),
    ],
)
def test_watermarks_that_cannot_be_are_found(problems, table, params, inputs, found):
    assert problems({**MARK, **params}, *[table(ROWS)] * inputs) == [found]
