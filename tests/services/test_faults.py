"""Whatever strikes a run: nothing half-written, the right state, and what was done is not redone."""

from __future__ import annotations

import os

import pytest

from tests.services.faults import FAULTS, THOROUGH
from tests.services.trials import Trials

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(1200)]

CRASHED, COMPLETED = {"CRASHED"}, {"COMPLETED"}
ENDS = {
    "flow_killed_while_profiling": (CRASHED, set()),
    "flow_killed_while_packaging": (CRASHED, {"profile", "specify", "validate"}),
    "flow_killed_before_publishing": (CRASHED, {"profile", "specify", "validate"}),
    "worker_killed": (COMPLETED, {"profile", "specify", "validate", "package"}),
    "worker_and_flow_killed": (CRASHED, {"profile", "specify", "validate"}),
    "worker_terminated": (COMPLETED | CRASHED, {"profile", "specify", "validate"}),
    "server_killed": (COMPLETED, {"profile", "specify", "validate", "package"}),
    "all_servers_killed": (COMPLETED, {"profile", "specify", "validate", "package"}),
    "postgres_away": (COMPLETED, {"profile", "specify", "validate", "package"}),
    # It may renew the slot of its deployment just then: that is lost, and Prefect ends the run.
    "redis_away": (COMPLETED | CRASHED, {"profile", "specify", "validate"}),
    "store_away": (COMPLETED, {"profile", "specify", "validate", "package"}),
    "redis_away_at_submission": (COMPLETED, {"profile", "specify", "validate", "package"}),
    "disk_full": ({"FAILED"}, {"profile", "specify", "validate"}),
    "machine_restarted": (CRASHED, {"profile", "specify", "validate"}),
}
"""Fault → the states that are right, and what a run after it takes from the cache at least."""


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    trials = Trials(tmp_path_factory.mktemp("cluster"), **THOROUGH)
    try:
        trials.start()
        yield trials
    finally:
        trials.remove()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_nothing_half_written_and_the_next_run_goes_on_from_there(trials, fault):
    if fault == "disk_full" and os.geteuid() != 0:
        pytest.skip("a small file system is mounted, which only root may")
    states, cached = ENDS[fault]

    outcome = FAULTS[fault](trials)

    assert outcome.state in states
    assert outcome.broken == []
    assert outcome.again == "COMPLETED"
    assert outcome.bundle
    assert cached <= set(outcome.cached)
