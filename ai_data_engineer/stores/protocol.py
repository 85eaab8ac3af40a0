"""What a shared store does. Small values under plain keys; all of it safe between processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from ai_data_engineer.errors import TransientError

R = TypeVar("R")

Change = Callable[[bytes | None], tuple[bytes | None, R]]
"""From the value (None: there is none) to the new value (None: none) and what `update` returns.
It may be called several times, so it has no effects."""


class Store(Protocol):
    """Keys are made of `/`-separated words of ASCII letters, digits, `-`, `_` and `.`.

    Every method raises TransientError (`E_STORE`) when the store cannot be reached; whether that
    stops anything is the caller's to say: a cache goes without, a budget does not.
    """

    def get(self, key: str) -> bytes | None:
        """Return the value, or None when there is none or it has expired."""
        ...

    def put(self, key: str, value: bytes, *, seconds: float | None = None) -> None:
        """Set the value, whole or not at all; it expires after `seconds`."""
        ...

    def delete(self, key: str) -> None:
        """Remove the value; none is no error."""
        ...

    def update(self, key: str, change: Change[R], *, seconds: float | None = None) -> R:
        """Change the value atomically: no two changes of a key overlap, none is lost."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys below `prefix` that have a value, in no order."""
        ...

    def lease(self, key: str, *, wait: float) -> AbstractContextManager[bool]:
        """Hold `key` alone within a `with`; yields False when `wait` seconds were not enough.

        A holder that dies frees it: at once on one machine, within a few heartbeats on several.
        """
        ...


def unreachable(what: str, hint: str) -> TransientError:
    """Return the error of a store that does not answer."""
    return TransientError(f"{what} cannot be reached.", code="E_STORE", hint=hint)
