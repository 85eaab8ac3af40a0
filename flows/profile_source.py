"""What is in a source: its profile alone."""

from __future__ import annotations

from prefect import flow
from prefect.runtime import flow_run

from ai_data_engineer.io.addresses import file_name
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.requests import ProfileRequest
from tasks.artifacts import Progress
from tasks.observing import observed
from tasks.profiling import profile, write_page
from tasks.receiving import receive
from tasks.redaction import guard_logs, redacted
from tasks.stages import FLOW


def _run_name() -> str:
    return file_name(ProfileRequest.model_validate(flow_run.parameters["request"]).source)


@flow(
    name="profile",
    flow_run_name=_run_name,
    **FLOW,
)
@observed
@redacted
def profile_source(request: ProfileRequest) -> FileProfile:
    """Measure a source: a sample of it, or every record.

    Raises:
        SourceError: the source cannot be read.
        OutputError: the page cannot be written.
    """
    guard_logs()
    progress = Progress("Reading the source")
    source = receive(request.source)
    found = profile(source, full=request.full)
    if request.page is not None:
        write_page(found, request.page)
    progress(100, "Done")
    return found
