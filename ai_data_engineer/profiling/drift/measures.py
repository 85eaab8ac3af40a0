"""How far two distributions are apart, and how far they would be by chance alone.

Each measure comes with the bound that two samples of one population exceed once in a thousand
times, so that small samples raise no false alarm.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence

_Z = 3.09
"""Of the normal distribution at 0.999."""
_KS = 1.95
"""Of Kolmogorov's distribution at 0.999 (two-sided)."""

Point = tuple[float, float]
"""A value and the share of values up to it."""


def share_difference(count: int, total: int, other: int, other_total: int) -> float:
    """Return second share minus first one; 0 where either total is."""
    if not total or not other_total:
        return 0.0
    return other / other_total - count / total


def shares_differ(count: int, total: int, other: int, other_total: int) -> bool:
    """Return whether two shares differ beyond chance: the two-proportion z test, pooled."""
    if not total or not other_total:
        return False
    pooled = (count + other) / (total + other_total)
    error = math.sqrt(pooled * (1 - pooled) * (1 / total + 1 / other_total))
    difference = abs(share_difference(count, total, other, other_total))
    return difference > _Z * error if error else difference > 0


def stability_index(before: Mapping[object, int], after: Mapping[object, int]) -> float:
    """Return the population stability index of two tables of counts (Siddiqi, 2006).

    Half a count is added to each class, so that one that is empty on a side stays finite.
    """
    classes = before.keys() | after.keys()
    total = sum(before.values()) + len(classes) / 2
    other = sum(after.values()) + len(classes) / 2
    index = 0.0
    for key in classes:
        p, q = (before.get(key, 0) + 0.5) / total, (after.get(key, 0) + 0.5) / other
        index += (q - p) * math.log(q / p)
    return index


def stability_bound(classes: int, total: int, other: int) -> float:
    """Return the index that chance alone exceeds once in a thousand times.

    Without drift it is (1/n + 1/m) times a chi-square of classes - 1 degrees of freedom (Yurdakul
    and Naranjo, 2020), whose quantile follows Wilson and Hilferty (1931).
    """
    degrees = max(1, classes - 1)
    spread = 2 / (9 * degrees)
    quantile = degrees * (1 - spread + _Z * math.sqrt(spread)) ** 3
    return (1 / total + 1 / other) * quantile


def distance(before: Sequence[Point], after: Sequence[Point]) -> float:
    """Return the Kolmogorov-Smirnov distance of two distribution functions, linear between points.

    Between lines the largest distance lies at a point of either.
    """
    values = sorted({value for value, _ in (*before, *after)})
    return max(abs(_share_at(after, value) - _share_at(before, value)) for value in values)


def distance_bound(total: int, other: int) -> float:
    """Return the distance that chance alone exceeds once in a thousand times (Smirnov, 1948)."""
    return _KS * math.sqrt((total + other) / (total * other))


def _share_at(points: Sequence[Point], value: float) -> float:
    place = bisect_left(points, (value, -1.0))
    if place == 0:
        return points[0][1] if value == points[0][0] else 0.0
    if place == len(points):
        return 1.0
    (left, below), (right, above) = points[place - 1], points[place]
    return below + (above - below) * (value - left) / (right - left) if right > left else above
