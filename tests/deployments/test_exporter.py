"""The exporter against a real Prefect server, real stores, and things that hang."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from ai_data_engineer.metrics import catalogue
from ai_data_engineer.metrics.tally import Tally, load, save
from ai_data_engineer.settings import load_settings
from ai_data_engineer.stores.files import FileStore
from deployments.exporter import checks, figures
from deployments.exporter.ended_runs import EndedRuns
from deployments.exporter.looking import Looks, Seen
from deployments.exporter.prefect_api import PrefectApi
from tests.redis_server import RedisServer
from tests.services.processes import Process, answers, free_port, wait_until

pytestmark = pytest.mark.usefixtures("home")
PASSWORD = "hunter2-hunter2"


@pytest.fixture
def deaf():
    """The address of a server that takes connections and never says a word."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(20)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        with temporary_settings({PREFECT_API_URL: url}):
            yield url


@pytest.fixture
def api(server):
    found = PrefectApi.of_settings()
    assert found is not None
    yield found
    found.close()


def run_flow(name, end):
    """Have a flow of that name end so, and return what it raised."""
    from prefect import flow

    @flow(name=name)
    def body():
        if end != "completed":
            raise {"failed": ValueError, "crashed": KeyboardInterrupt}[end]("on purpose")

    if end == "completed":
        body()
    else:
        with pytest.raises((ValueError, KeyboardInterrupt)):
            body()


def test_a_server_that_does_not_answer_makes_it_not_ready_in_time(exporter, deaf):
    with exporter(PrefectApi(deaf)) as served:
        status, failing = served.checks()
        assert status == 503
        assert failing["server"] == "the server does not answer (ReadTimeout)"
        assert {"events", "workers", "runs"} <= set(failing)
        assert served.seconds < 6


def test_the_exporter_itself_is_healthy_whatever_hangs(exporter, deaf):
    with exporter(PrefectApi(deaf)) as served:
        assert served.get("/health")[0] == 200
        assert served.seconds < 1


def test_a_look_that_hangs_is_given_up_and_not_begun_again():
    release, begun = threading.Event(), []

    def hanging():
        begun.append(1)
        release.wait(30)
        return Seen()

    looks = Looks({"hanging": hanging, "quick": Seen}, deadline=0.2)
    try:
        for _ in range(3):
            looks._at = float("-inf")
            seen = looks.take()
            assert seen["hanging"].problem == "no answer within 0.2 s"
            assert not seen["quick"].problem
        assert len(begun) == 1
    finally:
        release.set()


def test_redis_that_is_down_is_told_without_its_password(exporter, deaf, monkeypatch):
    redis = RedisServer(PASSWORD)
    monkeypatch.setenv("ADE_REDIS_URL", redis.url)
    monkeypatch.setattr("deployments.exporter.__main__.shared_store", _store_of_environment)
    with exporter(PrefectApi(deaf)) as served:
        status, failing = served.checks()
        assert status == 503
        assert failing["store"] == f"E_STORE: Redis at 127.0.0.1:{redis.port} cannot be reached."
        _, metrics = served.get("/metrics")
        assert 'ade_ready{check="store"} 0.0' in metrics
        assert "ade_bundles_published_total" not in metrics  # unknown is not 0
        assert PASSWORD not in metrics + str(failing)


def _store_of_environment():
    from ai_data_engineer.stores.opening import open_store

    return open_store(load_settings())


def test_the_redis_of_several_servers_is_looked_at(monkeypatch):
    redis = RedisServer(PASSWORD)
    monkeypatch.setenv("PREFECT_REDIS_MESSAGING_HOST", "127.0.0.1")
    monkeypatch.setenv("PREFECT_REDIS_MESSAGING_PORT", str(redis.port))
    monkeypatch.setenv("PREFECT_REDIS_MESSAGING_PASSWORD", PASSWORD)
    assert checks.has_messaging()
    assert checks.messaging().problem == "Redis does not answer (ConnectionError)"
    redis.start()
    try:
        assert not checks.messaging().problem
    finally:
        redis.stop()


def test_little_disk_is_a_problem(monkeypatch):
    assert not checks.disk().problem
    monkeypatch.setattr(checks, "LEAST_FREE", 10**18)
    assert "home has" in checks.disk().problem


def test_what_is_left_of_the_budget_is_shown_where_it_is_limited(tmp_path, monkeypatch):
    store, day = FileStore(tmp_path), datetime(2024, 3, 1, 12, tzinfo=UTC)
    store.put("budget/day/2024-03-01", b'{"spent": {"tokens": 300, "nano": 2500000000}}')
    assert figures.budget(store, load_settings(), day).gauges == {}
    monkeypatch.setenv("ADE_LLM_DAY_COST", "10")
    monkeypatch.setenv("ADE_LLM_DAY_TOKENS", "200")
    assert figures.budget(store, load_settings(), day).gauges == {
        ("ade_model_budget_limit", ("dollars",)): 10.0,
        ("ade_model_budget_left", ("dollars",)): 7.5,
        ("ade_model_budget_limit", ("tokens",)): 200.0,
        ("ade_model_budget_left", ("tokens",)): 0.0,
    }


