"""The statistics of `profiling.statistics` over different values with their counts."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ai_data_engineer.profiling.full.moments import Moments
from ai_data_engineer.profiling.full.observing import COUNT, VALUE
from ai_data_engineer.profiling.profile import HistogramBin, ValueCount
from ai_data_engineer.profiling.statistics import (
    LONGEST_VALUE,
    MOST_BINS,
    MOST_SHAPES,
    MOST_VALUES,
    QUANTILES,
    as_json,
)
from ai_data_engineer.profiling.texts import Texts, merged_shapes

_SURE_OF = 16
"""Times that a value must stand in a sample to be called frequent: a standard error of 25 %."""


def grouped(values: pl.Series, counts: pl.Series) -> pl.DataFrame:
    """Return the different values, ascending, with the sums of their counts; nulls are left out."""
    frame = pl.DataFrame({VALUE: values, COUNT: counts}).drop_nulls(VALUE)
    return frame.group_by(VALUE).agg(pl.col(COUNT).sum()).sort(VALUE)


def top_values(counted: pl.DataFrame, scale: float = 1.0) -> tuple[ValueCount, ...]:
    """Return the most frequent values where they repeat; ties in the order of the values.

    `scale`: how many values each of a sample stands for.
    """
    least = 2 if scale == 1 else _SURE_OF
    top = counted.filter(pl.col(COUNT) >= least).sort(COUNT, descending=True, maintain_order=True)
    return tuple(
        ValueCount(value=as_json(value), count=round(count * scale))
        for value, count in top.head(MOST_VALUES).iter_rows()
    )


def shapes(counted: pl.DataFrame, scale: float = 1.0) -> tuple[ValueCount, ...]:
    """Return the most frequent shapes of texts."""
    found = Counter[str]()
    texts = Texts(counted[VALUE].to_list())
    for shape, count in zip(texts.row_shapes, counted[COUNT].to_list(), strict=True):
        found[shape] += count
    return tuple(
        ValueCount(value=shape, count=round(count * scale))
        for shape, count in merged_shapes(found, MOST_SHAPES)
    )


def text_range(counted: pl.DataFrame, longest: int) -> dict[str, Any]:
    """Return the least and the greatest text, unless some are too long to be shown."""
    if longest > LONGEST_VALUE or counted.is_empty():
        return {}
    return {"min": counted[VALUE][0], "max": counted[VALUE][-1]}


def moments(counted: pl.DataFrame) -> Moments:
    """Return the moments of finite numbers."""
    return Moments.of(_floats(counted), counted[COUNT].to_numpy().astype(np.float64))


def moment_fields(found: Moments) -> dict[str, Any]:
    """Return mean, deviation and skew as fields of a ColumnProfile."""
    if not found.count:
        return {}
    mean = found.mean if math.isfinite(found.mean) else None
    return {"mean": mean, "std": found.std, "skew": found.skew}


def quantiles(counted: pl.DataFrame) -> dict[str, float]:
    """Return the quantiles of numbers: linear interpolation between the two nearest ranks."""
    numbers = _floats(counted)
    ends = np.cumsum(counted[COUNT].to_numpy())
    found = {}
    for share in QUANTILES:
        place = share * (int(ends[-1]) - 1)
        rank = math.floor(place)
        low, high = (
            float(numbers[np.searchsorted(ends, at, side="right")])
            for at in (rank, min(rank + 1, int(ends[-1]) - 1))
        )
        part = place - rank
        found[str(share)] = low * (1 - part) + high * part if part and low != high else low
    return found


def histogram(
    counted: pl.DataFrame, low: float, high: float, distinct: int, total: int
) -> tuple[HistogramBin, ...]:
    """Return bins of equal width from `low` to `high` with `total` values in all."""
    bins = min(distinct, MOST_BINS)
    width = (high - low) / bins if bins else 0.0
    if not (width > 0 and math.isfinite(width) and low + width > low):
        return ()
    edges = [low + i * width for i in range(bins)] + [high]
    ends = np.concatenate([[0], np.cumsum(counted[COUNT].to_numpy())])
    ranks = ends[np.searchsorted(_floats(counted), edges[1:-1])]
    shares = [0, *(round(int(rank) * total / int(ends[-1])) for rank in ranks), total]
    return tuple(
        HistogramBin(low=edges[i], high=edges[i + 1], count=shares[i + 1] - shares[i])
        for i in range(bins)
    )


def _floats(counted: pl.DataFrame) -> NDArray[np.float64]:
    return counted[VALUE].cast(pl.Float64).to_numpy()
