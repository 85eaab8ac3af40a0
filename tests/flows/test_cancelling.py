"""A run that was stopped is told so, wherever it runs; a server that is silent stops nothing."""

import time
from uuid import UUID, uuid4

import pytest
from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelling

from ai_data_engineer.specifying.job import Cancelled
from tasks import cancelling
from tasks.cancelling import confirm_cancelled, is_cancelled

pytestmark = pytest.mark.server

PATIENCE = 20


def waits_until_cancelled():
    deadline = time.monotonic() + PATIENCE
    while not is_cancelled():
        assert time.monotonic() < deadline, "nobody said that the run is cancelled"
        time.sleep(0.05)
    raise Cancelled("The run was cancelled.")


wait_for_a_model = task(waits_until_cancelled, name="wait-for-a-model")


def change(run_id, what):
    with get_client(sync_client=True) as client:
        if what == "cancel":
            client.set_flow_run_state(UUID(run_id), Cancelling())
        else:
            client.delete_flow_run(UUID(run_id))


def test_a_run_that_no_worker_watches_stops_when_it_is_cancelled_and_ends_as_cancelled(server):
    runs = []

    @flow(on_cancellation=[confirm_cancelled])
    def generate():
        runs.append(flow_run.id)
        assert not is_cancelled()
        change(flow_run.id, "cancel")
        wait_for_a_model()

    with pytest.raises(Cancelled):
        generate()
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(UUID(runs[0])).state
    assert (state.name, state.message) == ("Cancelled", "The run has stopped.")


def test_a_run_that_was_deleted_stops(server):
    said = []

    @flow
    def generate():
        change(flow_run.id, "delete")
        said.append(is_cancelled())

    with pytest.raises(ObjectNotFound):
        generate()
    assert said == [True]


def test_a_thread_of_a_run_that_is_out_of_time_stops(server):
    ended = []

    @task
    def in_a_thread():
        try:
            waits_until_cancelled()
        except Cancelled:
            ended.append(time.monotonic())
            raise

    @flow(timeout_seconds=2)
    def generate():
        in_a_thread.submit().result()

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        generate()
    assert 2 <= ended[0] - started < PATIENCE / 2


def test_a_task_that_is_out_of_time_is_told_so(server, monkeypatch):
    monkeypatch.setattr(cancelling, "LEEWAY", 0)
    said = []

    @task
    def slow():
        said.append(is_cancelled())
        cancelling.TaskRunContext.get().task.timeout_seconds = 0.01
        time.sleep(0.02)
        said.append(is_cancelled())

    @flow
    def generate():
        slow()

    generate()
    assert said == [False, True]


def test_outside_of_a_run_nothing_is_cancelled():
    assert not is_cancelled()


@pytest.mark.parametrize(
    ("status", "over"), [(404, True), (500, False), (503, False), (401, False), (200, False)]
)
def test_a_run_that_is_gone_is_over_and_a_server_in_trouble_says_nothing(web, status, over):
    web.answers = [(status, b"{}")]
    with temporary_settings({PREFECT_API_URL: f"{web.url}/api"}):
        watch = cancelling._Watch(uuid4())
        assert watch.is_over() is over


def test_a_server_that_is_not_there_says_nothing_at_once():
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}):
        watch = cancelling._Watch(uuid4())
        started = time.monotonic()
        assert not watch.is_over()
    assert time.monotonic() - started < 20  # left to itself the client tries for a minute


def test_the_server_is_asked_every_other_second_and_never_again_once_it_is_over(web, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(cancelling.time, "monotonic", lambda: clock[0])
    web.answers = [(500, b"{}"), (404, b"{}")]
    with temporary_settings({PREFECT_API_URL: f"{web.url}/api"}):
        watch = cancelling._Watch(uuid4())
        asked = []
        for clock[0] in (100.0, 101.0, 101.9, 102.0, 103.0, 105.0, 110.0):
            watch.is_over()
            asked.append(web.asked)
    assert asked == [1, 1, 1, 2, 2, 2, 2]
