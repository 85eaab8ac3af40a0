"""What a worker finds in one column of one piece.

A column of few different values is counted value by value: everything else follows from the counts
at the end. Any other column is summed up: range, moments, lengths, hashes, a few sampled values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.profiling.full.conversion import Converted, convert
from ai_data_engineer.profiling.full.distinct import Hashes, below
from ai_data_engineer.profiling.full.moments import Moments
from ai_data_engineer.profiling.full.row_sample import Tags
from ai_data_engineer.types import STRING, LogicalType

VALUE, COUNT = "value", "count"
_MOST_REFUSED = 100


@dataclass(frozen=True)
class ColumnPlan:
    """What a worker must know of a column; made in the order of the pieces."""

    name: str
    kind: LogicalType
    parse: Parse
    is_native: bool
    is_counted: bool
    hash_limit: int = 0
    """Hashes from here on are of no interest."""
    tag_limit: float = 1.0
    """Values with a tag from here on are not sampled."""
    may_be_unique: bool = False
    """Whether to look if its values repeat."""


@dataclass(frozen=True)
class Observed:
    """A column of a piece summed up."""

    rows: int
    missing: int
    unparsed: int
    lost: pl.Series | None
    """Texts whose digits the type loses; empty or None where there are none."""
    is_padded: bool
    hashes: Hashes
    sampled: pl.Series
    """Values as they stand in the file."""
    tags: Tags
    moments: Moments | None = None
    low: Any = None
    high: Any = None
    shortest: int | None = None
    longest: int | None = None
    refused: pl.DataFrame | None = None
    """Frequent texts that are not of the type, trimmed, with their counts."""
    keys: Hashes | None = None
    """One number for each value, in ascending order, where no value is missing."""


def count_values(values: pl.Series) -> pl.DataFrame:
    """Return the different values with their counts."""
    counts = values.alias(VALUE).value_counts(name=COUNT)
    return counts.with_columns(apart(counts[VALUE]))


def apart(values: pl.Series) -> pl.Series:
    """Return values that hold on to nothing else.

    A few texts of a piece are views into the buffers of all its texts, and would keep them.
    """
    return values + "" if values.dtype == pl.String else values


def observe(
    raw: pl.Series, plan: ColumnPlan, tags: Tags, sampled: pl.Series | None = None,
    weights: NDArray[np.int64] | None = None,
) -> Observed:  # fmt: skip
    """Sum up a column of a piece.

    Args:
        raw: The values as they stand in the file.
        plan: What is known of the column.
        tags: One for each row, or for each of `sampled`.
        sampled: Values to sample from instead of `raw`.
        weights: How often each value counts; None: once.
    """
    found = convert(raw, plan.kind, plan.parse, is_native=plan.is_native)
    rows = len(raw) if weights is None else int(weights.sum())
    missing = _weight(found.missing, weights)
    nulls = _weight(found.values.is_null(), weights)
    values = found.values.drop_nulls() if nulls else found.values
    sampled = raw if sampled is None else sampled
    picked = np.flatnonzero(tags < plan.tag_limit)
    return Observed(
        rows=rows,
        missing=missing,
        unparsed=nulls - missing,
        lost=found.lost,
        is_padded=found.is_padded,
        hashes=below(hash_values(values), plan.hash_limit),
        sampled=apart(sampled.gather(picked)),
        tags=tags[picked],
        refused=refused(raw, found, weights) if nulls > missing else None,
        moments=_moments(found, values, plan.kind, weights),
        keys=_keys(values, plan.kind) if plan.may_be_unique and not nulls else None,
        **_range(values, plan.kind),
    )


def refused(
    raw: pl.Series, found: Converted, weights: NDArray[np.int64] | None
) -> pl.DataFrame | None:
    """Return the most frequent texts that are there and not of the type, with their counts."""
    if raw.dtype != pl.String:
        return None
    counts = pl.repeat(1, len(raw), dtype=pl.Int64, eager=True) if weights is None else weights
    frame = pl.DataFrame({VALUE: raw, COUNT: counts})
    frame = frame.filter(found.values.is_null() & ~found.missing)
    texts = frame.group_by(pl.col(VALUE).str.strip_chars(TRIMMED)).agg(pl.col(COUNT).sum())
    return texts.sort([COUNT, VALUE], descending=[True, False]).head(_MOST_REFUSED)


def hash_values(values: pl.Series) -> Hashes:
    """Return a 64-bit hash of each value: the same in every piece and every process."""
    if values.dtype.is_nested():
        # Polars does not hash every nesting of lists and structs; their JSON it does.
        values = values.alias(VALUE).to_frame().select(
            pl.struct(VALUE).struct.json_encode()
        ).to_series()  # fmt: skip
    return values.hash().to_numpy()


def _weight(mask: pl.Series, weights: NDArray[np.int64] | None) -> int:
    if weights is None:
        return int(mask.sum())
    return int(weights[mask.to_numpy()].sum())


def _moments(
    found: Converted, values: pl.Series, kind: LogicalType, weights: NDArray[np.int64] | None
) -> Moments | None:
    if not kind.is_numeric:
        return None
    numbers = values.cast(pl.Float64).to_numpy()
    if weights is not None:
        times = weights[found.values.is_not_null().to_numpy()].astype(np.float64)
        return Moments.of(numbers, times)
    return Moments.of(numbers)


def _range(values: pl.Series, kind: LogicalType) -> dict[str, Any]:
    if not len(values):
        return {}
    found: dict[str, Any] = {}
    if kind.is_orderable and kind.name != "boolean":
        found |= {"low": values.min(), "high": values.max()}
    if kind == STRING:
        lengths = values.str.len_chars()
        found |= {"shortest": lengths.min(), "longest": lengths.max()}
    return found


def _keys(values: pl.Series, kind: LogicalType) -> Hashes:
    if kind.name in ("int64", "date", "datetime"):
        numbers = values.to_physical().cast(pl.Int64).to_numpy().view(np.uint64)
        keys = numbers ^ np.uint64(1 << 63)  # the order of signed numbers
        return keys if (keys[1:] > keys[:-1]).all() else np.sort(keys)
    return np.sort(hash_values(values))
