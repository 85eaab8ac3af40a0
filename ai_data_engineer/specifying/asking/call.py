"""One request to a model, in a thread of its own."""

from __future__ import annotations

import contextvars
import threading

from pydantic import SecretStr

from ai_data_engineer.errors import AdeError
from ai_data_engineer.specifying.asking.breaker import Breaker
from ai_data_engineer.specifying.asking.budget import Reservation
from ai_data_engineer.specifying.asking.policy import RULES, Charge
from ai_data_engineer.specifying.providers.protocol import Answer, Failure, ModelError, Provider
from ai_data_engineer.tracing import span


class Call(threading.Thread):
    """A request that a cancelled run need not wait for.

    It settles what it cost and tells the breaker by itself, whether or not somebody still waits. A
    daemon: the process may end before it, and what it held then counts as spent.
    """

    def __init__(
        self,
        provider: Provider,
        reservation: Reservation,
        key: SecretStr | None,
        breaker: Breaker,
        has_whole_time: bool,
    ) -> None:
        """`has_whole_time`: no deadline has shortened the time it may take."""
        super().__init__(name="model-call", daemon=True)
        self.question = reservation.question
        self.done = threading.Event()
        self.outcome: Answer | ModelError | None = None
        self.error: AdeError | None = None
        """What kept the provider from asking, such as a package that is missing."""
        self.nano = reservation.most_nano
        """What it cost: the most that it may, until that is known."""
        self.has_opened = False
        self._provider, self._reservation, self._key = provider, reservation, key
        self._breaker, self._has_whole_time = breaker, has_whole_time
        self._context = contextvars.copy_context()

    def run(self) -> None:
        """Ask, within the context of whoever made the call."""
        try:
            self._context.run(self._ask)
        finally:
            self.done.set()

    def _ask(self) -> None:
        try:
            with span("model request") as made:
                self.outcome = answer = self._provider.ask(self.question, self._key)
                used = answer.usage
                made.note(input_tokens=used.input_tokens, output_tokens=used.output_tokens)
        except ModelError as error:
            self.outcome = error
        except AdeError as error:
            self.error = error
            self._reservation.release()
            self._breaker.withdraw()
            return
        except BaseException:  # noqa: BLE001 - a thread has nobody to raise to, and its text may
            # quote the request or the key.
            self.outcome = ModelError("The model could not be asked.", Failure.UNEXPECTED)
        if isinstance(self.outcome, Answer):
            self.nano = self._reservation.settle(Charge.USAGE, self.outcome.usage)
            self._breaker.answered()
            return
        rule = RULES[self.outcome.failure]
        has_text = self.outcome.failure is Failure.TRUNCATED
        self.nano = self._reservation.settle(rule.charge, self.outcome.usage, has_text=has_text)
        if not rule.trips:
            self._breaker.answered()
        elif self.outcome.failure is Failure.TIMEOUT and not self._has_whole_time:
            # It was not given the time that it may take: that says nothing of the service.
            self._breaker.withdraw()
        else:
            self.has_opened = self._breaker.failed()
