"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ai_data_engineer.errors import AdeError

State = Literal["ok", "missing", "broken"]


@dataclass(frozen=True)
class Check:
    """One thing looked at: `missing` is a choice, `broken` has to be mended."""

    name: str
    state: State
    detail: str
    """What is the case and, unless it is `ok`, how to mend it; never a key."""


def broken(name: str, error: AdeError) -> Check:
    """Return the check that an error of ours ends."""
    return Check(name, "broken", f"{error.message} {error.hint}".strip())
