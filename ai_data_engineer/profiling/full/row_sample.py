"""A uniform sample of a column's values over the whole file.

Every value draws a tag from [0, 1); those whose tag lies below a threshold are kept, and the
threshold is halved whenever too many are. What is kept at the end does not depend on how the file
was cut into parts that draw the same tags, and each value is as likely to be in it as any other. Of
m values the share below any value is off by at most sqrt(q (1 - q) / m) (one standard error).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

MOST_KEPT = 65_536

Tags = NDArray[np.float64]


class RowSample:
    """The values of a column whose tags lie below the threshold."""

    def __init__(self, kept: int = MOST_KEPT) -> None:
        self._kept = kept
        self._values: list[pl.Series] = []
        self._tags: list[Tags] = []
        self._size = 0
        self.threshold = 1.0

    def add(self, values: pl.Series, tags: Tags) -> None:
        """Take in values with their tags; those at or above the threshold are passed over."""
        keep = tags < self.threshold
        if not keep.all():
            values, tags = values.filter(pl.Series(keep)), tags[keep]
        self._values.append(values)
        self._tags.append(tags)
        self._size += len(values)
        if self._size > self._kept:
            self._thin()

    def values(self) -> pl.Series | None:
        """Return the values kept; None when there were none to keep."""
        return pl.concat(self._values) if self._values else None

    def _thin(self) -> None:
        values, tags = pl.concat(self._values), np.concatenate(self._tags)
        while self._size > self._kept:
            self.threshold /= 2
            self._size = int((tags < self.threshold).sum())
        keep = tags < self.threshold
        self._values, self._tags = [values.filter(pl.Series(keep))], [tags[keep]]


def repeated(
    values: pl.Series, counts: NDArray[np.int64], threshold: float, seed: int
) -> tuple[pl.Series, Tags]:
    """Draw tags for values that were counted; return those below the threshold, as often as drawn.

    A value of which there are n has a binomial number of tags there.
    """
    random = np.random.default_rng(seed)
    times = random.binomial(counts, threshold)
    places = np.repeat(np.arange(len(times)), times)
    return values.gather(places), random.random(len(places)) * threshold
