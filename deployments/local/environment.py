"""What the server, the worker and the runs of one machine are started with."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_KEY,
    PREFECT_API_URL,
    PREFECT_HOME,
    get_current_settings,
    temporary_settings,
)

from ai_data_engineer.errors import SettingsError
from ai_data_engineer.settings import load_settings
from deployments.local.detached import Detached

ROOT = Path(__file__).resolve().parents[2]
"""The repository's folder, where the flows and `prefect.yaml` lie."""
HEARTBEAT_SECONDS = 30
"""How often a run of ours says that it is alive; `automations.yaml` waits for six of them."""
_ENCRYPTION = "PREFECT_SERVER_ENCRYPTION_KEY"
_LOCAL = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Machine:
    """Where things lie on this machine, and the variables of what runs on it."""

    home: Path
    """ADE_HOME."""
    prefect_home: Path
    """Prefect's own folder: the database, results, profiles."""
    api: str
    """The server's API, such as `http://127.0.0.1:4200/api`."""
    variables: Mapping[str, str]
    """What everything is started with: this process's variables, Prefect's profile, our own."""

    @property
    def folder(self) -> Path:
        """Return where state files and logs of the server and the worker lie."""
        return self.home / "run"

    @property
    def ui(self) -> str:
        """Return the address of Prefect's UI."""
        return self.api.removesuffix("/api")

    @property
    def is_local(self) -> bool:
        """Return whether the server is, or would be, one of this machine."""
        return urlsplit(self.api).hostname in _LOCAL

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Return where the server listens."""
        address = urlsplit(self.api)
        return address.hostname or "127.0.0.1", address.port or 80

    @property
    def health_port(self) -> int:
        """Return the port of the worker's health check, on 127.0.0.1."""
        return int(self.variables["PREFECT_WORKER_WEBSERVER_PORT"])

    @property
    def server(self) -> Detached:
        """Return the server that `make up` starts."""
        return Detached("server", self.folder)

    @property
    def worker(self) -> Detached:
        """Return the worker that `make up` starts."""
        return Detached("worker", self.folder)

    def answers(self, path: str = "/health") -> bool:
        """Return whether the API answers 200 there; `/ready` says that of its database too."""
        return answers(f"{self.api}{path}")

    @contextlib.contextmanager
    def as_client(self) -> Iterator[None]:
        """Have Prefect's client talk to this machine's server."""
        with temporary_settings(
            {
                PREFECT_HOME: self.prefect_home,
                PREFECT_API_URL: self.api,
                PREFECT_API_AUTH_STRING: self.variables.get("PREFECT_API_AUTH_STRING"),
                PREFECT_API_KEY: self.variables.get("PREFECT_API_KEY"),
            }
        ):
            yield

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let a second `make up` or `make down` wait for the first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another `make up` or `make down` is at work; waiting for it …", flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def of_server(self) -> dict[str, str]:
        """Return the server's variables, with the key that blocks are encrypted with.

        Given by the environment, the key does not lie in the same database as what it opens. It is
        made once; a database that was begun without it keeps its own, which nothing else opens.
        """
        variables = dict(self.variables)
        if not variables.get(_ENCRYPTION) and (key := self._encryption_key()):
            variables[_ENCRYPTION] = key
        return variables

    def of_worker(self) -> dict[str, str]:
        """Return the variables of the worker and of the runs that it starts."""
        server_only = (_ENCRYPTION, "PREFECT_SERVER_API_AUTH_STRING")
        return {name: value for name, value in self.variables.items() if name not in server_only}

    def _encryption_key(self) -> str | None:
        file = self.home / "encryption.key"
        if file.exists():
            return file.read_text().strip()
        if "PREFECT_SERVER_DATABASE_CONNECTION_URL" in self.variables or _keeps_own_key(
            self.prefect_home / "prefect.db"
        ):
            return None
        self.home.mkdir(parents=True, exist_ok=True)
        file.touch(0o600, exist_ok=False)
        file.write_text(Fernet.generate_key().decode() + "\n")
        return file.read_text().strip()


def machine() -> Machine:
    """Return this machine as its environment and Prefect's profile describe it.

    Raises SettingsError for an ADE_ setting, or an address of the server, that cannot be used.
    """
    home = load_settings().home.expanduser().absolute()
    prefect_home = Path(os.environ.get("PREFECT_HOME") or home / "prefect").expanduser().absolute()
    current = get_current_settings()
    of_profile = current.to_environment_variables(exclude_unset=True)
    variables = {**of_profile, **os.environ}
    port = current.server.api.port
    api = (variables.get("PREFECT_API_URL") or f"http://127.0.0.1:{port}/api").rstrip("/")
    if urlsplit(api).scheme not in ("http", "https") or not api.endswith("/api"):
        raise SettingsError(
            "The address cannot be that of a Prefect server.",
            location="PREFECT_API_URL",
            hint="It looks like http://127.0.0.1:4200/api.",
        )
    auth = variables.get("PREFECT_SERVER_API_AUTH_STRING")
    defaults = {
        "PREFECT_LOGGING_SETTINGS_PATH": str(ROOT / "deployments" / "logging.yml"),
        # A pickle runs code when it is read.
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        # Prefect's own default is every address of the machine.
        "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1",
        "PREFECT_WORKER_WEBSERVER_PORT": "8080",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Its own few figures, for Prometheus; deployments/prometheus/prometheus.yml asks for them.
        "PREFECT_SERVER_METRICS_ENABLED": "true",
        # Runs that ended more than 90 days ago go, with logs and artifacts; else nothing ever does.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "DO_NOT_TRACK": "1",
        **({"PREFECT_API_AUTH_STRING": auth} if auth else {}),
    }
    path = [str(ROOT), *filter(None, [variables.get("PYTHONPATH")])]
    fixed = {
        "ADE_HOME": str(home),
        "PREFECT_HOME": str(prefect_home),
        "PREFECT_API_URL": api,
        "PYTHONPATH": os.pathsep.join(path),
        # `prefect.yaml` says where the code lies by it.
        "PWD": str(ROOT),
    }
    return Machine(home, prefect_home, api, {**defaults, **variables, **fixed})


def answers(url: str) -> bool:
    """Return whether a server answers 200 there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:  # noqa: S310 - http(s), see machine()
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _keeps_own_key(database: Path) -> bool:
    """Return whether blocks in this SQLite database may be encrypted with a key that lies in it."""
    if not database.exists():
        return False
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
            query = "SELECT count(*) FROM configuration WHERE key = 'ENCRYPTION_KEY'"
            return bool(opened.execute(query).fetchone()[0])
    except sqlite3.Error:
        return True
