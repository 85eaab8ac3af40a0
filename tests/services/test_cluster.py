"""Several API servers behind PostgreSQL and Redis, with the settings that compose takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.processes import wait_until
from tests.services.trials import Trials

pytestmark = pytest.mark.services
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    trials = Trials(tmp_path_factory.mktemp("cluster"))
    try:
        trials.start()
        yield trials
    finally:
        trials.remove()


@pytest.mark.timeout(900)
def test_a_run_begun_at_one_server_ends_at_the_other_when_the_first_is_killed(trials):
    servers = trials.cluster.servers
    request = trials.request()
    run = trials.submit(request, server=0)
    trials.until_packaging(run)
    servers[0].kill()
    try:
        assert trials.until_final(run) == "COMPLETED"
        assert Path(request["output"]).exists()
        # Stages are told through Redis and written down by the background services.
        wait_until(lambda: trials.stages(run).get("package") == "Completed", 120, "its stages")
        assert set(trials.stages(run)) >= {"receive", "profile", "specify", "validate", "package"}
    finally:
        servers[0].start()
        trials.cluster.wait_for_server(0)


@pytest.mark.timeout(900)
def test_an_event_at_one_server_starts_a_run_through_redis(trials):
    cluster, request = trials.cluster, trials.request()
    cluster.ask(
        "POST", "/automations/", server=0,
        name="a file arrived",
        trigger={"type": "event", "posture": "Reactive", "expect": ["test.arrived"],
                 "threshold": 1, "within": 0},
        actions=[{"type": "run-deployment", "source": "selected",
                  "deployment_id": trials.deployment, "parameters": {"request": request}}],
    )  # fmt: skip
    cluster.run("prefect", "event", "emit", "test.arrived", "--resource-id", "test.file")

    def started():
        wanted = {"flow_runs": {"deployment_id": {"any_": [trials.deployment]}}}
        runs = cluster.ask("POST", "/flow_runs/filter", server=1, **wanted)
        return [r["id"] for r in runs if r["parameters"]["request"] == request]

    (run,) = wait_until(started, 120, "the automation starts a run")
    assert trials.until_final(run) == "COMPLETED"


def test_the_migration_says_when_the_database_is_not_ready(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'fresh.db'}"
    done = subprocess.run(
        [sys.executable, "-m", "deployments.migrate", "--wait", "--seconds", "0"],
        env={"PATH": "/usr/bin:/bin", "PREFECT_HOME": str(tmp_path), "PYTHONPATH": str(ROOT),
             "PREFECT_SERVER_DATABASE_CONNECTION_URL": url, "DO_NOT_TRACK": "1"},
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "python -m deployments.migrate" in done.stderr
