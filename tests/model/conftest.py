"""Starts the small model once, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallModel:
    """Where it answers and what is to be said to be heard."""

    base_url: str
    key: str
    name: str
    context_tokens: int


@pytest.fixture(scope="session")
def small_model() -> Iterator[SmallModel]:
    pytest.importorskip("xllamacpp", reason="`make test-model` installs the small model")
    from tests.model.serving import CONTEXT_TOKENS, KEY, MODEL

    command = [sys.executable, str(Path(__file__).with_name("serving.py"))]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "the small model did not start"
        yield SmallModel(f"{address}/v1", KEY, MODEL, CONTEXT_TOKENS)
        process.stdin.close()
