"""One call for those who ask the same at once: threads, processes and, through Redis, machines.

Whoever gets the lease of a key leads: produces the outcome and leaves it in the store. The others
look for it a few times a second. A leader that dies or is cancelled leaves none and its lease is
free, so one of those who wait leads next. No clock is compared with another: whether a failure was
there before one came is told by its number.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ai_data_engineer.document import Document
from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.specifying.job import Cancelled
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError
from ai_data_engineer.stores.protocol import Store

D = TypeVar("D", bound=BaseModel)

LINGER = 5.0
"""Seconds for which an answer is given to those who ask the same a moment later."""
FAILURE_SEEN = 10.0
"""Seconds that those who waited have to see a failure; who comes later tries for themselves."""
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.2
"""Seconds between two looks."""
OWN_LIMITS = frozenset({"E_BUDGET"})
"""Errors that come of a job's own limits, and say nothing to those with others."""


class _Failed(Document):
    """An error as it travels: without the server's text, and for nothing, for it is paid once."""

    code: str
    message: str
    location: str = ""
    hint: str = ""
    failure: Failure | None = None
    retry_after: float | None = None

    @classmethod
    def of(cls, error: ProviderError) -> _Failed:
        told = {"code": error.code, "message": error.message, "hint": error.hint}
        if isinstance(error, ModelError):
            return cls(**told, failure=error.failure, retry_after=error.retry_after)
        return cls(**told, location=error.location)

    def error(self) -> ProviderError:
        if self.failure is None:
            return ProviderError(
                self.message, code=self.code, location=self.location, hint=self.hint
            )
        error = ModelError(self.message, self.failure, hint=self.hint, retry_after=self.retry_after)
        error.cost = 0.0
        return error


class _Outcome(Document):
    """What a flight came to: an answer as JSON text, or a failure."""

    flight: str
    answer: str | None = None
    failed: _Failed | None = None


def shared(
    store: Store,
    key: str,
    produce: Callable[[], D],
    document: type[D],
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
    wait: float = 300.0,
    linger: float = LINGER,
) -> tuple[D, bool]:
    """Return what `produce` returns, and whether another called it.

    Args:
        store: Where it cannot be reached, `produce` is called and nothing is shared.
        key: A word for all that makes two questions the same, such as a sha256.
        produce: Called at most once. A ModelError or ProviderError of it is raised for all who
            were waiting; any other error, and E_BUDGET, for its caller alone.
        document: What it returns.
        is_cancelled: Asked while waiting; who is cancelled leaves the others to themselves.
        wait: Seconds to wait for another's outcome before producing one's own.
        linger: Seconds for which an answer is there for those who come later.

    Raises:
        ModelError, ProviderError: the outcome, as it was raised where it was produced.
        Cancelled: the run was, while it waited.
    """
    flights = _Flights(store, f"in-flight/{key}", document)
    until, pause = time.monotonic() + wait, FIRST_PAUSE
    with suppress(_OutOfReach):
        before = flights.outcome()
        if before is not None and before.answer is not None:
            return flights.result(before), True
        while time.monotonic() < until:
            with ExitStack() as stack:
                leads = flights.take_lead(stack)
                # Also by the one who leads: another may just have come to its end.
                outcome = flights.outcome()
                if outcome is not None and (before is None or outcome.flight != before.flight):
                    return flights.result(outcome), True
                if leads:
                    return flights.lead(produce, linger), False
            if is_cancelled():
                raise Cancelled("The run was cancelled.")
            time.sleep(random.uniform(pause / 2, pause))  # noqa: S311
            pause = min(1.5 * pause, LONGEST_PAUSE)
    return produce(), False


class _OutOfReach(Exception):
    """The store is; `produce` may raise the very error that a store does."""


class _Flights(Generic[D]):
    """What is in the store of one key."""

    def __init__(self, store: Store, key: str, document: type[D]) -> None:
        self._store, self._key, self._document = store, key, document

    def take_lead(self, stack: ExitStack) -> bool:
        """Return whether the lease is had; it is held until the stack is closed."""
        try:
            return stack.enter_context(self._store.lease(self._key, wait=0))
        except TransientError:
            raise _OutOfReach from None

    def outcome(self) -> _Outcome | None:
        """Return the last one, if it is there still and can be read."""
        try:
            content = self._store.get(self._key)
        except TransientError:
            raise _OutOfReach from None
        if content is None:
            return None
        try:
            outcome = _Outcome.from_json(content)
            if outcome.answer is not None:
                self._document.model_validate_json(outcome.answer)
        except ValidationError:  # of another version
            return None
        return outcome

    def result(self, outcome: _Outcome) -> D:
        """Return the answer; raises the error that there is instead."""
        if outcome.failed is not None:
            raise outcome.failed.error()
        return self._document.model_validate_json(outcome.answer or "")

    def lead(self, produce: Callable[[], D], linger: float) -> D:
        """Return what is produced, and leave it, or the error, for the others."""
        flight = uuid.uuid4().hex
        try:
            answer = produce()
        except ProviderError as error:
            if error.code not in OWN_LIMITS:
                self._leave(_Outcome(flight=flight, failed=_Failed.of(error)), FAILURE_SEEN)
            raise
        self._leave(_Outcome(flight=flight, answer=answer.model_dump_json()), linger)
        return answer

    def _leave(self, outcome: _Outcome, seconds: float) -> None:
        with suppress(TransientError):  # then the others will ask for themselves
            self._store.put(self._key, outcome.to_json().encode(), seconds=seconds)
