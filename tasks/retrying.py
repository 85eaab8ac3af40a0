"""What is tried again: only what may pass by itself."""

from __future__ import annotations

from typing import Any

from prefect import Task
from prefect.client.schemas.objects import State, TaskRun

from ai_data_engineer.errors import TransientError

RETRIES = 4
BACKOFF_SECONDS = [2.0, 4.0, 8.0, 16.0]
"""Exponential: a source or a service that is overloaded is left alone for longer each time."""
JITTER = 0.5
"""Up to this share is added to a wait, so that many runs do not come back at the same moment."""


def is_transient(task: Task[Any, Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Return whether the failure may pass by itself (network, 429, 5xx).

    Prefect wants a plain function of exactly these three; a callable object disables retries.
    """
    return isinstance(state.data, TransientError)
