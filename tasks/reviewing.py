"""Review: a person sees a specification, and may edit or refuse it, before it becomes a project.

The run is suspended meanwhile: no process waits. Days later a worker runs the flow again from the
top, so what the person was shown is pinned in the shared store, and what they answered lies with
the run in Prefect's database. Where the pin is lost, a specification that is not word for word the
one that was shown is shown again: the name of a round is made from its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.input.actions import read_flow_run_input
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import ValidationError

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.requests import GenerateRequest, Refusal
from ai_data_engineer.reviewing import Shown, Verdict, as_text, corrected
from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.provenance import OFFLINE, Specified
from ai_data_engineer.validating import ValidationReport
from tasks import artifacts, events
from tasks.asking_a_person import answer_key, ask
from tasks.jobs import job_of_run
from tasks.receiving import Received
from tasks.specifying import Rejected, forget
from tasks.stores import shared_store
from tasks.validating import validate

KEPT_DAYS = 7.0
"""How long a pin outlives the wait for an answer: the run has to get through after it, too."""
CHANGED = "The sources have changed since the specification was shown. It was written anew."
LOST = "What was shown before is no longer kept, and this was written anew."
DOES_NOT_RUN = "The project of the specification that was reviewed does not run."
NOT_YET = "It cannot be accepted yet: it has errors."
UNCHANGED = "`edit` was chosen, and the text is as it was."


class Decided(NamedTuple):
    """What a person decided on, with its report."""

    proposed: Specified
    report: ValidationReport
    verdict: Verdict


def already(
    request: GenerateRequest,
    sources: Sequence[Received],
    rejected: Rejected | None,
    wanted: Specified | None = None,
) -> Specified | None:
    """Return the specification that there is already; None: one is to be written.

    It is the one that a person was shown before this run was suspended, unless the sources have
    changed since; the one of theirs whose project does not run, to be shown again; else the one
    that is wanted.
    """
    if not request.review:
        return wanted if rejected is None else None
    if rejected is not None:
        provenance = rejected.proposal.provenance
        is_theirs = provenance.reviewed == "edited" or (
            provenance.reviewed is not None and provenance.provider == OFFLINE
        )
        return rejected.proposal if is_theirs else None
    pinned = _pinned()
    if pinned is None or pinned.sources != _digests(sources):
        return wanted
    job = job_of_run()
    job.calls = max(job.calls, pinned.calls)
    get_run_logger().info("The specification is the one that was shown for review.")
    return pinned.proposed


def review(
    proposed: Specified,
    report: ValidationReport,
    sources: Sequence[Received],
    rejected: Rejected | None = None,
) -> Decided:
    """Return what a person decided; the run is suspended until they have.

    What they edited passes all three gates; where it does not, it is shown again with what was
    found, as they wrote it.

    Raises:
        AdeError: `E_REVIEW`, nobody could answer: the run has neither a deployment nor a server.
            `E_REVIEW_TIMEOUT`, nobody did.
    """
    shown = _next(proposed, report, sources, rejected)
    given = proposed.document.get("sources", [])
    while True:
        _pin(shown)
        verdict = ask(shown)
        events.review_decided(shown, verdict)
        if verdict.is_refused:
            return Decided(shown.proposed, report, verdict)
        meant, report = _judged(shown, verdict, given, sources)
        is_unchanged = verdict.specification.strip() in ("", shown.text.strip())
        if verdict.decision == "edit" and is_unchanged and report.is_valid:
            note = UNCHANGED
        elif meant is not None and report.is_valid:
            return Decided(meant, report, verdict)
        else:
            note = NOT_YET
        text = verdict.specification.strip() or shown.text
        shown = shown.again(text, report.findings, note)


def refused(
    proposed: Specified,
    verdict: Verdict,
    request: GenerateRequest,
    profiles: Sequence[FileProfile],
) -> State[Refusal]:
    """Return the state of a run that a person refused: it has done what it was asked to.

    The answer of a model that was refused is not given again.
    """
    forget(profiles, request)
    refusal = Refusal(
        name=str(proposed.document.get("name", "")),
        refused_by=verdict.by,
        reason=verdict.reason,
        run_id=flow_run.id,
        run_name=flow_run.name,
    )
    # The reason stays in the result: a state's text goes into logs and notifications.
    said = f"The specification was refused by {verdict.by}. There is no bundle."
    return Completed(name="Refused", message=said, data=refusal)


def _next(
    proposed: Specified,
    report: ValidationReport,
    sources: Sequence[Received],
    rejected: Rejected | None,
) -> Shown:
    """Return the round that was shown before, or the one to be shown now."""
    pinned, digests = _pinned(), _digests(sources)
    if pinned is not None and rejected is None and pinned.sources == digests:
        return pinned
    shown = Shown(
        number=pinned.number + 1 if pinned else 1,
        proposed=proposed,
        text=as_text(proposed.document),
        sources=digests,
        findings=report.findings,
        calls=job_of_run().calls,
    )
    if rejected is not None and pinned is not None and pinned.sources == digests:
        # Between the one that was reviewed and this one, the gates may have refused others.
        was_shown = rejected.proposal.provenance.reviewed is not None
        broken = rejected.report.errors if was_shown else ()
        return shown.with_note(DOES_NOT_RUN, (*broken, *report.findings))
    if pinned is not None:
        return _after_a_change(shown, pinned, sources)
    keys = _keys_before()
    return shown.with_note(LOST) if keys and shown.key not in keys else shown


def _after_a_change(shown: Shown, before: Shown, sources: Sequence[Received]) -> Shown:
    """Return the round for other content, with what the person wrote for the former."""
    answered = read_flow_run_input(answer_key(before), flow_run_id=UUID(flow_run.id))
    try:
        verdict = Verdict.model_validate(answered or {})
    except ValidationError:
        return shown.with_note(CHANGED)
    if verdict.specification.strip() in ("", before.text.strip()):
        return shown.with_note(CHANGED)
    _, report = _judged(shown, verdict, shown.proposed.document.get("sources", []), sources)
    note = "The sources have changed since the specification was shown. This is what you wrote."
    return shown.again(verdict.specification, report.findings, note)


def _judged(
    shown: Shown, verdict: Verdict, given: Sequence[dict[str, object]], sources: Sequence[Received]
) -> tuple[Specified | None, ValidationReport]:
    meant, findings = corrected(shown, verdict, given)
    if meant is None:
        report = ValidationReport(findings=findings)
        artifacts.findings(report)
        return None, report
    if meant.document != shown.proposed.document:
        artifacts.specification(meant)
    return meant, validate(meant, sources)


def _digests(sources: Sequence[Received]) -> tuple[str, ...]:
    return tuple(source.digest for source in sources)


def _place() -> str:
    return f"review/{flow_run.id}"


def _pinned() -> Shown | None:
    """Return what this run was suspended with; None where it was not, or it is lost."""
    kept = shared_store().get(_place())
    try:
        return Shown.from_json(kept) if kept is not None else None
    except ValidationError:
        return None  # of another version, or damaged: as good as lost


def _pin(shown: Shown) -> None:
    seconds = (load_settings().review_days + KEPT_DAYS) * 86_400
    shared_store().put(_place(), shown.to_json().encode(), seconds=seconds)


def _keys_before() -> set[str]:
    """Return the names of the rounds that this run was suspended for."""
    with get_client(sync_client=True) as client:
        policy = client.read_flow_run(UUID(flow_run.id)).empirical_policy
    return {key for key in policy.pause_keys or () if key.startswith("review-")}
