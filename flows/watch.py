"""Tell of files that arrive in folders and buckets: `ade.file.arrived`, once for each."""

from __future__ import annotations

from prefect import flow
from prefect.logging import get_run_logger

from ai_data_engineer.watching.request import WatchRequest, WatchResult
from tasks.observing import observed
from tasks.redaction import guard_logs, redacted
from tasks.stages import FLOW
from tasks.watching import look


@flow(
    name="watch",
    **FLOW,
)
@observed
@redacted
def watch_places(request: WatchRequest) -> WatchResult:
    """Look once at the places; a schedule looks again and again.

    Raises:
        SourceError: a place is not there or cannot be read; the others were looked at.
        TransientError: the storage, the store or the server does not answer.
    """
    guard_logs()
    result = look(request)
    log = get_run_logger()
    log.info("Files that arrived: %d; still changing: %d", result.arrived, result.changing)
    if result.known_from_now:
        log.info("Files that were there at the first look: %d", result.known_from_now)
    for uri in result.unusable:
        log.warning("A request cannot hold this address; rename the file: %r", uri)
    return result
