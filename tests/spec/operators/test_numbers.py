"""round, bin, clip_outliers: numbers made coarser or kept within bounds."""

import math
from decimal import Decimal as D

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_data_engineer.spec.operators.quantiles import QUANTILE

INF, NAN = math.inf, math.nan
LEAST, GREATEST = -(2**63), 2**63 - 1


def column(result, name="x"):
    at = list(result.columns).index(name)
    return [row[at] for row in result.rows]


def same(values, expected):
    pairs = zip(values, expected, strict=True)
    return all(v == e or (v is not None and e is not None and v != v and e != e) for v, e in pairs)


@pytest.mark.parametrize(
    ("kind", "params", "cases"),
    [
        ("float64", {"digits": 0}, {2.5: 3, -2.5: -3, 0.5: 1, 1.4: 1, 0.0: 0, INF: INF, NAN: NAN}),
        ("float64", {"digits": 2}, {1.005: 1.0, 3.14159: 3.14, -0.125: -0.13, 1e300: 1e300}),
        ("float64", {"digits": -2}, {1250.0: 1300, -1250.0: -1300, 49.9: 0}),
        ("float64", {"multiple": 0.05}, {0.125: 0.15, 0.12: 0.1, -0.075: -0.1, 0.15: 0.15}),
        ("float64", {"multiple": 2.5}, {1.25: 2.5, -1.25: -2.5, 1.2: 0, 6.3: 7.5}),
        ("float64", {"multiple": 15}, {7.5: 15, 7.4: 0, -22.5: -30}),
        ("float64", {"multiple": 75}, {262.5: 300, -262.5: -300, NAN: NAN, -INF: -INF}),
        ("int64", {"digits": 0}, {7: 7, GREATEST: GREATEST}),
        ("int64", {"digits": -1}, {5: 10, -5: -10, 4: 0, 15: 20, GREATEST: None, LEAST: None}),
        ("int64", {"multiple": 5}, {7: 5, 8: 10, -7: -5, -8: -10, GREATEST: GREATEST - 2}),
        ("int64", {"multiple": 4}, {2: 4, -2: -4, 1: 0, 6: 8}),
        ("int64", {"digits": -18}, {GREATEST: 9 * 10**18, 5 * 10**17: 10**18, 1: 0}),
        ("decimal(6,2)", {"digits": 1}, {D("1.15"): D("1.2"), D("-1.15"): D("-1.2")}),
        ("decimal(6,2)", {"digits": 0}, {D("9999.50"): D("10000"), D("0.49"): D("0")}),
        ("decimal(6,2)", {"digits": 4}, {D("1.15"): D("1.15")}),
        ("decimal(6,2)", {"digits": -3}, {D("9500"): D("10000"), D("-499.99"): D("0")}),
        ("decimal(6,2)", {"multiple": 0.05}, {D("1.12"): D("1.1"), D("-1.13"): D("-1.15")}),
        ("decimal(6,2)", {"multiple": 0.25}, {D("0.13"): D("0.25"), D("0.12"): D("0")}),
        (
            "decimal(38,2)",
            {"multiple": 0.5},
            {D("1" * 35 + ".25"): D("1" * 35 + ".5"), D("9" * 36 + ".99"): None},
        ),
    ],
)
def test_numbers_are_rounded_half_away_from_zero(run, table, kind, params, cases):
    result = run(
        {"op": "round", "columns": ["x"], **params},
        table({"x": kind}, [(x,) for x in (*cases, None)]),
    )
    assert same(column(result), [*cases.values(), None])


@pytest.mark.parametrize(
    ("kind", "params", "becomes"),
    [
        ("int64!", {"digits": -3}, "int64"),
        ("float64!", {"digits": 1}, "float64"),
        ("decimal(6,2)!", {"digits": 1}, "decimal(7,2)"),
        ("decimal(6,2)!", {"digits": 2}, "decimal(6,2)"),
        ("decimal(6,2)!", {"multiple": 1_000_000}, "decimal(10,2)"),
        ("decimal(38,2)!", {"digits": 1}, "decimal(38,2)"),
    ],
)
def test_types_stay_but_for_the_digit_that_rounding_up_may_need(run, table, kind, params, becomes):
    result = run({"op": "round", "columns": ["x"], **params}, table({"x": kind}, [(1,)]))
    assert result.columns == {"x": becomes}


