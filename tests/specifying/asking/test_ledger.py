"""The law of the accounts: what is spent and held never passes the limit, and nothing is lost."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.budget import Budget, OverBudget, Reservation, most_input
from ai_data_engineer.specifying.asking.ledger import Ledger
from ai_data_engineer.specifying.asking.policy import Charge
from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Usage
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.protocol import Store
from tests.specifying.asking.scripts import AUTHOR, results, start
from tests.specifying.asking.worker import QUESTION as SMALL
from tests.specifying.asking.worker import opened, spend

NOON = 1_790_000_000.0
DAY = 86_400.0


def day_ledger(store: Store, day: str) -> Ledger:
    return Ledger.from_json(store.get(f"budget/day/{day}") or b"{}")


class Spending(RuleBasedStateMachine):
    """Two jobs that reserve, settle, fail and die over some days, against a plain account of it."""

    JOB_TOKENS, DAY_TOKENS, DAY_COST = 60_000, 80_000, 0.15

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = NOON
        self.store = FileStore(Path(self.folder.name), clock=lambda: self.now)
        limits = Settings(
            llm_job_tokens=self.JOB_TOKENS,
            llm_day_tokens=self.DAY_TOKENS,
            llm_day_cost=self.DAY_COST,
        )
        self.jobs = [Job(limits, self.store) for _ in range(2)]
        self.by_job = [0, 0]
        """Tokens that count: held, or spent."""
        self.by_day: dict[int, int] = {}

    def teardown(self) -> None:
        self.folder.cleanup()

    calls = Bundle("calls")

    @rule(
        target=calls,
        which=st.integers(0, 1),
        size=st.integers(0, 20_000),
        output=st.integers(256, 40_000),
    )
    def reserve(self, which: int, size: int, output: int) -> tuple[int, int, Reservation] | None:
        question = replace(SMALL, prompt="x" * size, max_output_tokens=output)
        budget = Budget(AUTHOR, self.jobs[which], Pace(now=lambda: self.now))
        try:
            held = budget.reserve(question)
        except OverBudget:
            return None
        assert min(output, 4096) <= held.question.max_output_tokens <= output
        day = int(self.now // DAY)
        self._count(which, day, most_input(question) + held.question.max_output_tokens)
        return which, day, held

    @rule(call=consumes(calls), part=st.floats(0.01, 1))
    def answer(self, call: tuple[int, int, Reservation] | None, part: float) -> None:
        if call is None:
            return
        which, day, held = call
        most = held.charged(Charge.RESERVED, None)
        used = Usage(
            input_tokens=int(most.input_tokens * part) or 1,
            output_tokens=int(most.output_tokens * part) or 1,
        )
        held.settle(Charge.USAGE, used)
        held.settle(Charge.USAGE, used)
        self._count(which, day, used.input_tokens + used.output_tokens)
        self._count(which, day, -most.input_tokens - most.output_tokens)

    @rule(call=consumes(calls), charge=st.sampled_from([Charge.NOTHING, Charge.RESERVED]))
    def fail(self, call: tuple[int, int, Reservation] | None, charge: Charge) -> None:
        if call is None:
            return
        which, day, held = call
        most = held.charged(Charge.RESERVED, None)
        held.settle(charge)
        if charge is Charge.NOTHING:
            self._count(which, day, -most.input_tokens - most.output_tokens)

    @rule(call=consumes(calls))
    def die(self, call: object) -> None:
        """Nobody settles it: it counts as spent."""

    @precondition(lambda self: self.now < NOON + 2 * DAY)
    @rule(hours=st.integers(1, 10))
    def time_passes(self, hours: int) -> None:
        self.now += hours * 3600

    @invariant()
    def accounts_say_what_happened_and_no_limit_is_passed(self) -> None:
        for job, tokens in zip(self.jobs, self.by_job, strict=True):
            value = self.store.get(f"budget/spec/{job.id}")
            if value is not None:
                assert Ledger.from_json(value).total.tokens == tokens <= self.JOB_TOKENS
        for day, tokens in self.by_day.items():
            name = time.strftime("%Y-%m-%d", time.gmtime(day * DAY))
            if self.store.get(f"budget/day/{name}") is not None:
                total = day_ledger(self.store, name).total
                assert total.tokens == tokens <= self.DAY_TOKENS
                assert total.nano <= self.DAY_COST * 1e9

    def _count(self, which: int, day: int, tokens: int) -> None:
        self.by_job[which] += tokens
        self.by_day[day] = self.by_day.get(day, 0) + tokens


TestSpending = Spending.TestCase
TestSpending.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_eight_processes_at_once_never_pass_the_limit_and_lose_nothing(place: str) -> None:
    limit, seen = 250_000, []
    store = opened(place)
    running = start("spend", 8, place, limit, 25, NOON)
    while running.poll() is None:
        seen.append(day_ledger(store, "2026-09-21").total.tokens)
        time.sleep(0.02)
    spent = results(running)

    ledger = day_ledger(store, "2026-09-21")
    assert max(seen) <= limit
    assert ledger.held == {}
    assert ledger.spent.tokens == sum(tokens for tokens, _ in spent) <= limit
    # The limit was reached, so that it was the limit that held.
    assert sum(refused for _, refused in spent) > 0


def test_threads_never_pass_it_either(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        spent = list(pool.map(lambda seed: spend(seed, str(tmp_path), 100_000, 10, NOON), range(8)))

    ledger = day_ledger(FileStore(tmp_path), "2026-09-21")
    assert ledger.spent.tokens == sum(tokens for tokens, _ in spent) <= 100_000
    assert ledger.held == {}


def test_what_a_killed_process_held_counts_as_spent(place: str) -> None:
    most = most_input(SMALL) + SMALL.max_output_tokens
    process = start("hang", 1, place, most + 100, NOON)
    assert process.stdout is not None
    with process.stdout:
        holder = int(process.stdout.readline())
        os.kill(holder, signal.SIGKILL)
        process.kill()
        process.wait()

    store = opened(place)
    job = Job(Settings(llm_day_tokens=most + 100), store)
    for later in (0, 3600):
        with pytest.raises(ProviderError, match="E_BUDGET"):
            Budget(AUTHOR, job, Pace(now=lambda: NOON + later)).reserve(SMALL)  # noqa: B023
    assert day_ledger(store, "2026-09-21").total.tokens == most
