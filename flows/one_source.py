"""One source of a batch: its own run of `generate`, in a process of the Dask cluster.

A module of its own, for the workers import it by name, which a file that Prefect loads has not.
"""

from __future__ import annotations

import time

from prefect import task

from ai_data_engineer.batching.request import Item, Outcome
from ai_data_engineer.errors import AdeError
from ai_data_engineer.io.addresses import redact
from ai_data_engineer.requests import GenerateRequest, GenerateResult, Provider
from ai_data_engineer.specifying.job import Cancelled
from flows.generate import generate_pipeline
from tasks.redaction import guard_logs, redacted
from tasks.results import RESULTS
from tasks.stages import NOT_KEPT


@task(
    name="source",
    task_run_name="{item.source}",
    **NOT_KEPT,
    result_serializer=RESULTS,
)
@redacted
def make_bundle(item: Item, provider: Provider) -> Outcome:
    """Return what became of a source; what is wrong with it is no error of this task."""
    guard_logs()
    started = time.monotonic()
    shown = {"source": redact(item.source), "goal": item.goal}
    try:
        request = GenerateRequest.checked(sources=[item.source], goal=item.goal, provider=provider)
        result = generate_pipeline(request)
        assert isinstance(result, GenerateResult)  # no review was asked for
    except AdeError as error:
        return Outcome(
            **shown,
            ending="cancelled" if isinstance(error, Cancelled) else "failed",
            code=error.code,
            problem=str(error),
            seconds=time.monotonic() - started,
        )
    return Outcome(
        **shown,
        ending="done",
        bundle=result.bundle,
        seconds=time.monotonic() - started,
        run_id=result.run_id,
    )
