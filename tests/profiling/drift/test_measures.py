"""The measures against what they are by definition, and their bounds against chance."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from ai_data_engineer.profiling.drift.measures import (
    distance,
    distance_bound,
    shares_differ,
    stability_bound,
    stability_index,
)


def test_equal_distributions_are_not_apart() -> None:
    assert stability_index({"a": 10, "b": 30}, {"a": 10, "b": 30}) == 0
    assert distance([(0, 0), (10, 1)], [(0, 0), (10, 1)]) == 0


def test_the_stability_index_is_symmetric_and_finite_for_an_empty_class() -> None:
    one, other = {"a": 90, "b": 10}, {"a": 10, "c": 90}
    assert stability_index(one, other) == pytest.approx(stability_index(other, one))
    assert 1 < stability_index(one, other) < 20


def test_siddiqis_example_of_a_moderate_shift() -> None:
    before, after = {"low": 500, "high": 500}, {"low": 650, "high": 350}
    by_hand = (0.65 - 0.5) * 0.2624 + (0.35 - 0.5) * -0.3567
    assert stability_index(before, after) == pytest.approx(by_hand, rel=0.02)


@pytest.mark.parametrize(
    ("before", "after", "apart"),
    [
        ([(0, 0), (1, 1)], [(2, 0), (3, 1)], 1.0),
        ([(0, 0), (10, 1)], [(5, 0), (15, 1)], 0.5),
        ([(0, 0), (10, 1)], [(0, 0), (5, 0.5), (10, 1)], 0.0),
        ([(0, 0), (1, 0.9), (10, 1)], [(0, 0), (1, 0.1), (10, 1)], 0.8),
    ],
)
def test_the_distance_is_the_largest_gap_between_the_functions(
    before: list[tuple[float, float]], after: list[tuple[float, float]], apart: float
) -> None:
    assert distance(before, after) == pytest.approx(apart)


def test_chance_exceeds_the_bounds_about_once_in_a_thousand_times() -> None:
    chance = random.Random(7)
    exceeded = Counter[str]()
    for _ in range(300):
        one = Counter(chance.choices("abcdef", k=200))
        other = Counter(chance.choices("abcdef", k=300))
        exceeded["psi"] += stability_index(one, other) > stability_bound(6, 200, 300)
        successes = sum(chance.random() < 0.1 for _ in range(200))
        others = sum(chance.random() < 0.1 for _ in range(300))
        exceeded["share"] += shares_differ(successes, 200, others, 300)
    assert exceeded["psi"] <= 3
    assert exceeded["share"] <= 5


def test_the_bounds_shrink_with_the_samples() -> None:
    assert distance_bound(100, 100) == pytest.approx(0.276, abs=0.001)
    assert distance_bound(10_000, 10_000) < 0.03
    assert stability_bound(10, 100, 100) > stability_bound(10, 1000, 1000)
