"""What stands out in the values of one column: order, outliers, odd shapes, cadence."""

from __future__ import annotations

import math
from typing import Any, Final

import polars as pl

from ai_data_engineer.profiling.cadence import cadence
from ai_data_engineer.profiling.profile import Monotonic, Semantic
from ai_data_engineer.types import LogicalType

FENCES: Final = 3.0
"""Interquartile ranges from the quartiles to the outer fences (Tukey 1977)."""
FEWEST: Final = 20
"""Values that are needed to call one of them odd."""
_FEWEST_IN_ORDER: Final = 5
_ONE_SHAPE: Final = 0.95
"""Share of the texts that must have a shape to call the others odd."""
_QUANTITIES: Final[frozenset[Semantic | None]] = frozenset({None, "measure", "duration"})


def insights(
    values: pl.Series, kind: LogicalType, semantic: Semantic | None, statistics: dict[str, Any]
) -> dict[str, Any]:
    """Return fields of a ColumnProfile for typed values without nulls.

    `statistics` are those fields that were counted before.
    """
    if kind.name == "string":
        return {"off_shape_count": _off_shape_count(statistics, len(values))}
    if kind.is_nested or not (kind.is_numeric or kind.is_temporal):
        return {}
    found: dict[str, Any] = {"monotonic": _monotonic(values, statistics.get("distinct_count", 0))}
    if kind.is_numeric and semantic in _QUANTITIES and len(values) >= FEWEST:
        found |= _outliers(values, statistics)
    if kind.name in ("date", "datetime") and semantic != "birth_date":
        found["cadence"] = cadence(values)
    return found


def _monotonic(values: pl.Series, distinct: int) -> Monotonic | None:
    if len(values) < _FEWEST_IN_ORDER or distinct < 2:
        return None
    is_strict = distinct == len(values)
    if values.is_sorted():
        return "strictly_increasing" if is_strict else "increasing"
    if values.is_sorted(descending=True):
        return "strictly_decreasing" if is_strict else "decreasing"
    return None


def _outliers(values: pl.Series, statistics: dict[str, Any]) -> dict[str, Any]:
    quantiles = statistics.get("quantiles") or {}
    low, high = quantiles.get("0.25"), quantiles.get("0.75")
    if low is None or high is None or not low < high:
        return {}
    reach = FENCES * (high - low)
    fences = (low - reach, high + reach)
    if not all(map(math.isfinite, fences)):
        return {}
    floats = values.cast(pl.Float64)
    outside = 0
    if not fences[0] <= floats.min() or not floats.max() <= fences[1]:
        outside = int(((floats < fences[0]) | (floats > fences[1])).sum())
    return {"outlier_count": outside, "outlier_fences": fences}


def _off_shape_count(statistics: dict[str, Any], total: int) -> int:
    """Return how many texts have another shape than nearly all; 0 for words, which have many."""
    shapes = statistics.get("shapes") or ()
    if total < FEWEST or not shapes:
        return 0
    common = shapes[0]
    is_code = "9" in common.value or "+" not in common.value
    return total - common.count if is_code and common.count >= _ONE_SHAPE * total else 0
