"""What a run that is served from the cache costs beyond Prefect's own share.

`python -m benchmarks.overhead` starts a Prefect server and runs by turns, in one process: our
`generate` on a small file that is known, and a bare flow with as many tasks that are served from
the cache, as many events and artifacts. Both report to the same server, without heartbeats, which
make a flow wait for a second in which they are joined. What is left between the two is ours:
digests of the source and of the bundle, documents, hooks.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import environment

# A package called `tests` may lie among the installed ones and hide ours.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main(runs: int, rows: int) -> None:
    """Print the table."""
    from services.prefect_server import PrefectServer

    with tempfile.TemporaryDirectory(prefix="ade-overhead-") as folder:
        server = PrefectServer(Path(folder))
        os.environ.update(
            PREFECT_API_URL=server.api,
            PREFECT_HOME=str(Path(folder) / "client"),
            PREFECT_LOGGING_LEVEL="ERROR",
            ADE_HOME=str(Path(folder) / "ade"),
            DO_NOT_TRACK="1",
        )
        server.start()
        try:
            from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

            with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
                _compare(Path(folder), runs, rows)
        finally:
            server.stop()


def _compare(folder: Path, runs: int, rows: int) -> None:
    started = time.perf_counter()
    from flows.generate import generate_pipeline

    our_import = time.perf_counter() - started
    from ai_data_engineer.requests import GenerateRequest

    source = folder / "orders.csv"
    lines = [
        f"{n},2024-01-{n % 28 + 1:02d},{n}.50,{'paid' if n % 3 else 'open'}" for n in range(rows)
    ]
    source.write_text("\n".join(["order_id,ordered_on,amount,status", *lines, ""]))
    request = GenerateRequest(
        sources=[str(source)], goal="total amount by month, only paid orders", provider="offline"
    )
    flows: dict[str, Callable[[], object]] = {
        "Prefect alone": _bare_flow(),
        "ours": lambda: generate_pipeline(request),
    }
    for run in flows.values():
        run()  # what is slow the first time, and what fills the cache
    took: dict[str, list[float]] = {name: [] for name in flows}
    worked: dict[str, list[float]] = {name: [] for name in flows}
    for _ in range(runs):
        for name, run in flows.items():
            started, worked_before = time.perf_counter(), time.process_time()
            run()
            took[name].append(time.perf_counter() - started)
            worked[name].append(time.process_time() - worked_before)
    print(environment("prefect"), end="\n\n")
    print(f"| {runs} runs, {source.stat().st_size:,} bytes | s | least | most | of the processor |")
    print("|---|--:|--:|--:|--:|")
    for name in flows:
        _print(name, took[name], worked[name])
    _print(
        "ours beyond Prefect's, by pairs",
        [ours - bare for bare, ours in zip(*took.values(), strict=True)],
        [ours - bare for bare, ours in zip(*worked.values(), strict=True)],
    )
    print(f"\nBefore the first run: importing ours beyond Prefect {our_import:.2f} s.")


def _print(name: str, took: list[float], worked: list[float]) -> None:
    print(
        f"| {name} | {statistics.median(took):.3f} | {min(took):.3f} | {max(took):.3f} "
        f"| {statistics.median(worked):.3f} |"
    )


def _bare_flow() -> Callable[[], object]:
    """Return a flow that does of Prefect's what `generate` does."""
    from datetime import timedelta

    from prefect import flow, task
    from prefect.artifacts import (
        create_markdown_artifact,
        create_progress_artifact,
        create_table_artifact,
        update_progress_artifact,
    )
    from prefect.cache_policies import INPUTS, NO_CACHE, TASK_SOURCE
    from prefect.events import emit_event

    @task(cache_policy=NO_CACHE, persist_result=False)
    def receive() -> str:
        return "received"

    def stage(name: str) -> str:
        return name

    cached = [
        task(
            stage,
            name=name,
            cache_policy=TASK_SOURCE + INPUTS,
            persist_result=True,
            result_serializer="json",
            cache_expiration=timedelta(days=1),
        )
        for name in ("profile", "specify", "validate", "package")
    ]

    @flow(name="bare", persist_result=True, result_serializer="json")
    def bare() -> str:
        progress = create_progress_artifact(0.0, key="progress", description="x")
        receive()
        for stage in cached:
            stage(stage.name)
        for key in ("profile", "specification", "verification", "bundle"):
            create_markdown_artifact("x" * 5000, key=key)
        for key in ("findings", "sample-run"):
            create_table_artifact([{"a": 1}], key=key)
        for percent in (30, 60, 100):
            update_progress_artifact(progress, progress=percent)
        for _ in range(4):
            emit_event("bare.event", resource={"prefect.resource.id": "bare"})
        return "done"

    return bare


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--rows", type=int, default=500)
    main(**vars(parser.parse_args()))
