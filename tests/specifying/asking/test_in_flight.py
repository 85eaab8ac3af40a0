"""Among all who ask the same at once one calls; threads, processes and machines."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.specifying.asking.in_flight import LINGER, shared
from ai_data_engineer.specifying.job import Cancelled
from ai_data_engineer.specifying.providers.protocol import Answer, Failure, ModelError, Usage
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.redis import RedisStore
from tests.redis_server import RedisServer

SAID = Answer(text='{"name": "x"}', model="m", usage=Usage(input_tokens=7))


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


class Service:
    """Counts its calls; each ends when `released` is set, with an answer or an error."""

    def __init__(self, *outcomes):
        self.calls, self.outcomes = 0, list(outcomes)
        self.begun, self.released = threading.Semaphore(0), threading.Event()

    def __call__(self):
        self.calls += 1
        self.begun.release()
        assert self.released.wait(60)
        outcome = self.outcomes.pop(0) if self.outcomes else SAID
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def at_once(count, service, store):
    """Ask in threads, all of them before the first call ends; returns results and errors."""
    waiting = set()

    def ask():
        me = threading.current_thread()
        return shared(store, "q", service, Answer, is_cancelled=lambda: waiting.add(me))

    with ThreadPoolExecutor(count) as pool:
        first = pool.submit(ask)
        service.begun.acquire()
        others = [pool.submit(ask) for _ in range(count - 1)]
        while len(waiting) < count - 1:
            time.sleep(0.01)
        service.released.set()
        return [future.exception() or future.result() for future in [first, *others]]


def test_fifty_threads_that_ask_the_same_at_once_make_one_call(store):
    service = Service()

    results = at_once(50, service, store)

    assert service.calls == 1
    assert sorted(was_shared for _, was_shared in results) == [False] + [True] * 49
    assert {answer for answer, _ in results} == {SAID}


def test_those_who_ask_something_else_call_for_themselves(store):
    service = Service()
    service.released.set()

    assert shared(store, "q", service, Answer) == (SAID, False)
    assert shared(store, "r", service, Answer) == (SAID, False)
    assert service.calls == 2


def test_an_answer_lingers_for_those_who_come_a_moment_later(tmp_path):
    now = 1_000.0
    store, service = FileStore(tmp_path, clock=lambda: now), Service()
    service.released.set()
    shared(store, "q", service, Answer)

    now += LINGER - 1
    assert shared(store, "q", service, Answer) == (SAID, True)
    now += 2
    assert shared(store, "q", service, Answer) == (SAID, False)
    assert service.calls == 2


@pytest.mark.parametrize(
    "error",
    [
        ModelError("It is busy.", Failure.BUSY, hint="Wait.", retry_after=12.5),
        ModelError("It cut the answer.", Failure.TRUNCATED),
        ProviderError("It is paused.", code="E_PROVIDER_PAUSED", location="gemini", hint="Wait."),
    ],
    ids=["busy", "truncated", "paused"],
)
def test_a_failure_is_the_failure_of_all_who_waited_and_of_nobody_later(store, error):
    service = Service(error)

    errors = at_once(8, service, store)

    assert service.calls == 1
    assert {str(e) for e in errors} == {str(error)}
    assert {type(e) for e in errors} == {type(error)}
    assert {getattr(e, "failure", None) for e in errors} == {getattr(error, "failure", None)}
    assert {getattr(e, "retry_after", 0) for e in errors} == {getattr(error, "retry_after", 0)}
    assert shared(store, "q", service, Answer) == (SAID, False)


def test_what_a_failure_cost_and_what_the_server_said_stay_with_who_called(store):
    service = Service(ModelError("Cut.", Failure.TRUNCATED, usage=Usage(output_tokens=9), raw="{"))

    first, second = at_once(2, service, store)

    assert (first.usage, first.raw) == (Usage(output_tokens=9), "{")
    assert (second.usage, second.raw, second.cost) == (None, "", 0)


@pytest.mark.parametrize(
    "error",
    [
        Cancelled("The run was cancelled."),
        ProviderError("The budget of this spec is used up.", code="E_BUDGET"),
        TransientError("The store is gone.", code="E_STORE"),
        RuntimeError("a defect"),
        KeyboardInterrupt(),
    ],
    ids=["cancelled", "its budget", "its store", "defect", "interrupted"],
)
def test_what_concerns_the_leader_alone_hands_over_to_one_of_those_who_wait(store, error):
    service = Service(error)

    first, *others = at_once(5, service, store)

    assert first is error
    assert service.calls == 2
    assert sorted(was_shared for _, was_shared in others) == [False, True, True, True]


def test_one_who_waits_and_is_cancelled_harms_nobody(store):
    service, cancelled = Service(), threading.Event()
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(shared, store, "q", service, Answer)
        service.begun.acquire()
        second = pool.submit(shared, store, "q", service, Answer, is_cancelled=cancelled.is_set)
        third = pool.submit(shared, store, "q", service, Answer)
        cancelled.set()
        with pytest.raises(Cancelled):
            second.result(5)
        service.released.set()

    assert (first.result(), third.result()) == ((SAID, False), (SAID, True))
    assert service.calls == 1


def test_one_who_has_waited_long_enough_calls_for_itself(store):
    service = Service()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared, store, "q", service, Answer)
        service.begun.acquire()
        second = pool.submit(shared, store, "q", service, Answer, wait=0.1)
        service.begun.acquire(timeout=5)
        service.released.set()

    assert (first.result(), second.result()) == ((SAID, False), (SAID, False))


def test_without_a_store_everybody_calls_once(tmp_path):
    (tmp_path / "file").touch()
    service = Service()
    service.released.set()
    unreachable = FileStore(tmp_path / "file" / "state")

    results = [shared(unreachable, "q", service, Answer) for _ in range(2)]

    assert results == [(SAID, False)] * 2
    assert service.calls == 2


def test_an_outcome_that_cannot_be_read_is_none(store):
    store.put("in-flight/q", b'{"flight": "f", "answer": "{}"}')
    service = Service()
    service.released.set()

    assert shared(store, "q", service, Answer) == (SAID, False)


ASKING = """
import os, time
from pathlib import Path
from ai_data_engineer.specifying.asking.in_flight import shared
from ai_data_engineer.specifying.providers.protocol import Answer
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores import redis
from ai_data_engineer.stores.redis import RedisStore
redis.LEASE = {lease}
def produce():
    with open({calls!r}, "a") as calls:
        calls.write("call\\n")
    time.sleep({seconds})
    return Answer(text="said", model="m")
