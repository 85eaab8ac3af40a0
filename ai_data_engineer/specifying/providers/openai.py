"""Every server that speaks OpenAI's chat completions, over the `openai` SDK; an extra."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers import openai_form
from ai_data_engineer.specifying.providers.calling import call
from ai_data_engineer.specifying.providers.failures import secret, without
from ai_data_engineer.specifying.providers.httpx_client import httpx_client
from ai_data_engineer.specifying.providers.openai_form import OPENAI
from ai_data_engineer.specifying.providers.protocol import Answer, Question
from ai_data_engineer.specifying.providers.wire import Exchange

_ENDPOINT = "https://api.openai.com/v1"


class OpenAI:
    """A key is not needed where another endpoint is set, such as a server on this machine."""

    name = "openai"

    def __init__(self, model: str, base_url: str | None = None) -> None:
        self._model = model
        self._endpoint = _base_url(base_url)

    def ask(self, question: Question, key: SecretStr | None) -> Answer:
        """Return the answer; see `Provider`."""
        token = self._token(key)
        sdk = _package()
        exchange = Exchange(question.timeout, question.max_bytes)

        def ask() -> object:
            return self._client(sdk, token, exchange).chat.completions.create(
                **self._request(question)
            )

        response = call(exchange, OPENAI, ask, (sdk.OpenAIError,))
        return openai_form.read_answer(response, self._model, without(token, response.text))

    def models(self, key: SecretStr | None, timeout: float = 10.0) -> list[str]:
        """Return the models that the server has; see `Provider`."""
        token = self._token(key)
        sdk = _package()
        exchange = Exchange(timeout, max_bytes=4 * 1024**2)

        def ask() -> object:
            return self._client(sdk, token, exchange).models.list()

        return openai_form.read_models(call(exchange, OPENAI, ask, (sdk.OpenAIError,)))

    def _request(self, question: Question) -> dict[str, Any]:
        # OpenAI's own models refuse the old name, other servers do not know the new one.
        limit = "max_completion_tokens" if self._endpoint == _ENDPOINT else "max_tokens"
        asked_for: dict[str, Any] = {"type": "json_object"}
        if question.schema is not None:
            named = {"name": "answer", "schema": dict(question.schema), "strict": False}
            asked_for = {"type": "json_schema", "json_schema": named}
        return {
            "model": self._model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.prompt},
            ],
            "response_format": asked_for,
            "temperature": 0,
            limit: question.max_output_tokens,
        }

    def _token(self, key: SecretStr | None) -> str:
        token = secret(key, OPENAI)
        if not token and self._endpoint == _ENDPOINT:
            raise ProviderError(
                "There is no key for OpenAI.",
                code="E_NO_KEY",
                hint="Set OPENAI_API_KEY, or ADE_OPENAI_BASE_URL to a server that needs none.",
            )
        return token

    def _client(self, sdk: Any, token: str, exchange: Exchange) -> Any:
        return sdk.OpenAI(
            # Without any the SDK would take OPENAI_API_KEY, which is not for this server.
            api_key=token or "none",
            default_headers=None if token else {"Authorization": sdk.Omit()},
            base_url=self._endpoint,
            max_retries=0,
            timeout=exchange.timeout,
            http_client=httpx_client(exchange),
        )


def _base_url(url: str | None) -> str:
    """Return an endpoint as the SDK takes it; the version is added where there is no path."""
    if not url:
        return _ENDPOINT
    url = url if "://" in url else f"https://{url}"
    url = re.sub(r"(/chat/completions)?/*$", "", url.rstrip("/"))
    return url if urlsplit(url).path else f"{url}/v1"


def _package() -> Any:
    try:
        import openai
    except ImportError:
        raise ProviderError(
            "The package openai is not installed, or damaged.",
            code="E_PROVIDER_PACKAGE",
            hint='Install it: pip install "ai-data-engineer[openai]".',
        ) from None
    return openai
