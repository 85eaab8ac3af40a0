"""Whether the run was stopped meanwhile: cancelled by a person, deleted, or out of time.

A worker kills the process of a run that is cancelled, and a timeout interrupts the main thread;
neither reaches a run that was started by `ade generate`, nor the threads of `.submit()`. They ask.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext, SettingsContext, TaskRunContext, get_settings_context
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run as this_run
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, get_current_settings
from prefect.states import Cancelled
from prefect.types._datetime import now

SECONDS_BETWEEN = 2.0
"""How long an answer of the server is good for; asking costs 40 ms of processor time."""
LEEWAY = 1.0
"""Seconds after a timeout: its own alarm comes first, so that the run is shown as timed out."""
_PATIENCE = 2.0
"""Seconds for the server to answer; who waits for a model is not to wait for Prefect as well."""


def is_cancelled() -> bool:
    """Return whether the flow run of this thread is to stop; once it is, it stays so.

    It is when its time, or that of the task, is up; when the server says that it is being cancelled
    or has ended; and when it was deleted. A server that cannot be asked says nothing, and outside
    of a flow run there is nothing to stop. Asks at most every other second.
    """
    run = this_run.id
    return _out_of_time() or (run is not None and _watch(run).is_over())


def _out_of_time() -> bool:
    of_flow, of_task = FlowRunContext.get(), TaskRunContext.get()
    limits = [
        (of_flow.start_time, of_flow.flow.timeout_seconds) if of_flow and of_flow.flow else None,
        (of_task.start_time, of_task.task.timeout_seconds) if of_task else None,
    ]
    return any(
        (now("UTC") - started).total_seconds() >= seconds + LEEWAY
        for started, seconds in filter(None, limits)
        if seconds is not None
    )


def confirm_cancelled(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell the server that a run that was being cancelled has stopped; an `on_cancellation` hook.

    A worker says so itself of the runs that it started. Of others nobody does, and since the
    server refuses to call them failed they would be shown as being cancelled for ever.
    """
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(flow_run.id, Cancelled(message="The run has stopped."))


class _Watch:
    """What the server says of one run."""

    def __init__(self, run: UUID) -> None:
        self._run = run
        self._profile, settings = get_settings_context().profile, get_current_settings()
        # Left to itself the client tries again for a minute.
        self._settings = settings.copy_with_update(updates={PREFECT_CLIENT_MAX_RETRIES: 0})
        self._over = False
        self._asked = float("-inf")

    def is_over(self) -> bool:
        if not self._over and time.monotonic() - self._asked >= SECONDS_BETWEEN:
            self._over = self._ask()
            self._asked = time.monotonic()
        return self._over

    def _ask(self) -> bool:
        try:
            with (
                SettingsContext(profile=self._profile, settings=self._settings),
                get_client({"timeout": _PATIENCE}, sync_client=True) as client,
            ):
                state = client.read_flow_run(self._run).state
        except ObjectNotFound:
            return True
        except Exception:  # noqa: BLE001 - whatever ails the server, the run goes on
            return False
        return state is not None and (state.is_cancelling() or state.is_final())


@lru_cache(maxsize=64)
def _watch(run: str) -> _Watch:
    return _Watch(UUID(run))
