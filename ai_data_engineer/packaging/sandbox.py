"""Runs a command of a rendered project under limits: time, memory, processes, space, no network.

bubblewrap is used where it works: the command sees the interpreter and the system's libraries
read-only, the project, and nothing else. Without it the command runs in a clean environment of
its own session, where the system allows it without network and without sight of other processes.
The result says which it was.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Literal

from ai_data_engineer.packaging.family import Family

Isolation = Literal["bubblewrap", "process without network", "process"]

GIB = 1024**3
_LARGEST_FILE = 2 * GIB
_OUTPUT_TAIL = 16_000
_OPEN_FILES = 1024
MAX_PROCESSES = 128
MAX_SPACE = 4 * GIB
"""Bytes that all files in the project's folder may take."""
_LOOK_EVERY = 0.1
"""Seconds between two looks at the processes."""
_WEIGH_EVERY = 10
"""Looks between two looks at the files."""
_INSIDE = "/run/project"
"""Where bubblewrap shows the project: a place where no interpreter lies."""


@dataclass(frozen=True)
class Ran:
    """What became of a command."""

    isolation: Isolation
    exit_code: int
    """Negative: the number of the signal that ended it."""
    seconds: float
    timed_out: bool
    stopped_for: str
    """The limit that it was stopped for; empty when it was not, or for the time alone."""
    output: str
    """The last 16,000 characters of standard output and error together."""


