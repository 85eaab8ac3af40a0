"""What is said of a server: of one that has just been started, refuses, hangs, or is another's."""

from __future__ import annotations

import datetime as dt
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.settings import PREFECT_API_URL, temporary_settings

from tasks import server_checks


@pytest.fixture
def answers() -> Iterator[dict]:
    """A server that gives these answers: path → status and JSON; `skew` moves its clock."""
    told: dict = {"skew": 0.0}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, value = told.get(self.path.removeprefix("/api"), (404, {}))
            body = json.dumps(value).encode()
            self.send_response_only(status)
            now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=told["skew"])
            self.send_header("Date", format_datetime(now, usegmt=True))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{server.server_port}/api"}):
        yield told
    server.shutdown()
    server.server_close()


def said() -> dict[str, tuple[str, str]]:
    return {check.name: (check.state, check.detail) for check in server_checks.server_checks()}


def test_a_database_that_is_gone_and_a_clock_that_differs_are_told(answers):
    answers |= {"/ready": (503, {}), "/admin/version": (200, "3.8.8"), "skew": 90}
    found = said()
    assert found["prefect database"][0] == "broken"
    assert found["clock"][0] == "broken"
    assert re.search(r"differs by \+[89]\d s; set both by NTP", found["clock"][1])


def test_a_server_that_asks_nobody_who_they_are_is_told(answers):
    answers |= {"/ready": (200, {}), "/admin/version": (200, "3.8.8")}
    assert said()["prefect access"] == (
        "missing",
        "whoever reaches this machine's ports may do everything; set PREFECT_SERVER_API_AUTH_STRING "
        "for it and PREFECT_API_AUTH_STRING here",
    )


def test_a_server_that_refuses_us_names_what_to_set(answers):
    answers |= {"/ready": (200, {}), "/admin/version": (401, {})}
    answers |= {"/csrf-token": (401, {})}
    state, detail = said()["prefect access"]
    assert state == "broken"
    assert "set PREFECT_API_AUTH_STRING" in detail


def test_a_server_that_hangs_is_not_waited_for_long(monkeypatch):
    monkeypatch.setattr(server_checks, "PATIENCE", 0.5)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{listener.getsockname()[1]}/api"}),
    ):
        began = time.monotonic()
        (check,) = server_checks.server_checks()
    assert check.state == "broken"
    assert time.monotonic() - began < 5


@pytest.mark.server
def test_a_pool_wants_a_worker_where_a_deployment_uses_it(server, home):
    pools = [WorkPoolCreate(name=name, type="process") for name in ("idle-pool", "used-pool")]
    with get_client(sync_client=True) as client:
        for pool in pools:
            client.create_work_pool(pool)
        try:
            flow = client.create_flow_from_name("for-a-pool")
            made = client.create_deployment(flow, "for-a-pool", work_pool_name="used-pool")
            found = said()
            client.delete_deployment(made)
        finally:
            for pool in pools:
                client.delete_work_pool(pool.name)
    assert found["work pool idle-pool"] == ("ok", "no deployment uses it")
    assert found["work pool used-pool"][0] == "broken"
    assert "prefect worker start --pool used-pool" in found["work pool used-pool"][1]


@pytest.mark.server
def test_of_a_server_what_lacks_is_told_with_its_remedy(server, home, tmp_path):
    # Other tests share the server, and may have made something.
    with get_client(sync_client=True) as client:
        for limit in client.read_global_concurrency_limits():
            if limit.name.startswith("ade-"):
                client.delete_global_concurrency_limit_by_name(limit.name)
    found = said()
    assert found["prefect database"][0] == found["clock"][0] == found["prefect version"][0] == "ok"
    assert found["results"][0] == "ok"
    assert found["limits"][0] == "missing"
    assert "`make up`" in found["limits"][1]
