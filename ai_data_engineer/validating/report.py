"""`ValidationReport`: what the three gates found."""

from __future__ import annotations

from ai_data_engineer.document import Document
from ai_data_engineer.errors import AdeError
from ai_data_engineer.spec.findings import Finding


class StepCounts(Document):
    """What a step did with the sample's rows."""

    id: str
    op: str
    rows_in: int
    rows_out: int
    rejected: int = 0


class ValidationReport(Document):
    """The findings of all gates that ran, and the counts of the sample run."""

    findings: tuple[Finding, ...] = ()
    steps: tuple[StepCounts, ...] = ()
    """Empty when the data gate did not run."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make the spec invalid."""
        return tuple(f for f in self.findings if f.severity == "error")

    def with_verification(self, error: AdeError) -> ValidationReport:
        """Return it with the failed verification of the rendered project as an error."""
        finding = Finding(
            code=error.code,
            pointer="",
            message=f"The rendered project does not run: {error.message}",
            hint=error.hint,
            gate="verification",
        )
        return self.model_copy(update={"findings": (*self.findings, finding)})

    @property
    def is_valid(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return not self.errors
