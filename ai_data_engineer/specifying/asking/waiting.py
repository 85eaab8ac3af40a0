"""Time between tries: how long, and how a cancelled run gets out of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from ai_data_engineer.specifying.job import Job

LONGEST = 30.0
"""Seconds; longer only where the service asks for it."""
SLICE = 0.2
"""Seconds between two looks at whether the run was cancelled."""


@dataclass(frozen=True)
class Pace:
    """Where time and chance come from; tests bring their own."""

    now: Callable[[], float] = time.time
    """Seconds since 1970: it is compared between machines, whose clocks agree within seconds."""
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random


def pause(tries: int, asked_for: float | None, pace: Pace) -> float:
    """Return the seconds to wait after `tries` failures of a kind (1 is the first).

    What the service asked for, with up to a second more, so that those who were sent away together
    do not come back together; else 1, 2, 4, … seconds, of which the later half is left to chance
    ("equal jitter": M. Brooker, *Exponential Backoff and Jitter*, AWS Architecture Blog, 2015).
    """
    if asked_for is not None:
        return max(0.0, asked_for) + pace.random()
    return float(min(2.0 ** (tries - 1), LONGEST)) * (0.5 + pace.random() / 2)


def wait(seconds: float, job: Job, pace: Pace) -> None:
    """Wait; raises Cancelled at most SLICE seconds after the run was cancelled."""
    job.check()
    while seconds > 0:
        pace.sleep(min(SLICE, seconds))
        job.check()
        seconds -= SLICE
