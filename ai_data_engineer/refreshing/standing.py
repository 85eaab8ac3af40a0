"""Whether a pipeline still fits its sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ai_data_engineer.document import Document
from ai_data_engineer.profiling.drift import Drift, compare
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.validating import ValidationReport

_WITH_FIGURES = {"D_RECORDS", "D_NULLS", "D_REJECTED", "D_DUPLICATES"}
"""Changes whose messages count: they read otherwise every day, and are the same change."""


class Standing(Document):
    """What changed of each source, and what the gates find of the specification now."""

    drifts: tuple[Drift, ...]
    """One for each source, in order."""
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the pipeline may go on: nothing critical changed, and all three gates pass.

        Warnings say that its figures may mislead; that is no matter of its specification.
        """
        return not self.errors and all(drift.severity != "critical" for drift in self.drifts)

    @property
    def is_emptied(self) -> bool:
        """Whether a source has no record left: there is nothing to make a specification of."""
        return any(
            change.code == "D_RECORDS" and change.severity == "critical"
            for drift in self.drifts
            for change in drift.changes
        )

    @property
    def digest(self) -> str:
        """Digest of what does not fit: two runs that find the same have the same."""
        changes = [
            [number, change.code, change.column, _said(change.code, change.message)]
            for number, drift in enumerate(self.drifts)
            for change in drift.changes
            if change.severity == "critical"
        ]
        findings = sorted({(f.code, f.pointer) for f in self.errors})
        parts = json.dumps([sorted(changes, key=json.dumps), findings])
        return hashlib.sha256(parts.encode()).hexdigest()


def _said(code: str, message: str) -> str:
    return "" if code in _WITH_FIGURES else message


def standing(
    before: Sequence[FileProfile], after: Sequence[FileProfile], report: ValidationReport
) -> Standing:
    """Return how a pipeline stands.

    `before` are the profiles that it was made for, `after` those of the same sources now, and
    `report` is what the gates find of its specification on the sources as they are now.
    """
    return Standing(
        drifts=tuple(compare(one, other) for one, other in zip(before, after, strict=True)),
        errors=report.errors,
        warnings=tuple(f for f in report.findings if f.severity == "warning"),
    )
