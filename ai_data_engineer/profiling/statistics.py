"""Figures of one column: distinct, range, moments, quantiles, histogram, frequent values."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import polars as pl

from ai_data_engineer.profiling.profile import HistogramBin, Scalar, ValueCount
from ai_data_engineer.profiling.texts import Texts
from ai_data_engineer.types import LogicalType

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
MOST_BINS = 20
MOST_VALUES = 10
MOST_SHAPES = 5
LONGEST_VALUE = 100
"""Longer texts are no statistic: they are left out of ranges and frequent values."""


def text_statistics(values: Texts) -> dict[str, Any]:
    """Return the statistics of a column of text, as fields of a ColumnProfile."""
    if not values:
        return {}
    found: dict[str, Any] = {
        "distinct_count": len(values.counts),
        "min_length": min(map(len, values.counts)),
        "max_length": values.max_length,
        "shapes": _counted(values.common_shapes(MOST_SHAPES)),
    }
    if values.max_length <= LONGEST_VALUE:
        found |= {"min": min(values.counts), "max": max(values.counts)}
        if len(values.counts) < len(values):
            found["top_values"] = _top(values.counts)
    return found


def value_statistics(values: pl.Series, kind: LogicalType) -> dict[str, Any]:
    """Return the statistics of typed values without nulls, as fields of a ColumnProfile.

    Values that JSON cannot hold (NaN, infinities) count as distinct and nothing else.
    """
    if values.is_empty():
        return {}
    if kind.is_nested or kind.name == "binary":
        # Polars does not hash every nesting of lists and structs; their text it does.
        return {"distinct_count": len(set(map(repr, values.to_list())))}
    if kind.name == "float64" and not math.isfinite(values.sum()):
        distinct = values.n_unique()
        values = values.filter(values.is_finite())
    else:
        # Of so few values, a set is built before polars has woken its threads.
        plain = values.cast(pl.Int64) if kind.is_temporal else values
        distinct = len(set(plain.to_list()))
    found: dict[str, Any] = {"distinct_count": distinct}
    if kind.is_numeric and not values.is_empty():
        found |= _numeric(values, distinct)
    elif kind.is_temporal:
        found |= {"min": as_json(values.min()), "max": as_json(values.max())}
        moments: list[float] = seconds(values).sort().to_list()
        found["histogram"] = _histogram(moments, min(distinct, MOST_BINS))
    if distinct < len(values):
        found["top_values"] = _top(Counter(values.to_list()))
    return found


def seconds(values: pl.Series) -> pl.Series:
    """Return dates and datetimes as seconds since 1970, times as seconds since midnight."""
    units = {pl.Date: 1 / 86_400, pl.Datetime: 1e6, pl.Time: 1e9}
    unit = next(unit for kind, unit in units.items() if values.dtype == kind)
    return values.cast(pl.Int64).cast(pl.Float64) / unit


def as_json(value: object) -> Scalar:
    """Return a value as the profile writes it: ISO 8601 with `Z`, decimals as text."""
    match value:
        case bool() | int() | float() | str():
            return value
        case dt.datetime():
            return value.replace(tzinfo=None).isoformat() + "Z"
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
    raise TypeError(f"no scalar: {type(value).__name__}")


def _numeric(values: pl.Series, distinct: int) -> dict[str, Any]:
    found: dict[str, Any] = {"min": as_json(values.min()), "max": as_json(values.max())}
    floats = values.cast(pl.Float64).sort()
    ordered: list[float] = floats.to_list()
    mean, std = floats.mean(), floats.std()
    found["mean"] = _finite(mean)
    found["std"] = _finite(std)
    found["skew"] = _finite(floats.skew()) if distinct > 1 else None
    found["quantiles"] = {str(q): _quantile(ordered, q) for q in QUANTILES}
    found["histogram"] = _histogram(ordered, min(distinct, MOST_BINS))
    return found


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _quantile(ordered: list[float], share: float) -> float:
    """Interpolate linearly between the two nearest ranks (Hyndman and Fan's type 7)."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    part = place - below
    if not part:
        return ordered[below]
    step = ordered[below + 1] - ordered[below]
    if math.isinf(step):
        return ordered[below] * (1 - part) + ordered[below + 1] * part
    return ordered[below] + step * part


def _histogram(ordered: list[float], bins: int) -> tuple[HistogramBin, ...]:
    low, high = ordered[0], ordered[-1]
    width = (high - low) / bins
    if not (width > 0 and math.isfinite(width) and low + width > low):
        return ()
    edges = [low + i * width for i in range(bins)] + [high]
    ranks = [0, *(bisect_left(ordered, edge) for edge in edges[1:-1]), len(ordered)]
    return tuple(
        HistogramBin(low=edges[i], high=edges[i + 1], count=ranks[i + 1] - ranks[i])
        for i in range(bins)
    )


def _top(counts: Counter[Any]) -> tuple[ValueCount, ...]:
    return _counted((as_json(v), n) for v, n in counts.most_common(MOST_VALUES) if n > 1)


def _counted(pairs: Iterable[tuple[Scalar, int]]) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(value=value, count=count) for value, count in pairs)
