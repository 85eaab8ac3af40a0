"""What a file costs from its arrival to its bundle: each stage alone, and the run as a whole.

`python -m benchmarks.stage_costs [--runs 3] [--write]`: stages of files of three sizes are measured
in processes of their own; runs, of the smallest file, on a cluster (`tests/services`) whose
servers, database and worker are watched meanwhile. What a run costs besides its stages does not
depend on the file. `--write` keeps the figures in `benchmarks/stage_costs.json`, which
`benchmarks.capacity` counts with. Some five minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import Any

import psutil

import benchmarks.servers  # noqa: F401 - first: it says which `tests` are meant
from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.sources.digest import content_digest
from ai_data_engineer.specifying.loop import specify_valid
from ai_data_engineer.validating import validate
from benchmarks.generate import as_bytes, generate
from benchmarks.measuring import environment, memory
from tests.services.processes import wait_until
from tests.services.trials import FINAL, Trials

COSTS = Path(__file__).with_suffix(".json")
SIZES = ("10KB", "10MB", "1GB")
GOAL = "total amount by country"
SECONDS_BETWEEN_LOOKS = 3.0
"""Seldom: a look costs the server as much as a request of a run."""


def stages(source: Path) -> dict[str, dict[str, float]]:
    """Return for each stage its seconds, wall and processor, and the most memory so far in MB."""
    costs: dict[str, dict[str, float]] = {}

    def measured(name: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.monotonic(), _cpu()
        result = work()
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        costs[name] = {
            "wall": round(time.monotonic() - wall, 2),
            "cpu": round(_cpu() - cpu, 2),
            "peak_mb": round(max(memory("VmHWM"), children)),
        }
        return result

    measured("receive", lambda: content_digest(str(source)))
    profile = measured("profile", lambda: profile_source(str(source)))
    proposed, _ = measured(
        "specify", lambda: specify_valid([profile], goal=GOAL, provider="offline")
    )
    measured("validate", lambda: validate(proposed.document))
    bundle = source.with_suffix(".zip")
    measured("package", lambda: package(proposed.spec, [profile], bundle))
    return costs


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class Watched:
    """What the parts of a cluster have used so far."""

    def __init__(self, trials: Trials) -> None:
        self._trials = trials
        self._results = trials.cluster.folder / "results"

    def now(self) -> dict[str, float]:
        cluster = self._trials.cluster
        postgres = psutil.Process(cluster.postgres.process.pid)
        return {
            "worker_cpu": _used(psutil.Process(self._trials.worker.pid)),
            "server_cpu": sum(_used(psutil.Process(s.pid)) for s in cluster.servers),
            "background_cpu": _used(psutil.Process(cluster.background.pid)),
            "database_cpu": sum(_used(p) for p in [postgres, *postgres.children()]),
            "requests": cluster.balancer.requests,
            "database_bytes": self._ask("pg_database_size('prefect')"),
            "events": self._ask("(SELECT count(*) FROM events)"),
            "log_lines": self._ask("(SELECT count(*) FROM log)"),
            "transactions": self._ask(
                "(SELECT xact_commit FROM pg_stat_database WHERE datname='prefect')"
            ),
            "result_bytes": sum(f.stat().st_size for f in self._results.rglob("*") if f.is_file()),
            "bundle_bytes": sum(f.stat().st_size for f in self._trials.bundles.iterdir()),
            "seconds": time.monotonic(),
        }

    def _ask(self, what: str) -> float:
        answer = self._trials.cluster.postgres.run(
            "psql", "-At", "-d", "prefect", "-c", f"SELECT {what}"
        )
        return float(answer)


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def runs(
    trials: Trials, requests: list[dict[str, Any]], idle: dict[str, float]
) -> dict[str, float]:
    """Run each request, one after the other; returns what one costs beyond an idle cluster."""
    watched = Watched(trials)
    before, walls, waits = watched.now(), [], []
    for request in requests:
        run = trials.submit(request)
        while (found := _look(trials, run))["state_type"] not in FINAL:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        assert found["state_type"] == "COMPLETED", found["state_type"]
        walls.append(found["total_run_time"])
        waits.append(_between(found["created"], found["start_time"]))
    time.sleep(15)  # logs and events arrive after the run
    after = watched.now()
    seconds = after.pop("seconds") - before.pop("seconds")
    cost = {k: (after[k] - before[k] - idle.get(k, 0) * seconds) / len(requests) for k in after}
    cost |= {"wall": mean(walls), "start": mean(waits)}
    return {name: round(value, 2 if value < 100 else None) for name, value in cost.items()}


def _look(trials: Trials, run: str) -> dict[str, Any]:
    # Past the balancer, so that this is none of the requests that are counted.
    found: dict[str, Any] = trials.cluster.ask("GET", f"/flow_runs/{run}", server=0)
    return found


def _between(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()


def _is_online(trials: Trials) -> bool:
    found = trials.cluster.ask("POST", "/work_pools/local/workers/filter", server=0)
    return any(worker["status"] == "ONLINE" for worker in found)


def idle_rates(trials: Trials, seconds: float) -> dict[str, float]:
    """Return what the cluster uses in a second when there is nothing to do."""
    watched = Watched(trials)
    before = watched.now()
    time.sleep(seconds)
    after = watched.now()
    took = after.pop("seconds") - before.pop("seconds")
    return {name: round((after[name] - before[name]) / took, 4) for name in after}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how many runs are measured")
    parser.add_argument("--idle", type=float, default=60, help="seconds to watch it do nothing")
    parser.add_argument("--sizes", nargs="+", default=SIZES, metavar="SIZE")
    parser.add_argument("--write", action="store_true", help="keep them; takes all sizes")
    parser.add_argument("--stages-of", type=Path, help="measure the stages of this one file alone")
    options = parser.parse_args()
    if options.write and set(options.sizes) != set(SIZES):
        parser.error(f"--write keeps the figures of all sizes: {' '.join(SIZES)}")
    if options.stages_of:
        print(json.dumps(stages(options.stages_of)))
        return
    costs: dict[str, Any] = {"measured_with": environment("prefect"), "stages": {}}
    with tempfile.TemporaryDirectory(prefix="ade-costs-") as folder:
        for size in options.sizes:
            costs["stages"][size] = _alone(size, Path(folder))
        trials = Trials(Path(folder) / "trials", servers=1)
        try:
            trials.start()
            wait_until(lambda: _is_online(trials), 300, "the worker has started")
            idle = costs["idle_per_second"] = idle_rates(trials, options.idle)
            requests = [trials.request(as_bytes(SIZES[0])) for _ in range(options.runs)]
            costs["cold"] = runs(trials, requests, idle)
            costs["warm"] = runs(trials, requests, idle)
        finally:
            trials.remove()
    text = json.dumps(costs, indent=2) + "\n"
    print(text)
    if options.write:
        COSTS.write_text(text)


def _alone(size: str, folder: Path) -> dict[str, Any]:
    source = folder / f"alone-{size}.csv"
    generate("csv", source, as_bytes(size))
    command = [sys.executable, "-m", "benchmarks.stage_costs", "--stages-of", str(source)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    source.unlink()
    found: dict[str, Any] = json.loads(said)
    return found


if __name__ == "__main__":
    main()
