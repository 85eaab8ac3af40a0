"""Runs whose sources, bundles and results lie on S3, as an operator has them, and its failures."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.services.prefect_server import PrefectServer
from tests.services.processes import wait_until
from tests.services.s3 import KEY, SECRET, S3Server, answer

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(1800)]

ADE = [sys.executable, "-c", "from ai_data_engineer.cli import app; app()"]
NEW_KEY, NEW_SECRET = "AKIANEWNEWNEWNEWNEW1", "new-secret-new-secret-new-secret-new-sec"
ROLE = {
    "AWS_ACCESS_KEY_ID": "ROLEROLEROLE",
    "AWS_SECRET_ACCESS_KEY": "rolesecretrole",
    "AWS_DEFAULT_REGION": "us-east-1",
}
"""What a worker may of its own; results are kept with it, and nothing else is opened."""
SECRETS = (SECRET, NEW_SECRET, ROLE["AWS_SECRET_ACCESS_KEY"])
SAVE_BLOCK = """
import sys
from pydantic import SecretStr
from blocks.object_store import ObjectStore
key, secret, endpoint = sys.argv[1:]
ObjectStore(
    access_key_id=SecretStr(key), secret_access_key=SecretStr(secret),
    endpoint=endpoint, path_style=True, buckets=["shop"],
).save("s3", overwrite=True)
"""
ORDERS = b"id,amount\n" + b"".join(b"%d,2.5\n" % n for n in range(50))


@pytest.fixture(scope="module")
def storage(tmp_path_factory):
    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    for bucket in ("shop", "other", "results"):
        server.empty(bucket)
    server.put("shop", "orders.csv", ORDERS)
    server.put("other", "orders.csv", ORDERS)
    yield server
    server.stop()


def save_block(prefect, storage, key, secret):
    block = [sys.executable, "-c", SAVE_BLOCK, key, secret, storage.line.url]
    subprocess.run(block, env=prefect.environment, check=True)


@pytest.fixture(scope="module")
def prefect(storage, tmp_path_factory):
    server = PrefectServer(tmp_path_factory.mktemp("prefect"), **ROLE)
    server.start()
    save_block(server, storage, KEY, SECRET)
    saved = [sys.executable, "-m", "deployments.results", "s3://results/prefect"]
    done = subprocess.run(
        [*saved, "--endpoint", storage.line.url],
        env=server.environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    server.environment.update([done.stdout.strip().split("=")])
    yield server
    server.stop()
    said = b"".join(
        file.read_bytes()
        for pattern in ("*.log", "prefect/prefect.db*")
        for file in server.folder.glob(pattern)
    )
    assert said
    assert not [secret for secret in SECRETS if secret.encode() in said]


def generate(prefect, home):
    """Run `ade generate` as on a machine of its own."""
    environment = {
        **prefect.environment,
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOCAL_STORAGE_PATH": str(home / "storage"),
        "ADE_HOME": str(home / "ade"),
    }
    command = [*ADE, "generate", "s3://shop/orders.csv", "--provider", "offline"]
    command += ["-o", "s3://shop/bundles/orders.zip"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    said = done.stdout + done.stderr
    assert not [secret for secret in SECRETS if secret in said]
    return done.returncode, said


def newest(prefect):
    """Return the newest run, and name of task → name of its state."""
    order = {"sort": "START_TIME_DESC", "limit": 1}
    (run,) = httpx.post(f"{prefect.api}/flow_runs/filter", json=order).json()
    mine = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    tasks = httpx.post(f"{prefect.api}/task_runs/filter", json=mine).json()
    return run, {task["name"].rpartition("-")[0]: task["state_name"] for task in tasks}


def test_a_second_machine_gets_from_the_cache_what_the_first_has_done(prefect, storage, tmp_path):
    code, said = generate(prefect, tmp_path / "one")
    assert code == 0, said
    assert storage.keys("shop") == ["bundles/orders.zip", "orders.csv"]

    code, said = generate(prefect, tmp_path / "two")
    assert code == 0, said
    run, tasks = newest(prefect)
    assert run["state_name"] == "Completed"
    assert tasks.pop("receive") == "Completed"  # looks what is there, each time
    assert set(tasks.values()) == {"Cached"}, tasks
    assert not (tmp_path / "two" / "storage").exists()

    kept = [
        storage.client().get_object(Bucket="results", Key=key)["Body"].read()
        for key in storage.keys("results")
    ]
    assert kept
    assert not [secret for secret in SECRETS for body in kept if secret.encode() in body]


@pytest.mark.parametrize(
    "instead",
    [
        pytest.param(b"", id="down"),  # the connection is lost without an answer
        pytest.param(answer("403 Forbidden", "InvalidAccessKeyId"), id="refuses"),
    ],
)
def test_a_store_of_results_that_fails_costs_the_cache_and_not_the_run(
    prefect, storage, tmp_path, instead
):
    before = storage.keys("results")
    storage.line.instead = lambda request: instead if b" /results" in request[:20] else None
    code, said = generate(prefect, tmp_path / "three")
    storage.line.heal()
    run, tasks = newest(prefect)
    assert (code, run["state_name"]) == (0, "Completed"), said
    assert tasks.pop("receive") == "Completed"
    assert set(tasks.values()) == {"RolledBack"}, tasks  # Prefect's name for a result not kept
    assert said.count("The result could not be kept (") >= 5  # of four stages and the run
    assert "Traceback" not in said
    assert "hush" not in said
    assert storage.keys("results") == before


def test_a_storage_that_says_nothing_fails_a_run_in_little_more_than_a_minute(
    prefect, storage, tmp_path
):
    storage.line.before = lambda first: setattr(storage.line, "is_silent", " /shop" in first)
    code, said = generate(prefect, tmp_path / "four")
    storage.line.heal()
    assert code == 2
    assert "E_TRANSIENT s3://shop/orders.csv: The source does not answer" in said
    run, _ = newest(prefect)
    assert run["state_name"] == "Failed"
    assert run["total_run_time"] < 90


def test_a_store_of_results_that_says_nothing_costs_minutes_and_not_the_run(
    prefect, storage, tmp_path
):
    storage.line.before = lambda first: setattr(storage.line, "is_silent", " /results" in first)
    code, said = generate(prefect, tmp_path / "five")
    storage.line.heal()
    run, _ = newest(prefect)
    assert (code, run["state_name"]) == (0, "Completed"), said
    print(run["total_run_time"])


@pytest.fixture(scope="module")
def worker(prefect):
    """A worker of the pool, and the deployment `generate`."""
    command = [sys.executable, "-m", "prefect", "--no-prompt"]
    environment = {**prefect.environment, "PWD": str(Path.cwd())}
    for more in (
        ["work-pool", "create", "local", "--type", "process"],
        ["deploy", "-n", "generate"],
    ):
        subprocess.run([*command, *more], env=environment, check=True, capture_output=True)
    worker = prefect.worker("local")
    worker.start()
    yield worker
    worker.stop()


def run(prefect, uri, output):
    """Have the worker make a bundle; returns the run at its end."""
    found = httpx.get(f"{prefect.api}/deployments/name/generate/generate").json()
    request = {"sources": [uri], "provider": "offline", "output": output}
    made = httpx.post(
        f"{prefect.api}/deployments/{found['id']}/create_flow_run",
        json={"parameters": {"request": request}, "state": {"type": "SCHEDULED"}},
    ).json()

    def ended():
        now = httpx.get(f"{prefect.api}/flow_runs/{made['id']}").json()
        return now if now["state_type"] in ("COMPLETED", "FAILED", "CRASHED") else None

    return wait_until(ended, 600, "the run ends")


def test_a_worker_opens_what_the_block_allows_with_its_keys_alone(prefect, storage, worker):
    seen = []
    storage.line.instead = lambda request: seen.append(request)
    done = run(prefect, "s3://shop/orders.csv", "s3://shop/bundles/worker.zip")
    assert done["state_type"] == "COMPLETED", done["state"]["message"]
    assert "bundles/worker.zip" in storage.keys("shop")
    of_shop = [request for request in seen if b" /shop" in request[:20]]
    assert of_shop
    assert all(f"Credential={KEY}/".encode() in request for request in of_shop)

    denied = run(prefect, "s3://other/orders.csv", "s3://shop/bundles/other.zip")
    assert denied["state_type"] == "FAILED"
    assert "E_DENIED s3://other/orders.csv" in denied["state"]["message"]
    assert not [request for request in seen if b" /other" in request[:20]]
    storage.line.heal()


def test_the_next_run_has_the_keys_that_were_changed_meanwhile(prefect, storage, worker):
    storage.line.instead = lambda request: (
        answer("403 Forbidden", "InvalidAccessKeyId")
        if f"Credential={KEY}/".encode() in request
        else None
    )
    old = run(prefect, "s3://shop/orders.csv", "s3://shop/bundles/old.zip")
    assert old["state_type"] == "FAILED"
    assert "E_DENIED" in old["state"]["message"]

    save_block(prefect, storage, NEW_KEY, NEW_SECRET)
    new = run(prefect, "s3://shop/orders.csv", "s3://shop/bundles/new.zip")
    storage.line.heal()
    assert new["state_type"] == "COMPLETED", new["state"]["message"]
    assert "bundles/new.zip" in storage.keys("shop")
