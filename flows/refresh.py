"""A pipeline that is made once and watched over: does it still fit what its sources have become?"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from ai_data_engineer.refreshing.requests import RefreshRequest, RefreshResult
from ai_data_engineer.requests import Refusal
from flows.generate import make_bundle, named_after
from tasks.artifacts import Progress
from tasks.observing import observed
from tasks.packaging import check_place
from tasks.profiling import profile_all
from tasks.receiving import receive
from tasks.redaction import guard_logs, redacted
from tasks.refreshing import (
    drifted,
    in_use,
    may_replace,
    proposal_for,
    put_to_use,
    stands,
    unchanged,
)
from tasks.stages import FLOW


def _run_name() -> str:
    return named_after(RefreshRequest.model_validate(flow_run.parameters["request"]))


@flow(
    name="refresh",
    flow_run_name=_run_name,
    **FLOW,
)
@observed
@redacted
def refresh_pipeline(request: RefreshRequest) -> State[RefreshResult] | State[Refusal]:
    """Make a pipeline the first time; from then on, say whether it still fits its sources.

    Where it does not, a specification is proposed and the run ends as Completed under the name
    Drifted. Only a person puts it in the place of the one in use: by `accept` in a later run, or in
    a `review`.

    Raises:
        SourceError: a source cannot be read.
        OutputError: the bundle may not be put where the request says.
        SpecError: not even the offline planner found a valid specification.
        VerificationError: the rendered project does not run on the sample.
    """
    guard_logs()
    check_place(request.output)
    progress = Progress("Reading the sources")

    sources = [receive(uri) for uri in request.sources]
    profiles = profile_all(sources)

    used, now, proposed = in_use(request), None, None
    if used is not None:
        progress(20, "Comparing the sources with what the pipeline was made for")
        now = stands(used, profiles, sources)
        if now.fits:
            progress(100, "Done")
            return unchanged(request, used, now)
        proposal = proposal_for(request, used, now, profiles, sources)
        if not may_replace(request, used, proposal):
            progress(100, "Done")
            return drifted(used, now, proposal)
        proposed = proposal.proposed

    proposed, result = make_bundle(request, sources, profiles, progress, proposed)
    if isinstance(result, State):
        return result  # a person refused it
    return put_to_use(request, proposed, result, profiles, now)
