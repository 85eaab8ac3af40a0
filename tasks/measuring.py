"""What a run counts for the exporter: kept in memory, and added to the shared store in one go.

Whatever goes wrong here, the run goes on. Outside of a run nothing is counted.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from prefect.context import TaskRunContext
from prefect.runtime import flow_run

from ai_data_engineer.errors import AdeError
from ai_data_engineer.metrics import catalogue
from ai_data_engineer.metrics.tally import Tally, save
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.provenance import Attempt, Specified
from tasks.key_events import stage_done
from tasks.stores import shared_store

P = ParamSpec("P")
R = TypeVar("R")

SURE_AFTER = 5.0
"""Seconds after which a stage whose key was asked for and which did not begin was a hit."""
REMEMBERED = 90 * 86_400.0
"""Seconds for which an event with an id of its own is known to be counted."""
_CODE = re.compile(r"E_[A-Z0-9_]{1,40}")
_BY_EVENT = {
    "ade.spec.rejected": catalogue.SPECS_REJECTED,
    "ade.bundle.published": catalogue.BUNDLES,
    "ade.schema.drifted": catalogue.DRIFTS,
    "ade.file.arrived": catalogue.ARRIVALS,
    "ade.review.decided": catalogue.REVIEWS_DECIDED,
}


class _Counting:
    """The counts of this process that are not in the store yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tally = Tally()
        self.looked_up: dict[str, tuple[str, float]] = {}
        """Run of a task → its stage, and when its key was asked for."""
        self.sizes: dict[str, int] = {}
        """Run → bytes of its sources."""


_now = _Counting()


@contextlib.contextmanager
def _counting() -> Iterator[_Counting]:
    with _now.lock:
        yield _now


