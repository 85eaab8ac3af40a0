"""list_slice and number_range, against Python's own slices and ranges."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import INT64, STRING, LogicalType

MOST = 100_000
LARGEST = 10**18 - 1
small = st.integers(-3, 6)
extreme = st.sampled_from([None, -(2**63), 2**63 - 1, 2**31, -(2**31)])
lists = st.none() | st.lists(st.none() | st.sampled_from("ab"), max_size=4)


@given(rows=st.lists(st.tuples(lists, small | extreme, small | extreme), min_size=1, max_size=6))
@example([(["a", "b"], 2, 2**63 - 1), (["a"], -(2**63), 1), (["a"], 2**63 - 1, 2**63 - 1)])
def test_a_slice_begins_within_the_list_and_ends_where_it_must(series, rows) -> None:
    schema = Schema(
        {"l": Column(LogicalType("list", item=STRING)), "a": Column(INT64), "n": Column(INT64)}
    )
    frame = pl.DataFrame(
        rows, schema={"l": pl.List(pl.String), "a": pl.Int64, "n": pl.Int64}, orient="row"
    )

    def sliced(items, start, length):
        if items is None or start is None or length is None:
            return None
        return items[max(start, 1) - 1 :][: max(length, 0)]

    found = series("list_slice(l, a, n)", schema, frame)
    assert found.to_list() == [sliced(*row) for row in rows]
    found = series("list_slice(l, a)", schema, frame)
    assert found.to_list() == [sliced(items, start, 99) for items, start, _ in rows]
    assert series("list_slice(l, 2, 1)", schema, frame).to_list() == [
        sliced(items, 2, 1) for items, _, _ in rows
    ]


@given(rows=st.lists(st.tuples(small | extreme, small | extreme), min_size=1, max_size=8))
@example([(2**63 - 1, -(2**63)), (-(2**63), 2**63 - 1)])
def test_a_range_of_numbers_holds_both_ends(series, rows) -> None:
    def numbers(a, b):
        if a is None or b is None or a < -LARGEST or b > LARGEST or b - a >= MOST:
            return None
        return list(range(a, b + 1))

    schema = Schema({"a": Column(INT64), "b": Column(INT64)})
    frame = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    found = series("number_range(a, b)", schema, frame)
    assert found.to_list() == [numbers(*row) for row in rows]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (1, MOST, MOST),
        (0, MOST, None),
        (-LARGEST, -LARGEST + 1, 2),
        (LARGEST - 1, LARGEST, 2),
        (LARGEST, LARGEST + 1, None),
        (-LARGEST - 1, -LARGEST, None),
    ],
)
def test_a_range_that_is_too_long_or_too_far_out_is_null(series, start, end, count) -> None:
    schema = Schema({"a": Column(INT64), "b": Column(INT64)})
    frame = pl.DataFrame({"a": [start], "b": [end]})
    assert series("list_length(number_range(a, b))", schema, frame).to_list() == [count]
