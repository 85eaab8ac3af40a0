"""Validate: pass a proposal through the three gates."""

from __future__ import annotations

from collections.abc import Sequence

from prefect import task

from ai_data_engineer.errors import SpecError
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.validating import ValidationReport
from ai_data_engineer.validating import validate as judge
from tasks import artifacts, events
from tasks.caching import ContentKey
from tasks.measuring import measured
from tasks.receiving import Received
from tasks.redaction import redacted
from tasks.stages import KEPT


@task(name="validate", cache_policy=ContentKey(), **KEPT)
@measured
@redacted
def _validate(proposed: Specified, sources: Sequence[Received]) -> ValidationReport:
    # The sources are only part of the key: the last gate reads from them.
    return judge(proposed.document)


def validate(proposed: Specified, sources: Sequence[Received]) -> ValidationReport:
    """Return what is wrong with a proposal; a spec with warnings alone is valid."""
    report = _validate(proposed, sources)
    artifacts.findings(report)
    if not report.is_valid:
        events.spec_rejected(proposed, report)
    return report


def require_valid(report: ValidationReport) -> None:
    """Raise SpecError naming the first findings when the spec is not valid."""
    if report.is_valid:
        return
    first = "; ".join(f"{f.code} at {f.pointer or '/'}: {f.message}" for f in report.errors[:3])
    more = f" (and {len(report.errors) - 3} more)" if len(report.errors) > 3 else ""
    error = SpecError(f"The specification has findings: {first}{more}", hint="Change the goal.")
    error.exit_code = 1
    raise error
