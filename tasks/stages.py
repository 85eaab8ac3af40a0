"""What all stages have in common, and what all flows."""

from __future__ import annotations

from typing import Any

from prefect.cache_policies import NO_CACHE

from ai_data_engineer import __version__
from tasks.caching import EXPIRATION
from tasks.cancelling import confirm_cancelled
from tasks.reporting import report_crash
from tasks.results import RESULTS
from tasks.retrying import BACKOFF_SECONDS, JITTER, RETRIES, is_transient

RETRIED: dict[str, Any] = {
    "retries": RETRIES,
    "retry_delay_seconds": BACKOFF_SECONDS,
    "retry_jitter_factor": JITTER,
    "retry_condition_fn": is_transient,
}
"""For a task that reaches for what lies elsewhere."""

KEPT: dict[str, Any] = {
    **RETRIED,
    "persist_result": True,
    "result_serializer": RESULTS,
    "cache_expiration": EXPIRATION,
}
"""For a stage whose result is a document that later runs may use; goes with a `ContentKey`."""

NOT_KEPT: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
"""For a task that looks anew each time; said aloud, for a server's default may be to keep all."""

FLOW: dict[str, Any] = {
    "version": __version__,
    "persist_result": True,
    "result_serializer": RESULTS,
    "on_cancellation": [confirm_cancelled],
    "on_crashed": [report_crash],
}
"""For a flow; between it and its function stand `@observed` and `@redacted`."""
