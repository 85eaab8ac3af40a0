"""`make up`: a server with its UI, a pool, a worker, and everything deployed; safe to run again."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from prefect.client.orchestration import get_client

from ai_data_engineer.errors import AdeError, SettingsError
from deployments import automations
from deployments import blocks as block_types
from deployments.local import deploying, pool
from deployments.local.detached import Detached
from deployments.local.environment import ROOT, Machine, answers, machine
from deployments.local.written import Written

START_SECONDS = 600
"""A fresh database is migrated first, half a minute of work; a busy machine takes its time."""
_SAY_EVERY = 15
"""Seconds between two lines that say what is still waited for."""


def main() -> int:
    """Bring everything up; return 0, or 2 with one line that says what is missing."""
    try:
        here = machine()
        with here.alone(), here.as_client():
            bring_up(here)
    except AdeError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def bring_up(here: Machine) -> None:
    """Start what does not run and make what is missing; raises AdeError."""
    started = time.monotonic()
    _server(here)
    block_types.register()
    done = asyncio.run(_objects(here))
    for line in done:
        _say(f"  {line}")
    if not done:
        _say("  pool, queues, limits, automations and deployments: as they were")
    _worker(here)
    _say(_what_next(here, time.monotonic() - started))


def _server(here: Machine) -> None:
    server = here.server
    if server.pid is None and here.answers():
        if not os.environ.get("PREFECT_API_URL"):
            raise SettingsError(
                "A Prefect server that `make up` did not start answers there already.",
                location=here.ui,
                hint=f"PREFECT_API_URL={here.api} make up uses it; PREFECT_SERVER_API_PORT=4201 "
                "make up starts another one beside it.",
            )
        _say(f"Server    {here.ui} (not ours: it is used as it is)")
        return
    if server.pid is None:
        if not here.is_local:
            raise SettingsError(
                "No Prefect server answers there, and it is not this machine's to start.",
                location=f"PREFECT_API_URL={here.api}",
                hint="Start it, or unset PREFECT_API_URL for a server on this machine.",
            )
        host, port = here.host_and_port
        _require_free(host, port, "PREFECT_SERVER_API_PORT")
        here.prefect_home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "prefect", "server", "start"]
        command += ["--host", host, "--port", str(port)]
        server.start(command, here.of_server(), ROOT)
        _say(f"Server    {here.ui} starts (half a minute with a new database; {server.log})")
    else:
        _say(f"Server    {here.ui} runs (process {server.pid})")
        _mind_settings(server, here.of_server())
    _wait(lambda: here.answers("/ready"), server, "the server to answer")


async def _objects(here: Machine) -> list[str]:
    async with get_client() as client:
        written = await Written.load()
        said = await pool.ensure(client)
        said += await deploying.ensure(client, written, here.of_worker())
        said += await automations.ensure(client, written)
        await written.save()
    return said


def _worker(here: Machine) -> None:
    worker, health = here.worker, f"http://127.0.0.1:{here.health_port}/health"
    if worker.pid is not None:
        _say(f"Worker    runs (process {worker.pid}; {health})")
        _mind_settings(worker, here.of_worker())
    else:
        _require_free("127.0.0.1", here.health_port, "PREFECT_WORKER_WEBSERVER_PORT")
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool.POOL]
        command += ["--name", f"{socket.gethostname()}-{here.health_port}", "--with-healthcheck"]
        worker.start(command, here.of_worker(), ROOT)
        _say(f"Worker    starts ({health}; {worker.log})")
    _wait(lambda: answers(health), worker, "the worker to take up its work")


def _mind_settings(process: Detached, environment: dict[str, str]) -> None:
    if not process.runs_with(environment):
        _say("          with other settings than this shell's; `make down up` takes them over")


def _require_free(host: str, port: int, setting: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            problem = SettingsError(
                f"The port cannot be taken ({error.strerror}).",
                location=f"{host}:{port}",
                hint=f"Stop what listens there, or take another: {setting}={port + 1} make up.",
            )
        else:
            return
    raise problem


def _wait(ready: Callable[[], bool], process: Detached, what: str) -> None:
    """Wait until it is so, and say so now and then; raises AdeError with the log's end."""
    began = said = time.monotonic()
    ours = process.pid is not None
    while not ready():
        now = time.monotonic()
        if (ours and process.pid is None) or now - began > START_SECONDS:
            gave_up = (
                "ended" if process.pid is None else f"does not answer after {now - began:.0f} s"
            )
            process.stop()
            raise AdeError(
                f"The {process.name} {gave_up}. Its log ends with: {process.last_lines(3)}",
                code="E_SETTING",
                location=str(process.log),
            )
        if now - said > _SAY_EVERY:
            _say(f"          still waiting for {what} ({now - began:.0f} s)")
            said = now
        time.sleep(0.3)


def _what_next(here: Machine, seconds: float) -> str:
    prefect = Path(sys.executable).with_name("prefect")
    return f"""
Up after {seconds:.0f} s. Open {here.ui}/deployments, choose `generate` and then Run → Custom run;
or from a shell:
  export PREFECT_API_URL={here.api}
  {prefect} deployment run generate/generate --watch

`make up` again changes nothing that is as it should be; `make down` stops it.
`ade doctor` says what is missing; keys for models are blocks: {here.ui}/blocks/catalog
Logs {here.folder}, data {here.prefect_home}; docs/operations/one-machine.md says the rest."""


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
