"""Tagged versions side by side: prepare one, switch to it, drain the old one, roll back.

Prefect's open-source server has no history of versions, so what is switched away from is noted
here: `releases/previous.json`, for its owner alone, since job variables may hold secrets. Two
pools, `local-blue` and `local-green`, take turns; each has workers that run the code of one tag.

    python -m deployments.versions prepare v1.2.0
    (start the worker that it names)
    python -m deployments.versions switch v1.2.0
    python -m deployments.versions drain local-blue
    python -m deployments.versions rollback
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from ai_data_engineer.errors import AdeError
from deployments.api import Api, server_api
from deployments.checkouts import POOL, RELEASES, ReleaseError, checkout, deploy
from deployments.recovery.configuration import Configuration, read_configuration
from deployments.recovery.putting import Putter

COLOURS = (f"{POOL}-blue", f"{POOL}-green")
PREVIOUS = RELEASES / "previous.json"
LOOK_EVERY = 2.0

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def prepare(
    tag: str,
    environment: Annotated[
        Path | None,
        typer.Option("--venv", help="An environment to use instead of installing one."),
    ] = None,
) -> None:
    """Check the tag out, install it, and make the pool that its workers serve."""
    folder = checkout(tag, environment)
    with server_api() as api:
        found = read_configuration(api)
        now, pool = _active(found), _idle(found)
        pools = found.sections["work_pools"]
        if pool not in pools:
            template = pools.get(now) or pools.get(POOL)
            if template is None:
                raise ReleaseError(
                    f"There is no pool `{POOL}` to be like.", hint="`make up` makes it."
                )
            Putter(api, found.sections, found.ids).work_pool(pool, template, None)
        api.patch(f"/work_pools/{pool}", {"is_paused": False})
    _say(f"{folder} is ready. Start its worker, then switch:")
    _say(f"  cd {folder} && PYTHONPATH=$PWD .venv/bin/prefect worker start --pool {pool}")
    _say(f"  python -m deployments.versions switch {tag}")


@app.command()
def switch(tag: str) -> None:
    """Have all deployments run the tag, in the idle pool: all of them or none."""
    folder = RELEASES / tag.replace("/", "_")
    if not (folder / ".venv").exists():
        raise ReleaseError("It is not prepared.", location=tag, hint="Run `prepare` first.")
    with server_api() as api:
        before = read_configuration(api)
        pool = _idle(before)
        if not _has_worker(api, pool):
            raise ReleaseError(
                f"No worker serves the pool {pool}.", hint="Start the one that `prepare` names."
            )
        noted = PREVIOUS.read_bytes() if PREVIOUS.exists() else None
        # Before anything changes: should this process be killed, `rollback` puts things right.
        _note(before, tag)
        try:
            deploy(folder.absolute(), tag, pool)
        except BaseException:
            _put_back(api, before)
            if noted is None:
                PREVIOUS.unlink()
            else:
                PREVIOUS.write_bytes(noted)
            _say("It failed: the deployments are as they were.")
            raise
    _say(f"All deployments run {tag} in {pool}. `rollback` undoes it.")


@app.command()
def rollback() -> None:
    """Put the deployments back as they were before the last switch; again: forward."""
    try:
        noted = json.loads(PREVIOUS.read_text("utf-8"))
    except FileNotFoundError:
        raise ReleaseError("Nothing was switched here.", location=str(PREVIOUS)) from None
    before = Configuration(sections=noted["sections"])
    with server_api() as api:
        now = read_configuration(api)
        pool = _active(before)
        if pool in now.sections["work_pools"]:
            api.patch(f"/work_pools/{pool}", {"is_paused": False})
        _put_back(api, before)
        _note(now, "rollback")
        told = "" if _has_worker(api, pool) else " No worker serves it: start one."
    _say(f"The deployments are as before, in {pool}.{told}")


@app.command()
def drain(
    pool: str,
    timeout: Annotated[float, typer.Option(help="Seconds to wait at the most.")] = 3600.0,
) -> None:
    """Hand out nothing more from a pool and wait for what runs; then its workers may be stopped."""
    with server_api() as api:
        if pool == _active(read_configuration(api)):
            raise ReleaseError(
                "Deployments run in this pool.", location=pool, hint="Switch away from it first."
            )
        # What was asked for before the switch is done still, by the code that it was asked of.
        deadline = time.monotonic() + timeout
        while due := _runs(api, pool, "SCHEDULED", "PENDING", "RUNNING", "CANCELLING"):
            if time.monotonic() > deadline:
                api.patch(f"/work_pools/{pool}", {"is_paused": True})
                raise ReleaseError(
                    f"{due} runs are not over after {timeout:g} s; nothing new is handed out.",
                    location=pool,
                    hint="Wait for them, or cancel them.",
                )
            time.sleep(LOOK_EVERY)
        api.patch(f"/work_pools/{pool}", {"is_paused": True})
    _say(f"{pool} is empty and paused: its workers may be stopped.")


@app.command()
def status() -> None:
    """Say which version each deployment runs, and where."""
    with server_api() as api:
        found = read_configuration(api)
        for name, entry in sorted(found.sections["deployments"].items()):
            _say(f"{name}: {entry.get('version') or '-'} in {entry['work_pool_name']}")
        for pool in (pool for pool in COLOURS if pool in found.sections["work_pools"]):
            paused = " (paused)" if found.sections["work_pools"][pool]["is_paused"] else ""
            worker = "has a worker" if _has_worker(api, pool) else "has no worker"
            _say(f"{pool}{paused} {worker}")


def main() -> None:
    """Run the command; every failure is one line and an exit code."""
    try:
        app()
    except AdeError as error:
        _say(str(error))
        sys.exit(error.exit_code)


def _active(found: Configuration) -> str:
    """Return the pool that deployments run in: a colour, or the one that stands for both."""
    pools = {entry["work_pool_name"] for entry in found.sections["deployments"].values()}
    return next((pool for pool in COLOURS if pool in pools), POOL)


def _idle(found: Configuration) -> str:
    return COLOURS[1] if _active(found) == COLOURS[0] else COLOURS[0]


def _has_worker(api: Api, pool: str) -> bool:
    if api.get(f"/work_pools/{pool}") is None:
        return False
    workers = api.all(f"/work_pools/{pool}/workers/filter")
    return any(worker["status"] == "ONLINE" for worker in workers)


def _runs(api: Api, pool: str, *states: str) -> int:
    wanted = {"state": {"type": {"any_": list(states)}}}
    where = {"name": {"any_": [pool]}}
    return api.count("/flow_runs/count", flow_runs=wanted, work_pools=where)


def _put_back(api: Api, before: Configuration) -> None:
    """Make deployments and their triggers what they were; those that are new go."""
    now = read_configuration(api)
    putter = Putter(api, before.sections, now.ids)
    for name in now.sections["deployments"]:
        id = now.ids[f"deployment:{name}"]
        if now.sections["deployments"][name] != before.sections["deployments"].get(name):
            api.delete(f"/automations/owned-by/prefect.deployment.{id}")
            if name not in before.sections["deployments"]:
                api.delete(f"/deployments/{id}")
    for name, entry in before.sections["deployments"].items():
        if entry != now.sections["deployments"].get(name):
            putter.deployment(name, entry, None)
    left = read_configuration(api).sections["automations"]
    for name, entry in before.sections["automations"].items():
        if name not in left:
            putter.automation(name, entry, None)


def _note(before: Configuration, towards: str) -> None:
    noted: dict[str, Any] = {
        "before": towards,
        "sections": {name: before.sections[name] for name in ("deployments", "automations")},
    }
    RELEASES.mkdir(exist_ok=True)
    partial = PREVIOUS.with_name(f"{PREVIOUS.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(noted, file, indent=2, ensure_ascii=False)
    partial.replace(PREVIOUS)


def _say(text: str) -> None:
    typer.echo(text, err=True)


if __name__ == "__main__":
    main()
