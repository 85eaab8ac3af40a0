"""Refresh: what is remembered of a pipeline in use, and what is proposed when it no longer fits.

It is remembered in the shared store, without an expiry: results may expire, and workers may be
on other machines.
"""

from __future__ import annotations

from collections.abc import Sequence

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import ValidationError

from ai_data_engineer.errors import AdeError
from ai_data_engineer.packaging.places import beside, publish_text
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.refreshing import InUse, Proposal, Standing, key_of
from ai_data_engineer.refreshing import standing as compare
from ai_data_engineer.refreshing.requests import RefreshRequest, RefreshResult
from ai_data_engineer.requests import GenerateResult
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.policy import check_output
from ai_data_engineer.specifying.provenance import Specified
from tasks import artifacts, events
from tasks.receiving import Received
from tasks.specifying import Rejected, remember, specify
from tasks.stores import shared_store
from tasks.validating import validate


def in_use(request: RefreshRequest) -> InUse | None:
    """Return the pipeline that is in use for these sources and goal; None: there is none yet.

    Raises:
        AdeError: `E_IN_USE`, what is remembered cannot be read. It is not taken for nothing: a
            pipeline would be made anew that nobody asked for.
        TransientError: `E_STORE`, the store cannot be reached.
    """
    kept = shared_store().get(key_of(request))
    if kept is None:
        return None
    try:
        return InUse.from_json(kept)
    except ValidationError:
        pass
    raise AdeError(
        "What is remembered of the pipeline in use was written by another version.",
        code="E_IN_USE",
        location=key_of(request),
        hint="Go back to that version, or remove the key from the store to have it made anew.",
    )


def stands(used: InUse, profiles: Sequence[FileProfile], sources: Sequence[Received]) -> Standing:
    """Return what has changed since the pipeline was made, and what the gates find of it now."""
    return compare(used.profiles, profiles, validate(used.proposed, sources))


def unchanged(request: RefreshRequest, used: InUse, now: Standing) -> State[RefreshResult]:
    """Return the state of a run that found all well; what was proposed before is forgotten."""
    if used.proposal is not None:
        _put(request, used.model_copy(update={"proposal": None}))
    told = sum(len(drift.changes) for drift in now.drifts)
    more = f" {told} change(s) of its data are in the artifact `drift`." if told else ""
    artifacts.drift_report(used, now)
    return Completed(
        message=f"`{used.proposed.spec.name}` still fits its sources: nothing was made.{more}",
        data=_result("unchanged", used, now),
    )


def proposal_for(
    request: RefreshRequest,
    used: InUse,
    now: Standing,
    profiles: Sequence[FileProfile],
    sources: Sequence[Received],
) -> Proposal:
    """Return what is proposed in place of a pipeline that no longer fits.

    The same drift is proposed for, and told of, once; what was proposed for it is given again,
    unless a person is about to accept it and it does not hold for today's data.
    """
    before = used.proposal
    if before is not None and before.drift == now.digest and _holds(before, request, sources):
        _report(request, used, now, before)
        return before
    proposed = None if now.is_emptied else _valid_one(request, profiles, sources)
    proposal = Proposal(
        drift=now.digest,
        run_id=flow_run.id,
        proposed=proposed,
        path=None if proposed is None else _written(proposed, used),
    )
    _put(request, used.model_copy(update={"proposal": proposal}))
    events.schema_drifted(used, now, proposal)
    _report(request, used, now, proposal)
    return proposal


def may_replace(request: RefreshRequest, used: InUse, proposal: Proposal) -> bool:
    """Return whether this run may put what is proposed in the place of what is in use.

    A person has to have been able to see it: it was proposed by an earlier run, or it is reviewed
    in this one. A drift that waits for a review is not put up for another one.
    """
    if proposal.proposed is None:
        return False
    was_seen = used.proposal is not None and used.proposal.drift == proposal.drift
    if request.accept and was_seen and used.proposal == proposal:
        return True
    return _is_reviewed_here(request, proposal)


