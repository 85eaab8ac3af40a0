"""Each provider by its real SDK against the loopback server of models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.providers import provider_for
from ai_data_engineer.specifying.providers.protocol import Answer, Provider, Question
from tests.model_server import ModelServer

SDKS = ("gemini", "google-genai", "openai")

Ask = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, endpoint, proxy or authority of whoever runs the tests."""
    for name in (
        "GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_GENAI_USE_VERTEXAI",
        "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
        "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=SDKS)
def sdk(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def provider(sdk: str, base_url: str | None, model: str = "test-model") -> Provider:
    return provider_for(Author(provider=sdk, model=model, base_url=base_url), Settings())


@pytest.fixture
def ask(sdk: str, models: ModelServer) -> Ask:
    """Ask the server one question; fields of Question by name."""

    def one(key: str | None = "k1", base_url: str | None = None, **fields: Any) -> Answer:
        question = Question(**{"system": "rules", "prompt": "question", "timeout": 20.0} | fields)
        asked = provider(sdk, base_url or models.base_url(sdk))
        return asked.ask(question, SecretStr(key) if key is not None else None)

    return one
