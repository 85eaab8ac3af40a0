"""Mean, standard deviation and skew of numbers that come in parts.

The sums of powers of deviations from the mean merge without loss of digits: formulas 2.1 and
1.1-1.4 of P. Pébay, "Formulas for robust, one-pass parallel computation of covariances and
arbitrary-order statistical moments", Sandia report SAND2008-6212 (after Chan, Golub, LeVeque 1979).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Moments:
    """Count, mean, and the sums of the squares and cubes of the deviations from it."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    cubes: float = 0.0

    @classmethod
    def of(cls, values: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> Moments:
        """Return the moments of finite numbers, each counted `weights` times."""
        if not len(values):
            return cls()
        # Numbers near the largest double overflow in the squares: then there is no deviation.
        with np.errstate(over="ignore", invalid="ignore"):
            if weights is None:
                count, mean = len(values), float(values.mean())
                deviations = values - mean
                products = deviations * deviations
                squares = float(products.sum())
                products *= deviations
                return cls(count, mean, squares, float(products.sum()))
            total = float(weights.sum())
            mean = float((values * weights).sum() / total)
            deviations = values - mean
            products = deviations * deviations * weights
            return cls(
                int(total), mean, float(products.sum()), float((products * deviations).sum())
            )

    def merged(self, other: Moments) -> Moments:
        """Return the moments of both parts together."""
        if not self.count or not other.count:
            return self if self.count else other
        n1, n2 = self.count, other.count
        n = n1 + n2
        delta = other.mean - self.mean
        try:
            squares = self.squares + other.squares + delta**2 * n1 * n2 / n
            cubes = (
                self.cubes
                + other.cubes
                + delta**3 * n1 * n2 * (n1 - n2) / n**2
                + 3 * delta * (n1 * other.squares - n2 * self.squares) / n
            )
        except OverflowError:
            squares = cubes = math.inf
        return Moments(n, self.mean + delta * n2 / n, squares, cubes)

    @property
    def std(self) -> float | None:
        """Sample standard deviation (n - 1)."""
        if self.count < 2 or not math.isfinite(self.squares):
            return None
        return math.sqrt(max(self.squares, 0.0) / (self.count - 1))

    @property
    def skew(self) -> float | None:
        """Skewness g1: the third moment over the second one to the power of 1.5."""
        if self.count < 2 or not (math.isfinite(self.squares) and math.isfinite(self.cubes)):
            return None
        variance = self.squares / self.count
        # Equal values deviate from their mean by rounding alone.
        if variance <= (1e-12 * self.mean) ** 2:
            return None
        return float(self.cubes / self.count / variance**1.5)
