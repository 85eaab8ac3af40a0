"""Counts of one process, and how they are added to those of all others in the shared store.

Runs are processes that live for seconds, on several machines: nobody could scrape them. So each
adds what it counted to the store in one atomic change, and one exporter reads the sums.
"""

from __future__ import annotations

import bisect
import json
import os
from collections.abc import Mapping
from typing import TypeAlias

from ai_data_engineer.metrics.catalogue import METRICS, Metric
from ai_data_engineer.stores.protocol import Store

Series: TypeAlias = tuple[str, tuple[str, ...]]
"""A metric's name and the values of its labels."""
Counts: TypeAlias = dict[Series, list[float]]
"""A counter or gauge has one number; a histogram one for each bucket, +Inf too, and the sum."""

SHARDS = 8
"""Keys that processes spread over: a hundred that end at once do not wait for one another."""
_FOLDER = "metrics/counts"


class Tally:
    """Counts in memory; not for several threads at once."""

    def __init__(self, counts: Mapping[Series, list[float]] | None = None) -> None:
        self.counts: Counts = {} if counts is None else {k: [*v] for k, v in counts.items()}

    def add(self, metric: Metric, *labels: str, by: float = 1) -> None:
        """Raise a counter; raises ValueError for a negative number, which no counter takes."""
        if by < 0:
            raise ValueError(f"{metric.name} cannot go down")
        self._merge((metric.name, _checked(metric, labels)), [by])

    def observe(self, metric: Metric, *labels: str, value: float) -> None:
        """Put a value into a histogram."""
        counts = [0.0] * (len(metric.buckets) + 2)
        counts[bisect.bisect_left(metric.buckets, value)] = 1
        counts[-1] = value
        self._merge((metric.name, _checked(metric, labels)), counts)

    def note_time(self, metric: Metric, *labels: str, now: float) -> None:
        """Set a gauge that holds a time; of several the latest counts."""
        self._merge((metric.name, _checked(metric, labels)), [now])

    def add_all(self, other: Mapping[Series, list[float]]) -> None:
        """Add the counts of another tally; what this version does not know is left out."""
        for series, counts in other.items():
            metric = METRICS.get(series[0])
            if metric is not None and len(series[1]) == len(metric.labels):
                self._merge(series, counts)

    def _merge(self, series: Series, counts: list[float]) -> None:
        old = self.counts.get(series)
        metric = METRICS[series[0]]
        expected = len(metric.buckets) + 2 if metric.kind == "histogram" else 1
        if len(counts) != expected:
            return  # from a version with other buckets
        if old is None:
            self.counts[series] = [*counts]
        elif metric.kind == "gauge":
            self.counts[series] = [max(old[0], counts[0])]
        else:
            self.counts[series] = [a + b for a, b in zip(old, counts, strict=True)]


def _checked(metric: Metric, labels: tuple[str, ...]) -> tuple[str, ...]:
    if len(labels) != len(metric.labels):
        raise ValueError(f"{metric.name} has the labels {', '.join(metric.labels) or 'none'}")
    return labels


def save(store: Store, tally: Tally) -> None:
    """Add a tally to what the store has, in one change.

    Raises TransientError: the store cannot be reached. Whether the counts are in it is not known
    then, so they are not to be sent again.
    """
    if not tally.counts:
        return

    def change(value: bytes | None) -> tuple[bytes | None, None]:
        together = Tally(from_bytes(value))
        together.add_all(tally.counts)
        return to_bytes(together.counts), None

    store.update(f"{_FOLDER}/{os.getpid() % SHARDS}", change)


def load(store: Store) -> Tally:
    """Return what all processes counted; raises TransientError."""
    total = Tally()
    for shard in range(SHARDS):
        total.add_all(from_bytes(store.get(f"{_FOLDER}/{shard}")))
    return total


def to_bytes(counts: Counts) -> bytes:
    """Return the counts as they lie in the store."""
    rows = [[name, *labels, values] for (name, labels), values in counts.items()]
    return json.dumps(rows, separators=(",", ":")).encode()


def from_bytes(value: bytes | None) -> Counts:
    """Return counts from the store; where they make no sense, none: counting begins anew."""
    try:
        rows = json.loads(value) if value else []
        return {(row[0], tuple(row[1:-1])): [float(n) for n in row[-1]] for row in rows}
    except (ValueError, TypeError, IndexError, KeyError):
        return {}
