"""Judges rows that can be read several times, such as those of a file, in little memory.

Aggregates take one pass for all rules, but for those that need a whole column. Keys are not
grouped, which would hold every one of them: what repeats is found among their sorted hashes, eight
bytes a row, and only rows whose hash repeats are then grouped by the keys themselves. So the answer
is exact, and a table whose keys are good is never grouped at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from ai_data_engineer.rendering.runtime.expectations import (
    Expectation,
    Grouping,
    Unique,
    Verdict,
    conclude,
    judged_rows,
    measure,
    passes,
)

HASHES_AT_ONCE = 1_000_000
"""How many repeated keys are counted in one pass: they are held in memory."""


def judge(rows: pl.LazyFrame, expectations: Sequence[Expectation]) -> Iterator[Verdict]:
    """Yield the verdict on each rule, in their order."""
    measured = []
    for grouping, rules in passes(expectations):
        if grouping is not None and all(isinstance(rule, Unique) for rule in rules):
            judged, repeated = _repeated(rows, grouping)
            counts = {f"judged_{rule.rule}": judged for rule in rules}
            counts |= {f"unexpected_{rule.rule}": repeated for rule in rules}
            measured.append(pl.DataFrame([counts]))
        else:
            measured.append(measure(rows, grouping, rules).collect())
    yield from conclude(expectations, measured)


def _repeated(rows: pl.LazyFrame, grouping: Grouping) -> tuple[int, int]:
    """Return how many rows are judged, and how many of them have a key that another one has."""
    keys = [pl.col(c) for c in grouping.columns]
    # Rows with equal keys have equal hashes; the others are left out, but for a few by chance.
    key = keys[0] if len(keys) == 1 else pl.struct(keys)
    marked = judged_rows(rows, grouping).select(*keys, key.hash().alias("__hash"))
    hashes = marked.select("__hash").collect().to_series().sort()
    repeats = hashes.filter(hashes == hashes.shift(1)).unique(maintain_order=True)
    repeated = 0
    for part in repeats.to_frame().iter_slices(HASHES_AT_ONCE):
        groups = marked.join(part.lazy(), on="__hash", how="semi").group_by(keys).agg(pl.len())
        repeated += groups.filter(pl.col("len") > 1).select(pl.col("len").sum()).collect().item()
    return hashes.len(), repeated
