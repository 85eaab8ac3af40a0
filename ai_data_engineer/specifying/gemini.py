"""Gemini over google-generativeai: one question, one answer, typed errors, no retries."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr

from ai_data_engineer.errors import AdeError, ProviderError, TransientError
from ai_data_engineer.specifying.provenance import Answer

MAX_OUTPUT_TOKENS = 32_768
"""Thoughts count against it, so it leaves them room beside a spec of a few thousand tokens."""


def ask(
    system: str,
    prompt: str,
    *,
    model: str,
    keys: Sequence[SecretStr],
    base_url: str | None = None,
    timeout: float = 60.0,
) -> Answer:
    """Return the model's answer as text, with its usage; the next key is tried when one is refused.

    Raises:
        TransientError: no connection, time-out, 429, 5xx: the same call may succeed later.
        ProviderError: no key is accepted, the model is not known, the prompt was blocked, the
            answer was cut short or empty.
    """
    if not keys:
        raise ProviderError(
            "There is no key for Gemini.",
            code="E_NO_KEY",
            hint="Set GEMINI_API_KEY or save a GeminiCredentials block named `gemini`.",
        )
    refused: AdeError | None = None
    for key in keys:
        try:
            with _typed_errors(model):
                return _ask(system, prompt, model, key, base_url, timeout)
        except ProviderError as error:
            if error.code != "E_KEY_REFUSED":
                raise
            refused = error
    assert refused is not None
    raise refused


def _ask(
    system: str, prompt: str, model: str, key: SecretStr, base_url: str | None, timeout: float
) -> Answer:
    with warnings.catch_warnings():
        # The package says at import that its support has ended; google-genai is the way on.
        warnings.simplefilter("ignore")
        import google.generativeai as genai

    genai.configure(
        api_key=key.get_secret_value(),
        transport="rest",
        client_options={"api_endpoint": base_url} if base_url else None,
    )
    response = genai.GenerativeModel(model, system_instruction=system).generate_content(
        prompt,
        generation_config=genai.GenerationConfig(
            response_mime_type="application/json",
            temperature=0,
            max_output_tokens=MAX_OUTPUT_TOKENS,
        ),
        # Left to itself the SDK retries a 503 for ten minutes.
        request_options={"timeout": timeout, "retry": None},
    )
    return _read(response, model)


def _read(response: Any, model: str) -> Answer:
    candidate = next(iter(response.candidates), None)
    if candidate is None:
        raise ProviderError("The model refused the prompt.", code="E_BLOCKED")
    reason = candidate.finish_reason.name
    if reason == "MAX_TOKENS":
        raise ProviderError(
            "The answer was cut short by the token limit.", code="E_TRUNCATED_ANSWER"
        )
    text = "".join(part.text for part in candidate.content.parts)
    if reason != "STOP" or not text.strip():
        raise ProviderError(f"The model gave no answer ({reason}).", code="E_BLOCKED")
    usage = response.usage_metadata
    return Answer(
        text=text,
        model=model,
        input_tokens=usage.prompt_token_count,
        # Thoughts are not counted on their own by this SDK, only in the total.
        output_tokens=max(usage.total_token_count - usage.prompt_token_count, 0),
    )


@contextmanager
def _typed_errors(model: str) -> Iterator[None]:
    """Turn the SDK's errors into ours; none of their text is kept, it may quote the request."""
    import requests
    from google.api_core import exceptions as api

    try:
        yield
        return
    except AdeError:
        raise
    except (api.TooManyRequests, api.ServerError, requests.RequestException, api.RetryError):
        problem: AdeError = TransientError(
            "Gemini does not answer at the moment.", code="E_PROVIDER_BUSY"
        )
    except (api.Forbidden, api.Unauthorized):
        problem = _key_refused()
    except api.NotFound:
        problem = ProviderError(
            f"Gemini knows no model `{model}`.",
            code="E_UNKNOWN_MODEL",
            hint="Set ADE_GEMINI_MODEL to a current one.",
        )
    except api.BadRequest as error:
        bad_key = "API_KEY_INVALID" in str(error.details) or "API_KEY_INVALID" in str(error)
        problem = _key_refused() if bad_key else ProviderError("Gemini did not accept the request.")
    except Exception:  # noqa: BLE001 - an answer that is no JSON raises protobuf's own errors
        problem = ProviderError("Gemini's answer could not be read.", code="E_BAD_ANSWER")
    raise problem


def _key_refused() -> ProviderError:
    return ProviderError(
        "Gemini refused the key.", code="E_KEY_REFUSED", hint="Check GEMINI_API_KEY or the block."
    )
