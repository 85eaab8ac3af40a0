"""A process with all that came of it: counted, weighed and ended together, as far as /proc tells.

Limits of the system hold for one process each, and those on the number of processes not for root.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_ROUNDS = 500
"""How often those that are left are ended; one that waits for a disk may outlive it."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    session: int
    began: int
    memory: int


class Family:
    """The descendants of a process that leads a session, those included that moved away.

    `mark` stands in the environment of all of them, and of no other process.
    """

    def __init__(self, pid: int, mark: str) -> None:
        self._pid = pid
        self._mark = mark.encode()
        self._known: dict[int, int] = {}
        """Process id → when it began: a number is given out again."""

    def measure(self) -> tuple[int, int]:
        """Return how many processes there are, and their resident memory in bytes."""
        found = self._members()
        self._known |= {process.pid: process.began for process in found}
        return len(found), sum(process.memory for process in found)

    def kill(self) -> None:
        """End every one of them, and what they start meanwhile."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        for _ in range(_ROUNDS):
            left = ({p.pid for p in self._members()} | self._marked()) - {self._pid}
            if not left:
                return
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    def _marked(self) -> set[int]:
        """Return those that hid between two looks: they have another parent and session."""
        found = set()
        for process in _everyone():
            with contextlib.suppress(OSError):
                if self._mark in (_PROC / str(process.pid) / "environ").read_bytes():
                    found.add(process.pid)
        return found

    def _members(self) -> list[_Process]:
        everyone = _everyone()
        children: dict[int, list[_Process]] = {}
        for process in everyone:
            children.setdefault(process.parent, []).append(process)
        waiting = [
            process
            for process in everyone
            if self._pid in (process.pid, process.session)
            or self._known.get(process.pid) == process.began
        ]
        found: dict[int, _Process] = {}
        while waiting:
            process = waiting.pop()
            if process.pid not in found:
                found[process.pid] = process
                waiting += children.get(process.pid, [])
        return list(found.values())


def _everyone() -> list[_Process]:
    """Return all processes but those that have ended and wait to be fetched."""
    found = []
    for place in _PROC.glob("[0-9]*"):
        try:
            stat = (place / "stat").read_text("utf-8", "replace")
        except OSError:
            continue
        # The name, in parentheses, may hold anything; proc(5) counts the fields from 1.
        fields = stat.rpartition(")")[2].split()
        if fields[0] not in "ZX":
            parent, session, began, pages = (int(fields[n - 3]) for n in (4, 6, 22, 24))
            found.append(_Process(int(place.name), parent, session, began, pages * _PAGE))
    return found
