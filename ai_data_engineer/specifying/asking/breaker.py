"""A circuit breaker for each service, shared by all runs: nobody waits for what is down.

Closed → open after FAILURES in a row → half-open after a pause, in which exactly one try of all
processes goes through: an answer closes the breaker, a failure doubles the pause. (M. Nygard,
*Release It!*, 2007.) The package pybreaker keeps its state in one process, or in Redis alone, and
lets every process try when it is half-open; here it lies in the store that runs share.
"""

from __future__ import annotations

import math
import uuid

from pydantic import ValidationError

from ai_data_engineer.document import Document
from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.specifying.asking.services import service_name
from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job

FAILURES = 5
"""In a row, of all runs together."""
FIRST_PAUSE = 30.0
LONGEST_PAUSE = 600.0
FORGOTTEN = 2 * LONGEST_PAUSE
"""Seconds without any change after which a service is thought well of again."""


class State(Document):
    """What all runs know of a service; no state at all means that its last answer was well."""

    failures: int = 0
    pause: float = 0.0
    """Seconds it is left alone; 0 while the breaker is closed."""
    open_until: float = 0.0
    """Seconds since 1970."""
    trial: str = ""
    """Who may try while it is half-open."""
    trial_until: float = 0.0
    """When the trial is thought to have died."""


class Breaker:
    """The breaker of one service, as one question meets it.

    A store that cannot be reached leaves it closed: it spares waiting, it does not permit.
    """

    def __init__(self, author: Author, job: Job, pace: Pace) -> None:
        self._key, self._store, self._pace = f"breaker/{service_name(author)}", job.store, pace
        self._me = uuid.uuid4().hex
        self._name = author.provider

    def admit(self, seconds: float) -> None:
        """Let a call of at most `seconds` through.

        Raises:
            ProviderError: E_PROVIDER_PAUSED, the breaker is open or another run is trying.
        """

        def enter(value: bytes | None) -> tuple[bytes | None, float]:
            now = self._pace.now()
            state = _read(value, now)
            if not state.pause:
                return value, 0.0
            if now < state.open_until:
                return value, state.open_until - now
            if state.trial not in ("", self._me) and now < state.trial_until:
                return value, state.trial_until - now
            trial = {"trial": self._me, "trial_until": now + seconds}
            return _written(state, trial), 0.0

        try:
            if self._store.get(self._key) is None:
                return
            left = self._store.update(self._key, enter, seconds=FORGOTTEN)
        except TransientError:
            return
        if left > 0:
            raise ProviderError(
                f"The last calls of `{self._name}` failed, so it is not asked for now.",
                code="E_PROVIDER_PAUSED",
                hint=f"Try again in {math.ceil(left)} seconds.",
            )

    def failed(self) -> bool:
        """Note that the service is down; returns whether the breaker is open."""

        def count(value: bytes | None) -> tuple[bytes | None, bool]:
            now = self._pace.now()
            state = _read(value, now)
            failures = state.failures + 1
            if state.pause and state.trial != self._me:
                # A call from before it opened: known already.
                return value, True
            if not state.pause and failures < FAILURES:
                return _written(state, {"failures": failures}), False
            pause = min(state.pause * 2, LONGEST_PAUSE) if state.pause else FIRST_PAUSE
            opened = {"failures": failures, "pause": pause, "open_until": now + pause}
            return _written(state, {**opened, "trial": "", "trial_until": 0.0}), True

        try:
            return self._store.update(self._key, count, seconds=FORGOTTEN)
        except TransientError:
            return False

    def answered(self) -> None:
        """Note that the service is up: whatever it said, it was there to say it."""
        try:
            if self._store.get(self._key) is not None:
                self._store.delete(self._key)
        except TransientError:
            return

    def withdraw(self) -> None:
        """Give a trial back that was not made."""

        def leave(value: bytes | None) -> tuple[bytes | None, None]:
            state = _read(value, self._pace.now())
            if state.trial != self._me:
                return value, None
            return _written(state, {"trial": "", "trial_until": 0.0}), None

        try:
            if self._store.get(self._key) is not None:
                self._store.update(self._key, leave, seconds=FORGOTTEN)
        except TransientError:
            return


def _read(value: bytes | None, now: float) -> State:
    """Return the state; where it makes no sense the service is judged anew."""
    try:
        state = State.from_json(value) if value else State()
    except ValidationError:  # written by another version
        return State()
    # A clock that was set back would pause it for as long.
    return State() if state.open_until - now > FORGOTTEN else state


def _written(state: State, change: dict[str, object]) -> bytes:
    return state.model_copy(update=change).to_json().encode()
