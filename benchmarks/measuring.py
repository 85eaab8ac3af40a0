"""What the benchmarks share: a command measured, and what it was measured with."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """A command that ran: seconds by the clock and of the processor, most resident memory in MB.

    `anonymous` leaves out what is but a file's pages in memory.
    """

    wall: float
    cpu: float
    peak: float
    anonymous: float


def measure(command: Sequence[str], folder: Path) -> Measured:
    """Run a command in a folder, its output to nowhere; raises CalledProcessError."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    peak = anonymous = 0.0
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        # Not ru_maxrss: that begins with what this process had when it started the other.
        peak = max(peak, memory("VmHWM", process.pid))
        anonymous = max(anonymous, memory("RssAnon", process.pid))
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    wall = time.monotonic() - started
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak, anonymous)


def memory(field: str, pid: int | str = "self") -> float:
    """Return `VmRSS` (resident now), `RssAnon` or `VmHWM` (most so far) of a process in MB.

    0 at its end.
    """
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), 0.0)


def forget_peak() -> None:
    """Begin to look for this process's most resident memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def environment(*others: str) -> str:
    """Return a line with versions, also of `others`, and the number of processors."""
    names = ("polars", "lxml", "orjson", *others)
    found = ", ".join(f"{name} {version(name)}" for name in names)
    python = platform.python_version()
    return f"Python {python}, {found}; {os.cpu_count()} processors, {sys.platform}."
