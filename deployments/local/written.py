"""What was written to the server last, so that what a person changed there since is left alone.

A definition is written anew only where it differs from the one written before. The digests lie on
the server, in a Prefect variable, because several machines may look after the same one.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from prefect.variables import Variable

VARIABLE = "ade_written"


class Written:
    """Digests of definitions by name; `await Written.load()`, then `changed`, `note` and `save`."""

    def __init__(self, digests: dict[str, str]) -> None:
        self._digests = dict(digests)
        self._saved = dict(digests)

    @classmethod
    async def load(cls) -> Written:
        """Read what the server has; a variable that somebody spoilt counts as none."""
        value: Any = await Variable.aget(VARIABLE, default={})
        return cls({str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {})

    def changed(self, name: str, definition: Any) -> bool:
        """Return whether the definition is not the one that was written last."""
        return self._digests.get(name) != _digest(definition)

    def knows(self, name: str) -> bool:
        """Return whether anything was written under that name."""
        return name in self._digests

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin so."""
        return [name for name in self._digests if name.startswith(prefix)]

    def forget(self, name: str) -> None:
        """Remember nothing of it any more."""
        self._digests.pop(name, None)

    def note(self, name: str, definition: Any) -> None:
        """Remember that it is written now."""
        self._digests[name] = _digest(definition)

    async def save(self) -> None:
        """Write the digests to the server, if there are new ones."""
        if self._digests != self._saved:
            await Variable.aset(VARIABLE, dict(sorted(self._digests.items())), overwrite=True)
            self._saved = dict(self._digests)


def _digest(definition: Any) -> str:
    return hashlib.sha256(json.dumps(definition, sort_keys=True, default=str).encode()).hexdigest()[
        :16
    ]
