"""What `make demo` runs: the Prefect flow on the shipped orders, without any key.

Everything it makes stays below `.demo/` of the repository; Prefect's own server and its SQLite
database live there for as long as the demonstration runs.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / ".demo"
SOURCE = "examples/orders.csv"
GOAL = (
    "sum of amount and number of orders by month and country, only paid or shipped orders, as CSV"
)


def main() -> int:
    """Run the flow and say where things are; return 0, or 1 when it failed."""
    _set_up()
    started = time.monotonic()
    _say("AI Data Engineer: from a file and a goal to a pipeline that has already run.\n")
    _say(f"  source  {SOURCE}")
    _say(f"  goal    {GOAL}\n")
    _say(
        "Starting Prefect with its own server and SQLite in .demo/prefect (half a minute at first) …"
    )
    try:
        from ai_data_engineer.requests import GenerateRequest
        from flows.generate import generate_pipeline

        result = generate_pipeline(
            GenerateRequest(
                sources=[SOURCE], goal=GOAL, provider="offline", output=DEMO / "orders.zip"
            )
        )
    except Exception as error:
        _say(f"\nThe demonstration failed: {error or type(error).__name__}")
        return 1
    _say(f"\nDone in {time.monotonic() - started:.0f} s. What was understood of the goal:")
    for assumption in result.assumptions:
        _say(f"  - {assumption}")
    bundle = Path(result.bundle).relative_to(ROOT)
    _say(f"""
The bundle   {bundle}
The run      {result.run_name} (flow run {result.run_id})

Look at the run, its reports and events:
  PREFECT_HOME={DEMO / "prefect"} {Path(sys.executable).parent / "prefect"} server start
  then open http://127.0.0.1:4200/runs/flow-run/{result.run_id}

Unpack the bundle and run its project on the full file (its README says more):
  {sys.executable} -m zipfile -e {bundle} .demo/orders
  cd .demo/orders
  PYTHONPATH=src {sys.executable} -m {result.name} run --source {ROOT / SOURCE} --output out

Run `make demo` again: every stage is served from the cache, because the file is the same.""")
    return 0


def _set_up() -> None:
    """Keep Prefect and us below `.demo/`, away from a server that the user may have."""
    os.chdir(ROOT)
    for name in [name for name in os.environ if name.startswith(("PREFECT_", "ADE_"))]:
        del os.environ[name]
    (DEMO / "prefect").mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "PREFECT_HOME": str(DEMO / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_SETTINGS_PATH": str(ROOT / "deployments" / "logging.yml"),
        "DO_NOT_TRACK": "1",
        "ADE_HOME": str(DEMO / "ade"),
    }


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
