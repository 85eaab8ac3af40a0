"""What can happen to a run: each fault strikes at its moment, and says when it did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from tests.redis_server import RedisServer

from .processes import wait_until
from .trials import Outcome, Trials

AWAY = 10.0
"""Seconds that a database is away."""
LONG = 8_000_000
"""Bytes of a source whose profile takes seconds, with these settings."""
THOROUGH = {"CSV_MAX_ROWS": "10000000", "MAX_PROFILE_BYTES": "1GiB"}


def flow_killed_while_profiling(trials: Trials) -> Outcome:
    request = trials.request(LONG)
    run = trials.submit(request)
    trials.until_profiling()
    return _after(trials, "flow killed while profiling", run, request, _kill_flow)


def flow_killed_while_packaging(trials: Trials) -> Outcome:
    request = trials.request()
    run = trials.submit(request)
    trials.until_packaging(run)
    return _after(trials, "flow killed while its project runs", run, request, _kill_flow)


def flow_killed_before_publishing(trials: Trials) -> Outcome:
    """Between the first byte of the bundle and the bundle at its place: some milliseconds.

    It is let go on for a millisecond at a time, and looked at while it stands still.
    """
    for _ in range(5):
        request = trials.request()
        run = trials.submit(request)
        trials.until_packaging(run)
        if _killed_when_there_is(Path(request["output"] + ".partial"), trials.flow_processes()[0]):
            break
        trials.until_final(run)
    assert not Path(request["output"]).exists(), "it was too fast five times"
    since = time.monotonic()
    return trials.outcome(
        "flow killed after the bundle's first byte, before it is published", run, request, since
    )


def _killed_when_there_is(path: Path, flow: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess, PermissionError):
        psutil.Process().nice(-20)  # so that a millisecond is one on a busy machine as well
    try:
        while not path.exists():
            flow.resume()
            time.sleep(0.001)
            flow.suspend()
            if path.with_suffix("").exists():
                flow.resume()
                return False
        flow.kill()
    except psutil.NoSuchProcess:
        return False
    finally:
        with suppress(PermissionError):
            psutil.Process().nice(0)
    return not path.with_suffix("").exists()


def worker_killed(trials: Trials) -> Outcome:
    """The worker alone: its runs are processes of their own, and go on."""
    request = trials.request()
    run = trials.submit(request)
    trials.until_packaging(run)
    return _after(
        trials, "worker killed", run, request, lambda trials: trials.worker.kill(group=False)
    )


def worker_and_flow_killed(trials: Trials) -> Outcome:
    """The worker's machine is gone, with all that ran on it."""
    request = trials.request()
    run = trials.submit(request)
    trials.until_packaging(run)

    def strike(trials: Trials) -> None:
        trials.worker.kill()
        _kill_flow(trials)

    return _after(trials, "worker's machine gone", run, request, strike)


def worker_terminated(trials: Trials) -> Outcome:
    """SIGTERM to the worker, as a supervisor does: it is given its time, then all are killed."""
    request = trials.request()
    run = trials.submit(request)
    trials.until_packaging(run)

    def strike(trials: Trials) -> None:
        os.kill(trials.worker.pid, signal.SIGTERM)
        # What a supervisor does once its patience is at an end; see stop_grace_period.
        with suppress(AssertionError):
            wait_until(lambda: not trials.worker.is_running(), 30, "the worker ends")
        trials.worker.kill()
        _kill_flow(trials)

    return _after(trials, "SIGTERM to the worker, killed after 30 s", run, request, strike)


def server_killed(trials: Trials) -> Outcome:
    """One of the API servers; the balancer gives connections to the others."""
    request = trials.request()
    run = trials.submit(request, server=0)
    trials.until_packaging(run)
    try:
        return _after(
            trials, "one API server killed", run, request, lambda t: t.cluster.servers[0].kill()
        )
    finally:
        trials.cluster.servers[0].start()
        trials.cluster.wait_for_server(0)


def all_servers_killed(trials: Trials) -> Outcome:
    """All API servers and the background services, started again after a while."""
    request = trials.request()
    run = trials.submit(request)
    trials.until_packaging(run)

    def strike(trials: Trials) -> None:
        processes = [*trials.cluster.servers, trials.cluster.background]
        for process in processes:
            process.kill()
        time.sleep(AWAY)
        for process in processes:
            process.start()

    return _after(trials, f"all servers killed, back after {AWAY:g} s", run, request, strike)


