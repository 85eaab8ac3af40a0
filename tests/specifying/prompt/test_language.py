from __future__ import annotations

import json
import re
from typing import Literal

import pytest

from ai_data_engineer.spec.expectations.registry import all_expectations
from ai_data_engineer.spec.expressions.registry import all_functions
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.specifying.prompt import language, vocabulary, wire
from ai_data_engineer.specifying.prompt.language import (
    ESSENTIAL,
    brief_system_prompt,
    by_relevance,
    system_prompt,
)
from ai_data_engineer.specifying.prompt.tokens import estimate


@pytest.mark.parametrize("op", all_operators())
def test_an_operator_is_told_with_each_parameter(op: str) -> None:
    described = re.search(rf"^{op}: .*\n((?: .*\n)*)", system_prompt(), re.MULTILINE)
    assert described
    for parameter in set(all_operators()[op].model_fields) - {"id", "op", "inputs", "note"}:
        assert re.search(rf"^ {parameter}\b", described[1], re.MULTILINE), parameter


def test_every_function_and_expectation_is_told_under_its_own_name() -> None:
    rules = system_prompt()
    assert all(f"{function.name}(" in rules for function in all_functions().values())
    assert all(re.search(rf"\b{name}\b", rules) for name in all_expectations())


@pytest.mark.parametrize("name", all_expectations())
def test_an_expectation_is_told_with_its_kwargs(name: str) -> None:
    (told,) = re.findall(rf"^(.*): (?:.*, )?{name}(?:,.*)?$", system_prompt(), re.MULTILINE)
    kind = all_expectations()[name]
    for kwarg in kind.required:
        assert re.search(rf"\b{kwarg}\b(?!\?)", told)
    for kwarg, about in kind.properties.items():
        assert kwarg in told or "range?" in told or "const" in about
        assert "|".join(about["enum"][1:]) in told if "enum" in about else True


def test_the_rules_are_the_same_each_time_and_long_enough_to_be_cached() -> None:
    first = system_prompt()
    system_prompt.cache_clear()
    assert system_prompt() == first
    assert 1024 < estimate(first) < 9_000


@pytest.mark.parametrize("tokens", [1000, 1400, 2700])
def test_a_brief_language_fits_and_begins_with_all_the_rules(tokens: int) -> None:
    brief = brief_system_prompt("revenue by month", tokens)
    assert estimate(brief) <= tokens
    assert brief.startswith(system_prompt().partition("Operators.")[0].rstrip())


def test_a_brief_language_tells_what_the_goal_asks_for_before_what_others_ask_for() -> None:
    assert "\nhash(" in brief_system_prompt("hash the e-mail addresses", 1400)
    assert "\nhash(" not in brief_system_prompt("revenue by month", 1400)
    assert by_relevance("") == [*ESSENTIAL, *sorted(set(all_operators()) - set(ESSENTIAL))]


def test_most_of_a_brief_language_is_the_same_for_every_goal() -> None:
    one, other = (brief_system_prompt(goal, 2700) for goal in ("hash e-mails", "sales by month"))
    constant = one.partition("\nFunctions: ")[0]
    assert other.startswith(constant)
    assert "Expressions:" in constant


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        # By the tokenizers of Llama 3.2, Qwen 2.5 and DeepSeek V4: the median.
        ("Keep the rows for which the condition is true; false and unknown (null) go.", 18),
        ("order_id int64: 497 distinct, <1% null, shapes", 15),
        ("Größe der Bestellungen je Monat für Kunden", 10),
        ("各国ごとの売上高を月別に集計する", 13),
        ("отчёт по продажам за месяц", 8),
    ],
)
def test_tokens_are_estimated_about_right_and_not_too_low(text: str, counted: int) -> None:
    assert counted <= estimate(text) <= 3 * counted


class Shuffle(Step):
    """Stir the rows."""

    op: Literal["shuffle"] = "shuffle"
    twice: bool = False
    """Whether they are stirred again, for good measure."""


def test_an_operator_that_is_added_is_told_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {**all_operators(), "shuffle": Shuffle}
    for module in (language, vocabulary, wire):
        monkeypatch.setattr(module, "all_operators", lambda: more)
    system_prompt.cache_clear()
    try:
        told = (
            "shuffle: Stir the rows.\n"
            " twice=false - Whether they are stirred again, for good measure\n"
        )
        assert told in system_prompt()
        assert "shuffle(twice=false): Stir the rows" in brief_system_prompt("shuffle them", 1400)
        steps = wire.wire_schema()["properties"]["steps"]["items"]["properties"]
        assert "shuffle" in steps["op"]["enum"]
    finally:
        system_prompt.cache_clear()


def test_the_examples_are_told_as_json_in_the_wire_form() -> None:
    answers = [
        line for line in system_prompt().splitlines() if line.startswith('{"assumptions":["')
    ]
    assert len(answers) == 5
    for answer in answers:
        assert all(
            set(step) == {"id", "op", "inputs", "params"} for step in json.loads(answer)["steps"]
        )
