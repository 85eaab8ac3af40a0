"""Gemini over google-genai, the SDK that Google goes on with; an extra."""

from __future__ import annotations

import logging
import ssl
import warnings
from typing import Any

from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers import google_form
from ai_data_engineer.specifying.providers.calling import call
from ai_data_engineer.specifying.providers.endpoints import google_endpoint
from ai_data_engineer.specifying.providers.failures import without
from ai_data_engineer.specifying.providers.google_form import GEMINI
from ai_data_engineer.specifying.providers.httpx_client import httpx_client
from ai_data_engineer.specifying.providers.protocol import Answer, Question
from ai_data_engineer.specifying.providers.wire import Exchange


class GoogleGenai:
    """Where no endpoint is set, the SDK's own GOOGLE_GEMINI_BASE_URL is honoured."""

    name = "google-genai"

    def __init__(self, model: str, base_url: str | None = None) -> None:
        self._model = model
        self._endpoint = google_endpoint(base_url, GEMINI) if base_url else None

    def ask(self, question: Question, key: SecretStr | None) -> Answer:
        """Return the answer; see `Provider`."""
        token = google_form.needed(key)
        genai, types, errors = _package()
        exchange = Exchange(question.timeout, question.max_bytes)

        def ask() -> object:
            client = self._client(genai, types, token, exchange)
            return client.models.generate_content(
                model=self._model,
                contents=question.prompt,
                config=types.GenerateContentConfig(
                    system_instruction=question.system,
                    response_mime_type="application/json",
                    response_json_schema=dict(question.schema) if question.schema else None,
                    temperature=question.temperature,
                    seed=0,
                    max_output_tokens=question.max_output_tokens,
                ),
            )

        response = call(exchange, GEMINI, ask, (errors.APIError,))
        return google_form.read_answer(response, self._model, without(token, response.text))

    def models(self, key: SecretStr | None, timeout: float = 10.0) -> list[str]:
        """Return the models that write text; see `Provider`."""
        token = google_form.needed(key)
        genai, types, errors = _package()
        exchange = Exchange(timeout, max_bytes=4 * 1024**2)

        def ask() -> object:
            client = self._client(genai, types, token, exchange)
            return client.models.list(config={"page_size": 1000})

        return google_form.read_models(call(exchange, GEMINI, ask, (errors.APIError,)))

    def _client(self, genai: Any, types: Any, token: str, exchange: Exchange) -> Any:
        return genai.Client(
            api_key=token,
            # Said here, or GOOGLE_GENAI_USE_VERTEXAI would turn it into another service.
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=self._endpoint,
                api_version="v1beta",
                httpx_client=httpx_client(exchange),
                async_client_args=_unused(),
            ),
        )


def _unused() -> dict[str, Any]:
    """Return arguments for what the SDK makes besides and nobody uses.

    Left to itself it stumbles over odd proxies, and reads all authorities three times: a tenth of a
    second each.
    """
    trusts_nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return {"trust_env": False, "verify": trusts_nobody, "ssl": trusts_nobody}


def _package() -> tuple[Any, Any, Any]:
    # Of each value that is newer than the SDK it warns whoever runs this.
    warnings.filterwarnings(
        "ignore", r".* is not a valid \w+$", UserWarning, r"google\.genai\._common"
    )
    try:
        from google import genai
        from google.genai import errors, types
    except ImportError:
        raise ProviderError(
            "The package google-genai is not installed, or damaged.",
            code="E_PROVIDER_PACKAGE",
            hint='Install it: pip install "ai-data-engineer[google-genai]".',
        ) from None
    logging.getLogger("google_genai._api_client").addFilter(_is_true)
    return genai, types, errors


def _is_true(record: logging.LogRecord) -> bool:
    # It says which of two variables it takes the key from, and is given one by us.
    return not record.getMessage().startswith("Both GOOGLE_API_KEY and GEMINI_API_KEY are set")
