"""What a model's service may answer, said once for all wire forms: the script of a test.

`says('{"a": 1}')`, `truncated('{"a"')`, `status(429, retry_after=1.5)`, `hang()`. Each is one reply;
the server puts it into the form in which it was asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer or failure. `behaviour` says how its bytes travel."""

    text: str = ""
    thought: str = ""
    finish: str = "stop"
    """`stop`, `length`, `blocked_prompt`, `refusal`, or a reason of Gemini's such as `SAFETY`."""
    input_tokens: int = 11
    output_tokens: int = 19
    """Thoughts included."""
    thought_tokens: int = 12
    cached_tokens: int = 0
    model: str | None = None
    """As the server calls it; as it was asked, if None."""
    status: int = 200
    error: str = ""
    """A code of ours for what is wrong: see `google_error` and `openai_error`."""
    retry_after: float | str | None = None
    """Seconds, or an HTTP date for the header alone."""
    retry_in: str = "both"
    """`body` (Google's RetryInfo), `header`, `both`, or `ms` (OpenAI's `retry-after-ms`)."""
    body: bytes | None = None
    """Instead of all that: these very bytes."""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    behaviour: str = "whole"
    """`whole`, `hang`, `drip`, `drip_headers`, `endless`, `hang_up`, `reset` or `short`."""
    delay: float = 0.0
    """Seconds before the first byte."""

    def after(self, seconds: float) -> Reply:
        """Return the same reply, later."""
        return replace(self, delay=seconds)


def says(text: str, **tokens: Any) -> Reply:
    """A whole answer; other fields of Reply by name."""
    return Reply(text=text, **tokens)


def says_json(value: object, **tokens: Any) -> Reply:
    return says(json.dumps(value), **tokens)


def thinks(thought: str, text: str, **tokens: Any) -> Reply:
    """Gemini: a thought part before the text; OpenAI: `reasoning_content` beside it."""
    return Reply(text=text, thought=thought, **tokens)


def truncated(text: str = '{"steps": [', **tokens: Any) -> Reply:
    return Reply(text=text, finish="length", **tokens)


def empty() -> Reply:
    return Reply(text="", output_tokens=12)


def blank() -> Reply:
    return Reply(text=" \n ")


def blocked_prompt() -> Reply:
    """Gemini: no candidate, a blockReason; OpenAI: 400 `content_filter`, as Azure says it."""
    return Reply(finish="blocked_prompt", output_tokens=0, thought_tokens=0)


def blocked_answer(reason: str = "SAFETY") -> Reply:
    """A reason of Gemini's; OpenAI says `content_filter` for each."""
    return Reply(text="", finish=reason)


def recitation() -> Reply:
    return blocked_answer("RECITATION")


def refusal() -> Reply:
    """OpenAI: a `refusal` beside no content; Gemini: PROHIBITED_CONTENT."""
    return Reply(text="", finish="refusal")


def status(
    code: int,
    *,
    retry_after: float | str | None = None,
    retry_in: str = "both",
    quota: bool = False,
) -> Reply:
    """A failure with this HTTP status; `quota`: what was paid for is used up, not the minute's."""
    error = "quota" if quota else {429: "busy"}.get(code, "other")
    return Reply(status=code, error=error, retry_after=retry_after, retry_in=retry_in)


def bad_key() -> Reply:
    """Gemini: 400 with API_KEY_INVALID; OpenAI: 401."""
    return Reply(status=401, error="bad_key")


def forbidden() -> Reply:
    return Reply(status=403, error="forbidden")


def unknown_model() -> Reply:
    return Reply(status=404, error="unknown_model")


def bad_request() -> Reply:
    """Most often the schema."""
    return Reply(status=400, error="bad_request")


def too_long() -> Reply:
    """The prompt is longer than the model's context."""
    return Reply(status=400, error="too_long")


def html(code: int = 200) -> Reply:
    """The page of a gateway."""
    page = b"<!DOCTYPE html><html><body>Gateway of sesame-corp</body></html>"
    return Reply(status=code, body=page, content_type="text/html")


def broken_json() -> Reply:
    return Reply(body=b'{"candidates": [{"content": {"parts": [{"te')


def other_json(value: object = "a text") -> Reply:
    """JSON that is no answer of any form."""
    return Reply(body=json.dumps(value).encode())


def hang() -> Reply:
    """Takes the request and never says a word."""
    return Reply(behaviour="hang")


def drip() -> Reply:
    """A byte now and then, for ever: no single read times out."""
    return Reply(behaviour="drip")


def drip_headers() -> Reply:
    """The same before the body has begun."""
    return Reply(behaviour="drip_headers")


def endless() -> Reply:
    """Text without an end, as fast as it is read."""
    return Reply(behaviour="endless")


def hang_up() -> Reply:
    """Half of an answer, then the connection is closed."""
    return Reply(text="half of it", behaviour="hang_up")


def reset() -> Reply:
    """The connection is closed before a word was said."""
    return Reply(behaviour="reset")


def wrong_content_length() -> Reply:
    """Fewer bytes come than were promised, and the connection stays open."""
    return Reply(text="{}", behaviour="short")
