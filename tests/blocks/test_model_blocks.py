"""The blocks with keys for models, besides what is asked of every block."""

import inspect

import pytest
from pydantic import SecretStr

from blocks.gemini import GeminiCredentials
from blocks.openai import OpenAICredentials

BLOCKS = [GeminiCredentials, OpenAICredentials]


@pytest.mark.parametrize("block", BLOCKS)
def test_every_field_has_a_title_and_says_what_it_is_left_empty_for(block):
    fields = block.model_fields.values()
    assert all(field.title for field in fields)
    optional = [field for field in fields if field.default is None]
    assert all("empty takes ADE_" in field.description for field in optional)


@pytest.mark.parametrize("block", BLOCKS)
def test_the_keys_are_a_secret_of_the_blocks_schema(block):
    assert block.model_json_schema()["secret_fields"] == ["api_keys"]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_key_is_not_shown(block):
    saved = block(api_keys=[SecretStr("AIza-some-key")])
    assert "AIza" not in repr(saved) + str(saved) + str(saved.model_dump(mode="json"))


def test_both_blocks_say_the_same_of_limits_and_prices():
    def shared(block):
        names = ("context_tokens", "max_output_tokens", "input_price", "output_price")
        return {n: inspect.signature(block).parameters[n].annotation for n in names}

    assert shared(GeminiCredentials) == shared(OpenAICredentials)


def test_the_sdk_is_a_choice_of_the_form():
    sdk = GeminiCredentials.model_json_schema()["properties"]["sdk"]
    assert sdk["enum"] == ["google-generativeai", "google-genai"]
