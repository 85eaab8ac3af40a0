"""How many distinct values: a bottom-k sketch of their 64-bit hashes.

Of all hashes the k smallest distinct ones are kept. While fewer than k were seen the count is
exact; behind that the k-th smallest of n hashes, spread evenly over [0, 1), tells n. The estimate
(k - 1) / u with u the k-th smallest is unbiased; its relative standard error is 1 / sqrt(k - 2)
(Beyer, Haas, Reinwald, Sismanis, Gemulla: "On synopses for distinct-value estimation under multiset
operations", SIGMOD 2007). Two sketches merge by merging what they keep, in any order.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

MOST_KEPT = 65_536
"""k: a standard error of 0.4 %."""
_TOP = 2**64


class DistinctSketch:
    """The k smallest hashes seen so far."""

    def __init__(self, kept: int = MOST_KEPT) -> None:
        self._kept = kept
        self._hashes: Hashes = np.empty(0, np.uint64)
        self._waiting: list[Hashes] = []
        self._size_waiting = 0

    @property
    def limit(self) -> int:
        """Hashes from here on change nothing."""
        return int(self._hashes[-1]) if len(self._hashes) == self._kept else _TOP

    @property
    def is_exact(self) -> bool:
        """Whether every distinct hash was kept."""
        self._merge()
        return len(self._hashes) < self._kept

    @property
    def error(self) -> float:
        """Relative standard error of the estimate."""
        return 0.0 if self.is_exact else 1 / math.sqrt(self._kept - 2)

    def add(self, hashes: Hashes) -> None:
        """Take in hashes of values, in any order and as often as they come."""
        self._waiting.append(hashes)
        self._size_waiting += len(hashes)
        if self._size_waiting > self._kept // 4:
            self._merge()

    def estimate(self) -> int:
        """Return the number of distinct values."""
        if self.is_exact:
            return len(self._hashes)
        return round((self._kept - 1) * _TOP / int(self._hashes[-1]))

    def _merge(self) -> None:
        if self._waiting:
            merged = distinct_sorted(np.concatenate([self._hashes, *self._waiting]))
            self._hashes, self._waiting, self._size_waiting = merged[: self._kept].copy(), [], 0


def distinct_sorted(hashes: Hashes) -> Hashes:
    """Return the distinct ones in ascending order."""
    hashes = np.sort(hashes)
    is_new = np.ones(len(hashes), np.bool_)
    np.not_equal(hashes[1:], hashes[:-1], out=is_new[1:])
    return np.asarray(hashes[is_new])


def below(hashes: Hashes, limit: int) -> Hashes:
    """Return the hashes that a sketch with that limit would look at."""
    return hashes if limit >= _TOP else hashes[hashes < np.uint64(limit)]
