"""Tokens and money for each spec and each day (UTC): never passed, whoever else is spending.

Before a call the most that it can cost is held in both accounts, or it is not made; afterwards what
it did cost takes its place. The bounds: a token stands for at least one byte of UTF-8 in the
tokenizers of today's models (BPE over bytes, SentencePiece with byte fallback), so the input has no
more tokens than bytes; the output, thoughts included, no more than the request allows.

Days before today's expire by themselves. A call is counted on the day that it began.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pydantic import ValidationError

from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.specifying.asking.ledger import Amount, Held, Ledger, Limit
from ai_data_engineer.specifying.asking.policy import Charge
from ai_data_engineer.specifying.asking.prices import NANO, Price, price_of
from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Question, Usage
from ai_data_engineer.stores.protocol import Store

USEFUL = 4096
"""Tokens of answer below which thoughts alone use them up: nothing is asked for so little."""
FRAME = 256
"""Tokens that a service puts around what it is sent: roles, turns, the form of the answer."""
KEPT = 3 * 86_400.0
"""Seconds that an account is kept after its last change."""
MARGIN = 60.0
"""Seconds after a call's own time when it is over for sure."""


def most_input(question: Question) -> int:
    """Return an upper bound of the tokens that a question has."""
    schema = "" if question.schema is None else json.dumps(question.schema, ensure_ascii=False)
    texts = (question.system, question.prompt, schema)
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) + FRAME


@dataclass(frozen=True)
class _Account:
    key: str
    limit: Limit
    whose: str
    """What the account is for, in an error."""
    settings: tuple[str, str]
    """Which settings limit its tokens and its money."""


@dataclass(frozen=True)
class _Refusal:
    unit: str
    used: str
    limit: str
    need: str
    setting: str
    frees_at: float | None


class OverBudget(ProviderError):
    """The next question could cost more than is left."""

    code = "E_BUDGET"
    frees_at: float | None = None
    """When calls under way, which may leave some of what they hold, are over; None: no use."""


class Budget:
    """The accounts that a job spends from."""

    def __init__(self, author: Author, job: Job, pace: Pace) -> None:
        self._store, self._pace = job.store, pace
        self._is_free = author.provider == "replay"
        self.price = price_of(author)
        chosen = job.settings
        self._spec = _Account(
            f"budget/spec/{job.id}",
            Limit(tokens=chosen.llm_job_tokens, nano=_nano(chosen.llm_job_cost)),
            "this spec",
            ("ADE_LLM_JOB_TOKENS", "ADE_LLM_JOB_COST"),
        )
        self._day_limit = Limit(tokens=chosen.llm_day_tokens, nano=_nano(chosen.llm_day_cost))

    def reserve(self, question: Question, *, least: int | None = None) -> Reservation:
        """Hold what the question may cost; its `max_output_tokens` may come back lower.

        Args:
            question: What is to be sent.
            least: Tokens of answer below which it is not worth asking; by default USEFUL.

        Raises:
            ProviderError: E_BUDGET, less is left than it may cost; E_NO_PRICE, money is limited and
                nobody says what the model costs.
            TransientError: E_STORE, what is left cannot be known, so nothing may be spent.
        """
        accounts = self._accounts()
        self._check_price(accounts)
        wanted = question.max_output_tokens
        least = min(wanted, USEFUL if least is None else least)
        bound = _Bound(most_input(question), self.price)
        reservation = Reservation(
            uuid.uuid4().hex, question, self._store, self.price, bound, accounts
        )
        if self._is_free:
            return replace(reservation, accounts=())
        until = self._pace.now() + question.timeout + MARGIN
        held: list[_Account] = []
        try:
            for account in accounts:
                # Also when it fails: a store that broke off may have made the change.
                held.append(account)
                granted = self._hold(account, reservation.call, bound, wanted, least, until)
                if granted < wanted:
                    for earlier in held[:-1]:
                        self._hold(earlier, reservation.call, bound, granted, granted, until)
                    wanted = granted
        except BaseException:
            replace(reservation, accounts=tuple(held)).release()
            raise
        return replace(reservation, question=replace(question, max_output_tokens=wanted))

    def _accounts(self) -> tuple[_Account, ...]:
        today = datetime.fromtimestamp(self._pace.now(), UTC).date().isoformat()
        day = _Account(
            f"budget/day/{today}",
            self._day_limit,
            "today",
            ("ADE_LLM_DAY_TOKENS", "ADE_LLM_DAY_COST"),
        )
        return (self._spec, day)

    def _check_price(self, accounts: tuple[_Account, ...]) -> None:
        limited = [a.settings[1] for a in accounts if a.limit.nano is not None]
        if limited and self.price is None:
            raise ProviderError(
                f"Nobody says what the model costs, and {limited[0]} limits what may be spent.",
                code="E_NO_PRICE",
                hint=f"Set ADE_LLM_INPUT_PRICE and ADE_LLM_OUTPUT_PRICE, or unset {limited[0]}.",
            )

    def _hold(
        self,
        account: _Account,
        call: str,
        bound: _Bound,
        wanted: int,
        least: int,
        until: float,
    ) -> int:
        """Hold as much as is left for up to `wanted` tokens of answer; returns for how many."""

        def change(value: bytes | None) -> tuple[bytes | None, int | _Refusal]:
            ledger = _read(value)
            # What the call holds already is its own.
            others = ledger.settle(call, Amount())
            left = others.left(account.limit)
            granted = bound.output_within(left, wanted)
            if granted < least:
                return value, self._refusal(account, ledger, bound, least)
            held = Held(**dict(bound.amount(granted)), until=until)
            return others.hold(call, held).to_json().encode(), granted

        try:
            outcome = self._store.update(account.key, change, seconds=KEPT)
        except TransientError:
            if account.limit.is_set:
                raise
            # Nothing depends on it; the account is for people to look at.
            return wanted
        if isinstance(outcome, int):
            return outcome
        error = OverBudget(
            f"{outcome.used} of {outcome.limit} {outcome.unit} for {account.whose} are used or "
            f"held, and the next question may take {outcome.need}.",
            hint=f"Raise {outcome.setting}.",
        )
        error.frees_at = outcome.frees_at
        raise error

    def _refusal(self, account: _Account, ledger: Ledger, bound: _Bound, least: int) -> _Refusal:
        total, limit, need = ledger.total, account.limit, bound.amount(least)
        tokens, money = account.settings
        is_tokens = limit.tokens is not None and total.tokens + need.tokens > limit.tokens
        # Waiting helps where it would do without what calls under way hold.
        spent = Ledger(spent=ledger.spent, held=_dead(ledger, self._pace.now()))
        would_do = bound.output_within(spent.left(limit), least) >= least
        frees_at = ledger.frees_at(self._pace.now()) if would_do else None
        if is_tokens:
            used, most, wanted = (f"{n:,}" for n in (total.tokens, limit.tokens or 0, need.tokens))
            return _Refusal("tokens", used, most, wanted, tokens, frees_at)
        nanos = (total.nano, limit.nano or 0, need.nano)
        used, most, wanted = (f"{nano / NANO:.4f}" for nano in nanos)
        return _Refusal("US dollars", used, most, wanted, money, frees_at)


