"""What models write around, before and instead of one JSON object."""

import json

import pytest

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.reading import read_object

SPEC = {"name": "a", "steps": [], "outputs": [{"id": "o"}]}
TEXT = json.dumps(SPEC)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"Here you are:\n```json\n{TEXT}\n```\nAnything else?",
        f"{{not json}} {{}} {TEXT}",
        f'{{"note": "no spec"}} {TEXT}',
        f"﻿{TEXT}",
    ],
)
def test_the_object_is_found_whatever_stands_around_it(text: str) -> None:
    assert read_object(text) == SPEC


def test_a_draft_in_the_thoughts_is_not_the_answer() -> None:
    draft = json.dumps({**SPEC, "name": "draft"})
    assert read_object(f"Let me try {draft}. Better:{TEXT}") == SPEC


def test_an_object_inside_of_the_answer_is_not_taken_for_it() -> None:
    nested = {"steps": [{"id": "s", "op": "x", "params": {"steps": []}}], "outputs": []}
    assert read_object(json.dumps(nested)) == nested


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot do that.",
        "[]",
        '{"answer": 1}',
        TEXT[:-4],
        "{" * 100_000,
        '{"a":' * 100_000,
        '{"steps": ' + "9" * 5000 + "}",
    ],
)
@pytest.mark.timeout(60)  # each takes milliseconds; what is quadratic takes minutes
def test_an_answer_without_a_spec_is_an_error_and_soon(text: str) -> None:
    with pytest.raises(ProviderError, match="E_BAD_ANSWER"):
        read_object(text)
