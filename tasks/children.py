"""Runs that a batch began and that ended without a word: their process is gone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Cancelled, Crashed

_UNENDED = {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING", "PAUSED"]}}
_AT_ONCE = 200


def end_children(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """End the runs below a run that was cancelled or crashed as it did; a hook of flows."""
    end_runs(flow_run.id, cancelled=state.is_cancelling() or state.is_cancelled())


def end_runs(parent: UUID, *, cancelled: bool, named: str | None = None) -> int:
    """Say of the runs below `parent`, or of the one for that source, that they have ended.

    Returns how many there were.
    """
    message = "The batch was cancelled." if cancelled else "Its process is gone."
    ended = 0
    with get_client(sync_client=True) as client:
        wanted = FlowRunFilter(parent_flow_run_id={"any_": [parent]}, state=_UNENDED)
        while runs := client.read_flow_runs(flow_run_filter=wanted, limit=_AT_ONCE):
            for run in runs:
                if named is not None and named not in _sources(run):
                    continue
                new: State[Any] = (Cancelled if cancelled else Crashed)(message=message)
                client.set_flow_run_state(run.id, new, force=True)
                ended += 1
            if named is not None or len(runs) < _AT_ONCE:
                break
    return ended


def _sources(run: FlowRun) -> list[str]:
    sources: list[str] = run.parameters.get("request", {}).get("sources", [])
    return sources
