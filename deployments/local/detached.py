"""Processes that outlive the shell: each in a group of its own, with a state file and a log."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

GRACE = 30.0
"""Seconds that a group has to end by itself before it is killed."""
_LOG_BYTES = 20 * 1024**2
"""A log larger than that is set aside, as `.1`, when its process is started anew."""
_SAME = 2.0
"""Seconds by which two readings of a process's start may differ; the system's clock is adjusted."""


@dataclass(frozen=True)
class Detached:
    """A named process: `folder/NAME.json` says which it is, `folder/NAME.log` what it says.

    The id of a process is given to another one in time, so the state file holds when ours began as
    well: a file that was left behind by a crash does no harm to whoever has the id now.
    """

    name: str
    folder: Path

    @property
    def state(self) -> Path:
        """Return the file that says which process it is."""
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """Return the file with what it wrote."""
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        """Return the id of the process, which is that of its group; None where it does not run."""
        pid, began = self._noted()
        return pid if pid and _began(pid, began) else None

    def start(self, command: Sequence[str], environment: Mapping[str, str], place: Path) -> int:
        """Start it in the folder `place` and return its id; its log is continued."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(0o600)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                list(command),
                env=dict(environment),
                cwd=place,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        process.returncode = 0  # it is to outlive this one, so nobody waits for its end
        state = {
            "pid": process.pid,
            "began": psutil.Process(process.pid).create_time(),
            "environment": digest(environment),
        }
        partial = self.state.with_suffix(".partial")
        partial.touch(0o600)
        partial.write_text(json.dumps(state))
        partial.replace(self.state)
        return process.pid

    def runs_with(self, environment: Mapping[str, str]) -> bool:
        """Return whether it was started with these variables."""
        return self._read().get("environment") == digest(environment)

    def members(self) -> list[int]:
        """Return the ids of all processes of its group, also where the first of them is gone."""
        pid, began = self._noted()
        if not pid or (_is_alive(pid) and not _began(pid, began)):
            return []  # the id is somebody else's by now
        return list(_group(pid, began))

    def stop(self, grace: float = GRACE) -> bool:
        """End the whole group, and kill what is left of it after `grace` seconds.

        Returns whether there was anything to end.
        """
        found = bool(self.members())
        pid, _ = self._noted()
        for how, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, GRACE)):
            if not self.members():
                break
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, how)
            deadline = time.monotonic() + seconds
            while self.members() and time.monotonic() < deadline:
                time.sleep(0.1)
        self.state.unlink(missing_ok=True)
        return found

    def last_lines(self, count: int = 15) -> str:
        """Return the end of its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 10_000))
                lines = log.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join(lines[-count:])

    def _noted(self) -> tuple[int, float]:
        state = self._read()
        return int(state.get("pid", 0)), float(state.get("began", 0.0))

    def _read(self) -> dict[str, Any]:
        try:
            state = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}


def digest(environment: Mapping[str, str]) -> str:
    """Return a digest of the variables that matter: Prefect's and ours, keys among them."""
    names = ("PREFECT_", "ADE_", "GEMINI_", "OPENAI_", "AWS_", "MAX_", "CSV_", "JSON_", "XML_")
    kept = {k: v for k, v in environment.items() if k.startswith(names)}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _began(pid: int, at: float) -> bool:
    try:
        return _is_alive(pid) and abs(psutil.Process(pid).create_time() - at) < _SAME
    except psutil.NoSuchProcess:
        return False


def _is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _group(group: int, since: float) -> Iterator[int]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError):
            if (
                os.getpgid(process.pid) == group
                and process.status() != psutil.STATUS_ZOMBIE
                and process.create_time() > since - _SAME
            ):
                yield process.pid