def run_isolated(
    command: Sequence[str],
    directory: Path,
    *,
    timeout: float,
    memory: int,
    environment: Mapping[str, str] | None = None,
    isolation: Isolation | None = None,
) -> Ran:
    """Run a Python command (`["-m", "orders", "check"]`) in `directory`, which it may write to.

    `timeout` is in seconds of wall clock, `memory` in bytes: of address space for each process and
    of resident memory for all together. What goes beyond them, beyond 128 processes or 4 GiB of
    files is ended.
    `environment` is all that it sees of ours besides a few plain variables. `isolation` asks for
    a certain one; by default the best that works here is taken.
    """
    chosen = isolation or best_isolation()
    directory = directory.resolve()
    mark = uuid.uuid4().hex
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        process = subprocess.Popen(
            [*_limited(timeout, memory), *_command(chosen, command, directory)],
            cwd=directory,
            env={
                **_environment(_INSIDE if chosen == "bubblewrap" else str(directory)),
                **(environment or {}),
                "ADE_RUN": mark,
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        family = Family(process.pid, mark)
        stopped_for = ""
        try:
            for looks in itertools.count():
                if process.poll() is not None or stopped_for or _is_up(started, timeout):
                    break
                stopped_for = _exceeded(family, directory, memory, looks)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_EVERY)
            timed_out = process.poll() is None and not stopped_for
        finally:
            family.kill()
            process.wait()
        return Ran(
            isolation=chosen,
            exit_code=process.returncode,
            seconds=round(time.monotonic() - started, 3),
            timed_out=timed_out,
            stopped_for=stopped_for,
            output=_tail(output),
        )


@cache
def best_isolation() -> Isolation:
    """Return the strongest isolation that works on this machine, found out by trying."""
    candidates: tuple[Isolation, ...] = ("bubblewrap", "process without network")
    return next((c for c in candidates if _works(c)), "process")


def _works(isolation: Isolation) -> bool:
    needed = "bwrap" if isolation == "bubblewrap" else "unshare"
    if shutil.which(needed) is None:
        return False
    with tempfile.TemporaryDirectory(prefix="ade-") as directory:
        try:
            ran = run_isolated(
                ["-c", "import polars"],
                Path(directory),
                timeout=60,
                memory=4 * GIB,
                isolation=isolation,
            )
        except OSError:
            return False
        return ran.exit_code == 0


def _command(isolation: Isolation, command: Sequence[str], directory: Path) -> list[str]:
    python = [sys.executable, "-s", *command]
    match isolation:
        case "bubblewrap":
            return [*_bubblewrap(directory), *python]
        case "process without network":
            return ["unshare", *_unshared(), "--", *python]
        case _:
            return python


@cache
def _unshared() -> tuple[str, ...]:
    """Return the flags for no network, and for processes of its own where that works."""
    user = () if os.geteuid() == 0 else ("--map-root-user",)
    alone = (*user, "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
    tried = subprocess.run(["unshare", *alone, "--", "true"], capture_output=True, check=False)
    return alone if tried.returncode == 0 else (*user, "--net")


def _bubblewrap(directory: Path) -> list[str]:
    flags = [
        "bwrap", "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534",
        "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",  # noqa: S108
    ]  # fmt: skip
    for place in _readable():
        flags += ["--ro-bind", place, place]
    for link in ("/bin", "/lib", "/lib64", "/sbin"):
        if Path(link).is_symlink():
            flags += ["--symlink", str(Path(link).readlink()), link]
    return [*flags, "--bind", str(directory), _INSIDE, "--chdir", _INSIDE, "--"]


def _readable() -> list[str]:
    """Return the folders that the interpreter needs, those inside another one left out."""
    wanted = {
        "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime",
        sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *site.getsitepackages(),
        str(Path(sys.executable).resolve().parent),
    }  # fmt: skip
    found = sorted({p for p in wanted if Path(p).exists() and not Path(p).is_symlink()}, key=len)
    kept: list[str] = []
    for place in found:
        if not any(Path(place).is_relative_to(outer) for outer in kept):
            kept.append(place)
    return kept


def _environment(project: str) -> dict[str, str]:
    """Return a clean environment: nothing of ours, no key, passes into the project."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - of its own inside bubblewrap; never written to by us
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": f"{project}/src",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "False",
        # One thread: the same sums of floats on every run, and less address space.
        "POLARS_MAX_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


# Sets the limits and becomes the command. A hook between fork and exec would do the same but may
# hang in a process with threads, as a Prefect worker is.
_LAUNCHER = """
import os, resource, sys
for pair in sys.argv[1].split(","):
    name, value = pair.split("=")
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    limit = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
    resource.setrlimit(kind, (limit, limit))
os.execvp(sys.argv[2], sys.argv[2:])
"""


def _limited(timeout: float, memory: int) -> list[str]:
    limits = {
        "RLIMIT_CPU": int(timeout) + 10,
        "RLIMIT_AS": memory,
        "RLIMIT_FSIZE": _LARGEST_FILE,
        "RLIMIT_NOFILE": _OPEN_FILES,
        "RLIMIT_CORE": 0,
    }
    given = ",".join(f"{name}={value}" for name, value in limits.items())
    return [sys.executable, "-I", "-S", "-c", _LAUNCHER, given]


def _is_up(started: float, timeout: float) -> bool:
    return time.monotonic() - started > timeout


def _exceeded(family: Family, directory: Path, memory: int, looks: int) -> str:
    """Return the limit that is passed, or nothing."""
    processes, resident = family.measure()
    if processes > MAX_PROCESSES:
        return f"more than {MAX_PROCESSES} processes"
    if resident > memory:
        return f"more than {memory} bytes of memory"
    if looks % _WEIGH_EVERY == 0 and _space(directory) > MAX_SPACE:
        return f"files of more than {MAX_SPACE} bytes"
    return ""


def _space(directory: Path) -> int:
    """Return the bytes that the files in a folder take up, holes in them not counted."""
    taken = 0
    for folder, _, names in os.walk(directory, onerror=None):
        for name in names:
            with contextlib.suppress(OSError):
                taken += os.lstat(os.path.join(folder, name)).st_blocks * 512  # noqa: PTH118
    return taken


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - 4 * _OUTPUT_TAIL))
    return output.read().decode("utf-8", "replace")[-_OUTPUT_TAIL:]
