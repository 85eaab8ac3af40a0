"""The same batch on a Dask cluster that somebody else started, found by its address."""

import os
import sys
from pathlib import Path

import pytest

from tests.services.processes import Process, free_port, listens, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.usefixtures("server", "home", "scheduler"),
    pytest.mark.timeout(900),
    # Dask and Prefect are met in threads of Dask's, where a warning is no fault of the batch.
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture
def scheduler(tmp_path, server, home, monkeypatch):
    """Start a scheduler and two workers as docs/operations/triggers-and-batch.md says."""
    from prefect.settings import PREFECT_API_URL

    address = f"tcp://127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path.cwd()),
        "PREFECT_API_URL": PREFECT_API_URL.value(),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    dask = [sys.executable, "-m", "dask"]
    one = ["scheduler", "--host", address, "--no-dashboard"]
    other = ["worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
    processes = [
        Process([*dask, *arguments], environment, tmp_path / f"{arguments[0]}.log")
        for arguments in (one, other)
    ]
    try:
        for process in processes:
            process.start()
            wait_until(lambda: listens(address), 60, "the scheduler listens")
        monkeypatch.setenv("ADE_DASK_SCHEDULER", address)
        yield address
    finally:
        for process in reversed(processes):
            process.stop()


def test_work_that_crashes_or_hangs_harms_no_other_there_either():
    from tests.flows.dask_work import endings

    ended = endings(["one", "kill", "two", "hang", "three"], seconds_each=20)
    assert ended == {
        "one": "one", "two": "two", "three": "three", "kill": "crashed", "hang": "timed_out",
    }  # fmt: skip


def test_two_batches_one_after_the_other_use_the_same_workers(tmp_path, left):
    from ai_data_engineer.batching.request import BatchRequest
    from flows.batch import run_batch

    orders = "id,amount,status\n" + "".join(f"{n},{n}.50,paid\n" for n in range(60))
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "good.csv").write_text(orders)
    (folder / "bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    request = BatchRequest(sources=[f"{folder}/*.csv"], goal="only paid orders", provider="offline")
    first = run_batch(request, return_state=True).result(raise_on_failure=False).result
    again = run_batch(request, return_state=True).result(raise_on_failure=False).result
    for result in (first, again):
        assert [(o.ending, o.code) for o in result.outcomes] == [
            ("failed", "E_BINARY"), ("done", None),
        ]  # fmt: skip
    assert {s for n, s, _ in left(again.outcomes[1].run_id).tasks() if n != "receive"} == {"Cached"}
