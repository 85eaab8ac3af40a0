"""Sources that misbehave as they do in real life, and a look at what a run left in Prefect."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest


class Web:
    """A web server that gives the answers it is told to, then repeats the last one."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.asked = 0
        web = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                status, body = web.answers[min(web.asked, len(web.answers) - 1)]
                web.asked += 1
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_HEAD = answer

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


class Left:
    """What a flow run left in Prefect; each question waits until the server has it all."""

    def __init__(self, run_id: str) -> None:
        self.run_id = UUID(run_id)

    def tasks(self) -> list[tuple[str, str, int]]:
        """Return (task, name of its last state, number of tries), in the order of their start."""
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import FlowRunFilter
        from prefect.client.schemas.sorting import TaskRunSort

        mine = FlowRunFilter(id={"any_": [self.run_id]})

        def finished():
            with get_client(sync_client=True) as client:
                runs = client.read_task_runs(
                    flow_run_filter=mine, sort=TaskRunSort.EXPECTED_START_TIME_ASC, limit=100
                )
            tasks = [
                (r.name.rpartition("-")[0], r.state.name, r.run_count) for r in runs if r.state
            ]
            last = tasks and (tasks[-1][0] == "package" or tasks[-1][1] == "Failed")
            return tasks if last and all(r.state and r.state.is_final() for r in runs) else None

        return _wait(finished)

    def artifacts(self) -> dict[str, str]:
        """Return key → data as text."""
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
        from prefect.client.schemas.sorting import ArtifactSort

        mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[self.run_id]))
        newest = ArtifactSort.CREATED_DESC
        with get_client(sync_client=True) as client:
            found = client.read_artifacts(artifact_filter=mine, sort=newest, limit=100)
        return {artifact.key: str(artifact.data) for artifact in found}

    def events(self, last: str) -> list[str]:
        """Return the names of our events, once the one named `last` has arrived."""
        import httpx
        from prefect.settings import PREFECT_API_URL

        def arrived():
            related = {"related": {"id": [f"prefect.flow-run.{self.run_id}"]}}
            wanted = {"filter": {"event": {"prefix": ["ade."]}, **related, "order": "ASC"}}
            answer = httpx.post(f"{PREFECT_API_URL.value()}/events/filter", json=wanted).json()
            names = [event["event"] for event in answer["events"]]
            return names if last in names else None

        return _wait(arrived)


def _wait(question):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.2)
    raise AssertionError("the server does not have it after a minute")


@pytest.fixture
def left():
    return Left
