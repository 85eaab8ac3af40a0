"""What every provider does: one question, one answer or one classified failure, no retries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol

from pydantic import Field, SecretStr

from ai_data_engineer.document import Document
from ai_data_engineer.errors import ProviderError


@dataclass(frozen=True)
class Question:
    """What a model is asked, and how much it may take."""

    system: str
    """The constant part: it comes first, so that servers can cache it."""
    prompt: str
    """The varying part."""
    schema: Mapping[str, Any] | None = None
    """JSON Schema of the answer, in the subset that all servers know (`wire_schema`)."""
    temperature: float | None = 0.0
    """None: not said. A provider leaves it out where the model does not take it: Gemini from 3 on
    ignores it and will refuse it, and so do models of OpenAI's that reason."""
    max_output_tokens: int = 32_768
    """Thoughts count against it."""
    timeout: float = 60.0
    """Seconds for the whole answer, from sending to its last byte."""
    max_bytes: int = 4 * 1024**2
    """The longest answer that is read, in bytes."""


class Usage(Document):
    """Tokens as the server counted them; 0 where it did not say."""

    input_tokens: int = Field(0, ge=0)
    """Cached ones included."""
    output_tokens: int = Field(0, ge=0)
    """Thoughts included."""
    thought_tokens: int = Field(0, ge=0)
    cached_tokens: int = Field(0, ge=0)
    """Part of the input that was served from the server's own cache."""


class Answer(Document):
    """What a model said."""

    text: str
    model: str
    """As the server calls the model that answered."""
    usage: Usage = Usage()
    finish_reason: Literal["stop"] = "stop"
    """Any other end of an answer is a failure."""
    raw: str = ""
    """The response as it came, as JSON text; empty where the SDK does not keep it."""


class Failure(StrEnum):
    """Why there is no answer. What is done about each is said in `asking.policy`."""

    BUSY = "busy"
    """429: too many requests, or a quota is used up."""
    UNAVAILABLE = "unavailable"
    """5xx."""
    TIMEOUT = "timeout"
    """No whole answer within the time."""
    UNREACHABLE = "unreachable"
    """No connection: nothing was sent."""
    BROKEN = "broken"
    """The connection broke with the request on its way, or the answer."""
    KEY_REFUSED = "key_refused"
    """401, 403, or Gemini's 400 with API_KEY_INVALID."""
    UNKNOWN_MODEL = "unknown_model"
    """404: misspelt or retired."""
    BAD_REQUEST = "bad_request"
    """400: the server does not take the request; most often its schema."""
    TRUNCATED = "truncated"
    """The answer ends at the token limit."""
    EMPTY = "empty"
    """No text."""
    BLOCKED = "blocked"
    """Refused for safety, recitation or policy, before or within the answer."""
    UNREADABLE = "unreadable"
    """Not the protocol: an HTML page of a gateway, broken JSON around the answer."""
    ENDLESS = "endless"
    """Longer than `max_bytes`."""
    UNEXPECTED = "unexpected"
    """Anything else; nothing of its text is kept."""


_CODES = {
    Failure.BUSY: "E_PROVIDER_BUSY",
    Failure.UNAVAILABLE: "E_PROVIDER_BUSY",
    Failure.TIMEOUT: "E_PROVIDER_TIMEOUT",
    Failure.UNREACHABLE: "E_PROVIDER_UNREACHABLE",
    Failure.BROKEN: "E_PROVIDER_UNREACHABLE",
    Failure.KEY_REFUSED: "E_KEY_REFUSED",
    Failure.UNKNOWN_MODEL: "E_UNKNOWN_MODEL",
    Failure.BAD_REQUEST: "E_PROVIDER",
    Failure.TRUNCATED: "E_TRUNCATED_ANSWER",
    Failure.EMPTY: "E_EMPTY_ANSWER",
    Failure.BLOCKED: "E_BLOCKED",
    Failure.UNREADABLE: "E_BAD_ANSWER",
    Failure.ENDLESS: "E_ENDLESS_ANSWER",
    Failure.UNEXPECTED: "E_PROVIDER",
}


class ModelError(ProviderError):
    """A failure of a model or its service, classified.

    `retry_after` is how many seconds the server asked to wait, where it said so; `usage` what a
    failed answer took (a truncated one is paid for), where the server said so; `cost`, on the last
    error of a question, what all its tries cost in US dollars.
    """

    cost: float | None = None

    def __init__(
        self,
        message: str,
        failure: Failure,
        *,
        hint: str = "",
        retry_after: float | None = None,
        usage: Usage | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(message, code=_CODES[failure], hint=hint)
        self.failure = failure
        self.retry_after = retry_after
        self.usage = usage
        self.raw = raw

    def __reduce__(self) -> tuple[object, ...]:
        return (
            _rebuild,
            (self.message, self.failure, self.hint, self.retry_after, self.usage, self.raw),
        )


def _rebuild(
    message: str,
    failure: Failure,
    hint: str,
    retry_after: float | None,
    usage: Usage | None,
    raw: str,
) -> ModelError:
    return ModelError(message, failure, hint=hint, retry_after=retry_after, usage=usage, raw=raw)


class Provider(Protocol):
    """A service that writes specifications. Implementations are cheap to make and import lazily."""

    name: str
    """`gemini`, `google-genai`, `openai` or `replay`."""

    def ask(self, question: Question, key: SecretStr | None) -> Answer:
        """Return the answer.

        Sends one request, never tries again, and does not outlast `question.timeout`.

        Raises:
            ModelError: there is no whole answer; without any text of the server's.
        """
        ...

    def models(self, key: SecretStr | None, timeout: float = 10.0) -> list[str]:
        """Return the models that the key may use: asks the service without spending anything.

        Raises ModelError as `ask` does.
        """
        ...
