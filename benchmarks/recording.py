"""What a run's figures cost: a warm run with and without, and one write to the store.

`python -m benchmarks.recording`. Starts a Prefect server of its own (half a minute). Runs with and
without alternate, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"

from prefect import flow, task
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_LOCAL_STORAGE_PATH,
    temporary_settings,
)
from prefect.testing.utilities import prefect_test_harness

from ai_data_engineer.metrics import catalogue
from ai_data_engineer.metrics.tally import Tally, save
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.redis import RedisStore
from tasks import measuring
from tasks.caching import ContentKey
from tasks.measuring import measured
from tasks.observing import observed
from tasks.redaction import redacted
from tasks.stages import KEPT

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from redis_server import RedisServer

RUNS = 30
STAGES = ("receive", "profile", "specify", "validate", "package")


def one(name: str) -> Any:
    def stage(text: str) -> Finding:
        return Finding(code="E_X", pointer="", message=text)

    stage.__name__ = name
    return task(name=name, cache_policy=ContentKey(), **KEPT)(measured(redacted(stage)))


TASKS = [one(name) for name in STAGES]


@flow(name="generate")
@observed
@redacted
def warm() -> None:
    measuring.received(1_000_000)
    for stage in TASKS:
        stage("the same")
        measuring.happened("ade.bundle.published", {})


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - processor


def without() -> None:
    off = (
        patch.object(measuring, name) for name in ("looked_up", "received", "happened", "finish")
    )
    one_, two, three, four = off
    with one_, two, three, four:
        warm()


def full() -> Tally:
    """Return a tally with about as many series as a store ever has."""
    tally = Tally()
    for stage in STAGES:
        for size in (*catalogue.SIZES, catalogue.LARGER):
            tally.observe(catalogue.STAGE_SECONDS, stage, size, value=1)
        for outcome in ("hit", "miss"):
            tally.add(catalogue.CACHE, stage, outcome)
        for code in range(20):
            tally.add(catalogue.STAGE_FAILURES, stage, f"E_{code}")
    return tally


def written(store: Any) -> float:
    """Return the median milliseconds of one write."""
    save(store, full())
    small = Tally()
    small.add(catalogue.CACHE, "profile", "hit")
    return 1000 * statistics.median(seconds(lambda: save(store, small))[0] for _ in range(200))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ADE_HOME"] = folder
        with (
            prefect_test_harness(server_startup_timeout=240),
            temporary_settings(
                {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOCAL_STORAGE_PATH: Path(folder)}
            ),
        ):
            for call in (warm, without, warm):
                call()
            found = [(seconds(warm), seconds(without)) for _ in range(RUNS)]
        redis = RedisServer()
        redis.start()
        files, shared = written(FileStore(Path(folder) / "s")), written(RedisStore(redis.url))
        redis.stop()
    print("| a warm run of five cached stages | with figures | without | ratio |")
    print("|---|---|---|---|")
    for number, name in enumerate(("milliseconds by the clock", "of the processor")):
        on, off = (1000 * statistics.median(pair[i][number] for pair in found) for i in (0, 1))
        print(f"| {name} | {on:.1f} | {off:.1f} | {on / off:.3f} |")
    print(
        f"\nOne write among {len(full().counts)} series: "
        f"files {files:.2f} ms, Redis {shared:.2f} ms."
    )


if __name__ == "__main__":
    main()
