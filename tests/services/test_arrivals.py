"""From a file in a folder to its bundle, with a real server, worker, watcher and trigger."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.services.prefect_server import PrefectServer
from tests.services.processes import wait_until

pytestmark = [pytest.mark.services, pytest.mark.timeout(1200)]

NAMES = ["{{ 7*7 }}.csv", '"},{.csv', "{% raw %} größe 100% 'x'.csv"]
WITHIN = 900


@pytest.fixture
def server(tmp_path):
    server = PrefectServer(tmp_path, PWD=str(Path.cwd()))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def worker(server):
    prefect(server, "work-pool", "create", "local", "--type", "process")
    for name in ("on-arrival", "watch"):
        prefect(server, "deploy", "--name", name)
    # Looks are started by hand here.
    prefect(server, "deployment", "schedule", "clear", "watch/watch", "--accept-yes")
    worker = server.worker("local")
    worker.start()
    yield worker
    worker.stop()


def prefect(server, *arguments):
    command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
    done = subprocess.run(command, env=server.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ask(server, what, **wanted):
    return httpx.post(f"{server.api}/{what}/filter", json=wanted, timeout=60).json()


def runs(server, name):
    found = ask(server, "flow_runs", deployments={"name": {"any_": [name]}})
    return {run["id"]: run for run in found}


def look(server, inbox):
    """Look once at the folder, as the schedule does, and return when that has ended."""
    before = runs(server, "watch")
    request = {"places": [str(inbox)], "rest_seconds": 0.5, "goal": "keep id", "existing": True}
    parameters = json.dumps({"request": request})
    prefect(server, "deployment", "run", "watch/watch", "--params", parameters)
    (run,) = set(runs(server, "watch")) - set(before)
    state = wait_until(lambda: ended(runs(server, "watch")[run]), WITHIN, "the look has ended")
    assert state["type"] == "COMPLETED", state["message"]


def ended(run):
    return run["state"] if run["end_time"] else None


def test_each_file_gets_one_run_with_its_name_as_it_is(server, worker, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number, name in enumerate(NAMES):
        (inbox / name).write_text(f"id,amount\n1,{number}.5\n2,3.5\n")
    (inbox / "bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")

    look(server, inbox)
    look(server, inbox)

    def all_ended():
        found = runs(server, "on-arrival").values()
        return found if len(found) >= 4 and all(map(ended, found)) else None

    found = wait_until(all_ended, WITHIN, "the runs have ended")
    ends = {run["parameters"]["request"]["sources"][0]: run["state"] for run in found}
    assert len(found) == len(ends) == 4
    assert {Path(uri).name for uri in ends} == {*NAMES, "bad.csv"}
    assert {run["parameters"]["request"]["goal"] for run in found} == {"keep id"}
    bad = ends.pop(str(inbox / "bad.csv"))
    assert (bad["type"], "E_BINARY" in bad["message"]) == ("FAILED", True)
    assert {state["type"] for state in ends.values()} == {"COMPLETED"}


def test_an_event_that_comes_again_starts_no_second_run(server, worker, tmp_path):
    (tmp_path / "a.csv").write_text("id\n1\n")
    event = {
        "event": "ade.file.arrived", "id": "16945f58-a5d3-5172-ad79-1d1c18a97acf",
        "occurred": "2026-01-01T00:00:00Z", "resource": {"prefect.resource.id": "ade.file.1"},
        "payload": {"uri": str(tmp_path / "a.csv"), "goal": ""},
    }  # fmt: skip
    for id in (event["id"], event["id"], "26945f58-a5d3-5172-ad79-1d1c18a97acf"):
        event["resource"] = {"prefect.resource.id": f"ade.file.{id}"}
        httpx.post(f"{server.api}/events", json=[{**event, "id": id}]).raise_for_status()
    # The third is handled after the second was.
    wait_until(lambda: len(runs(server, "on-arrival")) >= 2, 120, "the last event started a run")
    assert len(runs(server, "on-arrival")) == 2
