"""What killed processes of ours left on this machine: temporary files, and files not yet in place.

A process that lives loses nothing: what it has open or works in stays, and so does what is young.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

STALE_AFTER = 24 * 3600.0
"""Seconds without a change; no stage of ours is silent for so long."""
_TEMPORARY = re.compile(r"ade-(bundle-|trial-|run-)?[a-z0-9_]{8}(\.parquet)?")
"""What `tempfile` makes of our prefixes; others who begin theirs with `ade-` are not ours."""


@dataclass(frozen=True)
class Found:
    """Something that may go."""

    path: str
    size: int
    """Bytes, with all that is in it."""


def temporary(now: float | None = None) -> list[Found]:
    """Return stale temporary files and folders of ours in this machine's temporary folder."""
    folder, before = Path(tempfile.gettempdir()), (now or time.time()) - STALE_AFTER
    in_use = _in_use(folder)
    return [
        found
        for path in folder.iterdir()
        if _TEMPORARY.fullmatch(path.name) and path.name not in in_use
        for found in _if_stale(path, before)
    ]


def partials(folders: Iterable[Path], now: float | None = None) -> list[Found]:
    """Return stale `*.partial` directly in these folders: bundles and backups never finished."""
    before = (now or time.time()) - STALE_AFTER
    return [
        found
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.endswith(".partial")
        for found in _if_stale(path, before)
    ]


def remove(found: Iterable[Found]) -> None:
    """Remove what was found; what has gone meanwhile is no error, nor what cannot be removed."""
    for path in (Path(one.path) for one in found):
        with contextlib.suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def _if_stale(path: Path, before: float) -> Iterator[Found]:
    with contextlib.suppress(OSError):  # it went away while it was looked at
        inside = [path, *path.rglob("*")] if path.is_dir() and not path.is_symlink() else [path]
        states = [one.lstat() for one in inside]
        if states[0].st_uid == os.getuid() and all(state.st_mtime < before for state in states):
            yield Found(
                str(path),
                sum(s.st_size for one, s in zip(inside, states, strict=True) if not one.is_dir()),
            )


def _in_use(folder: Path) -> set[str]:
    """Return names in the folder that a process has open, works in or was started on (Linux)."""
    used: set[str] = set()
    start = f"{folder}/"
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended, or is another user's
            links = [process / "cwd", process / "root", *(process / "fd").iterdir()]
            places = [os.readlink(link) for link in links]  # noqa: PTH115 - not made absolute
            places += (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            used |= {
                place.removeprefix(start).partition("/")[0]
                for place in places
                if place.startswith(start)
            }
    return used