def test_several_columns_are_rounded_at_once_and_others_stay(run, table):
    result = run(
        {"op": "round", "columns": ["b", "a"], "digits": 1},
        table({"a": "float64", "t": "string", "b": "float64"}, [(0.15, "x", 0.25)]),
    )
    assert result.rows == [(0.2, "x", 0.3)]


AGES = [-1, 0, 17, 18, 64, 65, 100, None]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [None, "[0, 18)", "[0, 18)", "[18, 65)", "[18, 65)", None, None, None]),
        (
            {"closed": "right"},
            [None, None, "(0, 18]", "(0, 18]", "(18, 65]", "(18, 65]", None, None],
        ),
        (
            {"labels": ["minor", "adult"], "above": "senior"},
            [None, "minor", "minor", "adult", "adult", "senior", "senior", None],
        ),
        (
            {"labels": ["É", "é"], "below": "<", "above": ">", "closed": "right"},
            ["<", "<", "É", "É", "é", "é", ">", None],
        ),
    ],
)
@pytest.mark.parametrize("kind", ["int64", "float64", "decimal(5,2)"])
def test_numbers_fall_between_edges(run, table, kind, params, expected):
    result = run(
        {"op": "bin", "column": "x", "into": "r", "edges": [0, 18, 65], **params},
        table({"x": kind}, [(x,) for x in AGES]),
    )
    assert column(result, "r") == expected


@pytest.mark.parametrize("closed", ["left", "right"])
def test_nan_has_no_range_and_infinities_lie_outside(run, table, closed):
    result = run(
        {
            "op": "bin", "column": "x", "into": "r", "edges": [0, 1], "below": "b", "above": "a",
            "closed": closed,
        },
        table({"x": "float64"}, [(NAN,), (INF,), (-INF,), (None,)]),
    )  # fmt: skip
    assert column(result, "r") == [None, "a", "b", None]


@pytest.mark.parametrize(
    ("params", "numbers", "expected"),
    [
        ({"count": 4}, [0, 2.5, 5, 7.5, 10, 2.4], [1, 2, 3, 4, 4, 1]),
        ({"count": 4, "closed": "right"}, [0, 2.5, 5, 7.5, 10, 2.6], [1, 1, 2, 3, 4, 2]),
        ({"count": 3}, [5, 5, None], [3, 3, None]),
        ({"count": 3, "closed": "right"}, [5, 5, None], [1, 1, None]),
        ({"count": 2}, [INF, NAN, -INF, 0, 10, None], [2, None, 1, 1, 2, None]),
        ({"count": 2}, [None, None], [None, None]),
        ({"count": 2, "labels": ["low", "high"]}, [1, 2, 3], ["low", "high", "high"]),
        ({"count": 4, "method": "quantiles"}, [1, 2, 3, 4, 5], [1, 2, 3, 4, 4]),
        (
            {"count": 4, "method": "quantiles", "closed": "right"},
            [1, 2, 3, 4, 5],
            [1, 1, 2, 3, 4],
        ),
        ({"count": 4, "method": "quantiles"}, [7, 7, 7, 7, 9], [4, 4, 4, 4, 4]),
        ({"count": 10, "method": "quantiles"}, [*range(101)][::20], [1, 3, 5, 7, 9, 10]),
    ],
)
def test_ranges_are_found_in_the_data(run, table, params, numbers, expected):
    result = run(
        {"op": "bin", "column": "x", "into": "r", **params},
        table({"x": "float64"}, [(x,) for x in numbers]),
    )
    assert column(result, "r") == expected


