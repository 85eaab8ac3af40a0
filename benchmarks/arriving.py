"""Files that really arrive, against the simulation: `python -m benchmarks.arriving --files 60`.

Submits runs at the moments of a Poisson process to a cluster (`tests/services`) with one worker of
so many slots, and compares how long they took from submission to the end, and how many ended in a
minute, with what `benchmarks.capacity` says for the costs of `benchmarks/stage_costs.json`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

import benchmarks.servers  # noqa: F401 - first: it says which `tests` are meant
from benchmarks.capacity import COSTS, PICK_UP, Service, cold, turnarounds
from tests.services.processes import wait_until
from tests.services.trials import FINAL, Trials

SIZE = 10_000


def moments(files: int, seconds: float, random: Random) -> list[float]:
    """Return when the files arrive: at so many moments drawn evenly, as Poisson's are."""
    return sorted(random.uniform(0, seconds) for _ in range(files))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--slots", type=int, default=2)
    options = parser.parse_args()
    arriving = moments(options.files, options.minutes * 60, Random(6))
    with tempfile.TemporaryDirectory(prefix="ade-arriving-") as folder:
        trials = Trials(Path(folder), servers=1)
        trials.worker = trials.cluster.worker("local", "--limit", str(options.slots))
        try:
            trials.start()
            measured = _submit(trials, arriving)
        finally:
            trials.remove()
    seconds = cold(json.loads(COSTS.read_text()), "10KB") + PICK_UP
    work = Service((seconds,), (1.0,))
    predicted = turnarounds(arriving, options.slots, work, Random(6))
    print("| | predicted | measured |\n|---|--:|--:|")
    print(f"| mean s from submitted to its end | {mean(predicted):.1f} | {mean(measured):.1f} |")
    print(f"| longest, s | {max(predicted):.1f} | {max(measured):.1f} |")
    ends = [
        max(a + t for a, t in zip(arriving, times, strict=True)) for times in (predicted, measured)
    ]
    rates = [f"{options.files / end * 60:.1f}" for end in ends]
    print(f"| files a minute, to the last one's end | {rates[0]} | {rates[1]} |")


def _submit(trials: Trials, arriving: list[float]) -> list[float]:
    """Submit at these moments; return how long each took, in seconds."""
    started, ids = time.monotonic(), []
    for moment in arriving:
        request = trials.request(SIZE)
        time.sleep(max(0.0, started + moment - time.monotonic()))
        ids.append(trials.submit(request))

    def ended() -> list[dict[str, Any]] | None:
        found = trials.cluster.ask("POST", "/flow_runs/filter", flow_runs={"id": {"any_": ids}})
        return found if all(run["state_type"] in FINAL for run in found) else None

    runs = {run["id"]: run for run in wait_until(ended, 3600, "all runs end")}
    wrong = [run["name"] for run in runs.values() if run["state_type"] != "COMPLETED"]
    assert not wrong, wrong
    return [_took(runs[run]) for run in ids]


def _took(run: dict[str, Any]) -> float:
    created, end = (datetime.fromisoformat(run[name]) for name in ("created", "end_time"))
    return (end - created).total_seconds()


if __name__ == "__main__":
    main()
