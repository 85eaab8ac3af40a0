"""Work spread over the processes of a Dask cluster, so that none of it harms another.

Each worker holds one piece of work at a time: Dask blames everything that waited at a worker for
its death. A piece whose worker dies is tried once more, for it may have been another's fault (the
kernel's, when memory ran out); one that takes too long is ended with its worker.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import dask
import distributed
from dask.system import CPU_COUNT
from distributed.system import MEMORY_LIMIT
from prefect import Task
from prefect.logging import get_run_logger
from prefect_dask import DaskTaskRunner

from ai_data_engineer.errors import AdeError
from ai_data_engineer.settings import GIB, load_settings

W = TypeVar("W")

WORKER_MEMORY = 1.5 * GIB
"""What one worker should have; of a machine with less there are fewer workers than processors."""
DEATHS = 1
"""How often a worker may die over a piece of work before that is given up."""
_CLUSTER_WITHIN = 180.0
"""Seconds for a worker to be there; on a busy machine that takes a minute."""
_CONFIG = {
    "distributed.scheduler.allowed-failures": DEATHS,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.daemon": False,
    # How workers come, go and wait is of no use in the log of a batch.
    "distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED": "error",
    # A worker that uses much memory is ended before the kernel ends whatever it likes.
    "distributed.worker.memory.terminate": 0.95,
}


@dataclass(frozen=True)
class Ended(Generic[W]):
    """A piece of work that ended: with a result, or with how it was given up."""

    work: W
    seconds: float
    result: Any = None
    given_up: str | None = None
    """`crashed`, `timed_out` or `cancelled`."""


@contextlib.contextmanager
def cluster() -> Iterator[DaskTaskRunner]:
    """Yield a task runner on the cluster of ADE_DASK_SCHEDULER, else on one of this machine.

    Raises AdeError `E_DASK` when it cannot be reached or has no worker.
    """
    address = load_settings().dask_scheduler
    logging.getLogger("distributed").setLevel(logging.ERROR)
    with dask.config.set(_CONFIG), contextlib.ExitStack() as stack:
        if address:
            runner = DaskTaskRunner(address=address, client_kwargs={"timeout": _CLUSTER_WITHIN})
        else:
            processors, memory = CPU_COUNT, MEMORY_LIMIT
            workers = max(1, min(processors, int(memory // WORKER_MEMORY)))
            runner = DaskTaskRunner(
                cluster_kwargs={
                    "n_workers": workers,
                    "threads_per_worker": 1,
                    "processes": True,
                    "memory_limit": memory // workers,
                    "dashboard_address": None,
                }
            )
        problem = None
        try:
            stack.enter_context(runner)
            runner.client.wait_for_workers(1, timeout=_CLUSTER_WITHIN)
        except (OSError, TimeoutError, distributed.TimeoutError):
            problem = AdeError(
                "The Dask cluster cannot be reached or has no worker.",
                code="E_DASK",
                location="ADE_DASK_SCHEDULER" if address else "",
                hint="Start its scheduler and a worker, or unset ADE_DASK_SCHEDULER.",
            )
        if problem is not None:
            raise problem
        yield runner


def fan_out(
    runner: DaskTaskRunner,
    task: Task[Any, Any],
    works: Iterable[W],
    parameters: Callable[[W], dict[str, Any]],
    *,
    seconds_each: float,
    is_cancelled: Callable[[], bool],
) -> Iterator[Ended[W]]:
    """Yield pieces of work as they end; as many are under way as the cluster has threads.

    Stops handing out work, and gives up what is under way, once `is_cancelled`.
    """
    running: dict[str, _Running[W]] = {}
    ended: queue.SimpleQueue[str] = queue.SimpleQueue()
    waiting = iter(works)
    is_over = False
    while True:
        while not is_over and len(running) < _threads(runner):
            work = next(waiting, None)
            if work is None:
                break
            future = runner.submit(task, parameters(work))
            key = future.wrapped_future.key
            running[key] = _Running(work, future)
            future.wrapped_future.add_done_callback(lambda done: ended.put(done.key))
        if not running:
            return
        with contextlib.suppress(queue.Empty):
            key = ended.get(timeout=1)
            if key in running:
                yield running.pop(key).ended()
        is_over = is_over or is_cancelled()
        at_work = {key for keys in runner.client.processing().values() for key in keys}
        for key, one in list(running.items()):
            one.note(key in at_work)
            if is_over or one.seconds_at_work > seconds_each:
                del running[key]
                _end(runner.client, one)
                yield one.ended("cancelled" if is_over else "timed_out")


@dataclass
class _Running(Generic[W]):
    work: W
    future: Any
    submitted: float = field(default_factory=time.monotonic)
    begun: float | None = None

    def note(self, is_at_work: bool) -> None:
        """Keep since when a worker has been at it; waiting for a worker is not counted."""
        if not is_at_work:
            self.begun = None
        elif self.begun is None:
            self.begun = time.monotonic()

    @property
    def seconds_at_work(self) -> float:
        return 0.0 if self.begun is None else time.monotonic() - self.begun

    def ended(self, given_up: str | None = None) -> Ended[W]:
        result = None
        if given_up is None:
            try:
                result = self.future.result()
            except Exception as error:  # noqa: BLE001 - the worker died, or the cluster is gone
                given_up = "crashed"
                get_run_logger().warning("A worker ended with %s", type(error).__name__)
        seconds = time.monotonic() - self.submitted
        return Ended(self.work, seconds, result, given_up)


def _threads(runner: DaskTaskRunner) -> int:
    """Return how much can be under way; while a worker is being replaced it is less."""
    threads: dict[str, int] = runner.client.nthreads()
    return max(1, sum(threads.values()))


def _end(client: Any, one: _Running[Any]) -> None:
    """End the process that works on it; nothing else is there."""
    key = one.future.wrapped_future.key
    workers = [worker for worker, keys in client.processing().items() if key in keys]
    one.future.wrapped_future.cancel(force=True)
    if workers:
        client.restart_workers(workers, timeout=_CLUSTER_WITHIN, raise_for_error=False)
