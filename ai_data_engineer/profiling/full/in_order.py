"""Work on several items at once, results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Items under way. A constant, not the number of processors: what a worker is told depends on what
was merged so many items ago, and results shall be the same everywhere."""


def in_order(
    items: Iterable[T], work: Callable[[T], Callable[[], R]], merge: Callable[[R], None]
) -> None:
    """Do the work for each item in a thread and merge the results in the order of the items.

    `work` is called in this thread, exactly `AHEAD` merges behind; what it returns is called in
    another one. Whatever is raised, here or there, ends all of it and is raised here.
    """
    pending: deque[Future[R]] = deque()
    with ThreadPoolExecutor(min(AHEAD, os.cpu_count() or 1), "ade-profile") as pool:
        try:
            for item in items:
                if len(pending) == AHEAD:
                    merge(pending.popleft().result())
                pending.append(pool.submit(work(item)))
            while pending:
                merge(pending.popleft().result())
        finally:
            for future in pending:
                future.cancel()
