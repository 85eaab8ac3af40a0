"""A run that waits for a person is not taken for dead, and one that is silent is: on a real server."""

import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime

import httpx
import pytest

from deployments.automations import definitions
from tests.services.prefect_server import PrefectServer
from tests.services.processes import wait_until

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(1200)]

ZOMBIES = "ade: runs without a sign of life"
WITHIN = 60
"""Seconds without a word, in place of three minutes; Prefect's shortest heartbeat is 30."""
SUSPENDED = {"type": "PAUSED", "name": "Suspended"}


@pytest.fixture
def server(tmp_path):
    made = PrefectServer(tmp_path / "server", PREFECT_FLOWS_HEARTBEAT_FREQUENCY="30")
    made.start()
    yield made
    made.stop()


class Api:
    """The server's API, as it is spoken to."""

    def __init__(self, server):
        self._client = httpx.Client(base_url=server.api, timeout=60)

    def __call__(self, path, body=None):
        def answered():
            answer = self._client.request("GET" if body is None else "POST", path, json=body)
            # 503 is what a server says whose SQLite is busy.
            return None if answer.status_code == 503 else answer.raise_for_status()

        answer = wait_until(answered, 60, f"the server answers {path}")
        return answer.json() if answer.content else None

    def state(self, run):
        return self(f"/flow_runs/{run}")["state"]["name"]

    def tell(self, run, name):
        """Send an event of a run of ours, as its process does."""
        tag = {"prefect.resource.id": "prefect.tag.ade", "prefect.resource.role": "tag"}
        event = {
            "id": str(uuid.uuid4()),
            "occurred": datetime.now(UTC).isoformat(),
            "event": name,
            "resource": {"prefect.resource.id": f"prefect.flow-run.{run}"},
            "related": [tag],
        }
        self("/events", [event])

    def close(self):
        self._client.close()


@pytest.fixture
def api(server):
    """A server with what we deploy, and the automation of ours with less patience."""
    made = Api(server)
    command = [sys.executable, "-m", "deployments.objects"]
    subprocess.run(command, env=server.environment, check=True, capture_output=True)
    [zombies] = [each for each in definitions() if each["name"] == ZOMBIES]
    there = made("/automations/filter", {"automations": {"name": {"any_": [ZOMBIES]}}})
    changed = {**zombies, "trigger": {**zombies["trigger"], "within": WITHIN}}
    made._client.put(f"/automations/{there[0]['id']}", json=changed).raise_for_status()
    yield made
    made.close()


def test_a_run_that_waits_for_a_review_is_left_and_one_that_is_silent_is_called_crashed(
    server, api, tmp_path
):
    source = tmp_path / "orders.csv"
    rows = [f"{n},{n}.50,{'paid' if n % 3 else 'open'}" for n in range(1, 61)]
    source.write_text("\n".join(["order_id,amount,status", *rows, ""]))
    request = {"sources": [str(source)], "goal": "total amount by status", "provider": "offline"}
    deployment = f"/deployments/{api('/deployments/name/generate/generate')['id']}/create_flow_run"

    def created(**state):
        return api(deployment, {"parameters": {"request": {**request, "review": True}}, **state})[
            "id"
        ]

    reviewed = created()
    worker = server.worker("local")
    worker.start()
    try:
        wait_until(lambda: api.state(reviewed) == "Suspended", 300, "the run is suspended")
        waits = {"filter": {"event": {"name": ["ade.run.waits"]}}}
        wait_until(lambda: api("/events/filter", waits)["events"], 60, "it says that it waits")
    finally:
        worker.stop()

    # Two that are suspended and of which a heartbeat comes in later: one says then that it waits.
    late, silent = created(state=SUSPENDED), created(state=SUSPENDED)
    for run in (late, silent):
        api.tell(run, "prefect.flow-run.heartbeat")
    api.tell(late, "ade.run.waits")
    began = time.monotonic()

    wait_until(lambda: api.state(silent) == "Crashed", 4 * WITHIN, "the silent one is crashed")

    assert time.monotonic() - began > WITHIN / 2
    assert (api.state(reviewed), api.state(late)) == ("Suspended", "Suspended")
