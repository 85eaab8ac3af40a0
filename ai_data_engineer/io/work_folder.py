"""The work folder of a run: inside the output folder, and gone with the run.

A run that is killed cannot clear up. It lets go of the lock on its folder, though, so the next run
into the same output folder knows what may go; that of a run at the same time stays.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_PREFIX = ".run-"


class WorkFolder:
    """A new folder below `parent`, which is made if need be; raises OSError."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        # Between being made and being locked, a folder looks like one left behind.
        making = _lock(parent, wait=True)
        try:
            if making is not None:
                _sweep(parent)
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
            self._held = _lock(self.path)
        finally:
            _unlock(making)

    def remove(self) -> None:
        """Remove the folder and what is in it, as far as that is possible."""
        shutil.rmtree(self.path, ignore_errors=True)
        _unlock(self._held)


def _sweep(parent: Path) -> None:
    """Remove the work folders that no run holds."""
    for left in parent.glob(f"{_PREFIX}*"):
        held = _lock(left) if left.is_dir() and not left.is_symlink() else None
        if held is not None:
            shutil.rmtree(left, ignore_errors=True)
            _unlock(held)


def _lock(folder: Path, *, wait: bool = False) -> int | None:
    """Return a descriptor that holds the lock on a folder, None where that cannot be had."""
    if sys.platform == "win32":
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:  # held by another run; or not every network file system has locks
        os.close(descriptor)
        return None
    return descriptor


def _unlock(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)