def _quietly(count: Callable[P, None]) -> Callable[P, None]:
    """Count within a run, and never fail it."""

    @functools.wraps(count)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        if flow_run.id is None:
            return
        try:
            count(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a figure is not worth a run
            logging.getLogger(__name__).debug("A figure is lost (%s).", type(error).__name__)

    return run


def measured(stage: Callable[P, R]) -> Callable[P, R]:
    """Time a stage that is executed; one that the cache serves is never called, and counts as hit.

    Goes between `@task` and `@redacted`, so that failures have codes.
    """

    @functools.wraps(stage)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        context = TaskRunContext.get()
        name = context.task.name if context else stage.__name__.lstrip("_")
        _begun()
        start = time.perf_counter()
        try:
            result = stage(*args, **kwargs)
        except AdeError as error:
            _failed(name, error.code)
            raise
        _done(name, time.perf_counter() - start, result)
        return result

    return run


@_quietly
def looked_up(stage: TaskRunContext) -> None:
    """Note that a stage's key was asked for: unless it begins, the cache had its result."""
    with _counting() as now:
        now.looked_up[str(stage.task_run.id)] = (stage.task.name, time.monotonic())


@_quietly
def unusable(stage: str) -> None:
    """Count a result of the cache that was not used, such as that of a bundle that is gone."""
    with _counting() as now:
        _count_hits(now, all_of_them=True)
        series = (catalogue.CACHE.name, (stage, "hit"))
        if now.tally.counts.pop(series, [0])[0] > 1:
            now.tally.add(catalogue.CACHE, stage, "hit")
        now.tally.add(catalogue.CACHE, stage, "unusable")


@_quietly
def received(size: int) -> None:
    """Count a source that was read whole, in bytes as stored; the run is of its size class."""
    with _counting() as now:
        run = str(flow_run.id)
        now.sizes[run] = now.sizes.get(run, 0) + size
        now.tally.add(catalogue.BYTES, "receive", by=size)


@_quietly
def specified(proposed: Specified, before: Specified | None) -> None:
    """Count what the attempts cost that were made since `before`."""
    earlier = len(before.provenance.attempts) if before else 0
    attempts = () if proposed.from_cache else proposed.provenance.attempts[earlier:]
    with _counting() as now:
        for attempt in attempts:
            if attempt.is_model:
                _count_attempt(now.tally, attempt)
        if proposed.provenance.fell_back and attempts:
            asked = proposed.provenance.asked
            reason = (asked[-1].error if asked else None) or "findings"
            now.tally.add(catalogue.FALLBACKS, reason)


def _count_attempt(tally: Tally, attempt: Attempt) -> None:
    provider = attempt.provider
    if attempt.findings:
        tally.add(catalogue.REPAIRS, provider)
    if attempt.shared:
        return  # who asked has counted it
    failures = [*attempt.failures]
    if attempt.error and len(failures) < attempt.calls:
        failures.append(attempt.error)
    for code in failures:
        tally.add(catalogue.MODEL_REQUESTS, provider, _code(code))
    if answered := attempt.calls - len(failures):
        tally.add(catalogue.MODEL_REQUESTS, provider, "ok", by=max(0, answered))
    tally.add(catalogue.MODEL_TOKENS, provider, "sent", by=attempt.input_tokens)
    tally.add(catalogue.MODEL_TOKENS, provider, "answered", by=attempt.output_tokens)
    tally.add(catalogue.MODEL_COST, provider, by=attempt.cost or 0)


@_quietly
def happened(event: str, payload: Mapping[str, Any], id: UUID | None = None) -> None:
    """Count one of our events; one with an id of its own counts once, however often it is told."""
    if id is not None and not _is_first(id):
        return
    with _counting() as now:
        if metric := _BY_EVENT.get(event):
            now.tally.add(metric)
        elif event == "ade.batch.completed":
            sources = payload.get("sources", 0)
            size = sources if isinstance(sources, int) else len(sources)
            now.tally.observe(catalogue.BATCH_SOURCES, value=size)
        elif event == "ade.maintenance.completed" and not (
            payload.get("failed") or payload.get("dry_run")
        ):
            now.tally.note_time(catalogue.MAINTAINED, now=time.time())


def _is_first(id: UUID) -> bool:
    def change(value: bytes | None) -> tuple[bytes | None, bool]:
        return b"told", value is None

    return shared_store().update(f"metrics/told/{id}", change, seconds=REMEMBERED)


@_quietly
def finish() -> None:
    """Add everything to the store: the run ends here, or is suspended."""
    with _counting() as now:
        now.sizes.pop(str(flow_run.id), None)
    _flush(all_of_them=True)


@_quietly
def _begun() -> None:
    context = TaskRunContext.get()
    with _counting() as now:
        stage = now.looked_up.pop(str(context.task_run.id), None) if context else None
        if stage is not None:
            now.tally.add(catalogue.CACHE, stage[0], "miss")


@_quietly
def _failed(stage: str, code: str) -> None:
    with _counting() as now:
        now.tally.add(catalogue.STAGE_FAILURES, stage, _code(code))
    _flush()


@_quietly
def _done(stage: str, seconds: float, result: object) -> None:
    with _counting() as now:
        size = catalogue.size_class(now.sizes.get(str(flow_run.id)))
        now.tally.observe(catalogue.STAGE_SECONDS, stage, size, value=seconds)
        if isinstance(result, FileProfile):
            records = result.records
            now.tally.add(catalogue.BYTES, stage, by=result.bytes_read)
            accepted = max(0, records.read - records.rejected)
            now.tally.add(catalogue.RECORDS, "accepted", by=accepted)
            now.tally.add(catalogue.RECORDS, "rejected", by=records.rejected)
    stage_done(stage, seconds, size)
    _flush()


def _flush(*, all_of_them: bool = False) -> None:
    with _counting() as now:
        _count_hits(now, all_of_them=all_of_them)
        tally, now.tally = now.tally, Tally()
    save(shared_store(), tally)


def _count_hits(now: _Counting, *, all_of_them: bool) -> None:
    until = time.monotonic() - (0 if all_of_them else SURE_AFTER)
    for run, (stage, when) in [*now.looked_up.items()]:
        if when <= until:
            del now.looked_up[run]
            now.tally.add(catalogue.CACHE, stage, "hit")


def _code(code: str) -> str:
    return code if _CODE.fullmatch(code) else "other"
