"""What is raised into a thread that waits for a model goes on as it is: it is not the model's."""

from __future__ import annotations

import asyncio
import ctypes
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.model_server import ModelServer, Reply, drip, drip_headers, hang, says

if TYPE_CHECKING:
    from tests.specifying.providers.conftest import Ask


class RunTimedOut(Exception):
    """As whoever runs us may define one."""


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (hang(), TimeoutError),
        (hang(), asyncio.CancelledError),
        (hang(), KeyboardInterrupt),
        (hang(), RunTimedOut),
        (drip(), TimeoutError),
        (drip_headers(), TimeoutError),
    ],
    ids=["time-out", "cancelled", "Ctrl-C", "an error of theirs", "drip", "drip of headers"],
)
def test_an_exception_from_outside_passes_at_once(
    ask: Ask, models: ModelServer, reply: Reply, kind: type[BaseException]
) -> None:
    models.script(reply)
    seen: list[BaseException] = []

    def run() -> None:
        try:
            ask(timeout=30)
        except BaseException as error:  # noqa: BLE001
            seen.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    _until(lambda: models.requests)
    time.sleep(0.05)  # it waits for the answer by then
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(kind)
    )
    thread.join(timeout=30)
    assert [type(error) for error in seen] == [kind]
    assert models.hung_up.wait(20)


def test_a_signal_that_raises_a_time_out_is_not_the_models(ask: Ask, models: ModelServer) -> None:
    def out_of_time(*_: Any) -> None:
        raise TimeoutError("the run")

    models.script(says("{}"), hang())
    ask()  # imports take their time
    before = signal.signal(signal.SIGALRM, out_of_time)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(TimeoutError, match="the run"):
            ask(timeout=30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("where", ["the main thread", "another thread"])
def test_prefects_time_out_of_a_run_is_prefects(ask: Ask, models: ModelServer, where: str) -> None:
    """It works by a signal in the main thread, and by an exception sent into every other."""
    from prefect.utilities.timeout import timeout

    models.script(says("{}"), hang())
    ask()  # imports take their time
    seen: list[BaseException] = []

    def run() -> None:
        try:
            with timeout(1.5):
                ask(timeout=30)
        except BaseException as error:  # noqa: BLE001
            seen.append(error)

    if where == "the main thread":
        run()
    else:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(30)
    assert [type(error) for error in seen] == [TimeoutError]
    assert models.hung_up.wait(20)


def _until(condition: Any) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
