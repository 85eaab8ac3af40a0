"""Cancel means cancel: once a run was stopped, no request reaches the model any more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.sorting import FlowRunSort
from prefect.settings import PREFECT_API_URL
from prefect.states import Cancelling

from ai_data_engineer.specifying.job import Cancelled
from tests.flows.asking_flow import asking
from tests.model_server import hang, model_server, status

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]

BUSY = status(429, retry_after=1.5)
WAITING = {"for the answer": hang(), "for the next try": BUSY}
TRIES = 1.5 + 1.5
"""Seconds in which a run that was not stopped would have asked again, with its chance."""


@pytest.fixture(scope="module")
def sdk():
    """Import the SDK, which takes seconds of the time that a run is given here."""
    from ai_data_engineer.specifying.providers.gemini import _package

    return _package()


@pytest.fixture(params=WAITING)
def models(request, sdk):
    with model_server() as server:
        server.otherwise = WAITING[request.param]
        yield server


def asked(models):
    """Wait for the first request."""
    deadline = time.monotonic() + 60
    while not models.asked:
        assert time.monotonic() < deadline, "the model was never asked"
        time.sleep(0.05)


def assert_no_more_requests(models):
    before = len(models.asked)
    assert before >= 1
    if models.otherwise is BUSY:  # who waits for an answer would ask again after a minute
        time.sleep(TRIES)
    assert len(models.asked) == before


def newest_run():
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]


def cancel(run_id):
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run_id, Cancelling())


def ended(run_id):
    """Return the name of the state in which the run ends."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(run_id).state
        if state.is_final():
            return state.name
        time.sleep(0.2)
    raise AssertionError("the run does not end")


def cancelled_once_asked(models):
    def wait_and_cancel():
        asked(models)
        cancel(newest_run().id)

    thread = threading.Thread(target=wait_and_cancel)
    thread.start()
    return thread


def test_a_run_by_hand_that_is_cancelled_in_the_ui(models):
    thread = cancelled_once_asked(models)
    with pytest.raises(Cancelled):
        asking(models.url)
    thread.join()
    assert_no_more_requests(models)
    assert ended(newest_run().id) == "Cancelled"


def test_the_planner_does_not_step_in_and_no_bundle_is_made(models, tmp_path, monkeypatch):
    from ai_data_engineer.requests import GenerateRequest
    from flows.generate import generate_pipeline

    monkeypatch.setenv("GEMINI_API_KEY", "k")
    monkeypatch.setenv("ADE_GEMINI_BASE_URL", models.url)
    source, bundle = tmp_path / "orders.csv", tmp_path / "orders.zip"
    source.write_text("id,amount\n" + "".join(f"{n},{n}.5\n" for n in range(60)))
    thread = cancelled_once_asked(models)
    with pytest.raises(Cancelled):
        generate_pipeline(GenerateRequest(sources=[str(source)], provider="gemini", output=bundle))
    thread.join()
    assert_no_more_requests(models)
    assert ended(newest_run().id) == "Cancelled"
    assert not bundle.exists()


@pytest.mark.parametrize(
    ("models", "of_flow", "of_task", "submit"),
    [
        ("for the answer", 3, None, False),
        ("for the answer", 3, None, True),
        ("for the answer", None, 3, False),
        ("for the answer", None, 3, True),
        ("for the next try", 3, None, False),
        ("for the next try", None, 3, True),
    ],
    indirect=["models"],
    ids=[
        "flow",
        "flow, in a thread",
        "task",
        "task, in a thread",
        "flow, between tries",
        "task, in a thread, between tries",
    ],
)
def test_a_run_that_is_out_of_time(models, of_flow, of_task, submit):
    timed = asking.with_options(timeout_seconds=of_flow)
    started = time.monotonic()
    with pytest.raises((TimeoutError, Cancelled)):
        timed(models.url, submit=submit, task_timeout=of_task)
    assert time.monotonic() - started < 20
    assert_no_more_requests(models)
    assert ended(newest_run().id) in ("TimedOut", "Failed")


def process(*arguments):
    environment = {
        **os.environ,
        "PREFECT_API_URL": PREFECT_API_URL.value(),
        "PYTHONPATH": str(Path.cwd()),
    }
    command = [sys.executable, str(Path(__file__).with_name("asking_flow.py")), *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.slow
def test_a_process_that_is_told_to_end(models):
    run = process("run", models.url)
    try:
        asked(models)
        run.send_signal(signal.SIGTERM)
        assert run.wait(30) != 0
    finally:
        run.kill()
    assert_no_more_requests(models)
    assert ended(newest_run().id) == "Crashed"


@pytest.mark.slow
def test_a_run_of_a_worker_that_is_cancelled_in_the_ui(models):
    worker = process("serve")
    try:
        with get_client(sync_client=True) as client:
            deployment = _deployment(client)
            url = {"url": models.url}
            run = client.create_flow_run_from_deployment(deployment.id, parameters=url)
        asked(models)
        cancel(run.id)
        assert ended(run.id) == "Cancelled"
        assert_no_more_requests(models)
    finally:
        worker.terminate()
        worker.wait(30)


def _deployment(client):
    from prefect.exceptions import ObjectNotFound

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return client.read_deployment_by_name("asking/asking_flow")
        except ObjectNotFound:
            time.sleep(0.3)
    raise AssertionError("nothing is served")
