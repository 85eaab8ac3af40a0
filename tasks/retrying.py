"""What is tried again: only what may pass by itself."""

from __future__ import annotations

from typing import Any

from prefect import Task
from prefect.client.schemas.objects import State, TaskRun

from ai_data_engineer.errors import SilentError, TransientError

RETRIES = 4
BACKOFF_SECONDS = [2.0, 4.0, 8.0, 16.0]
"""Exponential: a source or a service that is overloaded is left alone for longer each time."""
RETRIES_OF_SILENCE = 1
"""Each takes as long as the readers of storage have patience, about 35 s."""
JITTER = 0.5
"""Up to this share is added to a wait, so that many runs do not come back at the same moment."""


def is_transient(task: Task[Any, Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Return whether the failure may pass by itself (network, 429, 5xx), and soon enough.

    Prefect wants a plain function of exactly these three; a callable object disables retries.
    """
    if isinstance(state.data, SilentError):
        return task_run.run_count <= RETRIES_OF_SILENCE
    return isinstance(state.data, TransientError)
