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
from deployments.local.detached import Detached
from deployments.local.environment import Machine, machine

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
    runs = runs_of(here)
    reachable = bool(runs) and here.answers()
    if runs:
        _say(f"Runs      {len(runs)} of this machine's are cancelled")
    if reachable:
        asyncio.run(_cancel(set(runs), here))
    _stop(here.worker)
    # A run has a session of its own: it outlives its worker, and is shown as running for ever.
    runs |= runs_of(here)
    _kill([process for processes in runs.values() for process in processes])
    if reachable:
        asyncio.run(_confirm(set(runs)))
    _stop(here.server)
    if here.answers():
        _say(f"A server that `make up` did not start still answers at {here.ui}.")


def runs_of(here: Machine) -> dict[UUID, list[psutil.Process]]:
    """Return the flow runs of this machine's worker, alive or dead, and their processes.

    They are told by their variables: the server knows only numbers of processes, which another
    machine's worker has too.
    """
    found: dict[UUID, list[psutil.Process]] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ValueError):
            variables = process.environ()
            ours = variables.get("ADE_HOME") == str(here.home)
            if ours and (run := variables.get("PREFECT__FLOW_RUN_ID")):
                found.setdefault(UUID(run), []).append(process)
    return found


def _stop(process: Detached) -> None:
    found = process.stop()
    _say(f"{process.name.capitalize():9} {'stopped' if found else 'does not run'}")


def _kill(processes: list[psutil.Process]) -> None:
    for how in ("terminate", "kill"):
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                getattr(process, how)()
        _, processes = psutil.wait_procs(processes, timeout=10)


async def _cancel(runs: set[UUID], here: Machine) -> None:
    """Cancel runs as the UI does, so that the worker ends them; wait until it has."""
    async with get_client() as client:
        for run in runs:
            if not await _is_over(client, run):
                message = "Cancelled by `make down`; run it again, what was done is kept."
                await client.set_flow_run_state(run, Cancelling(message=message))
        deadline = time.monotonic() + CANCEL_SECONDS
        while here.worker.pid is not None and time.monotonic() < deadline:
            if all([await _is_over(client, run) for run in runs]):
                return
            await asyncio.sleep(0.5)


async def _confirm(runs: set[UUID]) -> None:
    """Say of runs whose processes were killed that they are over; nobody else would."""
    async with get_client() as client:
        for run in runs:
            if not await _is_over(client, run):
                message = "Ended by `make down`; run it again, what was done is kept."
                await client.set_flow_run_state(run, Cancelled(message=message), force=True)


async def _is_over(client: PrefectClient, run: UUID) -> bool:
    try:
        state = (await client.read_flow_run(run)).state
    except ObjectNotFound:
        return True
    return state is not None and (state.is_final() or state.is_paused())


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
