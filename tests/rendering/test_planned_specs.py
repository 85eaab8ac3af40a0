"""Specs as the offline planner writes them for files and goals, the same on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.specifying.offline.planner import plan
from tests.projects import assert_engines_agree

EXAMPLES = Path(__file__).parents[2] / "examples"
GOALS = {
    "cleaned": ("orders.csv", ""),
    "summed": ("orders.csv", "sum of amount and number of orders by month and country, only paid"),
    "newest": ("orders.csv", "the latest order of each customer, sorted by amount descending"),
    "largest": ("orders.csv", "top 10 orders by amount, as CSV"),
    "documents": ("customers.json", "remove duplicates, only newsletter is true"),
    "joined": (
        "orders.csv customers.json",
        "join orders with customers, average amount by country",
    ),
}


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_a_planned_spec_gives_the_same_on(
    engine: str, goal: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if engine == "spark":
        request.getfixturevalue("spark")
    files, words = GOALS[goal]
    spec = plan([profile_source(str(EXAMPLES / file)) for file in files.split()], words)

    assert assert_engines_agree(spec, tmp_path, engine)["success"]
