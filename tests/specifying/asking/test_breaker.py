"""A service that is down is left alone by all runs, and tried by one of them after a pause."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.ask import Asked
from ai_data_engineer.specifying.asking.breaker import (
    FAILURES,
    FIRST_PAUSE,
    FORGOTTEN,
    LONGEST_PAUSE,
    Breaker,
)
from ai_data_engineer.specifying.asking.policy import RULES
from ai_data_engineer.specifying.asking.waiting import Pace
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError
from ai_data_engineer.stores.files import FileStore
from tests.specifying.asking.scripts import AUTHOR, Clock, Script, results, start
from tests.specifying.asking.worker import opened as opened_store

NewBreaker = Callable[..., Breaker]
CALL = 60.0
"""Seconds that a call may take."""


@pytest.fixture
def new_breaker(new_job: Callable[..., Job], clock: Clock) -> NewBreaker:
    """Return what makes the breaker of another question to the same service."""
    return lambda author=AUTHOR: Breaker(author, new_job(), clock.pace)


@pytest.fixture
def opened(new_breaker: NewBreaker) -> None:
    """A service whose breaker has just opened."""
    assert [new_breaker().failed() for _ in range(FAILURES)] == [False] * (FAILURES - 1) + [True]


def is_let_through(breaker: Breaker) -> bool:
    try:
        breaker.admit(CALL)
    except ProviderError:
        return False
    return True


def test_fewer_failures_in_a_row_let_everybody_through(new_breaker: NewBreaker) -> None:
    for _ in range(FAILURES - 1):
        new_breaker().failed()
    new_breaker().answered()
    for _ in range(FAILURES - 1):
        new_breaker().failed()

    assert is_let_through(new_breaker())


@pytest.mark.usefixtures("opened")
class TestOpen:
    def test_nobody_asks_and_everybody_is_told_for_how_long(
        self, new_breaker: NewBreaker, clock: Clock
    ) -> None:
        clock.time += 10

        with pytest.raises(ProviderError, match=r"E_PROVIDER_PAUSED .* in 20 seconds"):
            new_breaker().admit(CALL)

    def test_a_clock_that_was_set_back_does_not_pause_it_for_as_long(
        self, new_breaker: NewBreaker, clock: Clock
    ) -> None:
        clock.time -= 86_400

        assert is_let_through(new_breaker())

    def test_other_services_are_asked(self, new_breaker: NewBreaker) -> None:
        gateway = AUTHOR.model_copy(update={"base_url": "http://gateway:8080"})

        assert is_let_through(new_breaker(gateway))
        assert is_let_through(new_breaker(Author(provider="openai", model="m")))

    def test_an_answer_that_was_under_way_closes_it(self, new_breaker: NewBreaker) -> None:
        new_breaker().answered()

        assert is_let_through(new_breaker())

    def test_failures_that_were_under_way_make_the_pause_no_longer(
        self, new_breaker: NewBreaker, clock: Clock
    ) -> None:
        clock.time += FIRST_PAUSE - 1
        assert new_breaker().failed()
        clock.time += 1

        assert is_let_through(new_breaker())

    def test_it_is_forgotten_after_a_while(self, new_breaker: NewBreaker, clock: Clock) -> None:
        clock.time += FORGOTTEN

        assert [is_let_through(new_breaker()) for _ in range(2)] == [True, True]


@pytest.mark.usefixtures("opened")
class TestHalfOpen:
    @pytest.fixture(autouse=True)
    def _after_the_pause(self, opened: None, clock: Clock) -> None:
        clock.time += FIRST_PAUSE

    def test_one_of_all_tries(self, new_breaker: NewBreaker) -> None:
        assert [is_let_through(new_breaker()) for _ in range(4)] == [True, False, False, False]

    def test_its_answer_lets_everybody_through(self, new_breaker: NewBreaker) -> None:
        trial = new_breaker()
        trial.admit(CALL)
        trial.answered()

        assert [is_let_through(new_breaker()) for _ in range(2)] == [True, True]

    def test_its_failure_doubles_the_pause_up_to_ten_minutes(
        self, new_breaker: NewBreaker, clock: Clock
    ) -> None:
        pauses = []
        for _ in range(6):
            trial = new_breaker()
            trial.admit(CALL)
            assert trial.failed()
            before = clock.time
            while not is_let_through(new_breaker()):
                clock.time += 10
            # Whoever was let through gives it back, for the next round.
            pauses.append(clock.time - before)
            clock.time += CALL
        assert pauses == [60, 120, 240, 480, LONGEST_PAUSE, LONGEST_PAUSE]

    def test_a_trial_that_was_not_made_is_anothers(self, new_breaker: NewBreaker) -> None:
        trial = new_breaker()
        trial.admit(CALL)
        trial.withdraw()

        assert is_let_through(new_breaker())

    def test_a_trial_that_died_is_anothers_once_it_must_be_over(
        self, new_breaker: NewBreaker, clock: Clock
    ) -> None:
        new_breaker().admit(CALL)

        clock.time += CALL - 1
        assert not is_let_through(new_breaker())
        clock.time += 1
        assert is_let_through(new_breaker())


def test_a_store_that_cannot_be_reached_leaves_it_closed(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("no folder")
    breaker = Breaker(AUTHOR, Job(Settings(), FileStore(tmp_path / "file")), clock.pace)

    assert not any(breaker.failed() for _ in range(2 * FAILURES))
    assert is_let_through(breaker)
    breaker.answered()
    breaker.withdraw()


def test_what_another_version_wrote_is_no_opinion(
    new_breaker: NewBreaker, store: FileStore
) -> None:
    store.put("breaker/gemini", b'{"is_open": true}')

    assert is_let_through(new_breaker())


class TestWhileAsking:
    def test_the_next_job_is_told_at_once(self, put: Callable[..., Asked], clock: Clock) -> None:
        with pytest.raises(ModelError, match=r"E_PROVIDER_BUSY .*5 tries.*left alone"):
            put(Script(*[Failure.UNAVAILABLE] * 9))
        script, waited = Script(), clock.waited

        with pytest.raises(ProviderError, match="E_PROVIDER_PAUSED"):
            put(script)

        assert (script.questions, clock.waited) == ([], waited)

    def test_it_ends_the_tries_of_a_job_under_way(
        self, put: Callable[..., Asked], new_breaker: NewBreaker
    ) -> None:
        for _ in range(FAILURES - 2):
            new_breaker().failed()
        script = Script(*[Failure.UNAVAILABLE] * 9)

        with pytest.raises(ModelError, match=r"2 tries.*left alone"):
            put(script)

    @pytest.mark.parametrize("failure", Failure)
    def test_only_a_service_that_is_down_opens_it(
        self, put: Callable[..., Asked], new_breaker: NewBreaker, failure: Failure
    ) -> None:
        for _ in range(FAILURES):
            with pytest.raises(ProviderError):
                put(Script(failure), llm_max_calls=1, llm_job_tokens=None)

        down = {
            Failure.UNAVAILABLE, Failure.TIMEOUT, Failure.UNREACHABLE, Failure.BROKEN,
            Failure.UNREADABLE,
        }  # fmt: skip
        assert is_let_through(new_breaker()) == (failure not in down)
        assert RULES[failure].trips == (failure in down)

    def test_a_call_with_little_time_says_nothing_of_the_service(
        self, put: Callable[..., Asked], new_breaker: NewBreaker
    ) -> None:
        for _ in range(FAILURES):
            with pytest.raises(ModelError):
                put(Script(Failure.TIMEOUT), llm_deadline=5, llm_max_calls=1)

        assert is_let_through(new_breaker())


@pytest.mark.usefixtures("opened")
def test_a_job_without_a_budget_leaves_the_trial_to_others(
    put: Callable[..., Asked], new_breaker: NewBreaker, clock: Clock
) -> None:
    clock.time += FIRST_PAUSE

    with pytest.raises(ProviderError, match="E_BUDGET"):
        put(Script(), llm_job_tokens=0)

    assert is_let_through(new_breaker())


def test_processes_share_it_and_one_of_them_tries(place: str) -> None:
    now = time.time()
    mine = Breaker(AUTHOR, Job(Settings(), opened_store(place)), Pace(now=lambda: now))
    for _ in range(FAILURES):
        mine.failed()

    entered = results(start("enter", 3, place, now + FIRST_PAUSE, 20))

    assert not is_let_through(mine)
    assert sum(entered) == 1