# Fifty that each import all this, and the store's package, would take a minute.
{store}
children = []
for _ in range({count}):
    children.append(os.fork())
    if children[-1] == 0:
        answer, was_shared = shared({store}, "q", produce, Answer, linger=60)
        os.write(1, f"{{answer.text}} {{was_shared}}\\n".encode())
        os._exit(0)
for child in children:
    os.waitpid(child, 0)
"""


def asking(store, calls, *, count=1, seconds=0.5, lease=60.0):
    """Start processes that ask at once."""
    code = ASKING.format(store=store, calls=str(calls), seconds=seconds, count=count, lease=lease)
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def lines(path):
    return len(path.read_text().splitlines())


def wait_for_a_call(calls):
    for _ in range(2000):
        if calls.exists():
            return
        time.sleep(0.01)
    raise AssertionError("nobody called")


@pytest.fixture(params=["files", "redis"])
def opened(request, tmp_path):
    """Return a store, and code that opens it in another process."""
    if request.param == "files":
        folder = tmp_path / "state"
        return FileStore(folder), f"FileStore(Path({str(folder)!r}))"
    url = request.getfixturevalue("redis_url")
    return RedisStore(url), f"RedisStore({url!r})"


def test_fifty_processes_that_ask_the_same_at_once_make_one_call(opened, tmp_path):
    processes = asking(opened[1], tmp_path / "calls", count=50)

    said = processes.communicate(timeout=60)[0].splitlines()

    assert lines(tmp_path / "calls") == 1
    assert sorted(said) == ["said False"] + ["said True"] * 49


def test_a_leader_that_is_killed_hands_over(opened, tmp_path):
    store, opens = opened
    leader = asking(opens, tmp_path / "calls", seconds=60, lease=3.0)
    wait_for_a_call(tmp_path / "calls")
    service = Service()
    service.released.set()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(shared, store, "q", service, Answer) for _ in range(2)]
        time.sleep(0.1)
        assert service.calls == 0
        os.killpg(leader.pid, signal.SIGKILL)
        leader.communicate()

    assert service.calls == 1
    assert sorted(future.result()[1] for future in waiting) == [False, True]


def test_redis_that_stops_under_way_stops_nobody():
    server = RedisServer()
    server.start()
    service = Service()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared, RedisStore(server.url), "q", service, Answer)
        service.begun.acquire()
        second = pool.submit(shared, RedisStore(server.url), "q", service, Answer)
        time.sleep(0.1)
        server.stop()
        service.begun.acquire(timeout=5)
        service.released.set()

    assert (first.result(), second.result()) == ((SAID, False), (SAID, False))
