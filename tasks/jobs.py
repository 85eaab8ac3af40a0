"""What a run has spent on its spec so far: one job for all tasks of a flow run."""

from __future__ import annotations

from functools import lru_cache

from prefect.runtime import flow_run

from ai_data_engineer.settings import load_settings
from ai_data_engineer.specifying.job import Job
from tasks.cancelling import is_cancelled
from tasks.stores import shared_store


def job_of_run(*, use_cache: bool | None = None) -> Job:
    """Return the job of the current flow run; its tasks run in one process, so it is kept here.

    `use_cache` says from now on whether earlier answers will do.
    """
    job = _job(str(flow_run.id))
    if use_cache is not None:
        job.use_cache = use_cache
    return job


# More than one: a process may run flows in several threads, and none may lose what it has spent.
@lru_cache(maxsize=64)
def _job(run_id: str) -> Job:
    return Job(load_settings(), shared_store(), id=run_id, is_cancelled=is_cancelled)
