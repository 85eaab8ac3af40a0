"""`make down`: ends the runs of this machine's worker, then the worker and the server."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from uuid import UUID

import psutil
from prefect.client.orchestration import PrefectClient, get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Cancelling

from ai_data_engineer.errors import AdeError
from deployments.detached import Detached
from deployments.environment import Machine, machine

CANCEL_SECONDS = 60
"""How long runs may take to stop when they are told to."""


def main() -> int:
    """Take everything down; return 0, or 2 with one line that says what is wrong."""
    try:
        here = machine()
        with here.alone(), here.as_client():
            take_down(here)
    except AdeError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def take_down(here: Machine) -> None:
    """Stop what `make up` started on this machine, and nothing else."""
    worker, server = here.worker, here.server
    running = runs_of(worker)
    reachable = bool(running) and here.answers()
    if reachable:
        print(f"Runs      {len(running)} of this worker: they are cancelled")
        asyncio.run(_cancel(running))
    for process in (worker, server):
        if not process.members():
            process.stop()  # a state file that was left behind
            print(f"{process.name.capitalize():9} does not run")
            continue
        left = runs_of(process)
        process.stop()
        if left and reachable:
            asyncio.run(_confirm(left))
        print(f"{process.name.capitalize():9} stopped")
    if here.answers():
        print(f"A server that `make up` did not start still answers at {here.ui}.")


def runs_of(worker: Detached) -> set[UUID]:
    """Return the ids of the flow runs whose processes are in the worker's group.

    Told by their own environment: the server knows only process ids, which another machine has too.
    """
    found = set()
    for pid in worker.members():
        with contextlib.suppress(psutil.Error, ValueError):
            if run := psutil.Process(pid).environ().get("PREFECT__FLOW_RUN_ID"):
                found.add(UUID(run))
    return found


async def _cancel(runs: set[UUID]) -> None:
    """Cancel runs as the UI does, so that the worker ends them; wait until it has."""
    async with get_client() as client:
        for run in runs:
            if not await _is_over(client, run):
                message = "Cancelled by `make down`; run it again, what was done is kept."
                await client.set_flow_run_state(run, Cancelling(message=message))
        deadline = time.monotonic() + CANCEL_SECONDS
        while time.monotonic() < deadline:
            if all([await _is_over(client, run) for run in runs]):
                return
            await asyncio.sleep(0.5)
    print(f"          not all ended within {CANCEL_SECONDS} s; they are killed with the worker")


async def _confirm(runs: set[UUID]) -> None:
    """Say of runs whose processes were killed that they are over; nobody else would."""
    async with get_client() as client:
        for run in runs:
            if not await _is_over(client, run):
                message = "Its process was killed by `make down`."
                await client.set_flow_run_state(run, Cancelled(message=message), force=True)


async def _is_over(client: PrefectClient, run: UUID) -> bool:
    try:
        state = (await client.read_flow_run(run)).state
    except ObjectNotFound:
        return True
    return state is not None and (state.is_final() or state.is_paused())


if __name__ == "__main__":
    sys.exit(main())
