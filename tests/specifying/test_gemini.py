"""The real SDK against a loopback server that speaks generateContent."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.specifying.gemini import ask

if TYPE_CHECKING:
    from conftest import Gemini

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

BAD_KEY = (400, "API_KEY_INVALID")


def test_an_answer_comes_back_with_its_usage(gemini: Gemini) -> None:
    gemini.answers('{"a": 1}')
    answer = gemini.ask()
    assert (answer.text, answer.input_tokens, answer.output_tokens) == ('{"a": 1}', 11, 19)


def test_rules_travel_as_the_system_instruction(gemini: Gemini) -> None:
    gemini.answers("{}")
    gemini.ask()
    assert gemini.bodies[0]["systemInstruction"]["parts"][0]["text"] == "rules"
    assert gemini.prompts == ["question"]
    assert gemini.bodies[0]["generationConfig"]["responseMimeType"] == "application/json"


@pytest.mark.parametrize("refusal", [BAD_KEY, (403, None)])
def test_the_next_key_is_tried_when_one_is_refused(
    gemini: Gemini, refusal: tuple[int, str | None]
) -> None:
    gemini.fails(*refusal)
    gemini.answers("ok")
    assert gemini.ask("bad", "good").text == "ok"
    assert gemini.keys == ["bad", "good"]


def test_a_refused_key_is_never_named(gemini: Gemini) -> None:
    gemini.fails(*BAD_KEY)
    with pytest.raises(ProviderError, match="E_KEY_REFUSED") as caught:
        gemini.ask("sesame-123")
    assert "sesame" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_what_may_pass_by_itself_is_transient_and_asked_once(gemini: Gemini, status: int) -> None:
    gemini.fails(status)
    with pytest.raises(TransientError, match="E_PROVIDER_BUSY"):
        gemini.ask()
    assert len(gemini.keys) == 1


def test_a_refused_connection_is_transient() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(TransientError):
            ask("r", "q", model="m", keys=[SecretStr("k")], base_url=nobody)


@pytest.mark.parametrize(("status", "code"), [(404, "E_UNKNOWN_MODEL"), (400, "E_PROVIDER")])
def test_a_refused_request_has_a_code(gemini: Gemini, status: int, code: str) -> None:
    gemini.fails(status)
    with pytest.raises(ProviderError) as caught:
        gemini.ask()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        ("{", "MAX_TOKENS", "E_TRUNCATED_ANSWER"),
        ("", "SAFETY", "E_BLOCKED"),
        ("   ", "STOP", "E_BLOCKED"),
    ],
)
def test_an_answer_that_is_none_has_a_code(
    gemini: Gemini, text: str, reason: str, code: str
) -> None:
    gemini.answers(text, reason)
    with pytest.raises(ProviderError) as caught:
        gemini.ask()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"promptFeedback": {"blockReason": "SAFETY"}}, "E_BLOCKED"),
        ("<html>gateway</html>", "E_BAD_ANSWER"),
    ],
)
def test_a_body_that_is_no_answer_has_a_code(gemini: Gemini, body: Any, code: str) -> None:
    gemini.says(body)
    with pytest.raises(ProviderError) as caught:
        gemini.ask()
    assert caught.value.code == code


def test_without_a_key_nothing_is_sent() -> None:
    with pytest.raises(ProviderError, match="GEMINI_API_KEY"):
        ask("r", "q", model="m", keys=[])
