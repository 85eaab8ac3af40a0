"""Failures of services in words of ours: what is wrong and how to mend it, none of their text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import SecretStr

from ai_data_engineer.specifying.providers.protocol import Failure, ModelError, Usage
from ai_data_engineer.specifying.providers.wire import Response


@dataclass(frozen=True)
class Service:
    """How a service and its settings are called in errors."""

    name: str
    key_setting: str
    model_setting: str
    url_setting: str


def failed(
    failure: Failure,
    service: Service,
    *,
    model: str = "",
    hint: str = "",
    retry_after: float | None = None,
    usage: Usage | None = None,
    raw: str = "",
) -> ModelError:
    """Return the error for a failure; `hint` goes before the usual one where it says more."""
    message, usual = _words(failure, service, model)
    return ModelError(
        message,
        failure,
        hint=hint or usual,
        retry_after=retry_after,
        usage=usage,
        raw=raw,
    )


def _words(failure: Failure, service: Service, model: str) -> tuple[str, str]:
    name = service.name
    subject = name[0].upper() + name[1:]
    match failure:
        case Failure.BUSY:
            return f"{subject} takes no more requests at the moment.", ""
        case Failure.UNAVAILABLE:
            return f"{subject} does not work at the moment.", ""
        case Failure.TIMEOUT:
            return (
                f"{subject} gave no whole answer in time.",
                "Raise ADE_LLM_TIMEOUT, or take a faster model.",
            )
        case Failure.UNREACHABLE:
            return (
                f"There is no connection to {name}.",
                f"Check the network and {service.url_setting}.",
            )
        case Failure.BROKEN:
            return f"The connection to {name} broke.", "Check the network."
        case Failure.KEY_REFUSED:
            return f"{subject} refused the key.", f"Check {service.key_setting} or the block."
        case Failure.UNKNOWN_MODEL:
            return (
                f"{subject} knows no model `{model}`.",
                f"Set {service.model_setting} to a current one; if it is, "
                f"check {service.url_setting}.",
            )
        case Failure.BAD_REQUEST:
            return f"{subject} did not accept the request.", ""
        case Failure.TRUNCATED:
            return (
                "The answer was cut short by the token limit.",
                "Raise ADE_LLM_MAX_OUTPUT_TOKENS, or ask for less in one pipeline.",
            )
        case Failure.EMPTY:
            return "The answer is empty.", ""
        case Failure.BLOCKED:
            return "The model refused to answer.", "Say the goal in other words."
        case Failure.UNREADABLE:
            return (
                f"What came back is no answer of {name}.",
                f"Check {service.url_setting}.",
            )
        case Failure.ENDLESS:
            return "The answer does not end.", ""
        case _:
            return f"{subject} failed in a way that is not known.", ""


def by_status(status: int) -> Failure:
    """Return what an HTTP status means, where nothing more is known."""
    if status in (402, 429):  # 402: what was paid for is used up
        return Failure.BUSY
    if status in (401, 403):
        return Failure.KEY_REFUSED
    if status == 404:
        return Failure.UNKNOWN_MODEL
    if status == 408:
        return Failure.TIMEOUT
    if status == 407:
        return Failure.UNREACHABLE
    if status in (400, 409, 413, 422):
        return Failure.BAD_REQUEST
    if status >= 500 or status == 499:
        return Failure.UNAVAILABLE
    return Failure.UNEXPECTED


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """Return the seconds that the headers ask to wait: milliseconds, seconds or an HTTP date.

    RFC 9110, 10.2.3; `retry-after-ms` is OpenAI's.
    """
    milliseconds = seconds(response.headers.get("retry-after-ms"), scale=0.001)
    if milliseconds is not None:
        return milliseconds
    text = response.headers.get("retry-after")
    plain = seconds(text)
    if plain is not None or text is None:
        return plain
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())


def seconds(text: str | None, scale: float = 1.0) -> float | None:
    """Return a number of seconds; None for what is none, is negative or has no end."""
    try:
        number = float(text) * scale if text is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def secret(key: SecretStr | None, service: Service) -> str:
    """Return the key as text, "" for none; raises ModelError for what cannot be in a header."""
    text = key.get_secret_value().strip() if key is not None else ""
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise failed(
            Failure.KEY_REFUSED,
            service,
            hint=f"It holds characters that no key has; check {service.key_setting}.",
        )
    return text


def without(key: str, text: str) -> str:
    """Return text without the key, should a server repeat it."""
    return text.replace(key, "***") if key else text
