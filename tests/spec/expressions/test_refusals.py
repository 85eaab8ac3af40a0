"""What is said of functions that expressions do not have."""

from __future__ import annotations

import re

import pytest

from ai_data_engineer.spec.expressions.refusals import ELSEWHERE, unknown_function
from ai_data_engineer.spec.expressions.registry import all_functions


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_advised_for_a_function_of_another_dialect_exists(name: str) -> None:
    assert name not in all_functions()
    advised = set(re.findall(r"\b([a-z0-9_]+)\(", ELSEWHERE[name]))
    assert advised <= set(all_functions())
    assert unknown_function(name.upper()).hint == ELSEWHERE[name]


def test_chance_is_referred_to_the_steps_that_repeat() -> None:
    assert "sample" in unknown_function("random").hint
    assert "DATE" in unknown_function("now").hint
