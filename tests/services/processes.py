"""Processes of servers: a free port, a wait for an answer, and an end that leaves none behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_until(question: Callable[[], T | None], seconds: float, what: str) -> T:
    """Return the first answer that is true; raises AssertionError after that many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {seconds:g} s")


def listens(url: str) -> bool:
    """Return whether anything takes a connection at host and port of a URL."""
    parts = urlsplit(url)
    try:
        socket.create_connection((str(parts.hostname), parts.port or 0), timeout=5).close()
    except OSError:
        return False
    return True


def answers(url: str) -> bool:
    """Return whether a server answers 200 there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Process:
    """A command in a process group of its own, with its output in a file."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.command, self.environment, self.log = list(command), dict(environment), log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the id of the process, which is that of its group."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, how: signal.Signals = signal.SIGTERM, *, group: bool = True) -> None:
        """Send the signal to the group (or the process alone), then kill what is left of it."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(30)
        if group:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(30)

    def kill(self, *, group: bool = True) -> None:
        """Kill it as a power cut does (SIGKILL)."""
        self.stop(signal.SIGKILL, group=group)
