"""What a batch adds to the work itself: `python -m benchmarks.batch [--sources 200]`.

A real server and worker; `batch/batch` over small CSV files that differ, on Dask with a process
for each processor. The time by the clock is put beside the sum of the stages' own times in the
very same run, divided by the number of processes: 1.0 is a batch that does nothing but the work.
Then the same batch once more, from the cache.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.generate import orders
from benchmarks.measuring import environment
from benchmarks.on_prefect import Api, prefect, wait_until

GOAL = "total amount by country, only paid orders"
STAGES = ("receive", "profile", "relate", "specify", "validate", "package")
ROWS = 200
TARGET = 1.3


def main(sources: int) -> int:
    """Print one table and return 1 when the batch is slower than TARGET."""
    with prefect("-n batch") as (api, folder):
        data = folder / "data"
        data.mkdir()
        for number in range(sources):
            orders(number * ROWS, ROWS).write_csv(data / f"orders-{number:04d}.csv")
        print(environment("prefect", "prefect-dask", "dask"), flush=True)
        print(f"{sources} sources, {os.cpu_count()} processes\n")
        print("| run | batch s | stages' own s | stages / processes | ratio | done |")
        print("|---|---|---|---|---|---|")
        ratios = [_row(name, api, data, sources) for name in ("first", "from the cache")]
    return int(ratios[0] > TARGET)


def _row(name: str, api: Api, data: Path, sources: int) -> float:
    request = {"sources": [f"{data}/*.csv"], "goal": GOAL, "provider": "offline"}
    deployment = api.deployment("batch/batch")
    run = api.post(
        f"/deployments/{deployment}/create_flow_run",
        parameters={"request": request},
        state={"type": "SCHEDULED"},
    )

    def ended() -> Any:
        (now,) = api.post("/flow_runs/filter", flow_runs={"id": {"any_": [run["id"]]}})
        return now if now["state_type"] in ("COMPLETED", "FAILED", "CRASHED") else None

    batch = wait_until(ended, 60 * 60 * 3, "the batch has ended")
    children = api.all_of(
        "/flow_runs/filter",
        flow_runs={"parent_flow_run_id": {"any_": [run["id"]]}},
        sort="ID_DESC",
    )
    stages = _stages(api, [child["id"] for child in children])
    wall, own = batch["total_run_time"], sum(stages.values())
    share = own / (os.cpu_count() or 1)
    done = sum(child["state_type"] == "COMPLETED" for child in children)
    ratio = wall / share
    print(f"| {name} | {wall:.1f} | {own:.1f} | {share:.1f} | {ratio:.2f} | {done} |", flush=True)
    assert done == sources, batch["state"]["message"]
    parts = ", ".join(f"{stage} {seconds / sources:.2f}" for stage, seconds in stages.items())
    print(f"|   | seconds a source: {parts} | | | | |", flush=True)
    return float(ratio)


def _stages(api: Api, runs: list[str]) -> dict[str, float]:
    """Return stage → seconds that its tasks ran, all runs together."""
    seconds: dict[str, float] = defaultdict(float)
    for start in range(0, len(runs), 50):
        some = {"id": {"any_": runs[start : start + 50]}}
        for task in api.all_of("/task_runs/filter", flow_runs=some, sort="ID_DESC"):
            stage = task["name"].rpartition("-")[0]
            if stage in STAGES and task["start_time"] and task["end_time"]:
                begun, ended = map(datetime.fromisoformat, (task["start_time"], task["end_time"]))
                seconds[stage] += (ended - begun).total_seconds()
    return dict(seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=200)
    raise SystemExit(main(parser.parse_args().sources))