def drifted(used: InUse, now: Standing, proposal: Proposal) -> State[RefreshResult]:
    """Return the state of a run that found a drift: Completed, under a name that stands out."""
    is_new = proposal.run_id == flow_run.id
    said = f"`{used.proposed.spec.name}` no longer fits its sources; it was left as it is."
    if proposal.proposed is None:
        said += " No record is left: nothing is proposed."
    elif is_new:
        said += " A specification is proposed: look at the artifact `drift`, and run this with"
        said += " `accept` to take it."
    else:
        said += " What was proposed for that before is still to be had with `accept`."
    return Completed(
        name="Drifted", message=said, data=_result("drifted", used, now, proposal, is_new=is_new)
    )


def put_to_use(
    request: RefreshRequest,
    proposed: Specified,
    made: GenerateResult,
    profiles: Sequence[FileProfile],
    now: Standing | None,
) -> State[RefreshResult]:
    """Remember a pipeline as the one in use, and return the state of the run that made it."""
    used = InUse(
        proposed=proposed, profiles=tuple(profiles), bundle=made.bundle, sha256=made.sha256
    )
    _put(request, used)
    result = _result("made" if now is None else "accepted", used, now)
    # The findings of `now` are those of the pipeline that was replaced.
    data = result.model_copy(update={"findings": made.warnings, "reviewed_by": made.reviewed_by})
    how = "was made" if now is None else "was made anew for what its sources have become"
    said = f"`{made.name}` {how}: its bundle is {made.bundle}."
    return Completed(message=said, data=data)


def _is_reviewed_here(request: RefreshRequest, proposal: Proposal) -> bool:
    return request.review and proposal.run_id == flow_run.id


def _report(request: RefreshRequest, used: InUse, now: Standing, proposal: Proposal) -> None:
    # Before a review begins: whoever reviews has to see what changed.
    is_reviewed = _is_reviewed_here(request, proposal)
    artifacts.drift_report(used, now, proposal, is_reviewed=is_reviewed)


def _holds(before: Proposal, request: RefreshRequest, sources: Sequence[Received]) -> bool:
    if before.proposed is None or not request.accept:
        return True
    return validate(before.proposed, sources).is_valid


def _valid_one(
    request: RefreshRequest, profiles: Sequence[FileProfile], sources: Sequence[Received]
) -> Specified:
    """Return a specification that passes the gates; it ends as the loop of `generate` does."""
    rejected = None
    while True:
        proposed = specify(profiles, request, rejected)
        report = validate(proposed, sources)
        if report.is_valid:
            remember(proposed, profiles, request)
            return proposed
        rejected = Rejected(proposal=proposed, report=report)


def _written(proposed: Specified, used: InUse) -> str:
    """Put the specification beside the bundle in use, a file or an object, and return where."""
    name = f"{proposed.spec.name}-proposed-{proposed.content_digest()[:12]}.json"
    place = beside(used.bundle, name)
    check_output(place, load_settings())
    publish_text(proposed.spec.to_json(), place)
    return place


def _result(
    outcome: str,
    used: InUse,
    now: Standing | None,
    proposal: Proposal | None = None,
    *,
    is_new: bool = False,
) -> RefreshResult:
    found = (*now.errors, *now.warnings) if now else ()
    return RefreshResult.model_validate(
        {
            "outcome": outcome,
            "name": used.proposed.spec.name,
            "bundle": used.bundle,
            "sha256": used.sha256,
            "drifts": now.drifts if now else (),
            "findings": tuple(f"{f.code} {f.pointer}: {f.message}" for f in found),
            "proposal": proposal.path if proposal else None,
            "is_new": is_new,
            "run_id": flow_run.id,
            "run_name": flow_run.name,
        }
    )


def _put(request: RefreshRequest, used: InUse) -> None:
    shared_store().put(key_of(request), used.to_json().encode())
