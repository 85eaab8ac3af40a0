"""Gemini over google-generativeai 0.8.6, by REST."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.providers import google_form
from ai_data_engineer.specifying.providers.calling import call
from ai_data_engineer.specifying.providers.endpoints import google_endpoint
from ai_data_engineer.specifying.providers.failures import without
from ai_data_engineer.specifying.providers.google_form import GEMINI
from ai_data_engineer.specifying.providers.protocol import Answer, Question
from ai_data_engineer.specifying.providers.wire import Exchange

if TYPE_CHECKING:
    import requests

_ENDPOINT = "https://generativelanguage.googleapis.com"
_KEYWORDS = {
    "type", "format", "description", "nullable", "enum", "items", "properties", "required",
    "minItems", "maxItems",
}  # fmt: skip
"""The part of JSON Schema that this SDK knows; it refuses every other."""


class Gemini:
    """The mission's provider: its own client for each call, for `genai.configure` is global."""

    name = "gemini"

    def __init__(self, model: str, base_url: str | None = None) -> None:
        self._model = model
        self._endpoint = google_endpoint(base_url or _ENDPOINT, GEMINI)

    def ask(self, question: Question, key: SecretStr | None) -> Answer:
        """Return the answer; see `Provider`."""
        token = google_form.needed(key)
        exchange = Exchange(question.timeout, question.max_bytes)
        genai = _package()
        import google.ai.generativelanguage as glm
        from google.ai.generativelanguage_v1beta.services.generative_service.transports import (
            GenerativeServiceRestTransport,
        )
        from google.api_core.exceptions import GoogleAPIError
        from google.protobuf.json_format import ParseError

        def ask() -> object:
            transport = _through(exchange, GenerativeServiceRestTransport, self._endpoint, token)
            model = genai.GenerativeModel(self._model, system_instruction=question.system)
            model._client = glm.GenerativeServiceClient(transport=transport)
            return model.generate_content(
                question.prompt,
                generation_config=_config(question),
                # Left to itself the SDK retries a 503 for ten minutes.
                request_options={"timeout": question.timeout, "retry": None},
            )

        response = call(exchange, GEMINI, ask, (GoogleAPIError, ParseError))
        return google_form.read_answer(response, self._model, without(token, response.text))

    def models(self, key: SecretStr | None, timeout: float = 10.0) -> list[str]:
        """Return the models that write text; see `Provider`."""
        token = google_form.needed(key)
        exchange = Exchange(timeout, max_bytes=4 * 1024**2)
        _package()
        import google.ai.generativelanguage as glm
        from google.ai.generativelanguage_v1beta.services.model_service.transports import (
            ModelServiceRestTransport,
        )
        from google.api_core.exceptions import GoogleAPIError
        from google.protobuf.json_format import ParseError

        def ask() -> object:
            transport = _through(exchange, ModelServiceRestTransport, self._endpoint, token)
            return glm.ModelServiceClient(transport=transport).list_models(
                glm.ListModelsRequest(page_size=1000), timeout=timeout, retry=None
            )

        return google_form.read_models(call(exchange, GEMINI, ask, (GoogleAPIError, ParseError)))


def _package() -> Any:
    # It says at import, to whoever runs this, that its support has ended, and later of each value
    # that is newer than itself that it does not know it.
    warnings.filterwarnings(
        "ignore",
        message=r"\s*All support for the `google\.generativeai` package",
        category=FutureWarning,
    )
    warnings.filterwarnings(
        "ignore", r"Unrecognized \w+ enum value", UserWarning, r"proto\.marshal\.rules\.enums"
    )
    try:
        import google.generativeai as genai
    except ImportError:
        raise ProviderError(
            "The package google-generativeai is not installed, or damaged.",
            code="E_PROVIDER_PACKAGE",
            hint='Install it: pip install "google-generativeai>=0.8.6,<0.9".',
        ) from None
    return genai


def _through(exchange: Exchange, transport_class: Any, endpoint: str, token: str) -> Any:
    """Return the SDK's REST transport with the exchange beneath it."""
    import requests
    from google.auth import api_key
    from requests.adapters import BaseAdapter

    class Adapter(BaseAdapter):
        def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:  # type: ignore[override]
            sent = exchange.send(
                request.method or "POST",
                request.url or "",
                [(name, _text(value)) for name, value in request.headers.items()],
                _bytes(request.body),
            )
            response = requests.Response()
            response.status_code = sent.status
            response.headers["Content-Type"] = sent.headers.get("content-type", "")
            response._content = sent.body
            response.encoding = "utf-8"
            response.request = request
            response.url = request.url or ""
            return response

        def close(self) -> None:
            pass

    transport = transport_class(host=endpoint, credentials=api_key.Credentials(token))
    # The class takes no session; a login from .netrc would take the key's place.
    session = transport._session
    session.trust_env = False
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    return transport


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _config(question: Question) -> Any:
    import google.generativeai as genai
    from google.generativeai import protos

    return genai.GenerationConfig(
        response_mime_type="application/json",
        response_schema=protos.Schema(_narrowed(question.schema)) if question.schema else None,
        temperature=question.temperature,
        max_output_tokens=question.max_output_tokens,
    )


def _narrowed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON Schema as the SDK's `Schema`, without what that cannot say."""
    narrow: dict[str, Any] = {}
    for name, value in schema.items():
        if name not in _KEYWORDS or (name == "enum" and not all(isinstance(v, str) for v in value)):
            continue
        if name == "type":
            kinds = [value] if isinstance(value, str) else list(value)
            if "null" in kinds:
                narrow["nullable"] = True
            narrow["type"] = next((k for k in kinds if k != "null"), "string").upper()
        elif name == "properties":
            narrow[name] = {key: _narrowed(part) for key, part in value.items()}
        elif name == "items":
            narrow[name] = _narrowed(value)
        else:
            narrow[{"minItems": "min_items", "maxItems": "max_items"}.get(name, name)] = value
    return narrow
