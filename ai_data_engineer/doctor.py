"""What `ade doctor` looks at: settings, keys, engines, the sandbox, the server."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Literal

from ai_data_engineer.errors import SettingsError
from ai_data_engineer.settings import load_settings

State = Literal["ok", "missing", "broken"]


@dataclass(frozen=True)
class Check:
    """One thing looked at: `missing` is a choice, `broken` has to be mended."""

    name: str
    state: State
    detail: str


def examine() -> list[Check]:
    """Return every check; none raises, none sends a key anywhere."""
    return [_python(), *_settings(), *_engines(), _sandbox(), _server()]


def _python() -> Check:
    versions = ", ".join(
        f"{p} {importlib.metadata.version(p)}" for p in ("polars", "prefect", "great-expectations")
    )
    return Check("python", "ok", f"{sys.version.split()[0]} with {versions}")


def _settings() -> list[Check]:
    try:
        found = load_settings()
    except SettingsError as error:
        return [Check("settings", "broken", error.message)]
    home = found.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    return [
        Check("settings", "ok", f"sources up to {found.max_file_size.human_readable()}"),
        Check("home", "ok", str(home))
        if writable
        else Check(
            "home", "broken", f"{home} cannot be written; set ADE_HOME to a folder that can."
        ),
        Check("gemini", "ok", f"a key is set; model {found.gemini_model} (ADE_GEMINI_MODEL)")
        if found.gemini_api_key
        else Check("gemini", "missing", "no GEMINI_API_KEY; the offline planner writes specs"),
    ]


def _engines() -> list[Check]:
    """Say which SQL engines can run a spec besides polars."""
    from ai_data_engineer.rendering.runtime.engines import PACKAGES, missing

    return [
        Check(engine, "missing", f"{lacking}; polars is there")
        if (lacking := missing(engine))
        else Check(engine, "ok", f"{package} {importlib.metadata.version(package)}")
        for engine, package in PACKAGES.items()
    ]


def _sandbox() -> Check:
    if shutil.which("bwrap"):
        return Check("sandbox", "ok", "bubblewrap isolates the verification")
    return Check(
        "sandbox",
        "missing",
        "no bubblewrap: projects are verified under limits alone; install `bubblewrap`",
    )


def _server() -> Check:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return Check(
            "prefect", "missing", "no PREFECT_API_URL: each run starts a server of its own"
        )
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=5) as reply:  # noqa: S310 - the user's own setting
            healthy = reply.status == 200
    except (urllib.error.URLError, ValueError, OSError):
        healthy = False
    if healthy:
        return Check("prefect", "ok", "the server answers")
    return Check(
        "prefect",
        "broken",
        "the server in PREFECT_API_URL does not answer; start it or unset the variable",
    )
