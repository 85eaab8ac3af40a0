"""What goes over the wire when something unforeseen happens, to a server that keeps every byte."""

from __future__ import annotations

import gzip
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from ai_data_engineer.errors import SourceError
from tasks import reporting
from tasks.redaction import redacted

SECRETS = ("AIza-wire-secret-1", "cell-value-4711", "hunter2-wire", "env-secret-wire", "body-4712")


class Wire:
    """Answers 200 and keeps what it was sent, headers too."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.bodies: list[bytes] = []
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                wire.raw.append(self.requestline.encode() + bytes(self.headers) + body)
                plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
                wire.bodies.append(plain)
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.dsn = f"http://publickey@127.0.0.1:{self._server.server_port}/42"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def event(self) -> dict:
        (body,) = self.bodies
        header, item, payload, *_ = body.split(b"\n")
        assert json.loads(item)["type"] == "event"
        assert set(json.loads(header)) <= {"event_id", "sent_at", "dsn", "trace"}
        return json.loads(payload)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def wire(monkeypatch) -> Iterator[Wire]:
    server = Wire()
    monkeypatch.setenv("ADE_SENTRY_DSN", server.dsn)
    reporting._client.cache_clear()
    yield server
    reporting._client.cache_clear()
    server.close()


def sent() -> None:
    client = reporting._client()
    if client is not None:
        client.flush(timeout=10)


@redacted
def _read_cells(uri: str, key: str) -> None:
    values = ["cell-value-4711"]
    logging.getLogger("httpx").error("asked with %s for %s", key, values)
    request = httpx.Request("POST", uri, content=b"body-4712", headers={"Authorization": key})
    try:
        raise KeyError(f"no such value {values[0]} in {request.url}")
    except KeyError as cause:
        raise ValueError(f"cannot parse {values} with {key} of {os.environ['THEIRS']}") from cause


def test_kind_place_run_and_versions_are_sent_and_no_secret_or_value(wire, monkeypatch):
    monkeypatch.setenv("THEIRS", "env-secret-wire")
    with pytest.raises(Exception, match="E_INTERNAL"):
        _read_cells("https://ada:hunter2-wire@example.org/a.csv?token=hunter2-wire", SECRETS[0])
    sent()

    event = wire.event()
    (error,) = event["exception"]["values"]
    assert (error["type"], "value" in error) == ("ValueError", False)
    frames = error["stacktrace"]["frames"]
    assert {name for frame in frames for name in frame} <= {"filename", "lineno", "in_app"}
    assert [frame["filename"] for frame in frames] == [
        "tasks/redaction.py",
        "tests/tasks/test_reporting.py",
    ]
    assert set(event["tags"]) == {"run_id", "stage", "code", "python", "prefect", "polars"}
    assert (event["tags"]["stage"], event["tags"]["code"]) == ("read_cells", "E_INTERNAL")
    assert set(event) <= {
        "event_id", "timestamp", "level", "platform", "release", "environment", "exception",
        "fingerprint", "tags",
    }  # fmt: skip
    everything = b"".join(wire.raw + wire.bodies).decode("latin-1")
    leaked = [s for s in (*SECRETS, socket.gethostname(), str(reporting._ROOT)) if s in everything]
    assert leaked == []


def test_bad_input_is_not_reported(wire):
    @redacted
    def read() -> None:
        raise SourceError("The file is empty.", code="E_EMPTY")

    with pytest.raises(SourceError):
        read()
    sent()
    assert wire.raw == []


def test_a_crashed_run_is_reported_by_the_process_that_is_left(wire):
    from prefect import flow
    from prefect.client.schemas.objects import FlowRun
    from prefect.states import Crashed

    run = FlowRun(flow_id="00000000-0000-0000-0000-000000000001")
    reporting.report_crash(flow(lambda: None, name="generate"), run, Crashed(message="cell-value"))
    sent()
    event = wire.event()
    assert event["exception"]["values"][0]["type"] == "Crashed"
    assert (event["tags"]["run_id"], event["tags"]["stage"]) == (str(run.id), "generate")
    assert "cell-value" not in str(wire.bodies)


@redacted
def _fail() -> None:
    raise RuntimeError


def test_nothing_is_imported_or_sent_where_it_is_not_set(monkeypatch):
    import sys

    monkeypatch.delenv("ADE_SENTRY_DSN", raising=False)
    reporting._client.cache_clear()
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)  # an import would fail
    with pytest.raises(Exception, match="E_INTERNAL"):
        _fail()
    assert reporting._client() is None


@pytest.mark.parametrize(
    "dsn", ["http://key@127.0.0.1:1/42", "http://key@10.255.255.1/42", "no dsn"]
)
def test_a_server_that_is_not_there_delays_and_harms_no_run(monkeypatch, dsn):
    monkeypatch.setenv("ADE_SENTRY_DSN", dsn)
    reporting._client.cache_clear()
    import sentry_sdk  # noqa: F401 - its import is not what is measured

    began = time.monotonic()
    with pytest.raises(Exception, match="E_INTERNAL"):
        _fail()
    if dsn != "no dsn":
        reporting._client().close(timeout=reporting._AT_EXIT)
    assert time.monotonic() - began < reporting._AT_EXIT + 1
    reporting._client.cache_clear()
