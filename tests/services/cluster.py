"""PostgreSQL, Redis, several API servers, background services and workers, on this machine.

It takes the very settings that `deployments/compose.yaml` and `deployments/kubernetes/` take; only
addresses are others.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
from dotenv import dotenv_values

from tests.redis_server import RedisServer

from .balancer import Balancer
from .postgres import Postgres
from .prefect_server import START_SECONDS
from .processes import Process, answers, free_port, wait_until

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "deployments" / "settings"


def settings(name: str) -> dict[str, str]:
    """Return what a file of settings gives a process."""
    return {k: v for k, v in dotenv_values(SETTINGS / name).items() if v is not None}


class Cluster:
    """Everything of it, in a folder; `start` brings it up in the order that it needs."""

    def __init__(self, folder: Path, servers: int = 2, **env: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres()
        self.redis = RedisServer(password=secrets.token_hex(8))
        """Prefect's messages; `store` is ours, so that each can be away alone."""
        self.store = RedisServer(password=secrets.token_hex(8))
        self.ports = [free_port() for _ in range(servers)]
        self.balancer = Balancer(self.ports)
        self.api = f"http://127.0.0.1:{self.balancer.port}/api"
        self.auth = f"ade:{secrets.token_hex(8)}"
        self.environment = {**self._of_servers(), **self._of_clients(), **env}
        self.servers = [
            self._process(f"server-{n}", "prefect", "server", "start", "--no-services",
                          "--host", "127.0.0.1", "--port", str(port))
            for n, port in enumerate(self.ports)
        ]  # fmt: skip
        self.background = self._process("background", "prefect", "server", "services", "start")

    def start(self) -> None:
        self.postgres.start()
        self.postgres.create("prefect")
        self.redis.start()
        self.store.start()
        self.run("deployments.migrate")
        for process in [*self.servers, self.background]:
            process.start()
        for n in range(len(self.servers)):
            self.wait_for_server(n)

    def wait_for_server(self, n: int) -> None:
        url = f"http://127.0.0.1:{self.ports[n]}/api/ready"
        log = self.servers[n].log
        wait_until(lambda: answers(url), START_SECONDS, f"server {n} answers ({log})")

    def worker(self, pool: str = "local", *options: str, name: str = "worker") -> Process:
        """Return a worker with its probe, not yet started."""
        command = ("prefect", "worker", "start", "--pool", pool, "--name", name, *options)
        return self._process(name, *command)

    def run(self, module: str, *arguments: str, check: bool = True) -> str:
        """Run a module of ours or Prefect's to its end and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def spawn(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command whose output is read later."""
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(
            command, env=self.environment, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def ask(self, method: str, path: str, *, server: int | None = None, **json: Any) -> Any:
        """Ask one server, else the balancer; returns the answer."""
        port = self.balancer.port if server is None else self.ports[server]
        answer = httpx.request(
            method, f"http://127.0.0.1:{port}/api{path}",
            json=json or None, auth=tuple(self.auth.split(":")), timeout=60,
        )  # fmt: skip
        assert answer.status_code < 300, f"{answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def remove(self) -> None:
        for process in [*self.servers, self.background]:
            process.kill()
        for redis in (self.redis, self.store):
            if hasattr(redis, "process"):
                redis.stop()
        self.postgres.remove()
        self.balancer.close()

    def _of_servers(self) -> dict[str, str]:
        password = self.redis.url.partition(":")[2].partition("@")[0].rpartition(":")[2]
        return {
            **settings("server.env"),
            "PREFECT_SERVER_DATABASE_HOST": "127.0.0.1",
            "PREFECT_SERVER_DATABASE_PORT": str(self.postgres.port),
            "PREFECT_SERVER_DATABASE_USER": "ade",
            "PREFECT_SERVER_DATABASE_PASSWORD": "not-asked-for",
            "PREFECT_UI_STATIC_DIRECTORY": str(self.folder / "ui"),
            "PREFECT_REDIS_MESSAGING_HOST": "127.0.0.1",
            "PREFECT_REDIS_MESSAGING_PORT": str(self.redis.port),
            "PREFECT_REDIS_MESSAGING_PASSWORD": password,
            "PREFECT_SERVER_DOCKET_URL": self.redis.url.replace("/0", "/1"),
            "PREFECT_SERVER_API_AUTH_STRING": self.auth,
            "PREFECT_SERVER_ENCRYPTION_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        }

    def _of_clients(self) -> dict[str, str]:
        return {
            # Nothing of whoever runs the tests.
            **{k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "ADE_"))},
            **settings("client.env"),
            "PREFECT_API_URL": self.api,
            "PREFECT_API_AUTH_STRING": self.auth,
            "PREFECT_LOGGING_SETTINGS_PATH": str(ROOT / "deployments" / "logging.yml"),
            "PREFECT_HOME": str(self.folder / "prefect"),
            "PREFECT_LOCAL_STORAGE_PATH": str(self.folder / "results"),
            "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1",
            "ADE_HOME": str(self.folder / "ade"),
            "ADE_REDIS_URL": self.store.url.replace("/0", "/2"),
            "DO_NOT_TRACK": "1",
            "PYTHONPATH": str(ROOT),
        }

    def _process(self, name: str, *command: str) -> Process:
        log = self.folder / f"{name}.log"
        return Process([sys.executable, "-m", *command], self.environment, log)
