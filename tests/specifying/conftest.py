"""A loopback server that speaks Gemini's generateContent, for the real SDK to talk to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.specifying.gemini import ask
from ai_data_engineer.specifying.provenance import Answer
from tests.model_server import ModelServer, Reply, bad_key, model_server, says, status


class Gemini:
    """Says what it was told to say, in that order, and keeps what it was asked."""

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self.url = server.url

    def ask(self, *keys: str, timeout: float = 5) -> Answer:
        return ask(
            "rules",
            "question",
            model="test-model",
            keys=[SecretStr(k) for k in keys or ("k1",)],
            base_url=self.url,
            timeout=timeout,
        )

    def answers(self, text: str, reason: str = "STOP") -> None:
        finish = {"STOP": "stop", "MAX_TOKENS": "length"}.get(reason, reason)
        self.server.script(says(text, finish=finish))

    def fails(self, code: int, detail: str | None = None) -> None:
        self.server.script(bad_key() if detail == "API_KEY_INVALID" else status(code))

    def says(self, body: Any) -> None:
        data = body if isinstance(body, str) else json.dumps(body)
        self.server.script(Reply(body=data.encode()))

    @property
    def keys(self) -> list[str | None]:
        return self.server.keys

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [request.body for request in self.server.asked]

    @property
    def prompts(self) -> list[str]:
        """What it was asked, rules left out."""
        return self.server.prompts


@pytest.fixture
def models() -> Iterator[ModelServer]:
    """A server of models with an empty script."""
    with model_server() as server:
        yield server


@pytest.fixture
def gemini(models: ModelServer) -> Gemini:
    return Gemini(models)
