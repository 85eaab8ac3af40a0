"""Jobs that share a store, and what puts questions for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.ask import Asked, ask
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Question
from ai_data_engineer.stores.files import FileStore
from tests.specifying.asking.scripts import AUTHOR, QUESTION, Clock, Script


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> FileStore:
    return FileStore(tmp_path / "state", clock=lambda: clock.time)


@pytest.fixture
def new_job(store: FileStore, clock: Clock) -> Callable[..., Job]:
    """Return what makes a job with the settings given, all of which share one store."""

    def make(*, is_cancelled: Callable[[], bool] = lambda: False, **settings: Any) -> Job:
        job = Job(Settings(**settings), store, is_cancelled=is_cancelled)
        clock.jobs.append(job)
        return job

    return make


@pytest.fixture
def put(new_job: Callable[..., Job], clock: Clock) -> Callable[..., Asked]:
    """Return what puts a question to a script: `put(script, keys=["a"], llm_max_calls=2)`."""

    def put_question(
        script: Script,
        *,
        keys: Sequence[str] = ("k1",),
        question: Question = QUESTION,
        author: Author = AUTHOR,
        job: Job | None = None,
        **settings: Any,
    ) -> Asked:
        return ask(
            question,
            author,
            [SecretStr(key) for key in keys],
            job or new_job(**settings),
            provider=script,
            pace=clock.pace,
        )

    return put_question


@pytest.fixture(params=["files", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where processes share a store: a folder, or the URL of a real Redis."""
    if request.param == "files":
        return str(tmp_path / "shared")
    return str(request.getfixturevalue("redis_url"))