def test_without_a_server_named_it_says_what_to_set(exporter):
    from ai_data_engineer.errors import AdeError

    with pytest.raises(AdeError, match="Set it, for example to http"), exporter(None):
        pass


@pytest.mark.server
def test_ends_of_runs_are_counted_once_whoever_asks(api, tmp_path):
    store, before = FileStore(tmp_path), datetime.now(UTC)
    store.put(
        "metrics/ended", f'{{"until": "{before.isoformat()}", "seen": {{}}, "counts": []}}'.encode()
    )
    for name, end in (
        ("batch", "completed"),
        ("batch", "failed"),
        ("batch", "crashed"),
        ("mine", "completed"),
    ):
        run_flow(name, end)

    EndedRuns(api, store).count()
    again = EndedRuns(api, store)  # as after a restart, or on another machine
    again.count()
    counted = again.count()

    runs = {
        labels: n for (name, labels), [n, *_] in counted.counts.items() if name == "ade_runs_total"
    }
    mine = {labels: n for labels, n in runs.items() if labels[0] == "batch"}
    assert mine == {("batch", "completed"): 1, ("batch", "failed"): 1, ("batch", "crashed"): 1}
    assert runs[("other", "completed")] >= 1  # names of others are no labels
    assert sum(counted.counts[("ade_run_duration_seconds", ("batch",))][:-1]) == 3


@pytest.mark.server
def test_metrics_are_as_prometheus_wants_them_and_ready_names_the_pool_without_worker(
    api, exporter
):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate

    tally = Tally()
    tally.observe(catalogue.STAGE_SECONDS, "profile", "1MiB", value=0.3)
    tally.add(catalogue.MODEL_TOKENS, "gemini", "sent", by=1200)
    save(FileStore(load_settings().home / "state"), tally)
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name="idle", type="process"))
    try:
        seen = checks.workers(api, ("idle",))
        assert seen.problem.startswith("no worker online in idle")
        assert seen.gauges == {("ade_workers_online", ("idle",)): 0}

        with exporter(api) as served:
            status, text = served.get("/metrics")
    finally:
        with get_client(sync_client=True) as client:
            client.delete_work_pool("idle")
    assert status == 200
    assert 'ade_stage_duration_seconds_bucket{le="0.25",size="1MiB",stage="profile"} 0.0' in text
    assert 'ade_stage_duration_seconds_bucket{le="0.5",size="1MiB",stage="profile"} 1.0' in text
    assert 'ade_model_tokens_total{direction="sent",provider="gemini"} 1200.0' in text
    assert 'ade_ready{check="server"} 1.0' in text
    if shutil.which("promtool"):
        done = subprocess.run(
            ["promtool", "check", "metrics"], input=text, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.services
def test_the_command_serves_until_it_is_told_to_stop(server, tmp_path):
    from prefect.settings import PREFECT_API_URL

    port = free_port()
    command = [sys.executable, "-m", "deployments.exporter", "--port", str(port)]
    environment = {
        **os.environ,
        "PREFECT_API_URL": PREFECT_API_URL.value(),
        "PREFECT_HOME": str(tmp_path),
    }
    process = Process(command, environment, tmp_path / "exporter.log")
    process.start()
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), 60, "the exporter answers")
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/metrics"), 60, "there are metrics")
    finally:
        process.stop(signal.SIGTERM)
    assert (
        process.log.read_text() == f"Serving http://127.0.0.1:{port}/metrics, /ready and /health\n"
    )


def test_an_end_that_is_seen_late_is_counted_and_old_ones_are_forgotten(tmp_path):
    """Only the arithmetic: the answers of the server are written down here."""
    now = datetime(2024, 3, 1, 12, tzinfo=UTC)

    class Answers:
        def __init__(self):
            self.runs = []

        def post(self, path, wanted):
            after = datetime.fromisoformat(wanted["flow_runs"]["end_time"]["after_"])
            return [r for r in self.runs if datetime.fromisoformat(r["end_time"]) > after]

        def get(self, path):
            return {"name": "generate"}

        def end(self, name, minute):
            ended = (now + timedelta(minutes=minute)).isoformat()
            more = {"flow_id": "f", "state_type": "COMPLETED", "total_run_time": 1.0}
            self.runs.append({"id": name, "end_time": ended, **more})

    api, store = Answers(), FileStore(tmp_path)
    runs = EndedRuns(api, store)
    api.end("a", 1)
    runs.count(now)
    api.end("b", 0.5)  # it ended before `a`, and the server had it later
    api.end("c", 30)
    counted = runs.count(now)
    assert counted.counts[("ade_runs_total", ("generate", "completed"))] == [3.0]
    assert b'"a ' not in store.get("metrics/ended")
    assert load(store).counts == {}
