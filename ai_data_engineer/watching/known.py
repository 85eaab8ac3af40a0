"""Which files were told of, in ten bytes each: 64 bits of a digest and the day last seen.

A file that is not listed any more is remembered for KEPT_DAYS: a folder whose disk is not mounted
looks empty, and what comes back with it is not new. Of n files that are known a new one is taken
for one of them with probability n / 2⁶⁴.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ai_data_engineer.stores.protocol import Store

PARTS = 16
"""Values that the set is spread over, by the first bits: a store holds small values."""
KEPT_DAYS = 30
_ENTRY = np.dtype([("id", "<u8"), ("day", "<u2")])
_DAY = 86_400


def short_id(identity: str) -> int:
    """Return 64 bits that stand for a file as it lies there."""
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big")


class Known:
    """The files known in one place; `clock` gives seconds since the epoch."""

    def __init__(self, store: Store, key: str, clock: Callable[[], float] = time.time) -> None:
        self._store, self._key = store, key
        self._today = int(clock() // _DAY)
        self._parts = [_entries(store.get(self._name(part))) for part in range(PARTS)]
        self._seen: list[set[int]] = [set() for _ in range(PARTS)]

    def unknown(self, ids: Iterable[int]) -> set[int]:
        """Return those that are not known; the others are noted as seen today."""
        missing: set[int] = set()
        for part, some in _by_part(ids).items():
            entries = self._parts[part]
            places = np.searchsorted(entries["id"], some)
            places[places == len(entries)] = 0
            known = entries["id"][places] == some if len(entries) else np.zeros(len(some), bool)
            missing.update(map(int, some[~known]))
            stale = known & (entries["day"][places] < self._today) if len(entries) else known
            self._seen[part].update(map(int, some[stale]))
        return missing

    def remember(self, ids: Iterable[int]) -> None:
        """Make them known, at once and to every watcher."""
        for part, some in _by_part(ids).items():
            self._write(part, some)

    def note_seen(self) -> None:
        """Keep the day on which known files were seen, and forget what was not for long."""
        oldest = self._today - KEPT_DAYS
        for part, seen in enumerate(self._seen):
            if seen or (self._parts[part]["day"] < oldest).any():
                self._write(part, np.fromiter(seen, "<u8", len(seen)))
                seen.clear()

    def _write(self, part: int, ids: NDArray[np.uint64]) -> None:
        def change(old: bytes | None) -> tuple[bytes, bytes]:
            new = _merged(_entries(old), ids, self._today).tobytes()
            return new, new

        # It goes with the last file in it, or with the watch.
        kept = KEPT_DAYS * 2 * _DAY
        self._parts[part] = _entries(self._store.update(self._name(part), change, seconds=kept))

    def _name(self, part: int) -> str:
        return f"{self._key}/known/{part:x}"


def _by_part(ids: Iterable[int]) -> dict[int, NDArray[np.uint64]]:
    parts: dict[int, list[int]] = {}
    for one in ids:
        parts.setdefault(one % PARTS, []).append(one)
    return {part: np.array(some, "<u8") for part, some in parts.items()}


def _entries(value: bytes | None) -> NDArray[np.void]:
    # What was damaged is no entry: the files are asked for at the server again, none is lost.
    if value is None or len(value) % _ENTRY.itemsize:
        return np.empty(0, _ENTRY)
    return np.frombuffer(value, _ENTRY)


def _merged(old: NDArray[np.void], ids: NDArray[np.uint64], today: int) -> NDArray[np.void]:
    """Return all of them sorted, each once with its latest day, without what is too old."""
    new = np.empty(len(ids), _ENTRY)
    new["id"], new["day"] = ids, today
    both = np.concatenate([old[old["day"] >= today - KEPT_DAYS], new])
    both = both[np.lexsort((both["day"], both["id"]))]
    is_last = np.ones(len(both), bool)
    is_last[:-1] = both["id"][1:] != both["id"][:-1]
    return both[is_last]
