"""From an event to a flow that runs: `python -m benchmarks.event_latency [--times 7]`.

Our deployment `generate/on-arrival` beside a flow that does nothing, with the same kind of trigger
on the same server and worker, one after the other. Counted is the time from sending the event to
the start of the flow itself, its state Running.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import yaml

from benchmarks.measuring import environment
from benchmarks.on_prefect import Api, prefect, wait_until

MAY_ADD = 0.5
_CSV = "id,amount\n" + "".join(f"{n},{n}.5\n" for n in range(50))


def main(times: int) -> int:
    """Print one table and return 1 when ours is slower than the bare flow by more than MAY_ADD."""
    bare = Path("benchmarks/trivial.deploy.yaml")
    bare.write_text(yaml.safe_dump(_bare()))
    try:
        with prefect("-n on-arrival", f"--prefect-file {bare} --all") as (api, folder):
            print(environment("prefect"), "\n", flush=True)
            print("| event → running, s | bare flow | generate/on-arrival |")
            print("|---|---|---|")
            took: dict[str, list[float]] = {"bench.bare": [], "ade.file.arrived": []}
            for number in range(times):
                for event, seconds in took.items():
                    file = folder / f"{number}.csv"
                    file.write_text(_CSV + f"{number},0.5\n")
                    seconds.append(_seconds(api, event, str(file)))
                print(f"| {number + 1} |" + "".join(f" {s[-1]:.2f} |" for s in took.values()))
        base, ours = (median(seconds) for seconds in took.values())
        print(f"| **median** | **{base:.2f}** | **{ours:.2f}** |")
    finally:
        bare.unlink()
    return int(ours - base > MAY_ADD)


def _bare() -> dict[str, Any]:
    trigger = {
        "type": "event", "expect": ["bench.bare"], "for_each": ["prefect.resource.id"],
        "posture": "Reactive", "threshold": 1, "within": 0,
        "parameters": {"uri": "{{ event.payload.uri }}"},
    }  # fmt: skip
    pull = [{"prefect.deployments.steps.set_working_directory": {"directory": str(Path.cwd())}}]
    deployment = {
        "name": "bare", "entrypoint": "benchmarks/trivial_flow.py:trivial",
        "parameters": {"uri": ""}, "work_pool": {"name": "local"}, "triggers": [trigger],
    }  # fmt: skip
    return {"name": "bare", "pull": pull, "deployments": [deployment]}


def _seconds(api: Api, event: str, uri: str) -> float:
    id = str(uuid4())
    sent = datetime.now(UTC)
    api.emit(
        {
            "id": id, "event": event, "occurred": sent.isoformat(),
            "resource": {"prefect.resource.id": f"file.{id}"},
            "payload": {"uri": uri, "goal": ""},
        }
    )  # fmt: skip

    def ended() -> Any:
        runs = api.post("/flow_runs/filter", sort="START_TIME_DESC", limit=20)
        mine = [r for r in runs if uri in str(r["parameters"]) and r["created"] >= _iso(sent)]
        return next((r for r in mine if r["end_time"]), None)

    # The next begins when this one has ended, so that none waits for another.
    run = wait_until(ended, 600, f"the flow that {event} starts has ended")
    assert run["state_type"] == "COMPLETED", run["state"]["message"]
    return (datetime.fromisoformat(run["start_time"]) - sent).total_seconds()


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7)
    raise SystemExit(main(parser.parse_args().times))
