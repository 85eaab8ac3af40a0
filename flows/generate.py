"""From data files and a goal to a verified pipeline bundle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.requests import GenerateRequest, GenerateResult, Refusal
from ai_data_engineer.specifying.provenance import Specified
from tasks.artifacts import Progress
from tasks.observing import observed
from tasks.packaging import answer, check_place, package
from tasks.profiling import profile_all
from tasks.receiving import Received, receive
from tasks.redaction import guard_logs, redacted
from tasks.reviewing import already, refused, review
from tasks.specifying import Rejected, remember, specify
from tasks.stages import FLOW
from tasks.validating import validate


def named_after(request: GenerateRequest) -> str:
    """Return what a run is called: the name of its first source, and how many more there are."""
    sources = request.sources
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return f"{sources[0].rstrip('/').rpartition('/')[2]}{more}"


def _run_name() -> str:
    return named_after(GenerateRequest.model_validate(flow_run.parameters["request"]))


@flow(
    name="generate",
    flow_run_name=_run_name,
    **FLOW,
)
@observed
@redacted
def generate_pipeline(request: GenerateRequest) -> GenerateResult | State[Refusal]:
    """Make a verified pipeline bundle from data files and a goal in plain words.

    With `review`, the run is suspended until a person has accepted, edited or refused the
    specification; refused, it ends as Completed under the name Refused.

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

    return make_bundle(request, sources, profiles, progress).result


class Made(NamedTuple):
    """What became of a request, and with which specification."""

    proposed: Specified
    result: GenerateResult | State[Refusal]


def make_bundle(
    request: GenerateRequest,
    sources: Sequence[Received],
    profiles: Sequence[FileProfile],
    progress: Progress,
    wanted: Specified | None = None,
) -> Made:
    """Make a verified bundle of sources that were profiled, unless a person refuses it.

    `wanted` is the specification to begin with, where there is one already.
    """
    rejected = bundle = verdict = None
    while bundle is None:
        # It ends: after a few repairs, or twice the same findings, the offline planner takes over.
        progress(30, "Writing the specification")
        at_hand = already(request, sources, rejected, wanted)
        proposed = at_hand or specify(profiles, request, rejected)
        report = validate(proposed, sources)
        if report.is_valid:
            remember(proposed, profiles, request)
            if request.review:
                progress(50, "Waiting for a person's review")
                proposed, report, verdict = review(proposed, report, sources, rejected)
                if verdict.is_refused:
                    progress(100, "Refused")
                    return Made(proposed, refused(proposed, verdict, request, profiles))
            progress(60, "Rendering the project and running it on the sample")
            bundle, report = package(proposed, profiles, sources, request.output, report)
        rejected = Rejected(proposal=proposed, report=report)

    progress(100, "Done")
    return Made(proposed, answer(bundle, proposed, report, verdict))
