"""Shared by all tests. Nothing here costs anything to a test that does not ask for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import engines

if TYPE_CHECKING:
    from tests.redis_server import RedisServer
    from tests.services.s3 import S3Server

# Before anything imports prefect: no telemetry, and never the server of whoever runs the tests.
for name in [name for name in os.environ if name.startswith("PREFECT_")]:
    del os.environ[name]
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
# Great Expectations imports PySpark, whose generated code wants a newer protobuf than there is.
os.environ["TEMPORARILY_DISABLE_PROTOBUF_VERSION_CHECK"] = "true"

# No deadline: a machine with other work to do takes its time over an example.
settings.register_profile("quick", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=600)
settings.load_profile("quick")  # `make test-all` asks for the other


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engines duckdb,spark`: SQL engines that steps and expressions are compared on."""
    parser.addoption("--engines", default="duckdb", help="SQL engines to compare with polars")


def pytest_configure(config: pytest.Config) -> None:
    engines.choose(config.getoption("--engines"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all tests that need a server, so that only one of each is started."""
    for item in items:
        for name in ("server", "model"):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.xdist_group(name))


class Server:
    """A Prefect server on an own SQLite file, with an own result store."""

    def __init__(self, database: Path, results: Path) -> None:
        self.database = database
        self.results = results

    def in_database(self, after_log: str) -> bytes:
        """Return all bytes of the database, once that log line is in it.

        Logs and events are sent from a thread, some time after they are made.
        """
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            kept = _bytes(self.database.parent.glob(f"{self.database.name}*"))
            if after_log.encode() in kept:
                return kept
            time.sleep(0.2)
        raise AssertionError(f"no log line {after_log!r} within a minute")

    def in_results(self) -> bytes:
        """Return all bytes of the result store."""
        return _bytes(self.results.rglob("*"))


def _bytes(paths: Iterable[Path]) -> bytes:
    return b"".join(path.read_bytes() for path in paths if path.is_file())


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a Prefect server (about half a minute) and use it for the rest of the session."""
    from prefect.settings import (
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_LOCAL_STORAGE_PATH,
        PREFECT_LOGGING_TO_API_BATCH_INTERVAL,
        PREFECT_SERVER_DATABASE_CONNECTION_URL,
        PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL,
        temporary_settings,
    )
    from prefect.testing.utilities import prefect_test_harness

    results = tmp_path_factory.mktemp("results")
    # Events and logs that a test waits for are not held back for seconds.
    soon = {
        PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL: 0.3,
        PREFECT_LOGGING_TO_API_BATCH_INTERVAL: 0.3,
    }
    with (
        temporary_settings(soon),
        prefect_test_harness(server_startup_timeout=180),
        temporary_settings(
            # Joining the heartbeat's thread costs each flow a second.
            {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOCAL_STORAGE_PATH: results}
        ),
    ):
        url = str(PREFECT_SERVER_DATABASE_CONNECTION_URL.value())
        yield Server(Path(url.removeprefix("sqlite+aiosqlite:///")), results)


@pytest.fixture(scope="session")
def spark() -> object:
    """Spark, started once a process (half a minute); runs take the session that there is."""
    return engines.engine("spark")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own ADE_HOME, without any key."""
    monkeypatch.setenv("ADE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis that stays up for the rest of the session."""
    from tests.redis_server import RedisServer

    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> Iterator[str]:
    """The URL of an empty Redis."""
    yield redis_server.url
    redis_server.forget_all()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """An S3 server of its own process that stays up for the rest of the session."""
    from tests.services.s3 import S3Server

    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.close_clients()
    server.stop()


@pytest.fixture
def s3(s3_server: S3Server) -> Iterator[S3Server]:
    """The same with an empty bucket `shop`, a line that lets everything pass, and keys as before after it."""
    from ai_data_engineer.io import s3_access

    s3_server.empty("shop")
    s3_server.line.heal()
    before = s3_access._look_up
    yield s3_server
    s3_access.ask(before)
    s3_server.forget_broken()
