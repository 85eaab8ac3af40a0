"""What a run has spent on its spec so far: one job for all tasks of a flow run."""

from __future__ import annotations

from prefect.runtime import flow_run

from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.job import Job
from tasks.cancelling import is_cancelled
from tasks.stores import shared_store

_current: list[Job] = []


def job_of_run(*, use_cache: bool | None = None) -> Job:
    """Return the job of the current flow run; its tasks run in one process, so it is kept here.

    `use_cache` says from now on whether earlier answers will do.
    """
    run_id = str(flow_run.id)
    if not _current or _current[0].id != run_id:
        job = Job(load_settings(), shared_store(), id=run_id, is_cancelled=is_cancelled)
        _current[:] = [job]
    if use_cache is not None:
        _current[0].use_cache = use_cache
    return _current[0]