def test_exact_numbers_are_binned_too(run, table):
    rows = [(i, D(i)) for i in (1, 2, 3, 4)]
    for name, kind in (("x", "int64"), ("y", "decimal(9,3)")):
        result = run(
            {"op": "bin", "column": name, "into": "r", "count": 2},
            table({"x": "int64", "y": "decimal(9,3)"}, rows),
        )
        assert column(result, "r") == [1, 1, 2, 2], kind


quantile_namespace: dict = {"pl": pl}
exec(QUANTILE.format(quantile="quantile"), quantile_namespace)
finite = st.floats(-1e12, 1e12)


@settings(max_examples=100)
@given(numbers=st.lists(finite, min_size=1, max_size=30), hundredths=st.integers(0, 100))
def test_quantiles_are_those_of_numpy(numbers, hundredths):
    found = pl.select(quantile_namespace["quantile"](pl.lit(pl.Series(numbers)), hundredths, 100))

    assert math.isclose(
        found.item(), np.quantile(numbers, hundredths / 100), rel_tol=1e-9, abs_tol=1e-3
    )
    assert min(numbers) <= found.item() <= max(numbers)


def test_a_quantile_that_is_a_number_of_the_data_is_exactly_that():
    """In floats 0.29 · 100 is 28.999999999999996, which would fall beside the number."""
    numbers = pl.lit(pl.Series([0.1 * i for i in range(101)]))
    assert pl.select(quantile_namespace["quantile"](numbers, 29, 100)).item() == 0.1 * 29


SPREAD = [1, 2, 3, 4, 100, None]


@pytest.mark.parametrize("kind", ["int64", "float64", "decimal(6,2)"])
@pytest.mark.parametrize(
    ("params", "clipped", "outliers"),
    [
        ({}, [1, 2, 3, 4, 7, None], [100]),
        ({"factor": 100}, SPREAD, []),
        ({"factor": 0}, [2, 2, 3, 4, 4, None], [1, 100]),
        ({"method": "quantiles", "upper": 0.75}, [1, 2, 3, 4, 4, None], [100]),
        ({"method": "quantiles", "lower": 0.25, "upper": 1}, [2, 2, 3, 4, 100, None], [1]),
        ({"method": "bounds", "lower": 2, "upper": 4}, [2, 2, 3, 4, 4, None], [1, 100]),
        ({"method": "bounds", "lower": 3}, [3, 3, 3, 4, 100, None], [1, 2]),
    ],
)
def test_outliers_are_clipped_emptied_or_flagged(run, table, kind, params, clipped, outliers):
    rows = table({"x": kind}, [(x,) for x in SPREAD])
    params = {"op": "clip_outliers", "columns": ["x"], **params}

    assert column(run(params, rows)) == clipped
    assert column(run({**params, "action": "null"}, rows)) == [
        None if x in outliers else x for x in SPREAD
    ]
    flagged = run({**params, "action": "flag"}, rows)
    assert column(flagged) == SPREAD
    assert column(flagged, "x_outlier") == [x in outliers for x in SPREAD]


@pytest.mark.parametrize(
    ("kind", "numbers", "clipped"),
    [("int64", [1, 4, 4, 4], [3, 4, 4, 4]), ("decimal(6,1)", [1, 2, 2, 2], [D("1.8"), 2, 2, 2])],
)
def test_fences_are_rounded_to_the_type(run, table, kind, numbers, clipped):
    """The first quartiles are 3.25 and 1.75."""
    result = run(
        {"op": "clip_outliers", "columns": ["x"], "method": "quantiles", "lower": 0.25},
        table({"x": kind}, [(x,) for x in numbers]),
    )
    assert column(result) == clipped


def test_partitions_have_fences_of_their_own_and_missing_keys_make_one(run, table):
    rows = [(g, x) for g, xs in (("a", SPREAD), (None, [10, 20, 30, 40, 1000])) for x in xs]
    result = run(
        {"op": "clip_outliers", "columns": ["x"], "partition_by": ["g"]},
        table({"g": "string", "x": "int64"}, rows[::-1]),
    )
    assert result.rows == [(g, {100: 7, 1000: 70}.get(x, x)) for g, x in rows[::-1]]


