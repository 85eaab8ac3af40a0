"""The database is lost while a run is going on, and brought back: by the commands of the page."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.services.postgres import PROGRAMS, Postgres
from tests.services.prefect_server import PrefectServer
from tests.services.processes import Process, wait_until

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]

PAGE = Path("docs/operations/backup-and-recovery.md").read_text("utf-8")
KEY = "LS0tLS1hIGtleSBmb3IgYmxvY2tzIG9mIDMyIGI8LS0="
OTHER_KEY = "b3RoZXItLS1hIGtleSBmb3IgYmxvY2tzIDMyIGJ5dGU="

FLOW = """
import sys, time
from pathlib import Path
from prefect import flow, task
from prefect.cache_policies import INPUTS, TASK_SOURCE
from prefect.artifacts import create_markdown_artifact

@task(cache_policy=TASK_SOURCE + INPUTS, persist_result=True)
def profile(name):
    create_markdown_artifact(key="profile", markdown=name)
    Path(sys.argv[1]).open("a").write("profiled ")
    return name

@flow(name="long")
def long():
    profile("orders")
    while not Path(sys.argv[2]).exists():
        time.sleep(0.1)

from prefect.blocks.system import Secret
Secret(value="in-the-dump-or-not").save("drill", overwrite=True)
long()
"""


def commands(name):
    """Return the lines of a block of the page, as ```sh NAME."""
    (block,) = re.findall(rf"```sh {name}\n(.*?)```", PAGE, re.DOTALL)
    return block


def shell(name, **env):
    path = f"{PROGRAMS}:{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", commands(name)],
        env={**env, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def of(postgres, folder, key):
    """Return a Prefect server on that PostgreSQL; all share the folder of stored results."""
    return PrefectServer(
        folder,
        PREFECT_SERVER_DATABASE_CONNECTION_URL=postgres.url("prefect"),
        PREFECT_SERVER_ENCRYPTION_KEY=key,
        PREFECT_LOCAL_STORAGE_PATH=str(folder.parent / "results"),
    )


def asked(server, path, **body):
    return httpx.post(f"{server.api}{path}", json=body, timeout=60).raise_for_status().json()


def states(server):
    return [run["state"]["type"] for run in asked(server, "/flow_runs/filter")]


@pytest.fixture
def databases():
    both = [Postgres(), Postgres()]
    for one in both:
        one.start()
    yield both
    for one in both:
        one.remove()


def test_a_server_comes_back_from_a_dump_taken_while_a_run_was_going_on(databases, tmp_path):
    lost, new = databases
    lost.create("prefect")
    dump, told, finish = tmp_path / "prefect.dump", tmp_path / "told", tmp_path / "finish"
    script = tmp_path / "long.py"
    script.write_text(FLOW)
    command = [sys.executable, str(script), str(told), str(finish)]
    first = of(lost, tmp_path / "first", KEY)
    first.start()
    run = Process(command, first.environment, tmp_path / "run.log")
    run.start()
    try:
        wait_until(told.exists, 120, "the first stage is done")
        wait_until(lambda: asked(first, "/artifacts/filter"), 60, "its artifact is there")
        shell("backup", DUMP=str(dump), DATABASE=lost.url("prefect", "postgresql"))
    finally:
        run.kill()
        first.kill()
        lost.kill()

    assert dump.stat().st_mode & 0o777 == 0o600
    shell("restore", DUMP=str(dump), NEW_SERVER=new.url("", "postgresql").rstrip("/"))
    # The key of the blocks is not in the dump: another one does not open them.
    wrong = of(new, tmp_path / "wrong", OTHER_KEY)
    wrong.start()
    try:
        body = {"include_secrets": True}
        answer = httpx.post(f"{wrong.api}/block_documents/filter", json=body, timeout=60)
        assert answer.status_code == 500
        assert "InvalidToken" in wrong.process.log.read_text()
    finally:
        wrong.stop()

    second = of(new, tmp_path / "second", KEY)
    second.start()
    try:
        (block,) = asked(second, "/block_documents/filter", include_secrets=True)
        assert block["data"] == {"value": "in-the-dump-or-not"}
        assert [one["key"] for one in asked(second, "/artifacts/filter")] == ["profile"]
        assert states(second) == ["RUNNING"]

        (orphan,) = asked(second, "/flow_runs/filter")
        shell("orphans", RUN=orphan["id"], **second.environment)
        assert states(second)[0] in ("CANCELLING", "CANCELLED")

        finish.touch()
        again = Process(command, second.environment, tmp_path / "again.log")
        again.start()
        wait_until(lambda: not again.is_running(), 180, "the run is over")
        assert "COMPLETED" in states(second)
        assert told.read_text() == "profiled "  # the second run took it from the cache
    finally:
        second.stop()
