"""One run: sources, steps, expectations and outputs are noted down, then computed in one pass.

Polars takes everything at once, so what several outputs share is computed once and in bounded
memory. Every row is accounted for: read = kept + rejected at each source, in = out + rejected (+
removed on purpose) at each step; a run whose counts do not add up is not published.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import polars as pl

from ai_data_engineer.errors import AdeError, ExpectationError, OutputError
from ai_data_engineer.rendering.runtime.expectations import Expectation, conclude, measures

REASON = "__reason"
Take = Callable[[pl.DataFrame], None]
StepResult = pl.LazyFrame | tuple[pl.LazyFrame, pl.LazyFrame]


@dataclass
class Rows:
    """The rows behind a source or a step."""

    id: str
    frame: pl.LazyFrame
    count: int = 0

    def counted(self, counted: pl.DataFrame) -> None:
        """Take the count from a frame with one value."""
        self.count = counted.item()


@dataclass
class Step:
    """What is counted of a step."""

    id: str
    effect: str
    inputs: list[Rows]
    kept: Rows
    rejected: int = 0

    @property
    def rows_in(self) -> int:
        """Rows that came in, over all inputs."""
        return sum(rows.count for rows in self.inputs)

    @property
    def removed(self) -> int:
        """Rows that went on purpose."""
        return self.rows_in - self.kept.count - self.rejected

    def entry(self) -> dict[str, Any]:
        """Return the step's entry in the report."""
        entry = {
            "id": self.id,
            "rows_in": self.rows_in,
            "rows_out": self.kept.count,
            "rejected": self.rejected,
        }
        return entry if self.effect == "reshapes" else {**entry, "removed": self.removed}

    def check(self) -> None:
        """Raise AdeError when rows were lost or came from nowhere."""
        wrong = {"keeps": self.removed != 0, "removes": self.removed < 0, "reshapes": False}
        if wrong[self.effect]:
            raise AdeError(
                f"the rows do not add up: {self.rows_in} in, {self.kept.count} out, "
                f"{self.rejected} rejected.",
                code="E_ROW_COUNT",
                location=f"step `{self.id}`",
            )


def failure(text: str) -> str:
    """Return what may be said of an exception: our own reason, else nothing of its text.

    The exceptions of polars quote cells; those that rendered steps raise name the column only.
    """
    if said := re.search(r"E_CONVERSION ([^\n]+?: not an? [a-z0-9<>(), ]+)", text):
        return f"a value does not convert ({said[1].strip()})."
    return "it cannot be computed on these rows."
