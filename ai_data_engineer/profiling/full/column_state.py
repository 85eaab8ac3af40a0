"""What is known of one column after some pieces; parts are merged in the order of the pieces."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.full.distinct import DistinctSketch
from ai_data_engineer.profiling.full.moments import Moments
from ai_data_engineer.profiling.full.observing import (
    COUNT,
    VALUE,
    ColumnPlan,
    Observed,
    observe,
)
from ai_data_engineer.profiling.full.row_sample import RowSample, repeated
from ai_data_engineer.profiling.full.sorted_runs import SortedRuns
from ai_data_engineer.types import LogicalType

_UNCONSOLIDATED = 4096
_MOST_LOST = 100
"""Texts that lose digits kept as evidence."""
_MOST_REFUSED = 1_000


@dataclass(frozen=True)
class Limits:
    """How much is kept of each column: fixed for a table, so that memory is bounded."""

    counted: int = 16_384
    """Different values that are counted one by one."""
    hashes: int = 65_536
    sampled: int = 65_536

    @classmethod
    def for_width(cls, columns: int) -> Limits:
        """Return the limits for a table of so many columns: 100 keep all, more share."""
        share = 100 / max(100, columns)
        return cls(
            counted=max(512, int(cls.counted * share)),
            hashes=max(4096, int(cls.hashes * share)),
            sampled=max(1024, int(cls.sampled * share)),
        )


class ColumnState:
    """Merges the parts of a column."""

    def __init__(
        self,
        name: str,
        kind: LogicalType,
        parse: Parse,
        limits: Limits,
        *,
        is_native: bool = False,
        is_counted: bool = True,
        may_be_unique: bool = False,
    ) -> None:
        self.name, self.kind, self.parse, self.is_native = name, kind, parse, is_native
        self.rows = self.missing = self.unparsed = 0
        self.lost: list[str] = []
        self.refused = Counter[str]()
        """Texts that are not of the type; of very many different ones only the first."""
        self.is_padded = False
        self.moments = Moments()
        self.low: Any = None
        self.high: Any = None
        self.shortest: int | None = None
        self.longest: int | None = None
        self.sketch = DistinctSketch(limits.hashes)
        self.sample = RowSample(limits.sampled)
        self._limits = limits
        self._counted: list[pl.DataFrame] | None = [] if is_counted and not kind.is_nested else None
        self._consolidated = 0
        self._keys = SortedRuns() if may_be_unique else None

    @property
    def is_counted(self) -> bool:
        """Whether every different value is known with its count."""
        return self._counted is not None

    def plan(self) -> ColumnPlan:
        """Return what a worker must know now."""
        return ColumnPlan(
            self.name,
            self.kind,
            self.parse,
            self.is_native,
            self.is_counted,
            self.sketch.limit,
            self.sample.threshold,
            self._keys is not None,
        )

    def merge(self, part: pl.DataFrame | Observed) -> None:
        """Take in what a worker found: counts of values, or the column summed up."""
        if isinstance(part, Observed):
            self._merge_observed(part)
        elif self._counted is None:
            self._merge_observed(self._sum_up(part))
        else:
            self._merge_counts(self._counted, part)

    def accept_null_tokens(self, parse: Parse, tokens: Iterable[str]) -> None:
        """Count those of the refused texts as missing; `parse` has them among its null tokens."""
        self.parse = parse
        if not self.is_counted:
            moved = sum(self.refused.pop(token, 0) for token in tokens)
            self.missing += moved
            self.unparsed -= moved

    def counts(self) -> pl.DataFrame:
        """Return the different values, ascending, with their counts; only where they are counted.

        Values are as they stand in the file: texts with blanks around them, nulls.
        """
        assert self._counted is not None
        self._consolidate(self._counted)
        return self._counted[0].sort(VALUE)

    def distinct_keys(self) -> int | None:
        """Return how many values differ, exactly, when all of them may: else None."""
        return None if self._keys is None else self._keys.distinct()

    def close(self) -> None:
        """Give temporary files back."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def _merge_counts(self, counted: list[pl.DataFrame], part: pl.DataFrame) -> None:
        self.rows += int(part[COUNT].sum())
        counted.append(part)
        size = sum(frame.height for frame in counted)
        if size <= max(_UNCONSOLIDATED, 2 * self._consolidated):
            return
        self._consolidate(counted)
        if self._consolidated > self._limits.counted:
            self._counted, self.rows = None, 0
            self._merge_observed(self._sum_up(counted[0]))

    def _consolidate(self, counted: list[pl.DataFrame]) -> None:
        merged = pl.concat([self._no_counts(), *counted], how="vertical_relaxed")
        merged = merged.group_by(VALUE, maintain_order=True).agg(pl.col(COUNT).sum())
        counted[:] = [merged]
        self._consolidated = merged.height

    def _no_counts(self) -> pl.DataFrame:
        # What native values are, the first of them tells.
        dtype = pl.Null() if self.is_native else pl.String()
        return pl.DataFrame(schema={VALUE: dtype, COUNT: pl.Int64()})

    def _sum_up(self, counts: pl.DataFrame) -> Observed:
        """Sum up a column that turned out to have many values."""
        counts = counts.sort(VALUE)
        weights = counts[COUNT].cast(pl.Int64).to_numpy()
        # Drawn by the column and the place in the file, so that a profile can be repeated.
        seed = zlib.crc32(self.name.encode()) + self.rows
        sampled, tags = repeated(counts[VALUE], weights, self.sample.threshold, seed)
        return observe(counts[VALUE], self.plan(), tags, sampled, weights)

    def _merge_observed(self, part: Observed) -> None:
        self.rows += part.rows
        self.missing += part.missing
        self.unparsed += part.unparsed
        if part.lost is not None and len(self.lost) < _MOST_LOST:
            self.lost += part.lost.head(_MOST_LOST).to_list()
        if part.refused is not None and len(self.refused) < _MOST_REFUSED:
            self.refused.update(dict(part.refused.iter_rows()))
        self.is_padded |= part.is_padded
        if part.moments is not None:
            self.moments = self.moments.merged(part.moments)
        self.low = _least(self.low, part.low)
        self.high = _most(self.high, part.high)
        self.shortest = _least(self.shortest, part.shortest)
        self.longest = _most(self.longest, part.longest)
        self.sketch.add(part.hashes)
        self.sample.add(part.sampled, part.tags)
        self._merge_keys(part)

    def _merge_keys(self, part: Observed) -> None:
        if self._keys is None or not part.rows:
            return
        keys = part.keys
        if keys is None or bool((keys[1:] == keys[:-1]).any()):
            self.close()
        else:
            self._keys.add(keys)


def _least(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else min(one, other)


def _most(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else max(one, other)


def draw_tags(rows: int, number: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return a tag for each row of a piece, the same whenever that piece is read."""
    return np.random.default_rng(number).random(rows)
