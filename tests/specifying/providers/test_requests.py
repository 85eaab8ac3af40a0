"""What each SDK sends for a question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError, Question
from tests.model_server import ModelServer, bad_request, other_json, says, unknown_model
from tests.specifying.providers.conftest import provider

if TYPE_CHECKING:
    from tests.specifying.providers.conftest import Ask

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": ["string", "null"], "description": "short"},
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"op": {"type": "string", "enum": ["a", "b"]}},
            },
        },
    },
    "required": ["steps"],
    "additionalProperties": False,
}


def test_rules_question_and_key_arrive(ask: Ask, models: ModelServer, sdk: str) -> None:
    models.script(says("{}"))
    ask(key="k-7", system="the rules", prompt="the question", max_output_tokens=900)
    (request,) = models.requests
    assert request.form == sdk
    assert (request.system, request.prompt) == ("the rules", "the question")
    assert (request.key, request.model) == ("k-7", "test-model")
    assert request.parameters["mime"] == "application/json"
    assert request.parameters["temperature"] == 0
    assert request.parameters["max_output_tokens"] == 900


def test_the_key_is_in_no_address_and_no_body(ask: Ask, models: ModelServer) -> None:
    models.script(says("{}"))
    ask(key="sesame-123")
    (request,) = models.requests
    assert "sesame" not in request.path
    assert b"sesame" not in request.raw


def test_answers_are_asked_for_uncompressed(ask: Ask, models: ModelServer) -> None:
    models.script(says("{}"))
    ask()
    assert models.requests[0].headers["accept-encoding"] == "identity"


def test_a_line_end_after_the_key_is_not_part_of_it(ask: Ask, models: ModelServer) -> None:
    models.script(says("{}"))
    ask(key="k1\n")
    assert models.requests[0].key == "k1"


@pytest.mark.parametrize("key", ["k\n1", "schlüssel", "two words"])
def test_what_cannot_be_a_key_is_refused_before_anything_is_sent(
    ask: Ask, models: ModelServer, key: str
) -> None:
    with pytest.raises(ModelError, match="E_KEY_REFUSED") as caught:
        ask(key=key)
    assert key not in str(caught.value)
    assert models.requests == []


def test_google_genai_and_openai_pass_the_schema_on(
    ask: Ask, models: ModelServer, sdk: str
) -> None:
    if sdk == "gemini":
        pytest.skip("it knows a part of JSON Schema only")
    models.script(says("{}"))
    ask(schema=SCHEMA)
    assert models.requests[0].schema == SCHEMA


def test_the_older_sdk_is_given_the_part_of_the_schema_that_it_knows(models: ModelServer) -> None:

    models.script(says("{}"))
    provider("gemini", models.url).ask(Question("r", "q", schema=SCHEMA), SecretStr("k"))
    string, array, record = 1, 5, 6  # google.ai.generativelanguage.v1beta.Type
    assert models.requests[0].schema == {
        "type": record,
        "required": ["steps"],
        "properties": {
            "name": {"type": string, "nullable": True, "description": "short"},
            "steps": {
                "type": array,
                "items": {
                    "type": record,
                    "properties": {"op": {"type": string, "enum": ["a", "b"]}},
                },
            },
        },
    }


def test_without_a_schema_json_is_asked_for_all_the_same(ask: Ask, models: ModelServer) -> None:
    models.script(says("{}"))
    ask(schema=None)
    (request,) = models.requests
    assert request.schema is None
    assert request.parameters["mime"] == "application/json"


@pytest.mark.parametrize("name", ["a/b:c", "modèle", "two words", "x?key=1#y"])
def test_a_strange_name_of_a_model_does_no_harm(sdk: str, models: ModelServer, name: str) -> None:

    models.script(unknown_model())
    with pytest.raises(ModelError) as caught:
        provider(sdk, models.base_url(sdk), name).ask(Question("r", "q"), SecretStr("k"))
    assert caught.value.failure in (Failure.UNKNOWN_MODEL, Failure.BAD_REQUEST)


@pytest.mark.parametrize("sdk", ["gemini", "google-genai"], indirect=True)
@pytest.mark.parametrize("key", [None, "", " "])
def test_gemini_without_a_key_is_not_asked(
    ask: Ask, models: ModelServer, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "not-for-this")
    with pytest.raises(ProviderError, match=r"E_NO_KEY .*GEMINI_API_KEY"):
        ask(key=key)
    assert models.requests == []


@pytest.mark.parametrize("sdk", ["openai"], indirect=True)
class TestOpenAI:
    def test_a_server_that_needs_no_key_is_given_none(
        self, ask: Ask, models: ModelServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "not-for-this-server")
        models.script(says("{}"))
        assert ask(key=None).text == "{}"
        assert "authorization" not in models.requests[0].headers

    def test_openai_itself_is_not_asked_without_a_key(self, sdk: str) -> None:

        with pytest.raises(ProviderError, match=r"E_NO_KEY .*OPENAI_API_KEY"):
            provider(sdk, None).ask(Question("r", "q"), None)

    def test_a_parameter_that_a_model_refuses_is_left_out_the_next_time(
        self, ask: Ask, models: ModelServer
    ) -> None:
        def refused(parameter: str) -> dict[str, dict[str, str]]:
            return {"error": {"message": "no", "code": "unsupported_value", "param": parameter}}

        for parameter in ("temperature", "max_tokens"):
            models.script(replace(other_json(refused(parameter)), status=400))
            with pytest.raises(ModelError) as caught:
                ask()
            assert caught.value.failure is Failure.BAD_REQUEST
        models.script(says("{}"))
        ask()
        first, last = models.requests[0].body, models.requests[-1].body
        assert (first["temperature"], "max_tokens" in first) == (0, True)
        assert ("temperature" in last, "max_tokens" in last) == (False, False)
        assert last["max_completion_tokens"] == first["max_tokens"]

    def test_a_refused_schema_leaves_the_parameters_alone(
        self, ask: Ask, models: ModelServer
    ) -> None:
        models.script(bad_request(), says("{}"))
        with pytest.raises(ModelError):
            ask(schema=SCHEMA)
        ask()
        assert "temperature" in models.requests[-1].body

    @pytest.mark.parametrize(
        "text",
        [
            '<think>\nfirst {"b": 2}\n</think>\n{"a": 1}',
            'first {"b": 2}\n</think>{"a": 1}',
            '{"a": 1}',
        ],
        ids=["block", "the template opened it", "none"],
    )
    def test_a_thought_before_the_answer_is_dropped(
        self, ask: Ask, models: ModelServer, text: str
    ) -> None:
        models.script(says(text))
        assert ask().text == '{"a": 1}'

    def test_an_answer_that_speaks_of_thoughts_is_whole(
        self, ask: Ask, models: ModelServer
    ) -> None:
        models.script(says('{"drop": "</think>"}'))
        assert ask().text == '{"drop": "</think>"}'

    def test_text_in_parts_is_put_together(self, ask: Ask, models: ModelServer) -> None:
        parts = [
            {"type": "thinking", "thinking": "hm", "text": "hm"},
            {"type": "text", "text": '{"a"'},
            {"type": "text", "text": ": 1}"},
        ]
        choice = {"message": {"content": parts}, "finish_reason": "stop"}
        models.script(other_json({"choices": [choice], "model": "m"}))
        assert ask().text == '{"a": 1}'

    def test_thoughts_that_only_the_total_counts_are_paid_for(
        self, ask: Ask, models: ModelServer
    ) -> None:
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 40}
        choice = {"message": {"content": "{}"}, "finish_reason": None}
        models.script(other_json({"choices": [choice], "usage": usage}))
        assert ask().usage.output_tokens == 30

    @pytest.mark.parametrize(
        ("name", "called"),
        [
            ("/home/me/models/small.gguf", "small.gguf"),
            ("C:\\m\\s.gguf", "s.gguf"),
            ("org/m", "org/m"),
        ],
    )
    def test_a_model_is_not_called_by_the_place_of_its_file(
        self, ask: Ask, models: ModelServer, name: str, called: str
    ) -> None:
        models.script(says("{}", model=name))
        assert ask().model == called

    @pytest.mark.parametrize(
        "error",
        [
            {"code": "context_length_exceeded", "type": "invalid_request_error"},
            {"code": 400, "type": "exceed_context_size_error", "n_ctx": 2048},
        ],
        ids=["OpenAI", "llama.cpp"],
    )
    def test_a_prompt_that_is_too_long_has_its_own_hint(
        self, ask: Ask, models: ModelServer, error: dict[str, object]
    ) -> None:
        models.script(replace(other_json({"error": error}), status=400))
        with pytest.raises(ModelError, match="ADE_LLM_CONTEXT_TOKENS"):
            ask()
