"""A run that is cancelled asks nothing more and waits for nothing; what it had asked is counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ai_data_engineer.specifying.asking.ask import Asked
from ai_data_engineer.specifying.asking.budget import most_input
from ai_data_engineer.specifying.asking.waiting import SLICE
from ai_data_engineer.specifying.job import Cancelled, Job
from ai_data_engineer.specifying.providers.protocol import Answer, Failure, ModelError
from ai_data_engineer.stores.files import FileStore
from tests.specifying.asking.scripts import ANSWER, QUESTION, Clock, Script
from tests.specifying.asking.test_budget import spent

Put = Callable[..., Asked]


class Hanging(Script):
    """Answers when it is let go."""

    def __init__(self, *says: Any) -> None:
        super().__init__(*says)
        self.asked, self.let_go = threading.Event(), threading.Event()

    def ask(self, *args: Any) -> Answer:
        self.asked.set()
        assert self.let_go.wait(20)
        return super().ask(*args)


def test_nothing_is_sent_for_a_run_that_is_cancelled(
    put: Put, new_job: Callable[..., Job], store: FileStore
) -> None:
    script = Script()

    with pytest.raises(Cancelled):
        put(script, job=new_job(is_cancelled=lambda: True))

    assert script.questions == []
    assert list(store.keys("")) == []


@pytest.mark.parametrize("looks", range(1, 4))
def test_nothing_stays_held_for_a_run_that_is_cancelled_just_before_the_call(
    put: Put, new_job: Callable[..., Job], store: FileStore, looks: int
) -> None:
    answers = [False] * looks + [True] * 99
    script = Script(Failure.EMPTY)
    job = new_job(is_cancelled=lambda: answers.pop(0))

    with pytest.raises(Cancelled):
        put(script, job=job)

    for thread in script.threads:
        thread.join()
    assert [spent(store, key.split("/")[1])["held"] for key in store.keys("budget")] in (
        [],
        [{}, {}],
    )


def test_a_wait_ends_at_once(put: Put, new_job: Callable[..., Job], clock: Clock) -> None:
    script = Script(ModelError("Busy.", Failure.BUSY, retry_after=100))

    with pytest.raises(Cancelled):
        put(script, job=new_job(is_cancelled=lambda: clock.waited >= 10))

    assert clock.waited <= 10 + SLICE
    assert len(script.questions) == 1


def test_a_call_that_hangs_is_left_behind_and_counted_when_it_ends(
    put: Put, new_job: Callable[..., Job], store: FileStore
) -> None:
    script = Hanging()
    job = new_job(is_cancelled=script.asked.is_set)
    begun = time.monotonic()

    with pytest.raises(Cancelled):
        put(script, job=job)

    assert time.monotonic() - begun < 10
    assert len(spent(store, "day")["held"]) == 1
    script.let_go.set()
    for thread in [t for t in threading.enumerate() if t.name == "model-call"]:
        thread.join(10)
    tokens = ANSWER.usage.input_tokens + ANSWER.usage.output_tokens
    assert spent(store, "day")["spent"]["tokens"] == tokens
    assert spent(store, "day")["held"] == {}


def test_a_provider_that_outlasts_its_time_is_left_behind_and_charged_the_most(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_data_engineer.specifying.asking.ask.GRACE", -0.8)
    hanging, script = Hanging(), Script()
    calls = iter([hanging.ask, script.ask])
    monkeypatch.setattr(hanging, "ask", lambda *question: next(calls)(*question))
    question = replace(QUESTION, timeout=1.0)

    asked = put(hanging, question=question)

    hanging.let_go.set()
    assert asked.failures == ("E_PROVIDER_TIMEOUT",)
    most = (most_input(question) * 0.3 + question.max_output_tokens * 2.5) / 1e6
    assert asked.cost == pytest.approx(most + 0.0008)


def test_ctrl_c_is_no_failure_of_the_model(put: Put, new_job: Callable[..., Job]) -> None:
    script = Hanging()

    def interrupt() -> bool:
        if script.asked.is_set():
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        put(script, job=new_job(is_cancelled=interrupt))

    script.let_go.set()
