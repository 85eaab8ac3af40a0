"""What one machine has done is a cache hit on another; and what a storage without service does."""

import subprocess
import sys

import httpx
import pytest

from tests.services.prefect_server import PrefectServer
from tests.services.s3 import KEY, SECRET, S3Server

pytestmark = pytest.mark.services

ADE = [sys.executable, "-c", "from ai_data_engineer.cli import app; app()"]
SAVE_BLOCK = """
import sys
from pydantic import SecretStr
from blocks.object_store import ObjectStore
key, secret, endpoint = sys.argv[1:]
ObjectStore(
    access_key_id=SecretStr(key), secret_access_key=SecretStr(secret),
    endpoint=endpoint, path_style=True,
).save("s3", overwrite=True)
"""


@pytest.fixture(scope="module")
def storage(tmp_path_factory):
    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    for bucket in ("shop", "results"):
        server.empty(bucket)
    server.put("shop", "orders.csv", b"id,amount\n" + b"".join(b"%d,2.5\n" % n for n in range(50)))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def prefect(storage, tmp_path_factory):
    server = PrefectServer(tmp_path_factory.mktemp("prefect"))
    server.start()
    block = [sys.executable, "-c", SAVE_BLOCK, KEY, SECRET, storage.url]
    subprocess.run(block, env=server.environment, check=True)
    saved = [sys.executable, "-m", "deployments.results", "s3://results/prefect"]
    done = subprocess.run(
        [*saved, "--endpoint", storage.line.url],
        env=server.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    server.environment.update([done.stdout.strip().split("=")])
    yield server
    server.stop()


def generate(prefect, home, **env):
    """Run `ade generate` as on a machine of its own; what the worker may, it has of a role."""
    environment = {
        **prefect.environment,
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOCAL_STORAGE_PATH": str(home / "storage"),
        "ADE_HOME": str(home / "ade"),
        "AWS_ACCESS_KEY_ID": "ROLEROLEROLE",
        "AWS_SECRET_ACCESS_KEY": "rolesecretrole",
        "AWS_DEFAULT_REGION": "us-east-1",
        **env,
    }
    command = [*ADE, "generate", "s3://shop/orders.csv", "--provider", "offline"]
    command += ["-o", "s3://shop/bundles/orders.zip"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def newest_states(prefect):
    """Return name of task → name of its state, of the newest run."""
    newest = {"sort": "START_TIME_DESC", "limit": 1}
    (run,) = httpx.post(f"{prefect.api}/flow_runs/filter", json=newest).json()
    mine = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    tasks = httpx.post(f"{prefect.api}/task_runs/filter", json=mine).json()
    found = {task["name"].rpartition("-")[0]: task["state_name"] for task in tasks}
    return run["state_name"], found


def test_a_second_machine_gets_from_the_cache_what_the_first_has_done(prefect, storage, tmp_path):
    code, said = generate(prefect, tmp_path / "one")
    assert code == 0, said
    assert storage.keys("shop") == ["bundles/orders.zip", "orders.csv"]

    code, said = generate(prefect, tmp_path / "two")
    assert code == 0, said
    state, tasks = newest_states(prefect)
    assert state == "Completed"
    assert tasks.pop("receive") == "Completed"  # looks what is there, each time
    assert set(tasks.values()) == {"Cached"}, tasks

    storage.client().delete_object(Bucket="shop", Key="bundles/orders.zip")
    code, said = generate(prefect, tmp_path / "three")
    assert code == 0, said
    assert "bundles/orders.zip" in storage.keys("shop")  # made anew, for it was gone

    kept = [
        storage.client().get_object(Bucket="results", Key=key)["Body"].read()
        for key in storage.keys("results")
    ]
    assert kept
    assert not any(SECRET.encode() in body or b"rolesecret" in body for body in kept)


def test_a_storage_of_results_that_is_down_ends_the_run_with_a_word(prefect, storage, tmp_path):
    storage.line.instead = lambda _: b""  # the connection is lost without an answer
    code, said = generate(prefect, tmp_path / "four")
    storage.line.heal()
    state, _ = newest_states(prefect)
    assert (code != 0, state) == (True, "Failed"), said
    assert SECRET not in said
    assert "rolesecret" not in said
