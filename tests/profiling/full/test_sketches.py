"""What parts say together does not depend on how the whole was cut, and errs as little as stated."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.profiling.full.distinct import DistinctSketch, below
from ai_data_engineer.profiling.full.moments import Moments
from ai_data_engineer.profiling.full.observing import hash_values
from ai_data_engineer.profiling.full.row_sample import RowSample, repeated
from ai_data_engineer.profiling.full.sorted_runs import SortedRuns

CUTS = st.lists(st.integers(0, 300), max_size=6)


def cut(values: list[int], cuts: list[int]) -> list[list[int]]:
    places = [0, *sorted(min(c, len(values)) for c in cuts), len(values)]
    return [values[a:b] for a, b in itertools.pairwise(places)]


@given(st.lists(st.integers(0, 200), max_size=300), CUTS, st.integers(8, 400))
def test_a_distinct_sketch_does_not_depend_on_cuts_and_order(
    values: list[int], cuts: list[int], kept: int
) -> None:
    parts = [np.array(part, np.uint64) * np.uint64(2**50) for part in cut(values, cuts)]
    one, other = DistinctSketch(kept), DistinctSketch(kept)
    for part in parts:
        one.add(below(part, one.limit))
    for part in reversed(parts):
        other.add(part)

    assert one.estimate() == other.estimate()
    if len(set(values)) < kept:
        assert (one.is_exact, one.estimate()) == (True, len(set(values)))


@pytest.mark.parametrize("make", ["user{}@example.com", "{:08d}", "{}", "+49 30 {}"])
def test_a_sketch_errs_by_at_most_two_percent(make: str) -> None:
    sketch = DistinctSketch()
    for start in range(0, 200_000, 50_000):
        values = pl.Series([make.format(i) for i in range(start, start + 50_000)])
        sketch.add(below(hash_values(values), sketch.limit))

    assert not sketch.is_exact
    assert sketch.error < 0.02 / 4
    assert sketch.estimate() == pytest.approx(200_000, rel=0.02)


def test_below_ten_thousand_values_are_counted_exactly() -> None:
    sketch = DistinctSketch()
    for _ in range(3):
        sketch.add(hash_values(pl.Series(range(10_000))))

    assert (sketch.is_exact, sketch.estimate(), sketch.error) == (True, 10_000, 0.0)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=200),
    CUTS,
)
def test_moments_merge_to_those_of_the_whole(values: list[float], cuts: list[int]) -> None:
    merged = Moments()
    for part in cut(values, cuts):  # type: ignore[arg-type]
        merged = merged.merged(Moments.of(np.array(part, np.float64)))
    whole = pl.Series(values)

    assert merged.count == len(values)
    assert merged.mean == pytest.approx(whole.mean(), rel=1e-9, abs=1e-6)
    assert merged.std == pytest.approx(whole.std(), rel=1e-6, abs=1e-3)


def test_skew_is_the_third_moment_over_the_second() -> None:
    values = [1.0, 2.0, 2.0, 3.0, 20.0]
    merged = Moments.of(np.array(values[:2])).merged(Moments.of(np.array(values[2:])))

    assert merged.skew == pytest.approx(pl.Series(values).skew())
    assert Moments.of(np.array([0.1] * 9)).skew is None


def test_weights_stand_for_repeated_values() -> None:
    weighted = Moments.of(np.array([1.0, 5.0]), np.array([3.0, 1.0]))

    assert weighted == Moments.of(np.array([1.0, 1.0, 1.0, 5.0]))


def test_numbers_near_the_largest_double_have_no_deviation() -> None:
    found = Moments.of(np.array([1e308, -1e308])).merged(Moments.of(np.array([1e308])))

    assert (found.std, found.skew) == (None, None)


def test_a_sample_does_not_depend_on_cuts() -> None:
    values, tags = pl.Series(range(5_000)), np.random.default_rng(1).random(5_000)
    whole, parts = RowSample(100), RowSample(100)
    whole.add(values, tags)
    for start in range(0, 5_000, 700):
        parts.add(values.slice(start, 700), tags[start : start + 700])

    found, expected = parts.values(), whole.values()
    assert found is not None
    assert expected is not None
    assert 50 < len(found) <= 100
    assert found.to_list() == expected.to_list()


def test_a_sample_knows_the_shares_of_the_whole() -> None:
    sample = RowSample(20_000)
    for number in range(20):
        tags = np.random.default_rng(number).random(50_000)
        sample.add(pl.Series(np.arange(number, 1_000_000, 20)), tags)
    found = sample.values()

    assert found is not None
    for share in (0.01, 0.25, 0.5, 0.99):
        error = math.sqrt(share * (1 - share) / len(found))
        assert found.quantile(share) / 1e6 == pytest.approx(share, abs=4 * error)  # type: ignore[operator]


def test_counted_values_are_drawn_as_often_as_they_were_seen() -> None:
    counts = np.array([100_000, 900_000])

    drawn, tags = repeated(pl.Series(["rare", "often"]), counts, 0.01, seed=1)

    assert len(drawn) == pytest.approx(10_000, rel=0.05)
    assert (drawn == "rare").mean() == pytest.approx(0.1, abs=0.02)
    assert tags.max() < 0.01


@given(st.lists(st.integers(0, 50), max_size=200), CUTS)
def test_runs_count_distinct_numbers(values: list[int], cuts: list[int]) -> None:
    runs = SortedRuns()
    for part in cut(values, cuts):
        runs.add(np.sort(np.array(part, np.uint64)))

    assert (runs.count, runs.distinct()) == (len(values), len(set(values)))
    runs.close()


def test_runs_are_looked_at_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_data_engineer.profiling.full.sorted_runs._SLICE", 500)
    runs = SortedRuns()
    for number in range(10):
        runs.add(np.arange(number, 10_000, 7, dtype=np.uint64))

    assert runs.distinct() == len({v for n in range(10) for v in range(n, 10_000, 7)})
    runs.close()


def test_runs_that_follow_each_other_are_distinct_by_their_order() -> None:
    runs = SortedRuns()
    runs.add(np.arange(10, dtype=np.uint64))
    runs.add(np.arange(10, 20, dtype=np.uint64))

    assert runs.distinct() == 20
    runs.close()
