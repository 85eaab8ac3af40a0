"""Two tags of a repository side by side on a real server, with a worker each."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from deployments.checkouts import ReleaseError, checkout
from tests.services.prefect_server import PrefectServer
from tests.services.processes import Process, wait_until

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]

ENVIRONMENT = Path(sys.prefix)
FILE = """
name: demo
pull:
  - prefect.deployments.steps.set_working_directory: {directory: "{{ $PWD }}"}
deployments:
  - name: says
    entrypoint: hello.py:hello
    schedules:
      - {cron: "0 3 * * *", slug: nightly, timezone: UTC}
    work_pool: {name: local}
"""
SECOND = """
  - name: more
    entrypoint: hello.py:ENTRYPOINT
    work_pool: {name: local}
"""
FLOW = """
from pathlib import Path
from prefect import flow

@flow(name="hello")
def hello():
    Path({told!r}).open("a").write({word!r} + " ")
"""


def git(folder, *arguments):
    names = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def server(tmp_path):
    server = PrefectServer(tmp_path / "server")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def repository(tmp_path):
    """A small repository whose tag v1 says one, v2 says two in two ways, and v3 does not deploy."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    told = str(tmp_path / "told")
    for tag, word, file in [
        ("v1", "one", FILE),
        ("v2", "two", FILE + SECOND.replace("ENTRYPOINT", "hello")),
        ("v3", "three", FILE + SECOND.replace("ENTRYPOINT", "nothing")),
    ]:
        (folder / "hello.py").write_text(FLOW.format(told=told, word=word))
        (folder / "prefect.yaml").write_text(file)
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", tag)
        git(folder, "tag", tag)
    return folder


@pytest.fixture
def operator(server, repository, tmp_path):
    """What an operator types, and the workers that are started."""
    workers = []

    class Operator:
        told = tmp_path / "told"

        def types(self, *arguments):
            command = [sys.executable, "-m", "deployments.versions", *arguments]
            done = subprocess.run(
                command, cwd=repository, env=server.environment, capture_output=True, text=True
            )
            return done.returncode, done.stderr

        def starts_worker(self, tag, pool):
            folder = repository / "releases" / tag
            environment = {**server.environment, "PYTHONPATH": str(folder)}
            log = tmp_path / f"worker-{pool}.log"
            worker = f"{sys.executable} -m prefect worker start --pool {pool}"
            workers.append(Process(["sh", "-c", f"cd {folder} && exec {worker}"], environment, log))
            workers[-1].start()
            online = lambda: any(  # noqa: E731
                one["status"] == "ONLINE"
                for one in asked(server, f"/work_pools/{pool}/workers/filter")
            )
            wait_until(online, 120, f"a worker serves {pool}")

        def prepares(self, tag):
            code, said = self.types("prepare", tag, "--venv", str(ENVIRONMENT))
            assert code == 0, said

        def runs(self, word):
            (one,) = (d for d in asked(server, "/deployments/filter") if d["name"] == "says")
            before = self.told.read_text() if self.told.exists() else ""
            path = f"{server.api}/deployments/{one['id']}/create_flow_run"
            httpx.post(path, json={"state": {"type": "SCHEDULED"}}).raise_for_status()
            after = lambda: self.told.exists() and self.told.read_text() != before  # noqa: E731
            wait_until(after, 120, "the run is done")
            return self.told.read_text() == f"{before}{word} "

    yield Operator()
    for worker in workers:
        worker.stop()


def asked(server, path, **body):
    return httpx.post(f"{server.api}{path}", json=body).raise_for_status().json()


def deployed(server):
    found = asked(server, "/deployments/filter")
    return {one["name"]: (one["version"], one["work_pool_name"]) for one in found}


@pytest.mark.slow  # three checkouts, two workers, four runs
def test_a_version_is_switched_to_and_left_by_one_command_each(server, operator):
    from prefect.workers.process import ProcessWorker

    template = ProcessWorker.get_default_base_job_template()
    pool = {"name": "local", "type": "process", "base_job_template": template}
    httpx.post(f"{server.api}/work_pools/", json=pool).raise_for_status()

    operator.prepares("v1")
    code, said = operator.types("switch", "v1")
    assert (code, "No worker serves the pool local-blue" in said) == (2, True)
    operator.starts_worker("v1", "local-blue")
    assert operator.types("switch", "v1")[0] == 0
    assert deployed(server) == {"says": ("v1", "local-blue")}
    assert operator.runs("one")
    (one,) = asked(server, "/deployments/filter")
    (schedule,) = one["schedules"]
    paused = f"{server.api}/deployments/{one['id']}/schedules/{schedule['id']}"
    httpx.patch(paused, json={"active": False}).raise_for_status()

    operator.prepares("v2")
    operator.starts_worker("v2", "local-green")
    # All or none: its second deployment cannot be made, so the first is put back.
    operator.prepares("v3")
    code, said = operator.types("switch", "v3")
    assert (code, "as they were" in said) == (2, True), said
    assert deployed(server) == {"says": ("v1", "local-blue")}

    code, said = operator.types("drain", "local-blue")
    assert (code, "Switch away from it first" in said) == (2, True)
    assert operator.types("switch", "v2")[0] == 0
    green = {"says": ("v2", "local-green"), "more": ("v2", "local-green")}
    assert deployed(server) == green
    assert operator.runs("two")
    assert operator.types("drain", "local-blue")[0] == 0
    blue = httpx.get(f"{server.api}/work_pools/local-blue").json()
    assert blue["is_paused"]

    assert operator.types("rollback")[0] == 0
    assert deployed(server) == {"says": ("v1", "local-blue")}
    assert operator.runs("one")
    (one,) = asked(server, "/deployments/filter")
    assert [schedule["active"] for schedule in one["schedules"]] == [False]

    assert operator.types("rollback")[0] == 0
    assert deployed(server) == green


def test_a_tag_that_is_not_there_is_said(repository, monkeypatch):
    monkeypatch.chdir(repository)

    with pytest.raises(ReleaseError, match="E_RELEASE v9: There is no such tag"):
        checkout("v9")
    assert not (repository / "releases").exists()
