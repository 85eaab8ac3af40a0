"""What may be read: asked of each address before anything there is listed or opened.

Whoever runs this says it, once for the process; a project by itself reads what its system allows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

Guard = Callable[[str], bool]
"""Returns whether there are limits to such addresses; raises SourceError for one beyond them.

It is asked about globs too, and may be asked in any thread."""

_guards: list[Guard] = []
_own: set[str] = set()
"""Files and folders that this process made for itself."""


def guard_with(guard: Guard) -> None:
    """Have `guard` say what this process may read."""
    _guards[:] = [guard]


def check_access(uri: str) -> bool:
    """Return whether there are limits to such addresses; raises what the guard raises."""
    return not _is_own(uri) and any(guard(uri) for guard in _guards)


@contextlib.contextmanager
def own_place(place: str) -> Iterator[None]:
    """Let a temporary file or folder of this process be read, whatever the guard says."""
    _own.add(place)
    try:
        yield
    finally:
        _own.discard(place)


def _is_own(uri: str) -> bool:
    return any(Path(place) in (path := Path(uri), *path.parents) for place in list(_own))
