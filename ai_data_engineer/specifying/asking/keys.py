"""Which of several keys is used: those that were refused, or are used up, come last."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr

from ai_data_engineer.errors import TransientError
from ai_data_engineer.specifying.asking.services import key_name
from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job

LONGEST_ASIDE = 3600.0
"""Seconds: a day's quota comes back some time, and asking for it costs nothing."""


class KeyRing:
    """The keys of one question. What others found out decides their order, but forbids none."""

    def __init__(self, keys: Sequence[SecretStr], author: Author, job: Job, pace: Pace) -> None:
        self._author, self._store, self._pace = author, job.store, pace
        distinct: dict[str | None, SecretStr | None] = {key_name(author, key): key for key in keys}
        self._keys = distinct or {None: None}
        self._free_at = dict.fromkeys(self._keys, 0.0)
        self._order = sorted(self._keys, key=self._remembered)

    @property
    def current(self) -> SecretStr | None:
        """The key to use next, or None for a service that takes none."""
        return self._keys[self._order[0]]

    @property
    def free_in(self) -> float:
        """Seconds until the current key may be used again; mostly 0."""
        return max(0.0, self._free_at[self._order[0]] - self._pace.now())

    def put_aside(self, seconds: float | None, remembered: float) -> bool:
        """Take the next key; the current one is used up for `seconds`, or refused (None).

        Args:
            seconds: When this question may use it again; None: never.
            remembered: For how long at least all others use it last, in seconds.

        Returns:
            Whether there is a key left.
        """
        name = self._order.pop(0)
        self._remember(name, max(remembered, seconds or 0.0))
        if seconds is not None:
            self._free_at[name] = self._pace.now() + seconds
            self._order.append(name)
            self._order.sort(key=lambda each: self._free_at[each])
        return bool(self._order)

    def _remembered(self, name: str | None) -> float:
        """Until when the key is said to be of no use, in seconds since 1970; 0: not at all."""
        if name is None or len(self._keys) == 1:
            return 0.0
        try:
            value = self._store.get(f"keys/{name}")
            return float(value) if value else 0.0
        except (TransientError, ValueError):
            return 0.0

    def _remember(self, name: str | None, seconds: float) -> None:
        if name is None or len(self._keys) == 1:
            return
        seconds = min(seconds, LONGEST_ASIDE)
        try:
            self._store.put(
                f"keys/{name}", str(self._pace.now() + seconds).encode(), seconds=seconds
            )
        except TransientError:
            return
