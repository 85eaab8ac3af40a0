"""What a run has spent stays its own, whatever else runs in the process."""

from __future__ import annotations

from pathlib import Path

import pytest
from prefect.runtime import flow_run

from ai_data_engineer.settings import load_settings
from ai_data_engineer.stores.opening import open_store
from tasks import jobs


@pytest.fixture
def in_run(monkeypatch: pytest.MonkeyPatch, home: Path):
    monkeypatch.setattr(jobs, "shared_store", lambda: open_store(load_settings()))
    jobs._job.cache_clear()
    yield lambda run: monkeypatch.setattr(flow_run, "id", run, raising=False)
    jobs._job.cache_clear()


def test_runs_that_take_turns_in_one_process_keep_what_they_have_spent(in_run):
    for _ in range(3):
        for run in ("one", "other"):
            in_run(run)
            jobs.job_of_run().calls += 1

    in_run("one")
    assert (jobs.job_of_run().id, jobs.job_of_run().calls) == ("one", 3)


def test_who_asks_for_a_fresh_answer_says_so_for_the_rest_of_its_run_alone(in_run):
    in_run("one")
    jobs.job_of_run(use_cache=False)

    assert not jobs.job_of_run().use_cache
    in_run("other")
    assert jobs.job_of_run().use_cache