@pytest.mark.parametrize("action", ["clip", "null", "flag"])
def test_nan_is_no_outlier_and_infinities_find_no_fence(run, table, action):
    numbers = [NAN, 1.0, 2.0, 3.0, INF, -INF, None]
    result = run(
        {"op": "clip_outliers", "columns": ["x"], "action": action},
        table({"x": "float64"}, [(x,) for x in numbers]),
    )
    low, high = {"clip": (0.0, 4.0), "null": (None, None), "flag": (-INF, INF)}[action]
    assert same(column(result), [NAN, 1.0, 2.0, 3.0, high, low, None])


def test_where_no_fence_is_found_all_stay(run, table):
    rows = [(INF,), (NAN,), (None,)]
    result = run({"op": "clip_outliers", "columns": ["x"]}, table({"x": "float64"}, rows))
    assert same(column(result), [INF, NAN, None])


COLUMNS = {"i": "int64", "f": "float64", "d": "decimal(6,2)", "t": "string", "f_outlier": "int64"}
BIN = {"op": "bin", "column": "i", "into": "r"}
CLIP = {"op": "clip_outliers", "columns": ["i"]}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"op": "round", "columns": ["f"]}, ("E_PARAMETERS", "/digits")),
        ({"op": "round", "columns": ["f"], "digits": 1, "multiple": 2}, ("E_PARAMETERS", "/digits")),
        ({"op": "round", "columns": ["t"], "digits": 1}, ("E_TYPE", "/columns/0")),
        ({"op": "round", "columns": ["z"], "digits": 1}, ("E_UNKNOWN_COLUMN", "/columns/0")),
        ({"op": "round", "columns": ["i"], "multiple": 0.5}, ("E_VALUE", "/multiple")),
        ({"op": "round", "columns": ["d"], "multiple": 0.125}, ("E_VALUE", "/multiple")),
        (BIN, ("E_PARAMETERS", "/edges")),
        ({**BIN, "edges": [1]}, ("E_PARAMETERS", "/edges")),
        ({**BIN, "edges": [1, 2], "count": 2}, ("E_PARAMETERS", "/edges")),
        ({**BIN, "edges": [2, 2]}, ("E_VALUE", "/edges")),
        ({**BIN, "edges": [1, 2.5]}, ("E_VALUE", "/edges/1")),
        ({**BIN, "edges": [1, 2], "labels": ["a", "b"]}, ("E_PARAMETERS", "/labels")),
        ({**BIN, "count": 2, "above": "a"}, ("E_PARAMETERS", "/above")),
        ({**BIN, "count": 2, "into": "f"}, ("E_DUPLICATE_COLUMN", "/into")),
        ({**BIN, "count": 2, "column": "t"}, ("E_TYPE", "/column")),
        ({**CLIP, "lower": 1}, ("E_PARAMETERS", "/method")),
        ({**CLIP, "method": "bounds"}, ("E_PARAMETERS", "/lower")),
        ({**CLIP, "method": "quantiles", "lower": 5}, ("E_VALUE", "/lower")),
        ({**CLIP, "method": "quantiles", "upper": 0.12345678}, ("E_VALUE", "/upper")),
        ({**CLIP, "method": "quantiles", "lower": 0.9, "upper": 0.1}, ("E_VALUE", "/lower")),
        ({**CLIP, "method": "bounds", "lower": 0.5}, ("E_VALUE", "/lower")),
        (
            {**CLIP, "method": "bounds", "lower": 1, "partition_by": ["t"]},
            ("E_PARAMETERS", "/partition_by"),
        ),
        ({**CLIP, "columns": ["f"], "action": "flag"}, ("E_DUPLICATE_COLUMN", "/suffix")),
        ({**CLIP, "columns": ["t"]}, ("E_TYPE", "/columns/0")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    assert problems(params, table(COLUMNS)) == [found]
