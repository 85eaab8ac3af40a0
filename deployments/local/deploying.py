"""Deploys what `prefect.yaml` says, and only what changed in it since."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.utilities.callables import parameter_schema

from ai_data_engineer import __version__
from ai_data_engineer.errors import SettingsError
from deployments.local import schedules
from deployments.local.environment import ROOT
from deployments.local.written import Written

FILE = ROOT / "prefect.yaml"
_SECONDS = 300
"""How long Prefect may take to deploy everything; three deployments take four seconds."""


def entries(file: Path = FILE) -> dict[str, dict[str, Any]]:
    """Return the deployments of the file by their names, `FLOW/DEPLOYMENT`."""
    read = yaml.safe_load(file.read_text())["deployments"]
    return {f"{flow_of(entry).name}/{entry['name']}": entry for entry in read}


def flow_of(entry: dict[str, Any]) -> Flow[Any, Any]:
    """Import and return the flow that an entry deploys."""
    path, _, name = entry["entrypoint"].partition(":")
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    flow: Flow[Any, Any] = getattr(module, name)
    return flow


def definition(entry: dict[str, Any]) -> dict[str, Any]:
    """Return all that Prefect keeps of a deployment: the entry, the form, version and folder.

    A new field of a request changes the form, which has to be deployed, though the file did not.
    """
    flow = flow_of(entry)
    whole = yaml.safe_load(FILE.read_text())
    return {
        "entry": entry,
        "pull": whole["pull"],
        "folder": str(ROOT),
        "version": __version__,
        "parameters": parameter_schema(flow).model_dump(mode="json"),
        "description": flow.description,
    }


async def ensure(client: PrefectClient, written: Written, environment: dict[str, str]) -> list[str]:
    """Deploy what is missing or changed and return a line for each.

    What a person changed in the UI (a limit, parameters, a paused schedule) stays until the entry
    changes; a paused schedule stays paused even then, and one that a person added stays. Those
    that the file had and has no more are deleted.

    Raises SettingsError when Prefect refuses; its last lines are in the error.
    """
    stale, in_file = {}, entries()
    for name, entry in in_file.items():
        wanted = definition(entry)
        if written.changed(f"deployment/{name}", wanted) or not await schedules.deployment(
            client, name
        ):
            stale[name] = wanted
    for name in stale:
        await schedules.keep_those_of_people(client, name)
    if stale:
        _deploy(list(stale), environment)
    for name, wanted in stale.items():
        written.note(f"deployment/{name}", wanted)
    said = [f"deployment `{name}` deployed" for name in stale]
    return said + await schedules.remove_old(client, written, in_file, stale)


def _deploy(names: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy"]
    # Of FLOW/NAME Prefect compares FLOW with the function's name, not the flow's: the name alone.
    command += [part for name in names for part in ("--name", name.partition("/")[2])]
    # Lines are not to be broken at 80 characters, nor coloured.
    plain = {**environment, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(
        command, env=plain, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS
    )
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise SettingsError(
            f"Prefect did not deploy {', '.join(names)}: {' '.join(said[-3:])}",
            location="prefect.yaml",
        )
