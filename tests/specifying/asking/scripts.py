"""A provider that follows a script, and a clock that nobody waits for."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import (
    Answer,
    Failure,
    ModelError,
    Question,
    Usage,
)

AUTHOR = Author(provider="gemini", model="gemini-2.5-flash")
QUESTION = Question(system="rules", prompt="question", schema={"type": "object"}, timeout=60)
ANSWER = Answer(text="{}", model="m", usage=Usage(input_tokens=1000, output_tokens=200))


class Clock:
    """Time that passes only when somebody sleeps; the jobs grow older with it."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self.time = start
        self.waits: list[float] = []
        self.jobs: list[Job] = []
        self.chance = 1.0
        """The upper end of what is left to chance: 1, 2, 4 … seconds as they are written."""

    @property
    def pace(self) -> Pace:
        return Pace(now=lambda: self.time, sleep=self.sleep, random=lambda: self.chance)

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.waits.append(seconds)
        for job in self.jobs:
            job.started -= seconds

    @property
    def waited(self) -> float:
        return round(sum(self.waits), 3)


class Script:
    """A provider that says what it was told to say, in that order, and keeps what it was asked."""

    name = "gemini"

    def __init__(self, *says: Answer | Failure | BaseException) -> None:
        self.says = list(says)
        self.questions: list[Question] = []
        self.keys: list[str | None] = []
        self.threads: list[threading.Thread] = []

    def ask(self, question: Question, key: SecretStr | None) -> Answer:
        self.questions.append(question)
        self.keys.append(key.get_secret_value() if key else None)
        self.threads.append(threading.current_thread())
        said = self.says.pop(0) if self.says else ANSWER
        if isinstance(said, Failure):
            raise ModelError(f"It is {said}.", said)
        if isinstance(said, BaseException):
            raise said
        return said

    def models(self, key: SecretStr | None, timeout: float = 10.0) -> list[str]:
        return []


def start(
    action: str, processes: int, place: str, *arguments: float | str
) -> subprocess.Popen[str]:
    """Start an action of `worker` in several processes."""
    worker = Path(__file__).with_name("worker.py")
    words = [action, str(processes), place, *map(json.dumps, arguments)]
    return subprocess.Popen(
        [sys.executable, str(worker), *words], stdout=subprocess.PIPE, text=True
    )


def results(started: subprocess.Popen[str]) -> list[Any]:
    """Return what each process returned, when all have ended."""
    said = started.communicate(timeout=120)[0]
    return list(json.loads(said))
