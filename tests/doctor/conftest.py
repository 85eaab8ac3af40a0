"""A machine on which nothing is configured, and a server of models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.model_server import ModelServer, model_server

VARIABLES = (
    "GEMINI_API_KEY", "OPENAI_API_KEY", "ADE_PROVIDER", "ADE_GEMINI_MODEL", "ADE_GEMINI_BASE_URL",
    "ADE_OPENAI_MODEL", "ADE_OPENAI_BASE_URL", "ADE_REPLAY_FILE", "ADE_REDIS_URL",
    "ADE_LLM_DAY_TOKENS", "ADE_LLM_DAY_COST", "PREFECT_API_URL", "ADE_SENTRY_DSN",
)  # fmt: skip


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, home: object) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def models() -> Iterator[ModelServer]:
    with model_server() as server:
        server.models = ["gemini-3-flash", "gemini-3-pro", "qwen3:latest"]
        yield server
