"""A backup of one real server, restored onto another one with another database."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.services.postgres import Postgres
from tests.services.prefect_server import PrefectServer

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]

PASSPHRASE = "correct horse battery staple"
SECRETS = ["redis-pw-4711", "AIza-first-key", "gh-token-of-json", "s3-secret-0815", "env-tok-2342"]

SEED = '''
from prefect.blocks.core import Block
from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client
from prefect.filesystems import RemoteFileSystem
from blocks.gemini import GeminiCredentials
from blocks.redis import RedisStore

class Warehouse(Block):
    """A block that refers to another, of a type that no fresh server knows."""
    _block_type_slug = "warehouse"
    store: RedisStore
    tables: int = 1

GeminiCredentials(api_keys=["AIza-first-key"], model="m").save("gemini")
RedisStore(url="redis://:redis-pw-4711@127.0.0.1:1/0").save("redis")
Secret(value={"token": ["gh-token-of-json"]}).save("structured")
RemoteFileSystem(basepath="s3://b/x", settings={"secret": "s3-secret-0815"}).save("results")
Warehouse(store=RedisStore.load("redis"), tables=3).save("main")

client = get_client(sync_client=True)
def post(path, **body): return client.request("POST", path, json=body).json()
from prefect.workers.process import ProcessWorker
template = ProcessWorker.get_default_base_job_template()
post("/work_pools/", name="local", type="process", base_job_template=template)
post("/work_pools/local/queues", name="urgent", priority=1)
post("/work_pools/local/queues", name="bulk", priority=20, is_paused=True)
post("/variables/", name="thresholds", value={"rows": 5})
post("/v2/concurrency_limits/", name="ade-model", limit=2, slot_decay_per_second=1.0)
post("/concurrency_limits/", tag="heavy", concurrency_limit=3)
trigger = {"type": "event", "posture": "Proactive", "after": ["prefect.flow-run.heartbeat"],
           "expect": ["prefect.flow-run.*"], "for_each": ["prefect.resource.id"], "within": 540}
crash = {"type": "change-flow-run-state", "state": "CRASHED"}
post("/automations/", name="zombies", trigger=trigger, actions=[crash])
'''
LOAD = """
from prefect.blocks.system import Secret
from blocks.gemini import GeminiCredentials
from blocks.redis import RedisStore
from prefect.filesystems import RemoteFileSystem
print(RedisStore.load("redis").url.get_secret_value())
print(GeminiCredentials.load("gemini").api_keys[0].get_secret_value())
print(Secret.load("structured").get()["token"][0])
print(RemoteFileSystem.load("results").settings["secret"])
"""
DEPLOYED = """
name: demo
pull:
  - prefect.deployments.steps.set_working_directory: {directory: /srv/ade}
deployments:
  - name: generate
    entrypoint: flows/generate.py:generate_pipeline
    parameters: {request: {sources: [orders.csv], goal: all}}
    concurrency_limit: 2
    schedules:
      - {cron: "0 3 * * *", slug: nightly, timezone: Europe/Berlin}
      - {interval: 3600, slug: hourly, active: false}
    triggers:
      - {name: arrival, expect: [ade.file.arrived], parameters: {request: "{{ event.payload }}"}}
    work_pool: {name: local, work_queue_name: urgent, job_variables: {env: {SOME_TOKEN: env-tok-2342}}}
