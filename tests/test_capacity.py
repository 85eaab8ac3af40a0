"""The page on capacity says what the simulation says, and the simulation what queues do."""

from __future__ import annotations

import json
from random import Random
from statistics import mean

import pytest

from benchmarks.capacity import (
    BEGIN,
    COSTS,
    DAY,
    END,
    PAGE,
    PEAK,
    PICK_UP,
    Service,
    arrivals,
    erlang_c,
    expected_wait,
    rate_at,
    simulate,
    tables,
)
from tests.services.cluster import settings


def test_the_page_shows_what_the_script_prints_for_the_committed_costs() -> None:
    shown = PAGE.read_text().partition(BEGIN)[2].partition(END)[0]
    assert shown == tables(json.loads(COSTS.read_text()))


def test_the_time_until_a_run_is_fetched_is_that_of_the_settings() -> None:
    asked_every = float(settings("client.env")["PREFECT_WORKER_QUERY_SECONDS"])
    assert asked_every / 2 == PICK_UP


def test_erlang_c_gives_the_textbook_values() -> None:
    assert erlang_c(1, 0.5) == pytest.approx(0.5)  # M/M/1: the load itself
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)


def test_a_simulated_queue_waits_as_the_formula_of_pollaczek_and_khinchine_says() -> None:
    # M/D/1 at 80 %: 0.8 / (2 (1 - 0.8)) services of 10 s, that is 20 s.
    work, waits = Service((10.0,), (1.0,)), []
    for seed in range(60):
        random, now, moments = Random(seed), DAY * 12.5 / 24, []
        while (now := now + random.expovariate(0.08)) < DAY * 14.5 / 24:
            moments.append(now)
        waits.append(simulate(moments, 1, work, random).mean_wait)
    assert expected_wait(0.08, 1, work) == pytest.approx(20.0)
    assert mean(waits) == pytest.approx(20.0, rel=0.15)


def test_the_peak_is_so_many_times_the_mean_and_the_day_adds_up() -> None:
    per_day = 86_400
    assert rate_at(DAY * 14 / 24, per_day) == pytest.approx(PEAK)
    whole = sum(rate_at(second, per_day) for second in range(0, int(DAY), 60)) * 60
    assert whole == pytest.approx(per_day, rel=0.001)
    assert len(arrivals(per_day, Random(2))) == pytest.approx(per_day, rel=0.02)


def test_the_urgent_wait_less_than_the_others() -> None:
    work = Service((10.0,), (1.0,))
    day = simulate(arrivals(5_000, Random(3)), 2, work, Random(3))
    assert 0 < day.urgent_wait < day.mean_wait


def test_with_fewer_slots_than_work_the_queue_grows_without_end() -> None:
    work = Service((10.0,), (1.0,))
    assert expected_wait(0.3, 3, work) == float("inf")
    few = simulate(arrivals(20_000, Random(4)), 3, work, Random(4))
    enough = simulate(arrivals(20_000, Random(4)), 10, work, Random(4))
    assert few.longest_queue > 10 * enough.longest_queue
