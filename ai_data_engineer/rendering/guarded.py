"""Runs a rendered project that keeps to our source policy: `python -m … PACKAGE ARGUMENTS`.

A project has readers of its own, which a redirection, or a link that is made while it runs, could
lead where nobody may read.
"""

from __future__ import annotations

import importlib
import runpy
import sys
from collections.abc import Callable

from ai_data_engineer.errors import AdeError
from ai_data_engineer.sources.policy import check


def _guard_of(package: str) -> Callable[[str], bool]:
    """Return our guard with the errors that the project knows: its own."""
    theirs = importlib.import_module(f"{package}.errors").SourceError

    def guard(uri: str) -> bool:
        try:
            return check(uri)
        except AdeError as error:
            ours = error
        raise theirs(ours.message, code=ours.code, location=ours.location, hint=ours.hint)

    return guard


if __name__ == "__main__":
    package = sys.argv.pop(1)
    importlib.import_module(f"{package}.io.access").guard_with(_guard_of(package))
    runpy.run_module(package, run_name="__main__", alter_sys=True)