"""


def python(server, *arguments, **env):
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env={**server.environment, **env}, capture_output=True, text=True, timeout=300
    )


def ade(server, *arguments, **env):
    return python(server, "-c", "from ai_data_engineer.cli import main; main()", *arguments, **env)


def deploy(server):
    file = server.folder / "prefect.yaml"
    file.write_text(DEPLOYED)
    command = ["--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    done = python(server, "-m", "prefect", *command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    server = PrefectServer(tmp_path_factory.mktemp("first"))
    server.start()
    done = python(server, "-c", SEED)
    assert done.returncode == 0, done.stderr
    deploy(server)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    postgres = Postgres()
    postgres.start()
    postgres.create("prefect")
    server = PrefectServer(
        tmp_path_factory.mktemp("second"),
        PREFECT_SERVER_DATABASE_CONNECTION_URL=postgres.url("prefect"),
    )
    server.start()
    yield server
    server.stop()
    postgres.remove()


def configuration(server, path):
    """Return what a backup of the server holds, without what only describes types of blocks."""
    done = ade(server, "backup", "-o", str(path))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(path) as archive:
        files = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    return {name: content for name, content in files.items() if name.startswith("configuration/")}


def asked(server, path, **body):
    return httpx.post(f"{server.api}{path}", json=body).raise_for_status().json()


def test_without_a_passphrase_no_secret_is_in_the_backup(first, tmp_path):
    done = ade(first, "backup", "-o", str(tmp_path / "b.zip"))

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert [secret for secret in SECRETS if secret.encode() in content] == []
    assert "5 secrets are left out" in done.stderr


@pytest.mark.slow  # a dozen commands of a few seconds each
def test_another_server_is_as_the_first_after_a_restore(first, second, tmp_path):
    """The steps of an operator: look, restore without secrets, then with them, then again."""
    backup, env = str(tmp_path / "b.zip"), {"ADE_BACKUP_PASSPHRASE": PASSPHRASE}
    assert ade(first, "backup", "-o", backup, **env).returncode == 0

    tried = ade(second, "restore", backup, "--dry-run", **env)
    assert tried.returncode == 0, tried.stderr
    assert "create  deployment generate/generate" in tried.stderr
    assert asked(second, "/deployments/filter") == []

    bare = ade(second, "restore", backup, "--paused")
    assert bare.returncode == 0, bare.stderr
    assert "block gemini-credentials/gemini: data.api_keys" in bare.stderr
    (deployment,) = asked(second, "/deployments/filter")
    assert [schedule["active"] for schedule in deployment["schedules"]] == [False, False]
    assert not any(automation["enabled"] for automation in asked(second, "/automations/filter"))

    refused = ade(second, "restore", backup, ADE_BACKUP_PASSPHRASE="another long passphrase")
    assert refused.returncode == 2
    assert "E_SETTING ADE_BACKUP_PASSPHRASE" in refused.stderr

    whole = ade(second, "restore", backup, "--force", **env)
    assert whole.returncode == 0, whole.stderr
    loaded = python(second, "-c", LOAD)
    assert all(secret in loaded.stdout for secret in SECRETS[:4]), loaded.stderr

    (main,) = (b for b in asked(second, "/block_documents/filter") if b["name"] == "main")
    reference = main["block_document_references"]["store"]["block_document"]
    assert (main["data"]["tables"], reference["name"]) == (3, "redis")

    again = ade(second, "restore", backup, **env)
    assert "12 of 12 as in the backup" in again.stderr
    assert configuration(second, tmp_path / "2.zip") == configuration(first, tmp_path / "1.zip")

    (deployment,) = asked(second, "/deployments/filter")
    active = {schedule["slug"]: schedule["active"] for schedule in deployment["schedules"]}
    assert active == {"nightly": True, "hourly": False}
    assert deployment["job_variables"]["env"] == {"SOME_TOKEN": "env-tok-2342"}
    arrival = next(a for a in asked(second, "/automations/filter") if a["name"] == "arrival")
    assert arrival["actions"][0]["deployment_id"] == deployment["id"]
    queues = asked(second, "/work_pools/local/queues/filter")
    assert {q["name"]: (q["priority"], q["is_paused"]) for q in queues} == {
        "urgent": (1, False),
        "default": (2, False),
        "bulk": (20, True),
    }

    # What a person changed since is theirs.
    httpx.patch(f"{second.api}/variables/name/thresholds", json={"value": {"rows": 9}})
    kept = ade(second, "restore", backup, **env)
    assert "kept  variable thresholds: changed on" in kept.stderr
    assert asked(second, "/variables/filter")[0]["value"] == {"rows": 9}
    assert "update  variable thresholds" in ade(second, "restore", backup, "--force", **env).stderr
    assert asked(second, "/variables/filter")[0]["value"] == {"rows": 5}

    # Deploying anew puts the trigger of prefect.yaml in the place of the restored one.
    deploy(second)
    assert len(asked(second, "/automations/filter")) == 2


def test_a_server_that_does_not_answer_is_said(tmp_path):
    server = PrefectServer(tmp_path)

    done = ade(server, "backup", "-o", str(tmp_path / "b.zip"), PREFECT_CLIENT_MAX_RETRIES="0")

    assert done.returncode == 2
    assert done.stderr.startswith("E_SERVER The server does not answer")
    assert not Path(tmp_path / "b.zip").exists()
