"""`Drift`: what changed between two profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ai_data_engineer.document import Document

Severity = Literal["critical", "warning", "info"]
"""`critical`: a pipeline made for the first source refuses or misreads the second. `warning`: it
runs, and its figures may mislead. `info`: good to know."""

Measure = Literal["share", "psi", "ks", "ratio"]
"""`share`: difference of two shares, from -1 to 1. `psi`: population stability index, from 0 up.
`ks`: Kolmogorov-Smirnov distance, from 0 to 1. `ratio`: second by first."""

SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")


class Change(Document):
    """One difference. Messages hold counts and names, never values."""

    code: str
    """`D_…`, such as `D_COLUMN_GONE`."""
    severity: Severity
    message: str
    column: str | None = None
    """Name as found in the second source, or in the first one where it is gone."""
    measure: Measure | None = None
    value: float | None = None
    """Of the measure."""


class Drift(Document):
    """What changed from one profile (`before`) to another (`after`)."""

    drift_version: Literal["1"] = "1"
    before: str
    """Address of the first source, without credentials."""
    after: str
    changes: tuple[Change, ...] = ()
    """Worst first, then in the order of the columns."""

    @property
    def severity(self) -> Severity | None:
        """The worst of the changes; None when there is none."""
        return self.changes[0].severity if self.changes else None


def ranked(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes, worst first, else in their order."""
    return tuple(sorted(changes, key=lambda change: SEVERITIES.index(change.severity)))
