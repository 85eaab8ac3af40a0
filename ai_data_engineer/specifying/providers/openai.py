"""Every server that speaks OpenAI's chat completions, over the `openai` SDK; an extra."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers import openai_form
from ai_data_engineer.specifying.providers.calling import call
from ai_data_engineer.specifying.providers.endpoints import openai_endpoint
from ai_data_engineer.specifying.providers.failures import secret, without
from ai_data_engineer.specifying.providers.httpx_client import httpx_client
from ai_data_engineer.specifying.providers.openai_form import OPENAI
from ai_data_engineer.specifying.providers.protocol import Answer, Question
from ai_data_engineer.specifying.providers.wire import Exchange

_ENDPOINT = "https://api.openai.com/v1"
_OPTIONAL = ("temperature", "max_tokens")
_refused: set[tuple[str, str, str]] = set()
"""Endpoint, model and parameter that it named as not taken: models that think refuse a temperature.
Whoever asks again, asks without it."""


class OpenAI:
    """A key is not needed where another endpoint is set, such as a server on this machine.

    No seed is sent: some servers refuse what they do not know, and at temperature 0 it adds little.
    """

    name = "openai"

    def __init__(self, model: str, base_url: str | None = None) -> None:
        self._model = model
        self._endpoint = openai_endpoint(base_url or _ENDPOINT, OPENAI)

    def ask(self, question: Question, key: SecretStr | None) -> Answer:
        """Return the answer; see `Provider`."""
        token = self._token(key)
        sdk = _package()
        exchange = Exchange(question.timeout, question.max_bytes)

        def ask() -> object:
            return self._client(sdk, token, exchange).chat.completions.create(
                **self._request(question), extra_headers=_headers(sdk, token)
            )

        response = call(exchange, OPENAI, ask, (sdk.OpenAIError,))
        parameter = openai_form.refused_parameter(response)
        if parameter in _OPTIONAL:
            _refused.add((self._endpoint, self._model, parameter))
        return openai_form.read_answer(response, self._model, without(token, response.text))

    def models(self, key: SecretStr | None, timeout: float = 10.0) -> list[str]:
        """Return the models that the server has; see `Provider`."""
        token = self._token(key)
        sdk = _package()
        exchange = Exchange(timeout, max_bytes=4 * 1024**2)

        def ask() -> object:
            return self._client(sdk, token, exchange).models.list(
                extra_headers=_headers(sdk, token)
            )

        return openai_form.read_models(call(exchange, OPENAI, ask, (sdk.OpenAIError,)))

    def _request(self, question: Question) -> dict[str, Any]:
        # OpenAI's own models refuse the old name, many other servers do not know the new one.
        new_name = self._endpoint == _ENDPOINT or self._refuses("max_tokens")
        limit = "max_completion_tokens" if new_name else "max_tokens"
        asked_for: dict[str, Any] = {"type": "json_object"}
        if question.schema is not None:
            named = {"name": "answer", "schema": dict(question.schema), "strict": False}
            asked_for = {"type": "json_schema", "json_schema": named}
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.prompt},
            ],
            "response_format": asked_for,
            limit: question.max_output_tokens,
        }
        if question.temperature is not None and not self._refuses("temperature"):
            request["temperature"] = question.temperature
        return request

    def _refuses(self, parameter: str) -> bool:
        return (self._endpoint, self._model, parameter) in _refused

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
            base_url=self._endpoint,
            max_retries=0,
            timeout=exchange.timeout,
            http_client=httpx_client(exchange),
        )


def _headers(sdk: Any, token: str) -> dict[str, Any]:
    return {} if token else {"Authorization": sdk.Omit()}


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
