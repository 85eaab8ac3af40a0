"""A store in files, for all processes of one machine.

A value is a file: a line that says when it expires and what the sha256 of the rest is, then the
value. It takes its place by a rename, so readers need no lock. A file that is damaged is no value
to a reader; who changes it is given DAMAGED, for an account is not to begin anew. What has
expired is removed when it is seen, and all of it is looked for once an hour.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ai_data_engineer.errors import TransientError
from ai_data_engineer.stores.keys import checked, start_of
from ai_data_engineer.stores.locks import locked, locked_for_once
from ai_data_engineer.stores.protocol import Change, R, unreachable

STRIPES = 64
"""Files whose locks stand for changing a key: one for each key would be left behind for each."""
BUSY_AFTER = 10.0
"""Seconds to wait for the change of a key, which takes a millisecond."""
SWEEP_EVERY = 3600.0
DAMAGED = b"\0"
"""In place of a value that was damaged; no document reads so."""
_HEADER = re.compile(rb"ade-value 1 (-|[0-9]+\.[0-9]{3}) ([0-9a-f]{64})\n")
_LONGEST_HEADER = 128


class FileStore:
    """Values below `folder`, which is made when first needed, for its owner alone (0700, 0600).

    Expiry goes by this machine's clock: `clock` gives seconds since the epoch.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._is_ready = False

    def get(self, key: str) -> bytes | None:
        """Return the value, or None when there is none or it has expired."""
        path = self._path(key)
        with self._errors():
            value, has_expired = self._read(path)
        if has_expired:
            self._remove_expired(key, path)
        return value

    def put(self, key: str, value: bytes, *, seconds: float | None = None) -> None:
        """Set the value, whole or not at all; it expires after `seconds`."""
        path = self._path(key)
        with self._errors(), self._changing(key):
            self._write(path, value, seconds)
        self._sweep_at_times()

    def delete(self, key: str) -> None:
        """Remove the value; none is no error."""
        path = self._path(key)
        with self._errors(), self._changing(key):
            path.unlink(missing_ok=True)

    def update(self, key: str, change: Change[R], *, seconds: float | None = None) -> R:
        """Change the value atomically: no two changes of a key overlap, none is lost."""
        path = self._path(key)
        with contextlib.ExitStack() as stack:
            with self._errors():
                stack.enter_context(self._changing(key))
                old, has_expired = self._read(path)
                if old is None and not has_expired and path.exists():
                    old = DAMAGED
            # What `change` raises is no error of the store's.
            new, result = change(old)
            with self._errors():
                if new is None:
                    path.unlink(missing_ok=True)
                else:
                    self._write(path, new, seconds)
        self._sweep_at_times()
        return result

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys below `prefix` that have a value, in no order."""
        start = start_of(prefix)
        folder = self._folder / "values"
        for word in start.split("/")[:-1]:
            folder /= f"+{_as_name(word)}"
        yield from self._keys_in(folder, start)

    @contextlib.contextmanager
    def lease(self, key: str, *, wait: float) -> Iterator[bool]:
        """Hold `key` alone within a `with`; yields False when `wait` seconds were not enough."""
        name = hashlib.sha256(checked(key).encode()).hexdigest()
        with contextlib.ExitStack() as stack:
            with self._errors():
                self._make_ready()
                lock = locked_for_once(self._folder / "leases" / name, wait=wait)
                is_held = stack.enter_context(lock)
            yield is_held

    def sweep(self, *, dry_run: bool = False) -> tuple[int, int]:
        """Remove what has expired; returns how many values and bytes that is, or would be."""
        count = size = 0
        with self._errors():
            for path in (self._folder / "values").rglob("=*"):
                with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                    header = _HEADER.match(file.read(_LONGEST_HEADER))
                    if header is not None and self._has_expired(header):
                        count, size = count + 1, size + path.stat().st_size
        if not dry_run:
            for _ in self.keys(""):  # looking at what has expired removes it
                pass
        return count, size

    def _path(self, key: str) -> Path:
        *folders, last = checked(key).split("/")
        # Folders and files are marked, so that `a` and `a/b` can both have values, and `..` is but
        # a word.
        names = [*(f"+{_as_name(word)}" for word in folders), f"={_as_name(last)}"]
        return self._folder.joinpath("values", *names)

    def _read(self, path: Path) -> tuple[bytes | None, bool]:
        """Return the value, if there is one, and whether there is one that has expired."""
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None, False
        header = _HEADER.match(content)
        if header is None:
            return None, False
        if self._has_expired(header):
            return None, True
        value = content[header.end() :]
        is_whole = _digest(header[1], value) == header[2]
        return (value if is_whole else None), False

    def _write(self, path: Path, value: bytes, seconds: float | None) -> None:
        if seconds is not None and seconds <= 0:
            path.unlink(missing_ok=True)
            return
        expires = b"-" if seconds is None else b"%.3f" % (self._clock() + seconds)
        header = b"ade-value 1 %s %s\n" % (expires, _digest(expires, value))
        self._make_folder(path.parent)
        partial = self._folder / "partial" / secrets.token_hex(8)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(header + value)
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    def _has_expired(self, header: re.Match[bytes]) -> bool:
        return header[1] != b"-" and float(header[1]) <= self._clock()

    @contextlib.contextmanager
    def _changing(self, key: str) -> Iterator[None]:
        self._make_ready()
        stripe = hashlib.sha256(key.encode()).digest()[0] % STRIPES
        with locked(self._folder / "changes" / str(stripe), wait=BUSY_AFTER) as is_held:
            if not is_held:
                raise self._unreachable()
            yield

    def _make_ready(self) -> None:
        if self._is_ready and self._folder.is_dir():  # people do remove caches under way
            return
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in ("", "values", "partial", "changes", "leases"):
            self._make_folder(self._folder / folder)
        if self._folder.stat().st_mode & 0o077:
            self._folder.chmod(0o700)
        self._is_ready = True

    def _make_folder(self, folder: Path) -> None:
        # `mkdir(parents=True)` would give the folders between what rights the umask leaves.
        if not folder.is_dir():
            if folder != self._folder:
                self._make_folder(folder.parent)
            folder.mkdir(exist_ok=True, mode=0o700)

    def _remove_expired(self, key: str, path: Path) -> None:
        # Where it cannot be removed it is no value all the same.
        with contextlib.suppress(OSError, TransientError), self._changing(key):
            if self._read(path)[1]:  # and has not been set anew meanwhile
                path.unlink(missing_ok=True)

    def _keys_in(self, folder: Path, start: str) -> Iterator[str]:
        with self._errors():
            try:
                names = [path.name for path in folder.iterdir()]
            except FileNotFoundError:
                return
        for name in names:
            word = _as_word(name[1:])
            if name[0] == "+":
                yield from self._keys_in(folder / name, f"{start}{word}/")
            elif self._is_there(folder / name, start + word):
                yield start + word

    def _is_there(self, path: Path, key: str) -> bool:
        with self._errors():
            try:
                with path.open("rb") as file:
                    header = _HEADER.match(file.read(_LONGEST_HEADER))
            except FileNotFoundError:
                return False
        if header is not None and self._has_expired(header):
            self._remove_expired(key, path)
            return False
        return header is not None

    def _sweep_at_times(self) -> None:
        """Remove what expired and is asked for no more, and what killed processes left."""
        swept = self._folder / "swept"
        with contextlib.suppress(OSError, TransientError):
            now = time.time()
            if swept.exists() and abs(now - swept.stat().st_mtime) < SWEEP_EVERY:
                return
            swept.touch(mode=0o600)
            for _ in self.keys(""):
                pass
            for partial in _left_in(self._folder / "partial", now):
                partial.unlink(missing_ok=True)
            for lease in _left_in(self._folder / "leases", now):
                # It goes with the lock, unless somebody has that for so long.
                with locked_for_once(lease, wait=0):
                    pass

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            raise self._unreachable() from None

    def _unreachable(self) -> TransientError:
        return unreachable(
            f"Shared state in {self._folder}",
            "Set ADE_HOME to a folder on a local disk that can be written and has space.",
        )


def _left_in(folder: Path, now: float) -> Iterator[Path]:
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # whose it was has removed it
            if now - path.stat().st_mtime > SWEEP_EVERY:
                yield path


def _digest(expires: bytes, value: bytes) -> bytes:
    return hashlib.sha256(expires + b"\n" + value).hexdigest().encode()


def _as_name(word: str) -> str:
    """Return the word for a file system that may ignore case: `Ab` is `~ab`."""
    return re.sub("[A-Z]", lambda letter: f"~{letter[0].lower()}", word)


def _as_word(name: str) -> str:
    return re.sub("~([a-z])", lambda letter: letter[1].upper(), name)
