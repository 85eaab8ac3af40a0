"""Gemini's REST form, read from the JSON itself: both SDKs lose a part of it.

google-generativeai joins thoughts into the text and does not know their tokens; what it and
google-genai make of one response would not be the same.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers.failures import (
    Service,
    by_status,
    failed,
    retry_after,
    seconds,
    secret,
)
from ai_data_engineer.specifying.providers.protocol import Answer, Failure, Usage
from ai_data_engineer.specifying.providers.wire import Response

GEMINI = Service("Gemini", "GEMINI_API_KEY", "ADE_GEMINI_MODEL", "ADE_GEMINI_BASE_URL")

# google.ai.generativelanguage.v1beta.Candidate.FinishReason: the older SDK asks for numbers.
_REASONS = {
    0: "FINISH_REASON_UNSPECIFIED",
    1: "STOP",
    2: "MAX_TOKENS",
    3: "SAFETY",
    4: "RECITATION",
    5: "OTHER",
    6: "LANGUAGE",
    7: "BLOCKLIST",
    8: "PROHIBITED_CONTENT",
    9: "SPII",
    10: "MALFORMED_FUNCTION_CALL",
    11: "IMAGE_SAFETY",
}
_BLOCKED = {
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
}


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Part(_Lenient):
    text: str | None = None
    thought: bool | None = None


class _Content(_Lenient):
    parts: list[_Part] | None = None


class _Candidate(_Lenient):
    content: _Content | None = None
    finishReason: int | str | None = None


class _Feedback(_Lenient):
    blockReason: int | str | None = None


class _Usage(_Lenient):
    promptTokenCount: int | None = None
    candidatesTokenCount: int | None = None
    thoughtsTokenCount: int | None = None
    toolUsePromptTokenCount: int | None = None
    cachedContentTokenCount: int | None = None
    totalTokenCount: int | None = None

    def counted(self) -> Usage:
        sent = (self.promptTokenCount or 0) + (self.toolUsePromptTokenCount or 0)
        total = self.totalTokenCount or 0
        said = self.candidatesTokenCount or 0
        thought = self.thoughtsTokenCount
        if thought is None:
            thought = total - sent - said
        thought = max(thought, 0)
        return Usage(
            input_tokens=max(sent, 0),
            output_tokens=max(total - sent, said + thought, 0),
            thought_tokens=thought,
            cached_tokens=max(self.cachedContentTokenCount or 0, 0),
        )


class _Reply(_Lenient):
    candidates: list[_Candidate] | None = None
    promptFeedback: _Feedback | None = None
    usageMetadata: _Usage | None = None
    modelVersion: str | None = None


class _Detail(_Lenient):
    reason: str | None = None
    retryDelay: Any = None
    violations: list[dict[str, Any]] | None = None


class _Error(_Lenient):
    code: int | None = None
    details: list[_Detail] | None = None


class _Failed(_Lenient):
    error: _Error


class _Model(_Lenient):
    name: str
    supportedGenerationMethods: list[str] | None = None


class _Models(_Lenient):
    models: list[_Model] = []


def read_answer(response: Response, model: str, raw: str) -> Answer:
    """Return the answer of `generateContent`; raises ModelError for every other response."""
    _check_status(response, model)
    try:
        reply = _Reply.model_validate_json(response.body)
    except ValidationError:
        reply = _Reply()
    if not reply.model_fields_set:
        raise failed(Failure.UNREADABLE, GEMINI)
    usage = (reply.usageMetadata or _Usage()).counted()
    text, failure = _said(reply)
    if failure is not None:
        raise failed(failure, GEMINI, usage=usage, raw=raw)
    return Answer(text=text, model=reply.modelVersion or model, usage=usage, raw=raw)


def _said(reply: _Reply) -> tuple[str, Failure | None]:
    """Return the text without thoughts, and why it is no answer."""
    if not reply.candidates:
        blocked = reply.promptFeedback is not None and reply.promptFeedback.blockReason
        return "", Failure.BLOCKED if blocked else Failure.EMPTY
    candidate = reply.candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or []
    text = "".join(part.text or "" for part in parts if not part.thought)
    reason = candidate.finishReason
    name = _REASONS.get(reason, "unknown") if isinstance(reason, int) else reason
    if name == "MAX_TOKENS":
        return text, Failure.TRUNCATED
    if name in _BLOCKED:
        return text, Failure.BLOCKED
    if name not in (None, "STOP", "FINISH_REASON_UNSPECIFIED"):
        return text, Failure.UNEXPECTED
    return text, None if text.strip() else Failure.EMPTY


def read_models(response: Response) -> list[str]:
    """Return the models that write text, of the first page of 1,000."""
    if response.status == 404:
        raise failed(Failure.UNREADABLE, GEMINI)
    _check_status(response, "")
    try:
        listed = _Models.model_validate_json(response.body)
    except ValidationError:
        raise failed(Failure.UNREADABLE, GEMINI) from None
    return [
        model.name.removeprefix("models/")
        for model in listed.models
        if model.supportedGenerationMethods is None
        or "generateContent" in model.supportedGenerationMethods
    ]


def _check_status(response: Response, model: str) -> None:
    """Raise ModelError for an error, also for one that a gateway puts into a 200."""
    error = _error(response)
    if 200 <= response.status < 300 and error is None:
        return
    status = response.status
    if error is None and status == 404:
        raise failed(Failure.UNREADABLE, GEMINI)  # nobody of Gemini's is there to know a model
    error = error or _Error()
    if status < 300:
        status = error.code or 500
    details = error.details or []
    failure = by_status(status)
    hint = ""
    # A refused key is a 400 like any bad request; only the details tell.
    if any((detail.reason or "").startswith("API_KEY_") for detail in details):
        failure = Failure.KEY_REFUSED
    if failure is Failure.BUSY and _of_a_day(details):
        hint = "The quota of this day is used up."
    wait = next((d for d in map(_delay, details) if d is not None), None)
    raise failed(
        failure,
        GEMINI,
        model=model,
        hint=hint,
        retry_after=retry_after(response) if wait is None else wait,
    )


def _error(response: Response) -> _Error | None:
    body = response.body.strip()
    if body.startswith(b"["):  # as a stream has it
        body = body[1:].removesuffix(b"]")
    try:
        return _Failed.model_validate_json(body).error
    except ValidationError:
        return None


def _delay(detail: _Detail) -> float | None:
    """Read google.protobuf.Duration: `"1.500s"`, or its fields where a gateway spells them out."""
    delay = detail.retryDelay
    if isinstance(delay, str) and delay.endswith("s"):
        return seconds(delay[:-1])
    if isinstance(delay, dict):
        whole, rest = seconds(str(delay.get("seconds", 0))), seconds(str(delay.get("nanos", 0)))
        return None if whole is None or rest is None else whole + rest / 1e9
    return None


def _of_a_day(details: list[_Detail]) -> bool:
    ids = [str(violation.get("quotaId", "")) for d in details for violation in d.violations or []]
    return any("PerDay" in quota for quota in ids)


def needed(key: SecretStr | None) -> str:
    """Return the key as text; raises ProviderError (E_NO_KEY) where there is none."""
    token = secret(key, GEMINI)
    if not token:
        raise ProviderError(
            "There is no key for Gemini.",
            code="E_NO_KEY",
            hint="Set GEMINI_API_KEY or save a GeminiCredentials block named `gemini`.",
        )
    return token
