"""sample: some of the rows, by chance that repeats."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import RowEffect, Step
from ai_data_engineer.spec.operators.writing import local
from ai_data_engineer.spec.schema import Schema

PRIME = 2**31 - 1
"""Products of two numbers below it fit 64 bits with room for a third."""


class Sample(Step):
    """Keep some rows by chance, in the order in which they came.

    The same number of rows and the same seed keep the same places, on every engine. The row at
    place i (from 0) draws the number ((a·i + b)·i + c)·i + d modulo p = 2³¹ − 1, and the rows with
    the smallest numbers are kept, of equal numbers the earlier row. a, b, c and d are the first
    four groups of eight digits of the SHA-256 of the seed's decimal digits, modulo p. Over the
    seeds such numbers are as good as independent for any four rows (M. N. Wegman and J. L. Carter,
    "New hash functions and their use in authentication and set equality", 1981).
    """

    op: Literal["sample"] = "sample"
    n: int | None = Field(None, ge=0, le=2**31 - 1)
    """How many rows to keep; all where there are fewer."""
    fraction: float | None = Field(None, gt=0, le=1)
    """Which part of the rows to keep, such as 0.1; rounded to whole rows, half up."""
    seed: int = Field(0, ge=0, le=2**31 - 1)
    """Another seed gives another sample."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [{"n": 1000}, {"fraction": 0.1, "seed": 7}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        if (self.n is None) == (self.fraction is None):
            findings.at("n").error("E_PARAMETERS", "How many rows?", "Give `n` or `fraction`.")
            return None
        return inputs[0]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        size = lit(self.n)
        if self.fraction is not None:
            size = code(
                '(pl.len() * {part}).round(mode="half_away_from_zero")', part=lit(self.fraction)
            )
        place, drawn = local("place", inputs), local("drawn", inputs)
        a, b, c, d = map(lit, self._coefficients())
        numbers = code(
            "{drawn} = ((({a} * {i} + {b}) % {p} * {i} + {c}) % {p} * {i} + {d}) % {p}",
            drawn=drawn, a=a, b=b, c=c, d=d, i=place, p=lit(PRIME),
        )  # fmt: skip
        return StepCode(
            code(
                '{rows}.filter({drawn}.rank("ordinal") <= {size})',
                rows=inputs[0],
                drawn=drawn,
                size=size,
            ),
            before=(code("{i} = pl.int_range(pl.len()) % {p}", i=place, p=lit(PRIME)), numbers),
        )

    def _coefficients(self) -> list[int]:
        digest = hashlib.sha256(str(self.seed).encode()).hexdigest()
        return [int(digest[i : i + 8], 16) % PRIME for i in range(0, 32, 8)]
