"""Whether 64-bit numbers repeat, exactly, with no more in memory than one slice of their range.

Each part's numbers are written, sorted, to a temporary file without a name; at the end the range is
cut into slices that hold about as many each, and in each slice the runs are laid together.
"""

from __future__ import annotations

import itertools
import tempfile

import numpy as np
from numpy.typing import NDArray

from ai_data_engineer.profiling.full.distinct import Hashes, distinct_sorted

_SLICE = 2_000_000
"""Numbers that are looked at together: 16 MB."""
_PROBES = 64
"""Numbers of each run by which the slices are cut."""


class SortedRuns:
    """Counts distinct numbers."""

    def __init__(self) -> None:
        # Without a name there is nothing to clean up, whatever happens to the process.
        self._file = tempfile.TemporaryFile(prefix="ade-")  # noqa: SIM115
        self._lengths: list[int] = []
        self._probes: list[Hashes] = []
        self._ascending = True
        self._last: int | None = None
        self.count = 0

    def add(self, run: Hashes) -> None:
        """Take in numbers in ascending order."""
        if not len(run):
            return
        self._ascending &= self._last is None or int(run[0]) > self._last
        self._last = int(run[-1])
        self._probes.append(run[:: max(1, len(run) // _PROBES)].copy())
        self._lengths.append(len(run))
        self.count += len(run)
        self._file.write(np.ascontiguousarray(run).data)

    def distinct(self) -> int:
        """Return how many different numbers were added."""
        if not self.count:
            return 0
        if self._ascending and len(self._lengths) > 1:
            return self._distinct_in_order()
        self._file.flush()
        numbers = np.memmap(self._file, np.uint64, "r")
        starts = np.cumsum([0, *self._lengths])
        runs = [numbers[a:b] for a, b in itertools.pairwise(starts)]
        bounds = self._bounds()
        places = [np.concatenate([[0], np.searchsorted(run, bounds), [len(run)]]) for run in runs]
        return sum(
            len(
                distinct_sorted(
                    np.concatenate(
                        [run[at[i] : at[i + 1]] for run, at in zip(runs, places, strict=True)]
                    )
                )
            )
            for i in range(len(bounds) + 1)
        )

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _distinct_in_order(self) -> int:
        """Runs that follow each other share no number."""
        self._file.seek(0)
        return sum(
            len(distinct_sorted(np.frombuffer(self._file.read(8 * length), np.uint64)))
            for length in self._lengths
        )

    def _bounds(self) -> NDArray[np.uint64]:
        slices = self.count // _SLICE + 1
        probes = np.sort(np.concatenate(self._probes))
        return probes[[len(probes) * i // slices for i in range(1, slices)]]
