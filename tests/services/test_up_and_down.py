"""`make up` and `make down` as an operator types them, on real servers and workers."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.services.processes import answers, free_port, wait_until

pytestmark = [pytest.mark.services, pytest.mark.timeout(1800)]


class Operator:
    """A shell with an ADE_HOME and ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "ade"
        self.port, self.health_port = free_port(), free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        ours = ("PREFECT_", "ADE_", "GEMINI_", "OPENAI_")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            "ADE_HOME": str(self.home),
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_WORKER_WEBSERVER_PORT": str(self.health_port),
            "PREFECT_SERVER_API_AUTH_STRING": "admin:correct-horse-battery",
        }

    def types(self, *command: str, **environment: str) -> str:
        """Run a command to its end; returns what it said, raises where it failed."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prefect(self, *command: str) -> str:
        auth = self.environment["PREFECT_SERVER_API_AUTH_STRING"]
        return self.types(
            "prefect",
            *command,
            PREFECT_API_URL=self.api,
            PREFECT_API_AUTH_STRING=auth,
            PREFECT_HOME=str(self.home / "prefect"),
            COLUMNS="300",
        )

    def state_of(self, run: str) -> str:
        return str(self.run(run)["state"]["name"])

    def run(self, run: str) -> dict:
        read: dict = json.loads(self.prefect("flow-run", "inspect", run, "--output", "json"))
        return read

    def pid_of(self, name: str) -> int:
        return int(json.loads((self.home / "run" / f"{name}.json").read_text())["pid"])

    def starts(self, deployment: str, parameters: dict) -> str:
        """Ask for a run and return its id."""
        said = self.prefect("deployment", "run", deployment, "--params", json.dumps(parameters))
        return said.split("/runs/flow-run/")[1].split()[0]


@pytest.fixture(scope="module")
def operator(tmp_path_factory):
    shell = Operator(tmp_path_factory.mktemp("operator"))
    yield shell
    shell.types("deployments.down")


REQUEST = {
    "request": {
        "sources": [str(Path("examples/orders.csv").resolve())],
        "goal": "total amount by month",
        "provider": "offline",
    }
}


def test_it_comes_up_runs_a_pipeline_and_goes_down(operator):
    first = operator.types("deployments.up")
    assert "work pool `local` made" in first
    assert "deployment `generate/generate` deployed" in first
    assert f"http://127.0.0.1:{operator.port}/deployments" in first
    assert answers(f"http://127.0.0.1:{operator.health_port}/health")

    # What a person changes stays.
    operator.prefect("gcl", "update", "ade-model", "--limit", "9")
    operator.prefect("automation", "pause", "ade: runs without a sign of life")
    pids = [operator.pid_of("server"), operator.pid_of("worker")]
    second = operator.types("deployments.up")
    assert not {" made", " deployed", " updated", " starts"} & set(second.split("\n"))
    assert all(word not in second for word in (" made", " deployed", " updated", " starts"))
    assert pids == [operator.pid_of("server"), operator.pid_of("worker")]
    assert '"limit": 9' in operator.prefect("gcl", "inspect", "ade-model", "--output", "json")
    automation = operator.prefect(
        "automation", "inspect", "ade: runs without a sign of life", "--json"
    )
    assert '"enabled": false' in automation

    run = operator.starts("generate/generate", REQUEST)
    wait_until(lambda: operator.state_of(run) == "Completed", 400, "the run completes")
    assert list((operator.home / "bundles").glob("*.zip"))

    # A run that goes on is cancelled, and no process is left.
    run = operator.starts(
        "generate/generate",
        {"request": {**REQUEST["request"], "goal": "keep all", "use_cache": False}},
    )
    wait_until(lambda: operator.run(run)["infrastructure_pid"], 120, "the run has a process")
    process = int(operator.run(run)["infrastructure_pid"])
    down = operator.types("deployments.down")
    assert "1 of this machine's are cancelled" in down
    assert not any(psutil.pid_exists(pid) and is_alive(pid) for pid in [*pids, process])
    assert not answers(f"{operator.api}/health")
    assert "does not run" in operator.types("deployments.down")


def is_alive(pid: int) -> bool:
    return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.slow
def test_a_run_whose_process_and_worker_were_killed_is_called_crashed(operator):
    """The heartbeat is 30 s, and 180 s without one are waited for."""
    operator.types("deployments.up")
    operator.prefect("automation", "resume", "ade: runs without a sign of life")
    run = operator.starts(
        "generate/generate", {"request": {**REQUEST["request"], "goal": "sort by amount"}}
    )
    wait_until(lambda: operator.state_of(run) == "Running", 120, "it runs")
    process = int(operator.run(run)["infrastructure_pid"])
    os.killpg(operator.pid_of("worker"), signal.SIGKILL)
    os.killpg(process, signal.SIGKILL)
    wait_until(lambda: operator.state_of(run) == "Crashed", 400, "it is called crashed")
    # The next `make up` starts a worker though the one before left its state file behind.
    assert "Worker    starts" in operator.types("deployments.up")
