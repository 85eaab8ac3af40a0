"""The store, and what of today's budget is used, as the asking itself counts it."""

from __future__ import annotations

import pytest

from ai_data_engineer.doctor import state
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.specifying.asking.budget import Budget
from ai_data_engineer.specifying.asking.policy import Charge
from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Question, Usage
from ai_data_engineer.stores.opening import open_store


def spend(settings: Settings) -> None:
    """Spend 1,500 tokens and 0.0035 US dollars."""
    author = Author(provider="openai", model="m", input_price=1, output_price=5)
    budget = Budget(author, Job(settings, open_store(settings)), Pace())
    usage = Usage(input_tokens=1000, output_tokens=500)
    budget.reserve(Question("", "", max_output_tokens=500)).settle(Charge.USAGE, usage)


def checks(settings: Settings) -> dict[str, tuple[str, str]]:
    found = state.shared(settings, lambda: open_store(settings))
    return {check.name: (check.state, check.detail) for check in found}


@pytest.mark.parametrize(
    ("limits", "expected", "said"),
    [
        ({}, "missing", "1,500 tokens and 0.0035 US dollars; set ADE_LLM_DAY_COST or"),
        ({"llm_day_tokens": 9000}, "ok", "1,500 of 9,000 tokens and 0.0035 US dollars"),
        ({"llm_day_cost": 0.5}, "ok", "1,500 tokens and 0.0035 of 0.5000 US dollars"),
        ({"llm_day_tokens": 1500}, "broken", "wait until midnight UTC"),
    ],
)
def test_what_of_todays_budget_is_used(limits, expected, said):
    spend(load_settings())
    told = checks(load_settings(**limits))["budget"]
    assert told[0] == expected
    assert said in told[1]


def test_the_store_of_one_machine_is_in_its_home():
    assert checks(load_settings())["store"][0] == "ok"


def test_a_redis_that_does_not_answer_is_broken_and_its_password_is_not_shown():
    told = checks(load_settings(redis_url="redis://:sesame-1@127.0.0.1:1/0"))
    assert told["store"][0] == "broken"
    assert "ADE_REDIS_URL" in told["store"][1]
    assert "sesame" not in str(told)
