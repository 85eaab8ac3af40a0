"""A real Prefect server and a worker for benchmarks, in a folder of their own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

# Packages that are installed bring a `tests` of their own.
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from services.prefect_server import PrefectServer
from services.processes import wait_until

__all__ = ["Api", "prefect", "wait_until"]


class Api:
    """What a benchmark asks of the server."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=60)

    def post(self, path: str, **body: Any) -> Any:
        """Return the answer to a question; raises for any other answer than one."""
        answer = self._client.post(path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deployment(self, name: str) -> str:
        """Return the id of `flow/deployment`."""
        answer = self._client.get(f"/deployments/name/{name}")
        answer.raise_for_status()
        return str(answer.json()["id"])

    def all_of(self, path: str, **wanted: Any) -> list[Any]:
        """Return everything that a filter finds, page by page."""
        found: list[Any] = []
        while page := self.post(path, **wanted, limit=200, offset=len(found)):
            found += page
        return found

    def emit(self, event: dict[str, Any]) -> None:
        """Send one event."""
        self._client.post("/events", json=[event]).raise_for_status()


@contextlib.contextmanager
def prefect(*deploy: str) -> Iterator[tuple[Api, Path]]:
    """Yield a server with its worker, on which `prefect deploy` was given these arguments."""
    with tempfile.TemporaryDirectory(prefix="ade-benchmark-") as name:
        folder = Path(name)
        server = PrefectServer(folder)
        server.start()
        worker = server.worker("local")
        try:
            command = [sys.executable, "-m", "prefect", "--no-prompt"]
            pool = ["work-pool", "create", "local", "--type", "process"]
            environment = {**server.environment, "PWD": str(Path.cwd())}
            for arguments in (pool, *(["deploy", *words.split()] for words in deploy)):
                subprocess.run(
                    [*command, *arguments], env=environment, check=True, capture_output=True
                )
            worker.start()
            log = worker.log
            wait_until(lambda: "started!" in log.read_text(), 120, f"the worker is there ({log})")
            yield Api(server.api), folder
        finally:
            worker.stop()
            server.stop()
