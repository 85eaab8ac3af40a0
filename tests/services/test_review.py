"""A review on a real server: the run is suspended, and another worker goes on with it."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.model_server import model_server, says_json
from tests.services.prefect_server import PrefectServer
from tests.services.processes import wait_until

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(1200)]
PATIENCE = 300


class Api:
    """The server's API as the UI uses it."""

    def __init__(self, url):
        self.url = url

    def __call__(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        asked = urllib.request.Request(self.url + path, data=data, headers=headers)

        def answered():
            try:
                with urllib.request.urlopen(asked) as reply:
                    return [json.loads(reply.read() or b"null")]
            except urllib.error.HTTPError as error:
                # 503 is what a server says whose SQLite is busy; 404, that a run is suspended
                # whose form is being written. Try again.
                if error.code not in (503, 404):
                    raise

        return wait_until(answered, 60, f"the server answers {path}")[0]

    def state(self, run):
        return self(f"/flow_runs/{run}")["state"]

    def until(self, run, *names):
        def arrived():
            state = self.state(run)
            assert state["type"] not in ("FAILED", "CRASHED"), state["message"]
            return state if state["name"] in names else None

        return wait_until(arrived, PATIENCE, f"the run is {names}")

    def form(self, run):
        keyset = self.state(run)["state_details"]["run_input_keyset"]
        return self(f"/flow_runs/{run}/input/{keyset['schema']}")["properties"]

    def resume(self, run, **answer):
        return self(f"/flow_runs/{run}/resume", {"run_input": answer})["status"]


def spec(where="status = 'paid'"):
    step = {"id": "paid", "op": "filter", "inputs": ["orders"], "params": {"where": where}}
    output = {"id": "result", "input": "paid", "format": "csv", "path": "paid.csv"}
    return says_json({"name": "paid_orders", "steps": [step], "outputs": [output]})


@pytest.fixture
def models():
    with model_server(spec()) as server:
        yield server


@pytest.fixture
def server(tmp_path, models, redis_url):
    made = PrefectServer(
        tmp_path / "server",
        GEMINI_API_KEY="a-key-for-tests",
        ADE_GEMINI_BASE_URL=models.url,
        ADE_REDIS_URL=redis_url,  # by which workers of several machines know of each other
    )
    made.start()
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    environment = {**made.environment, "PWD": str(Path.cwd())}
    for command in (["work-pool", "create", "local", "--type", "process"], ["deploy", "--all"]):
        subprocess.run([*prefect, *command], env=environment, check=True, capture_output=True)
    yield made
    made.stop()


def test_days_later_another_worker_goes_on_with_the_spec_that_was_shown(server, models, tmp_path):
    source, bundle = tmp_path / "orders.csv", tmp_path / "orders.zip"
    rows = [f"{n},{n}.50,{'paid' if n % 3 else 'open'}" for n in range(1, 61)]
    source.write_text("\n".join(["order_id,amount,status", *rows, ""]))
    request = {
        "sources": [str(source)],
        "goal": "only paid orders",
        "provider": "gemini",
        "output": str(bundle),
        "review": True,
        "use_cache": False,
    }
    api = Api(server.api)
    deployment = api("/deployments/name/generate/generate")["id"]
    run = api(f"/deployments/{deployment}/create_flow_run", {"parameters": {"request": request}})
    run = run["id"]

    worker = server.worker("local")
    worker.start()
    try:
        api.until(run, "Suspended")
        shown = api.form(run)["specification"]["default"]
    finally:
        worker.stop()
    asked = len(models.asked)
    assert api.resume(run) == "REJECT"
    assert api.resume(run, decision="maybe") == "REJECT"
    assert api.state(run)["name"] == "Suspended"

    edited = json.loads(shown) | {"description": "As a person wrote it."}
    broken = json.dumps(edited | {"outputs": []})
    assert api.resume(run, decision="edit", specification=broken) == "ACCEPT"
    worker = server.worker("local")
    worker.start()
    try:
        api.until(run, "Suspended")
        assert api.form(run)["specification"]["default"] == broken
        answer = {"decision": "edit", "reviewer": "Ana", "specification": json.dumps(edited)}
        assert api.resume(run, **answer) == "ACCEPT"
        api.until(run, "Completed")
    finally:
        worker.stop()

    assert len(models.asked) == asked
    with zipfile.ZipFile(bundle) as made:
        assert json.loads(made.read("spec.json"))["description"] == "As a person wrote it."
        provenance = json.loads(made.read("provenance/provenance.json"))
    assert (provenance["reviewed"], provenance["attempts"][-1]["provider"]) == ("edited", "gemini")
