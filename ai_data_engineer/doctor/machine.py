"""What this machine has: Python, a folder for state, engines, the sandbox, Prefect's server."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import urllib.request
from http.client import HTTPException

from ai_data_engineer.doctor.check import Check
from ai_data_engineer.settings import Settings, unknown_variables


def python() -> Check:
    """Say which versions run."""
    versions = ", ".join(
        f"{p} {importlib.metadata.version(p)}" for p in ("polars", "prefect", "great-expectations")
    )
    return Check("python", "ok", f"{sys.version.split()[0]} with {versions}")


def places(settings: Settings) -> list[Check]:
    """Say how large sources may be, and whether ADE_HOME can be written."""
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    return [
        Check("settings", "ok", f"sources up to {settings.max_file_size.human_readable()}"),
        *(
            Check(
                "settings", "missing", f"there is no setting {name}: misspelt, or of old; unset it"
            )
            for name in unknown_variables()
        ),
        Check("home", "ok", str(home))
        if writable
        else Check(
            "home", "broken", f"{home} cannot be written; set ADE_HOME to a folder that can."
        ),
    ]


def engines() -> list[Check]:
    """Say which SQL engines can run a spec besides polars."""
    from ai_data_engineer.rendering.runtime.engines import PACKAGES, missing

    return [
        Check(engine, "missing", f"{lacking}; polars is there")
        if (lacking := missing(engine))
        else Check(engine, "ok", f"{package} {importlib.metadata.version(package)}")
        for engine, package in PACKAGES.items()
    ]


def sandbox() -> Check:
    """Say what isolates the verification of a project."""
    if shutil.which("bwrap"):
        return Check("sandbox", "ok", "bubblewrap isolates the verification")
    return Check(
        "sandbox",
        "missing",
        "no bubblewrap: projects are verified under limits alone; install `bubblewrap`",
    )


def server() -> Check:
    """Say whether Prefect's server answers."""
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return Check(
            "prefect", "missing", "no PREFECT_API_URL: each run starts a server of its own"
        )
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=5) as reply:  # noqa: S310 - the user's own setting
            healthy = reply.status == 200
    except (OSError, ValueError, HTTPException):  # the last where it is another protocol
        healthy = False
    if healthy:
        return Check("prefect", "ok", "the server answers")
    return Check(
        "prefect",
        "broken",
        "the server in PREFECT_API_URL does not answer; start it or unset the variable",
    )
