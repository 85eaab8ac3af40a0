"""From data files and a goal to a verified pipeline bundle."""

from __future__ import annotations

from prefect import flow
from prefect.runtime import flow_run

from ai_data_engineer import __version__
from ai_data_engineer.requests import GenerateRequest, GenerateResult
from tasks.artifacts import Progress
from tasks.cancelling import confirm_cancelled
from tasks.packaging import check_place, package
from tasks.profiling import profile_all
from tasks.receiving import receive
from tasks.redaction import guard_logs, redacted
from tasks.reporting import report_crash
from tasks.results import RESULTS
from tasks.specifying import Rejected, remember, specify
from tasks.validating import validate


def _run_name() -> str:
    sources = GenerateRequest.model_validate(flow_run.parameters["request"]).sources
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return f"{sources[0].rstrip('/').rpartition('/')[2]}{more}"


@flow(
    name="generate",
    flow_run_name=_run_name,
    version=__version__,
    persist_result=True,
    result_serializer=RESULTS,
    on_cancellation=[confirm_cancelled],
    on_crashed=[report_crash],
)
@redacted
def generate_pipeline(request: GenerateRequest) -> GenerateResult:
    """Make a verified pipeline bundle from data files and a goal in plain words.

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

    rejected = bundle = None
    while bundle is None:
        # It ends: after a few repairs, or twice the same findings, the offline planner takes over.
        progress(30, "Writing the specification")
        proposed = specify(profiles, request, rejected)
        report = validate(proposed, sources)
        if report.is_valid:
            remember(proposed, profiles, request)
            progress(60, "Rendering the project and running it on the sample")
            bundle, report = package(proposed, profiles, sources, request.output, report)
        rejected = Rejected(proposal=proposed, report=report)

    progress(100, "Done")
    return GenerateResult(
        bundle=str(bundle.path),
        sha256=bundle.sha256,
        name=proposed.spec.name,
        provider=proposed.provenance.provider,
        fell_back=proposed.provenance.fell_back,
        fell_back_because=proposed.provenance.fell_back_because,
        tokens=proposed.provenance.tokens,
        cost=proposed.provenance.cost,
        assumptions=tuple(proposed.spec.assumptions),
        warnings=tuple(f"{f.code} {f.pointer}: {f.message}" for f in report.findings),
        run_id=flow_run.id,
        run_name=flow_run.name,
    )
