"""Many sources at once: a pipeline bundle of each, side by side on Dask."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any
from uuid import UUID

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Failed

from ai_data_engineer.batching.request import (
    BatchFailed,
    BatchRequest,
    BatchResult,
    Item,
    Outcome,
)
from ai_data_engineer.io.addresses import redact
from flows.one_source import make_bundle
from tasks import events
from tasks.batching import list_sources, summary
from tasks.cancelling import confirm_cancelled, is_cancelled
from tasks.children import end_children, end_runs
from tasks.fanning_out import Ended, cluster, fan_out
from tasks.observing import observed
from tasks.redaction import guard_logs, redacted
from tasks.reporting import report_crash
from tasks.stages import FLOW

_PROBLEMS = {
    "crashed": (
        "E_CRASHED",
        "The process that worked on it died, twice; memory may have run out. "
        "The log of the Dask worker says more.",
    ),
    "timed_out": ("E_TIMEOUT", "It took longer than a source may. Raise minutes_each."),
    "cancelled": ("E_CANCELLED", "The batch was cancelled."),
}


@flow(
    name="batch",
    **FLOW
    | {
        "on_cancellation": [end_children, confirm_cancelled],
        "on_crashed": [end_children, report_crash],
    },
)
@observed
@redacted
def run_batch(request: BatchRequest) -> BatchResult | State[Any]:
    """Make a bundle of each source; what is wrong with one harms no other.

    Returns the result, in a failed state with a BatchFailed that holds it when some sources have no
    bundle. Run again, it does what is missing: what was done comes from the cache.

    Raises:
        SourceError: the manifest cannot be read.
        AdeError: `E_DASK`, the cluster cannot be used.
    """
    guard_logs()
    started, log = time.monotonic(), get_run_logger()
    sources = list_sources(request)
    log.info("Sources: %d", len(sources.items))

    outcomes: dict[Item, Outcome] = {}
    if sources.items:
        with cluster() as runner:
            for ended in fan_out(
                runner,
                make_bundle,
                sources.items,
                lambda item: {"item": item, "provider": request.provider},
                seconds_each=request.minutes_each * 60,
                is_cancelled=is_cancelled,
            ):
                outcome = outcomes[ended.work] = _outcome(ended)
                log.info(
                    "%d of %d, %s: %s",
                    len(outcomes), len(sources.items), outcome.source, outcome.ending,
                )  # fmt: skip

        # A source whose process died and that was tried again has left a run behind.
        end_runs(UUID(flow_run.id), cancelled=is_cancelled())

    in_order = [outcomes.get(item) or _not_run(item) for item in sources.items]
    result = _result(in_order + sources.unusable, sources.repeated, time.monotonic() - started)
    summary(result)
    events.batch_completed(result, flow_run.id)
    if result.failed:
        error = BatchFailed.of(result)
        return Failed(message=error.message, data=error)
    return result


def _outcome(ended: Ended[Item]) -> Outcome:
    if isinstance(ended.result, Outcome):
        return ended.result
    ending = ended.given_up or "crashed"
    if ending != "cancelled":
        end_runs(UUID(flow_run.id), cancelled=False, named=ended.work.source)
    code, problem = _PROBLEMS[ending]
    return Outcome(
        **_shown(ended.work), ending=ending, code=code, problem=problem, seconds=ended.seconds
    )


def _not_run(item: Item) -> Outcome:
    return Outcome(**_shown(item), ending="not_run")


def _shown(item: Item) -> dict[str, Any]:
    return {"source": redact(item.source), "goal": item.goal}


def _result(outcomes: list[Outcome], repeated: int, seconds: float) -> BatchResult:
    return BatchResult(
        sources=len(outcomes),
        endings=dict(Counter(outcome.ending for outcome in outcomes).most_common()),
        repeated=repeated,
        seconds=seconds,
        outcomes=tuple(outcomes),
    )
