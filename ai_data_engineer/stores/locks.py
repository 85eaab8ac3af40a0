"""Locks of one machine: `flock` on files, between processes and the threads of one process.

The kernel frees the lock of a holder that dies, however it dies. Each lock is held through a file
descriptor of its own, so threads exclude each other as processes do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

FIRST_PAUSE, LONGEST_PAUSE = 0.000_5, 0.02
"""Seconds between two tries. `flock` itself waits without end, or not at all."""
_HELD: set[int] = set()


def _let_go_after_fork() -> None:
    # A child that outlives its parent would keep the parent's locks.
    for descriptor in _HELD:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    _HELD.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_after_fork)


@contextlib.contextmanager
def locked(path: Path, *, wait: float) -> Iterator[bool]:
    """Hold the lock on a file that stays; yields False when `wait` seconds were not enough.

    Raises OSError, also where the file system has no locks.
    """
    descriptor = _lock(path, time.monotonic() + wait)
    try:
        yield descriptor is not None
    finally:
        _unlock(descriptor)


@contextlib.contextmanager
def locked_for_once(path: Path, *, wait: float) -> Iterator[bool]:
    """Do as `locked` does with a file that is there only as long as somebody holds the lock."""
    until = time.monotonic() + wait
    while True:
        descriptor = _lock(path, until)
        if descriptor is None or _is(path, descriptor):
            break
        _unlock(descriptor)  # its last holder removed the file while we waited
    try:
        yield descriptor is not None
    finally:
        if descriptor in _HELD:
            with contextlib.suppress(OSError):
                path.unlink()
        _unlock(descriptor)


def _lock(path: Path, until: float) -> int | None:
    if sys.platform == "win32":
        raise OSError(errno.ENOLCK, "no flock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    pause = FIRST_PAUSE
    try:
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _HELD.add(descriptor)
                return descriptor
            left = until - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(left, pause * random.uniform(0.5, 1)))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE)
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _is(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _unlock(descriptor: int | None) -> None:
    if descriptor is None or descriptor not in _HELD:  # or this is a fork of the holder
        return
    _HELD.discard(descriptor)
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