@dataclass(frozen=True)
class _Bound:
    """The most that a question can cost, for each length of its answer."""

    input_tokens: int
    price: Price | None

    def amount(self, output_tokens: int) -> Amount:
        usage = Usage(input_tokens=self.input_tokens, output_tokens=max(0, output_tokens))
        nano = 0 if self.price is None else self.price.nano(usage)
        return Amount(tokens=usage.input_tokens + usage.output_tokens, nano=nano)

    def output_within(self, left: Limit, wanted: int) -> int:
        """Return how many tokens of answer fit into what is left; negative: not even the input."""
        if left.tokens is not None:
            wanted = min(wanted, left.tokens - self.input_tokens)
        if left.nano is not None and self.price is not None and wanted > 0:
            wanted = self.price.affordable(left.nano, self.input_tokens, wanted)
        return wanted


@dataclass(frozen=True)
class Reservation:
    """What is held for one call, until it is settled. A second settlement has no effect."""

    call: str
    question: Question
    """As it may be sent."""
    store: Store
    price: Price | None
    bound: _Bound
    accounts: tuple[_Account, ...]

    @property
    def most_nano(self) -> int | None:
        """The most that the call can cost, in billionths of a US dollar; None: nobody says."""
        return self._nano(self.charged(Charge.RESERVED, None))

    def _nano(self, usage: Usage) -> int | None:
        return None if self.price is None else self.price.nano(usage)

    def settle(
        self, charge: Charge, usage: Usage | None = None, *, has_text: bool = True
    ) -> int | None:
        """Put what the call did cost in place of what was held.

        Args:
            charge: What is counted.
            usage: What the service counted.
            has_text: Whether the model wrote anything, so that 0 tokens of answer are none counted.

        Returns:
            Its cost as `most_nano` has it.
        """
        usage = self.charged(charge, usage, has_text=has_text)
        nano = self._nano(usage)
        amount = Amount(tokens=usage.input_tokens + usage.output_tokens, nano=nano or 0)
        for account in self.accounts:
            try:
                self.store.update(account.key, _settling(self.call, amount), seconds=KEPT)
            except TransientError:
                # It stays held, which counts as spent.
                continue
        return nano

    def release(self) -> None:
        """Give everything back: nothing was sent."""
        self.settle(Charge.NOTHING)

    def charged(self, charge: Charge, usage: Usage | None, *, has_text: bool = True) -> Usage:
        """Return the tokens that count; the bound's where the service did not say."""
        if charge is Charge.NOTHING:
            return Usage()
        most = Usage(
            input_tokens=self.bound.input_tokens, output_tokens=self.question.max_output_tokens
        )
        if charge is Charge.RESERVED or usage is None or usage == Usage():
            return most
        sent, answered = usage.input_tokens, usage.output_tokens
        if has_text and not answered:
            answered = most.output_tokens
        return usage.model_copy(
            update={"input_tokens": sent or most.input_tokens, "output_tokens": answered}
        )


def _settling(call: str, amount: Amount) -> Callable[[bytes | None], tuple[bytes | None, None]]:
    def change(value: bytes | None) -> tuple[bytes | None, None]:
        ledger = _read(value)
        if call not in ledger.held:
            return value, None
        return ledger.settle(call, amount).to_json().encode(), None

    return change


def _read(value: bytes | None) -> Ledger:
    try:
        return Ledger.from_json(value) if value else Ledger()
    except ValidationError:
        # Counting anew would be to pass the limit.
        raise TransientError(
            "What was spent cannot be read.",
            code="E_STORE",
            hint="Let all runs use the same version; where a file was damaged, remove "
            "state/values/+budget below ADE_HOME, or wait for tomorrow.",
        ) from None


def _dead(ledger: Ledger, now: float) -> dict[str, Held]:
    return {call: held for call, held in ledger.held.items() if held.until <= now}


def _nano(dollars: float | None) -> int | None:
    return None if dollars is None or dollars == math.inf else int(dollars * NANO)
