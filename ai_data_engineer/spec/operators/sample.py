"""sample: some of the rows, by chance that repeats."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import RowEffect, Step
from ai_data_engineer.spec.schema import Schema


class Sample(Step):
    """Keep some rows by chance, in the order in which they came.

    The same rows in the same order and the same seed give the same sample.
    """

    op: Literal["sample"] = "sample"
    n: int | None = Field(None, ge=0, le=2**31 - 1)
    """How many rows to keep; all where there are fewer."""
    fraction: float | None = Field(None, gt=0, le=1)
    """Which part of the rows to keep, such as 0.1; rounded to whole rows."""
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
        return StepCode(
            code(
                "{rows}.filter(pl.int_range(pl.len()).shuffle(seed={seed}) < {size})",
                rows=inputs[0],
                seed=lit(self.seed),
                size=size,
            )
        )
