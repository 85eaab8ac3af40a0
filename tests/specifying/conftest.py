"""A loopback server of models, for the real SDKs to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model_server import ModelServer, model_server


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for caches, budgets and breakers of the test's own; no key of the machine's."""
    for name in ("GEMINI_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ADE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def models() -> Iterator[ModelServer]:
    """A server of models with an empty script."""
    with model_server() as server:
        yield server
