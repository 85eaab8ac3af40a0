"""What each SDK makes of what a service may answer: one table, the same outcome for all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ai_data_engineer.specifying.providers.protocol import Failure, ModelError, Usage
from tests.model_server import (
    ModelServer,
    Reply,
    bad_key,
    bad_request,
    blank,
    blocked_answer,
    blocked_prompt,
    broken_json,
    drip,
    drip_headers,
    empty,
    endless,
    forbidden,
    hang,
    hang_up,
    html,
    other_json,
    recitation,
    refusal,
    reset,
    says,
    status,
    thinks,
    too_long,
    truncated,
    unknown_model,
    wrong_content_length,
)

if TYPE_CHECKING:
    from tests.specifying.providers.conftest import Ask

USAGE = Usage(input_tokens=11, output_tokens=19, thought_tokens=12, cached_tokens=4)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(says('{"a": 1}', cached_tokens=4), id="says"),
        pytest.param(thinks("First {that}, then this.", '{"a": 1}', cached_tokens=4), id="thinks"),
    ],
)
def test_an_answer_comes_back_with_its_usage_and_without_thoughts(
    ask: Ask, models: ModelServer, reply: Reply
) -> None:
    models.script(reply)
    answer = ask()
    assert (answer.text, answer.model, answer.usage) == ('{"a": 1}', "test-model", USAGE)


def test_the_response_is_kept_as_it_came(ask: Ask, models: ModelServer) -> None:
    models.script(thinks("a thought", "{}"))
    assert "a thought" in ask().raw


def test_the_model_is_called_as_the_server_calls_it(ask: Ask, models: ModelServer) -> None:
    models.script(says("{}", model="test-model-002"))
    assert ask().model == "test-model-002"


FAILURES = {
    "truncated": (truncated(), Failure.TRUNCATED),
    "truncated before any text": (truncated(""), Failure.TRUNCATED),
    "empty": (empty(), Failure.EMPTY),
    "blank": (blank(), Failure.EMPTY),
    "thoughts alone": (thinks("hm", ""), Failure.EMPTY),
    "blocked prompt": (blocked_prompt(), Failure.BLOCKED),
    "safety": (blocked_answer("SAFETY"), Failure.BLOCKED),
    "recitation": (recitation(), Failure.BLOCKED),
    "prohibited": (blocked_answer("PROHIBITED_CONTENT"), Failure.BLOCKED),
    "refusal": (refusal(), Failure.BLOCKED),
    "429": (status(429), Failure.BUSY),
    "quota": (status(429, quota=True), Failure.BUSY),
    "500": (status(500), Failure.UNAVAILABLE),
    "502 of a gateway": (html(502), Failure.UNAVAILABLE),
    "503": (status(503), Failure.UNAVAILABLE),
    "504": (status(504), Failure.UNAVAILABLE),
    "bad key": (bad_key(), Failure.KEY_REFUSED),
    "forbidden": (forbidden(), Failure.KEY_REFUSED),
    "unknown model": (unknown_model(), Failure.UNKNOWN_MODEL),
    "nobody there": (html(404), Failure.UNREADABLE),
    "bad request": (bad_request(), Failure.BAD_REQUEST),
    "too long": (too_long(), Failure.BAD_REQUEST),
    "another status": (status(418), Failure.UNEXPECTED),
    "html": (html(), Failure.UNREADABLE),
    "broken JSON": (broken_json(), Failure.UNREADABLE),
    "no body": (Reply(body=b""), Failure.UNREADABLE),
    "a JSON text": (other_json("text"), Failure.UNREADABLE),
    "a JSON list": (other_json([1]), Failure.UNREADABLE),
    "null": (other_json(None), Failure.UNREADABLE),
    "an empty object": (other_json({}), Failure.UNREADABLE),
    "another protocol": (other_json({"answer": "hello"}), Failure.UNREADABLE),
    "deep nesting": (Reply(body=b'{"candidates": ' + b"[" * 100_000), Failure.UNREADABLE),
    "half a character": (Reply(body=b'{"candidates": "\xe2\x82"}'), Failure.UNREADABLE),
    "half a pair of surrogates": (says("\ud800"), Failure.UNREADABLE),
    "compressed": (Reply(text="{}", headers=(("Content-Encoding", "gzip"),)), Failure.UNREADABLE),
    "hang": (hang(), Failure.TIMEOUT),
    "drip": (drip(), Failure.TIMEOUT),
    "drip of headers": (drip_headers(), Failure.TIMEOUT),
    "too few bytes": (wrong_content_length(), Failure.TIMEOUT),
    "endless": (endless(), Failure.ENDLESS),
    "hang up": (hang_up(), Failure.BROKEN),
    "reset": (reset(), Failure.BROKEN),
}
WITH_USAGE = {
    "truncated", "truncated before any text", "empty", "blank", "thoughts alone", "safety",
    "recitation", "prohibited", "refusal",
}  # fmt: skip


@pytest.mark.parametrize("case", FAILURES)
def test_every_failure_is_classified_and_sent_once(
    ask: Ask, models: ModelServer, case: str
) -> None:
    reply, failure = FAILURES[case]
    models.script(reply)
    with pytest.raises(ModelError) as caught:
        ask(timeout=0.5 if failure is Failure.TIMEOUT else 20, max_bytes=200_000)
    assert caught.value.failure is failure
    assert len(models.requests) == 1
    assert (caught.value.usage is not None and caught.value.usage.input_tokens == 11) is (
        case in WITH_USAGE or (case == "blocked prompt" and models.requests[0].form != "openai")
    )


@pytest.mark.parametrize("case", ["429", "bad key", "html", "safety", "refusal", "bad request"])
def test_nothing_of_the_servers_and_no_key_is_in_an_error(
    ask: Ask, models: ModelServer, case: str
) -> None:
    models.script(FAILURES[case][0])
    with pytest.raises(ModelError) as caught:
        ask(key="sesame-123")
    error = caught.value
    assert "esame" not in f"{error} {error.hint} {error.args}"
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_key_that_a_server_repeats_is_not_kept(ask: Ask, models: ModelServer) -> None:
    models.script(thinks("my key is sesame-123", "{}"))
    assert "my key is ***" in ask(key="sesame-123").raw


def test_what_was_said_before_the_limit_is_kept(ask: Ask, models: ModelServer) -> None:
    models.script(truncated('{"steps": [{"id": "a"'))
    with pytest.raises(ModelError) as caught:
        ask()
    assert "steps" in caught.value.raw


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (status(429, retry_after=1.5, retry_in="body"), {"openai": None}),
        (status(429, retry_after=2, retry_in="header"), {}),
        (status(503, retry_after=3), {}),
        (status(429, retry_after=0.25, retry_in="ms"), {}),
        (status(429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT", retry_in="header"), {}),
        (status(429, retry_after="soon", retry_in="header"), {}),
        (status(429), {}),
    ],
    ids=["body", "header", "both", "milliseconds", "a date that has passed", "words", "none"],
)
def test_the_wait_that_is_asked_for_is_read(
    ask: Ask,
    models: ModelServer,
    sdk: str,
    reply: Reply,
    seconds: dict[str, None],
    request: pytest.FixtureRequest,
) -> None:
    expected = {"a date that has passed": 0.0, "words": None, "none": None}.get(
        request.node.callspec.id.rpartition("-")[2], reply.retry_after
    )
    models.script(reply)
    with pytest.raises(ModelError) as caught:
        ask()
    assert caught.value.retry_after == seconds.get(sdk, expected)


def test_an_error_that_breaks_off_still_has_its_status(ask: Ask, models: ModelServer) -> None:
    models.script(Reply(status=503, error="other", behaviour="hang_up"))
    with pytest.raises(ModelError) as caught:
        ask()
    assert caught.value.failure is Failure.UNAVAILABLE


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_for_it_would_carry_the_key_away(
    ask: Ask, models: ModelServer, code: int
) -> None:
    models.script(Reply(status=code, body=b"", headers=(("Location", models.url + "/other"),)))
    with pytest.raises(ModelError, match="redirects") as caught:
        ask()
    assert caught.value.failure is Failure.UNREADABLE
    assert len(models.requests) == 1


def test_an_error_within_a_200_counts_as_its_code(ask: Ask, models: ModelServer) -> None:
    models.script(other_json({"error": {"code": 429, "message": "no"}}))
    with pytest.raises(ModelError) as caught:
        ask()
    assert caught.value.failure is Failure.BUSY


def test_an_error_of_null_is_none(ask: Ask, models: ModelServer) -> None:
    candidate = {"content": {"parts": [{"text": "{}"}]}}
    choice = {"message": {"content": "{}"}}
    models.script(other_json({"error": None, "candidates": [candidate], "choices": [choice]}))
    assert ask().text == "{}"


@pytest.mark.parametrize("sdk", ["gemini", "google-genai"], indirect=True)
@pytest.mark.parametrize("reason", [99, "NEWER_THAN_THE_SDK"])
def test_a_reason_that_no_sdk_knows_yet_does_no_harm(
    ask: Ask, models: ModelServer, reason: int | str
) -> None:
    models.script(other_json({"promptFeedback": {"blockReason": reason}}))
    with pytest.raises(ModelError) as caught:
        ask()
    assert caught.value.failure is Failure.BLOCKED


def test_an_error_in_a_list_is_read(ask: Ask, models: ModelServer, sdk: str) -> None:
    if sdk == "openai":
        pytest.skip("Google's streams have it")
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    body = [{"error": {"code": 400, "message": "no", "details": [detail]}}]
    models.script(replace(other_json(body), status=400))
    with pytest.raises(ModelError, match="E_KEY_REFUSED"):
        ask()


def test_an_error_that_is_but_a_text_is_read(ask: Ask, models: ModelServer, sdk: str) -> None:
    if sdk != "openai":
        pytest.skip("some local servers have it")
    models.script(replace(other_json({"error": "no such model"}), status=404))
    with pytest.raises(ModelError, match="E_UNKNOWN_MODEL"):
        ask()
