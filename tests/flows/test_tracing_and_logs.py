"""What a run tells a collector and a collector of logs, and what it keeps to itself."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.model_server import model_server, says_json
from tests.services.collector import Collector

pytestmark = pytest.mark.services
KEY = "AIzaSyFAKE-fake-fake-fake-fake-fake-0011"
CELL, COLUMN, FILE = "cell-value-4714", "salary_of_4712", "redundancies-4713"


def environment(tmp_path, **more):
    from prefect.settings import PREFECT_API_URL, PREFECT_LOCAL_STORAGE_PATH

    return {
        **os.environ,
        "PREFECT_API_URL": PREFECT_API_URL.value(),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_LOCAL_STORAGE_PATH": str(PREFECT_LOCAL_STORAGE_PATH.value()),
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path("deployments/logging.yml").resolve()),
        "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
        "PYTHONPATH": str(Path.cwd()),
        "ADE_HOME": str(tmp_path / "ade"),
        "GEMINI_API_KEY": KEY,
        **more,
    }


@pytest.fixture(scope="module")
def run(server, tmp_path_factory):
    """One run with everything on: (what the collector got, lines of the log)."""
    folder = tmp_path_factory.mktemp("traced")
    source = folder / f"{FILE}.csv"
    rows = "".join(f"{n},{CELL},{n}.5\n" for n in range(40))
    source.write_text(f"id,{COLUMN},amount\n{rows}")
    output = {"id": "o", "input": "redundancies_4713", "format": "csv", "path": "o.csv"}
    answer = {"name": "all", "assumptions": [], "steps": [], "outputs": [output]}
    collector = Collector()
    with model_server() as models:
        models.script(says_json(answer))
        more = {
            "ADE_GEMINI_BASE_URL": models.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        }
        command = [sys.executable, "tests/flows/traced_flow.py", str(source), CELL]
        done = subprocess.run(
            command, env=environment(folder, **more), capture_output=True, text=True
        )
    collector.close()
    assert done.returncode == 1, done.stderr
    return collector, done.stderr.splitlines()


def records(lines):
    return [json.loads(line) for line in lines if line != "AdeError"]


def test_a_run_is_one_tree_of_flow_tasks_and_the_cores_own_stages(run):
    collector, _ = run
    assert collector.tree() == {
        "flow generate",
        "flow generate/task receive",
        "flow generate/task profile",
        "flow generate/task profile/read sample",
        "flow generate/task profile/find table",
        "flow generate/task profile/measure columns",
        "flow generate/task specify",
        "flow generate/task specify/model request",
        "flow generate/task stumble",
    }
    assert len({span.trace_id for span in collector.spans}) == 1


def test_spans_have_counts_ids_and_an_errors_kind(run):
    collector, _ = run
    spans = {span.name: span for span in collector.spans}

    def of(name):
        return {a.key: a.value for a in spans[name].attributes}

    assert of("find table")["ade.records"].int_value == 40
    assert of("model request")["ade.input_tokens"].int_value > 0
    assert len(of("task receive")["ade.source_id"].string_value) == 64
    assert of("flow generate")["prefect.run.id"].string_value
    assert spans["task stumble"].status.code == spans["flow generate"].status.code == 2
    events = {e.name: {a.key for a in e.attributes} for e in spans["task stumble"].events}
    assert "exception" in events
    assert events["exception"] == {"exception.type"}


def test_every_line_of_the_log_is_an_object_with_the_runs_ids(run):
    collector, lines = run
    logged = records(lines)
    assert all({"time", "level", "logger", "message"} <= set(record) for record in logged)
    ids = {r["flow_run_id"] for r in logged if "flow_run_id" in r}
    spans = {
        a.value.string_value
        for s in collector.spans
        for a in s.attributes
        if a.key == "prefect.run.id"
    }
    assert len(ids) == 1
    assert ids <= spans


def test_the_log_has_the_key_events_with_counts_and_the_source(run):
    _, lines = run
    events = {r["event"]: r for r in records(lines) if "event" in r}
    assert {"ade.source.received", "ade.profile.completed", "ade.spec.proposed"} <= set(events)
    profile = events["ade.profile.completed"]
    assert (profile["counts"]["records"], profile["counts"]["columns"]) == (40, 3)
    assert profile["source_id"] == events["ade.source.received"]["source_id"]
    assert events["ade.stage.completed"]["counts"]["seconds"] >= 0


def test_an_error_is_a_field_and_its_text_is_not_told(run):
    _, lines = run
    errors = [record for record in records(lines) if "error" in record]
    assert {record["error"] for record in errors} == {"E_INTERNAL"}
    assert all("\n" in record["traceback"] for record in errors)


@pytest.mark.parametrize("secret", [KEY, CELL, COLUMN, FILE, "FAKE-fake"])
def test_nothing_of_the_data_or_a_key_is_in_the_trace(run, secret):
    assert secret.encode() not in run[0].raw


@pytest.mark.parametrize("secret", [KEY, CELL, COLUMN])
def test_nothing_of_the_data_or_a_key_is_in_the_log(run, secret):
    assert secret not in "\n".join(run[1])


def test_a_collector_that_takes_the_connection_and_hangs_is_given_up():
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    from tasks.tracing import scrubbing

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1/traces"
        provider = TracerProvider(shutdown_on_exit=False)
        exporter = scrubbing(OTLPSpanExporter(url, timeout=0.2))
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        seconds = []
        for _ in range(20):
            start = time.monotonic()
            provider.get_tracer("test").start_span("x").end()
            seconds.append(time.monotonic() - start)
        provider.shutdown()
    assert max(seconds[1:]) < 0.2 < seconds[0]  # which waits for as long as it may
