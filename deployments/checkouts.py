"""Code of a git tag in a folder of its own, `releases/TAG`, with an environment of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from ai_data_engineer.errors import AdeError

RELEASES = Path("releases")
FILE = "prefect.release.yaml"
POOL = "local"
"""The pool of `prefect.yaml` that colours stand for."""


class ReleaseError(AdeError):
    """A version that cannot be prepared, switched to or left."""

    code = "E_RELEASE"


def checkout(tag: str, environment: Path | None = None) -> Path:
    """Return the folder with the code of a tag, made if it is not there; raises ReleaseError.

    `environment` is an environment that exists and is taken instead of one that is installed.
    """
    folder = (RELEASES / tag.replace("/", "_")).absolute()
    if not folder.exists():
        exists = ["git", "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}"]
        if subprocess.run(exists, capture_output=True).returncode:
            raise ReleaseError("There is no such tag.", location=tag, hint="See `git tag`.")
        RELEASES.mkdir(exist_ok=True)
        _run(["git", "worktree", "add", "--detach", str(folder), f"refs/tags/{tag}"], Path.cwd())
    if not (folder / ".venv").exists():
        if environment:
            (folder / ".venv").symlink_to(environment.absolute())
        else:
            _run(["make", "install"], folder)
    return folder


def deploy(folder: Path, tag: str, pool: str) -> list[str]:
    """Deploy all that the checkout's `prefect.yaml` has, with its own code, to the pool.

    Returns the names of the deployments in the file. Raises ReleaseError when one fails; those
    before it are deployed then.
    """
    document: dict[str, Any] = yaml.safe_load((folder / "prefect.yaml").read_text("utf-8"))
    for deployment in document["deployments"]:
        deployment["version"] = tag
        if deployment["work_pool"]["name"] == POOL:
            deployment["work_pool"]["name"] = pool
    (folder / FILE).write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    command = [".venv/bin/python", "-m", "prefect", "--no-prompt", "deploy", "--all"]
    _run([*command, "--prefect-file", FILE], folder)
    return [str(deployment["name"]) for deployment in document["deployments"]]


def _run(command: list[str], folder: Path) -> None:
    # The file says `{{ $PWD }}` for where the code lies.
    environment = {**os.environ, "PWD": str(folder), "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ReleaseError(
            f"`{' '.join(command[:6])}` failed: {lines[-1] if lines else 'it says nothing'}",
            location=str(folder),
            hint="Run it there by hand to see all it says.",
        )
