"""Prefect's server and a worker as processes of their own, as an operator runs them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .processes import Process, answers, free_port, wait_until

START_SECONDS = 240
"""A fresh database is migrated first; on a busy machine that takes its time."""


class PrefectServer:
    """One API server with UI; its database, its state and its log lie in `folder`."""

    def __init__(self, folder: Path, *options: str, port: int | None = None, **env: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = port or free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.environment = {
            # Nothing of whoever runs the tests.
            **{k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "ADE_"))},
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "ADE_HOME": str(folder / "ade"),
            "PYTHONPATH": str(Path.cwd()),
            **env,
        }
        command = [sys.executable, "-m", "prefect", "server", "start"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), *options]
        self.process = Process(command, self.environment, folder / f"server-{self.port}.log")

    def start(self) -> None:
        self.process.start()
        wait_until(self.is_ready, START_SECONDS, f"the server answers ({self.process.log})")

    def is_ready(self) -> bool:
        """Return whether it answers and reaches its database."""
        assert self.process.is_running(), self.process.log.read_text()[-2000:]
        return answers(f"{self.api}/ready")

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        self.process.kill()

    def worker(self, pool: str, *options: str, **env: str) -> Process:
        """Return a worker for a pool, not yet started."""
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, *options]
        log = self.folder / f"worker-{pool}.log"
        return Process(command, {**self.environment, **env}, log)