def postgres_away(trials: Trials) -> Outcome:
    request = trials.request()
    run = trials.submit(request)
    trials.until_packaging(run)

    def strike(trials: Trials) -> None:
        trials.cluster.postgres.stop()
        time.sleep(AWAY)
        trials.cluster.postgres.start()

    return _after(trials, f"PostgreSQL stopped for {AWAY:g} s", run, request, strike)


def redis_away(trials: Trials) -> Outcome:
    """Prefect's messages; it comes back empty."""
    return _redis_away(trials, trials.cluster.redis, "Redis of the servers")


def store_away(trials: Trials) -> Outcome:
    """What workers share: caches, budgets, locks; it comes back empty."""
    return _redis_away(trials, trials.cluster.store, "Redis of the workers")


def _redis_away(trials: Trials, redis: RedisServer, what: str) -> Outcome:
    request = trials.request()
    run = trials.submit(request)
    trials.until_running(run)

    def strike(trials: Trials) -> None:
        redis.stop()
        time.sleep(AWAY)
        redis.start()

    return _after(trials, f"{what} stopped for {AWAY:g} s, empty after", run, request, strike)


def redis_away_at_submission(trials: Trials) -> Outcome:
    """The run is submitted while Redis is away: clients try again, with the settings for it."""
    request = trials.request()
    trials.cluster.redis.stop()
    since = time.monotonic()
    command = ["deployment", "run", "generate/generate", "--param"]
    submitting = trials.cluster.spawn("prefect", *command, f"request={json.dumps(request)}")
    time.sleep(AWAY)
    trials.cluster.redis.start()
    said = submitting.communicate(timeout=180)[0].decode()
    assert submitting.returncode == 0, said[-1000:]
    run = trials.newest_run()
    return trials.outcome("Redis away while a run is submitted", run, request, since)


def disk_full(trials: Trials) -> Outcome:
    """A file system with room for a part of the bundle alone; needs the right to mount one."""
    place = trials.folder / "full"
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", place], check=True)
    try:
        request = trials.request(place=place)
        since = time.monotonic()
        run = trials.submit(request)
        trials.until_final(run)
        assert not list(place.iterdir()), "something half-written is left"
        subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
        return trials.outcome("disk full while the bundle is written", run, request, since)
    finally:
        subprocess.run(["umount", place], check=True)


def machine_restarted(trials: Trials) -> Outcome:
    """Every process is killed; all come back, the worker too."""
    request = trials.request()
    run = trials.submit(request)
    trials.until_packaging(run)
    cluster = trials.cluster

    def strike(trials: Trials) -> None:
        trials.worker.kill()
        _kill_flow(trials)
        for process in [*cluster.servers, cluster.background]:
            process.kill()
        cluster.redis.stop()
        cluster.store.stop()
        cluster.postgres.kill()
        cluster.postgres.start()
        cluster.redis.start()
        cluster.store.start()
        for process in [*cluster.servers, cluster.background, trials.worker]:
            process.start()

    return _after(trials, "machine restarted", run, request, strike)


def _after(
    trials: Trials,
    fault: str,
    run: str,
    request: dict[str, Any],
    strike: Callable[[Trials], object],
) -> Outcome:
    since = time.monotonic()
    strike(trials)
    return trials.outcome(fault, run, request, since)


def _kill_flow(trials: Trials) -> None:
    """Kill the flow's process; what it had started has to end by itself."""
    for flow in trials.flow_processes():
        with suppress(psutil.NoSuchProcess):
            flow.kill()


FAULTS: dict[str, Callable[[Trials], Outcome]] = {
    f.__name__: f
    for f in (
        flow_killed_while_profiling,
        flow_killed_while_packaging,
        flow_killed_before_publishing,
        worker_killed,
        worker_and_flow_killed,
        worker_terminated,
        server_killed,
        all_servers_killed,
        postgres_away,
        redis_away,
        store_away,
        redis_away_at_submission,
        disk_full,
        machine_restarted,
    )
}
