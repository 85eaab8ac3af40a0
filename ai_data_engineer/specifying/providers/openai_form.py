"""OpenAI's chat completions, read from the JSON itself: compatible servers differ in much."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ai_data_engineer.specifying.providers.failures import Service, by_status, failed, retry_after
from ai_data_engineer.specifying.providers.protocol import Answer, Failure, Usage
from ai_data_engineer.specifying.providers.wire import Response

OPENAI = Service(
    "the OpenAI-compatible server", "OPENAI_API_KEY", "ADE_OPENAI_MODEL", "ADE_OPENAI_BASE_URL"
)

_END_OF_THOUGHT = "</think>"
"""Of thoughts before the answer. Templates that begin them in the prompt leave the end alone."""
_CODES = {
    "insufficient_quota": Failure.BUSY,
    "rate_limit_exceeded": Failure.BUSY,
    "model_not_found": Failure.UNKNOWN_MODEL,
    "invalid_api_key": Failure.KEY_REFUSED,
    "content_filter": Failure.BLOCKED,
    "content_policy_violation": Failure.BLOCKED,
    "context_length_exceeded": Failure.BAD_REQUEST,
}
_PATH = re.compile(r"^(?:/|[A-Za-z]:[\\/]).*[\\/]", re.DOTALL)
_UNSUPPORTED = ("unsupported_value", "unsupported_parameter")


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Message(_Lenient):
    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "".join(
            str(part.get("text") or "")
            for part in self.content or []
            if part.get("type") in (None, "text", "output_text")
        )


class _Choice(_Lenient):
    message: _Message | None = None
    finish_reason: str | None = None


class _Details(_Lenient):
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class _Usage(_Lenient):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: _Details | None = None
    completion_tokens_details: _Details | None = None

    def counted(self) -> Usage:
        said = self.completion_tokens_details or _Details()
        sent = self.prompt_tokens_details or _Details()
        asked = self.prompt_tokens or 0
        return Usage(
            input_tokens=max(asked, 0),
            # Some servers count thoughts in the total alone.
            output_tokens=max((self.total_tokens or 0) - asked, self.completion_tokens or 0, 0),
            thought_tokens=max(said.reasoning_tokens or 0, 0),
            cached_tokens=max(sent.cached_tokens or 0, 0),
        )


class _Reply(_Lenient):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    model: str | None = None


class _Error(_Lenient):
    code: str | int | None = None
    type: str | None = None
    param: str | None = None


class _Failed(_Lenient):
    error: _Error | str
    """Some say nothing but a text."""


class _Model(_Lenient):
    id: str


class _Models(_Lenient):
    data: list[_Model]


def read_answer(response: Response, model: str, raw: str) -> Answer:
    """Return the answer of a completion; raises ModelError for every other response."""
    _check(response, model)
    try:
        reply = _Reply.model_validate_json(response.body)
    except ValidationError:
        reply = _Reply()
    if "choices" not in reply.model_fields_set:
        raise failed(Failure.UNREADABLE, OPENAI)
    usage = (reply.usage or _Usage()).counted()
    text, failure = _said(reply)
    if failure is not None:
        raise failed(failure, OPENAI, usage=usage, raw=raw)
    # Servers of one file call the model by its path on their machine.
    name = _PATH.sub("", reply.model or "") or model
    return Answer(text=text, model=name, usage=usage, raw=raw)


def _said(reply: _Reply) -> tuple[str, Failure | None]:
    """Return the text without thoughts before it, and why it is no answer."""
    choice = reply.choices[0] if reply.choices else _Choice()
    message = choice.message or _Message()
    text = _without_thought(message.text)
    reason = choice.finish_reason
    if reason == "length":
        return text, Failure.TRUNCATED
    if reason == "content_filter" or message.refusal:
        return text, Failure.BLOCKED
    if reason in ("tool_calls", "function_call", "error"):
        return text, Failure.UNEXPECTED
    return text, None if text.strip() else Failure.EMPTY


def _without_thought(text: str) -> str:
    if text.lstrip().startswith(("{", "[")):
        return text  # an answer, that may well speak of such a block
    return text.partition(_END_OF_THOUGHT)[2].lstrip() if _END_OF_THOUGHT in text else text


def read_models(response: Response) -> list[str]:
    """Return the names of the models."""
    if response.status == 404:
        raise failed(Failure.UNREADABLE, OPENAI)
    _check(response, "")
    try:
        return [model.id for model in _Models.model_validate_json(response.body).data]
    except ValidationError:
        raise failed(Failure.UNREADABLE, OPENAI) from None


def _check(response: Response, model: str) -> None:
    """Raise ModelError for an error, also for one that a gateway puts into a 200."""
    error = _error(response)
    if 200 <= response.status < 300 and error is None:
        return
    status = response.status
    if error is None and status == 404:
        raise failed(Failure.UNREADABLE, OPENAI)  # nothing there that could know a model
    error = error or _Error()
    if status < 300:
        status = error.code if isinstance(error.code, int) else 500
    failure = _CODES.get(str(error.code), by_status(status))
    raise failed(failure, OPENAI, model=model, hint=_hint(error), retry_after=retry_after(response))


def refused_parameter(response: Response) -> str | None:
    """Return the parameter that a 400 names as the one that is not taken."""
    error = _error(response)
    if response.status != 400 or error is None or error.code not in _UNSUPPORTED:
        return None
    return error.param


def _error(response: Response) -> _Error | None:
    try:
        error = _Failed.model_validate_json(response.body).error
    except ValidationError:
        return None
    return _Error() if isinstance(error, str) else error


def _hint(error: _Error) -> str:
    if error.code == "insufficient_quota":
        return "The quota is used up: check plan and billing of the account."
    # The second is llama.cpp's.
    if "context_length_exceeded" in (error.code, error.type) or (
        error.type == "exceed_context_size_error"
    ):
        return "The prompt is longer than the model takes: lower ADE_LLM_CONTEXT_TOKENS."
    return ""
