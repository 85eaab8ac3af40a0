"""From a question to an answer or one classified error: keys, tries, waits and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pydantic import SecretStr

from ai_data_engineer.document import Document
from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.asking.breaker import Breaker
from ai_data_engineer.specifying.asking.budget import Budget, OverBudget, Reservation, most_input
from ai_data_engineer.specifying.asking.call import Call
from ai_data_engineer.specifying.asking.keys import KeyRing
from ai_data_engineer.specifying.asking.policy import RULES, Change, hint
from ai_data_engineer.specifying.asking.prices import NANO
from ai_data_engineer.specifying.asking.waiting import SLICE, Pace, pause, wait
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import (
    Answer,
    Failure,
    ModelError,
    Provider,
    Question,
    Usage,
)

SHORTEST = 1.0
"""Seconds below which no answer is to be hoped for: no call is begun with less time left."""
GRACE = 5.0
"""Seconds that a call may take longer than it should before it is left behind."""
BUDGET_WAIT = 1.0
"""Seconds between two looks at a budget that calls under way hold."""


class Asked(Document):
    """An answer, and what it took to get it."""

    answer: Answer
    calls: int
    """Requests that were sent."""
    cost: float | None = None
    """US dollars, the calls that failed included, and the most it can be where the service did not
    say; None when nobody says what the model costs."""
    usage: Usage = Usage()
    """Tokens of all tries, as far as the service said."""
    failures: tuple[str, ...] = ()
    """Codes of the tries before, in order."""
    shared: bool = False
    """Whether another run put the same question, and this is its answer."""


def ask(
    question: Question,
    author: Author,
    keys: Sequence[SecretStr],
    job: Job,
    *,
    provider: Provider | None = None,
    pace: Pace | None = None,
) -> Asked:
    """Return the author's answer; what is done about failures is said in `policy`.

    Args:
        question: Its limits are lowered to what time and budget leave.
        author: Whom to ask.
        keys: The next is used when one is refused or used up; none for a service without keys.
        job: Its calls, time and budget are kept to, whatever is asked on its behalf. When it is
            cancelled no call follows, waits end, and a call under way is left behind.
        provider: Another than the author's own.
        pace: Another clock.

    Raises:
        ModelError: the last failure, when there is no answer.
        ProviderError: E_BUDGET, E_NO_PRICE or E_PROVIDER_PAUSED, and nothing was sent.
        TransientError: E_STORE, what was spent cannot be known, so nothing is.
        Cancelled: the run was.
    """
    if provider is None:
        from ai_data_engineer.specifying.providers import provider_for

        provider = provider_for(author, job.settings)
    return _Asking(question, author, keys, job, provider, pace or Pace()).run()


class _Asking:
    """One question under way."""

    def __init__(
        self,
        question: Question,
        author: Author,
        keys: Sequence[SecretStr],
        job: Job,
        provider: Provider,
        pace: Pace,
    ) -> None:
        self.question, self.author, self.job = question, author, job
        self.provider, self.pace = provider, pace
        self.keys = KeyRing(keys, author, job, pace)
        self.breaker = Breaker(author, job, pace)
        self.budget = Budget(author, job, pace)
        self.least: int | None = None
        """Tokens of answer that the next try needs."""
        self.calls = 0
        self.usage = Usage()
        self.nano: int | None = 0
        self.seen: Counter[Failure] = Counter()
        self.failures: list[ModelError] = []

    def run(self) -> Asked:
        while True:
            call = self._send(self._ready())
            outcome = self._wait_for(call)
            if self.nano is not None:
                self.nano = None if call.nano is None else self.nano + call.nano
            self.usage = self.usage.plus(outcome.usage)
            if isinstance(outcome, Answer):
                return Asked(
                    answer=outcome,
                    calls=self.calls,
                    cost=None if self.nano is None else self.nano / NANO,
                    usage=self.usage,
                    failures=tuple(failure.code for failure in self.failures),
                )
            self.failures.append(outcome)
            self._prepare_next(outcome, call)

    def _ready(self) -> Reservation:
        """Return the question as it may be sent now, once time, breaker and budget let it."""
        try:
            while True:
                self.job.check()
                left = self._check_limits()
                question = replace(self.question, timeout=min(self.question.timeout, left))
                self.breaker.admit(question.timeout + GRACE)
                try:
                    return self.budget.reserve(question, least=self.least)
                except OverBudget as error:
                    self.breaker.withdraw()
                    # Calls under way hold the rest, and mostly leave some of it. A wait may take
                    # longer than it should: then the time would be up, and the budget not named.
                    if error.frees_at is None or left < SHORTEST + 2 * BUDGET_WAIT:
                        raise
                except BaseException:
                    self.breaker.withdraw()
                    raise
                wait(BUDGET_WAIT, self.job, self.pace)
        except ProviderError as error:
            if self.failures:
                raise self._given_up(self.failures[-1], error.message, error.hint) from None
            raise

    def _check_limits(self) -> float:
        """Return the seconds left."""
        left = self.job.seconds_left
        if left < SHORTEST:
            raise ModelError(
                "The time that models have for this spec is up.",
                Failure.TIMEOUT,
                hint="Raise ADE_LLM_DEADLINE.",
            )
        if self.job.calls >= self.job.settings.llm_max_calls:
            raise ProviderError(
                f"{self.job.calls} requests were sent for this spec, and no more are allowed.",
                code="E_BUDGET",
                hint="Raise ADE_LLM_MAX_CALLS.",
            )
        return left

    def _send(self, reservation: Reservation) -> Call:
        is_whole = reservation.question.timeout >= self.question.timeout
        call = Call(self.provider, reservation, self.keys.current, self.breaker, is_whole)
        try:
            self.job.check()
        except BaseException:
            reservation.release()
            self.breaker.withdraw()
            raise
        self.job.calls += 1
        self.calls += 1
        call.start()
        return call

    def _wait_for(self, call: Call) -> Answer | ModelError:
        """Return how the call ended; raises Cancelled, and leaves it behind, when the run is."""
        waited = 0.0
        while not call.done.wait(SLICE / 2):
            self.job.check()
            waited += SLICE / 2
            if waited > call.question.timeout + GRACE:
                return ModelError("There was no answer in time.", Failure.TIMEOUT)
        # An answer that came is not taken any more by a run that was cancelled meanwhile.
        self.job.check()
        if call.outcome is None:
            assert call.error is not None
            self.job.calls -= 1
            raise call.error
        return call.outcome

    def _prepare_next(self, error: ModelError, call: Call) -> None:
        """Get ready to ask again, after a wait if need be; raises `error` when it is the last."""
        failure, rule = error.failure, RULES[error.failure]
        if call.has_opened:
            raise self._given_up(error, "The service is left alone for a while.")
        seconds = pause(self.seen[failure] + 1, error.retry_after, self.pace) if rule.waits else 0.0
        is_try_again = True
        if rule.change is Change.KEY:
            if not self.keys.put_aside(seconds if rule.waits else None, rule.key_aside):
                raise self._given_up(error)
            seconds = self.keys.free_in
            is_try_again = rule.waits and seconds > 0
        if is_try_again:
            self.seen[failure] += 1
            if self.seen[failure] > rule.again:
                raise self._given_up(error)
        if rule.change is Change.NO_SCHEMA:
            self._leave_out_schema(error)
        elif rule.change is Change.MORE_OUTPUT:
            self._allow_more_output(error, call)
        if seconds + SHORTEST > self.job.seconds_left:
            raise self._given_up(error, "Waiting for it would take longer than there is time.")
        wait(seconds, self.job, self.pace)

    def _leave_out_schema(self, error: ModelError) -> None:
        if self.least is not None:
            # It was the longer answer that the service does not take.
            raise self._given_up(next(f for f in self.failures if f.failure is Failure.TRUNCATED))
        if self.question.schema is None:
            raise self._given_up(error)
        self.question = replace(self.question, schema=None, temperature=None)

    def _allow_more_output(self, error: ModelError, call: Call) -> None:
        before = call.question.max_output_tokens
        sent = error.usage.input_tokens if error.usage else 0
        room = self.author.context_tokens - (sent or most_input(self.question))
        more = min(2 * before, room)
        if more <= before:
            raise self._given_up(error, "The context of the model has no room for more.")
        self.question = replace(self.question, max_output_tokens=more)
        self.least = before + 1

    def _given_up(self, error: ModelError, why: str = "", mend: str = "") -> ModelError:
        """Return the error with how often it was tried, why not again, and what mends it."""
        tries = "1 try" if self.calls == 1 else f"{self.calls} tries"
        last = ModelError(
            f"{error.message.rstrip('.')} ({tries}).{' ' if why else ''}{why}",
            error.failure,
            # The provider may know more, as that a certificate is not trusted.
            hint=mend or error.hint or hint(error.failure, self.author),
            retry_after=error.retry_after,
            usage=self.usage,
            raw=error.raw,
        )
        last.cost = None if self.nano is None else self.nano / NANO
        last.failures = tuple(failure.code for failure in self.failures[:-1])
        return last
