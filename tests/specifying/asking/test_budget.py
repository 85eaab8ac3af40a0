"""What may be spent, by one job and by all of a day; nothing is sent for which it does not suffice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.asking.ask import Asked
from ai_data_engineer.specifying.asking.budget import FRAME, KEPT, Budget, most_input
from ai_data_engineer.specifying.asking.policy import RULES, Charge
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Answer, Failure, ModelError, Usage
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.redis import RedisStore
from tests.redis_server import RedisServer
from tests.specifying.asking.scripts import ANSWER, AUTHOR, QUESTION, Clock, Script

Put = Callable[..., Asked]
NewJob = Callable[..., Job]

INPUT = most_input(QUESTION)
MOST = INPUT + QUESTION.max_output_tokens
LOCAL = Author(provider="openai", model="mine", base_url="http://127.0.0.1:1/v1")


def spent(store: FileStore, account: str) -> dict[str, Any]:
    """Return the only account below `budget/spec` or `budget/day`."""
    (key,) = store.keys(f"budget/{account}")
    return json.loads(store.get(key) or b"")


def test_the_input_has_no_more_tokens_than_bytes() -> None:
    question = replace(QUESTION, system="é", prompt="日本", schema={"type": "object"})

    assert most_input(question) == 2 + 6 + len('{"type": "object"}') + FRAME


def test_what_an_answer_took_is_spent_and_nothing_stays_held(put: Put, store: FileStore) -> None:
    put(Script())

    for account in ("spec", "day"):
        # 1,000 tokens at $0.30 and 200 at $2.50 for a million
        assert spent(store, account) == {"spent": {"tokens": 1200, "nano": 800_000}, "held": {}}


@pytest.mark.parametrize(
    "limits",
    [
        {"llm_job_tokens": 0},
        {"llm_day_tokens": 0},
        {"llm_job_cost": 0},
        {"llm_day_cost": 0},
        {"llm_job_tokens": INPUT + 4095},
        {"llm_day_tokens": INPUT + 4095},
        {"llm_job_cost": 0.01},
        {"llm_day_cost": 0.01},
    ],
    ids=str,
)
def test_nothing_is_sent_that_could_cost_more_than_there_is(
    put: Put, store: FileStore, limits: dict[str, float]
) -> None:
    script = Script()

    with pytest.raises(ProviderError, match=f"E_BUDGET .*{next(iter(limits)).upper()}"):
        put(script, **limits)

    assert script.questions == []
    assert [spent(store, key.split("/")[1])["held"] for key in store.keys("budget")] in (
        [],
        [{}],
    )


@pytest.mark.parametrize(
    ("limits", "granted"),
    [
        ({"llm_job_tokens": INPUT + 5000}, 5000),
        ({"llm_day_tokens": INPUT + 6000}, 6000),
        ({"llm_job_tokens": INPUT + 6000, "llm_day_tokens": INPUT + 5000}, 5000),
        ({"llm_job_tokens": INPUT + 5000, "llm_day_tokens": INPUT + 6000}, 5000),
        # The input at $0.30, the rest of two cents at $2.50 for a million.
        ({"llm_job_cost": 0.02}, int((20_000 - INPUT * 0.3) / 2.5)),
        ({"llm_day_cost": 0.02}, int((20_000 - INPUT * 0.3) / 2.5)),
        ({"llm_job_tokens": MOST}, QUESTION.max_output_tokens),
    ],
    ids=str,
)
def test_an_answer_may_be_as_long_as_the_rest_allows(
    put: Put, limits: dict[str, float], granted: int
) -> None:
    script = Script()

    put(script, **limits)

    assert script.questions[0].max_output_tokens == granted


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (
            {"llm_job_tokens": 1000},
            f"0 of 1,000 tokens for this spec are used or held, and the next question may take "
            f"{INPUT + 4096:,}. Raise ADE_LLM_JOB_TOKENS.",
        ),
        (
            {"llm_day_cost": 0.01},
            "0.0000 of 0.0100 US dollars for today are used or held, and the next question may take "
            "0.0103. Raise ADE_LLM_DAY_COST.",
        ),
    ],
)
def test_the_error_says_how_much_it_would_take(
    put: Put, limits: dict[str, float], text: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        put(Script(), **limits)

    assert str(caught.value) == f"E_BUDGET {text}"


def test_what_one_account_allows_is_not_held_in_the_other(
    new_job: NewJob, clock: Clock, store: FileStore
) -> None:
    job = new_job(llm_day_tokens=INPUT + 5000)

    Budget(AUTHOR, job, clock.pace).reserve(QUESTION)

    for account in ("spec", "day"):
        (held,) = spent(store, account)["held"].values()
        assert held["tokens"] == INPUT + 5000


@pytest.mark.parametrize(
    ("failure", "usage", "tokens"),
    [
        (Failure.BUSY, None, 0),
        (Failure.UNAVAILABLE, None, 0),
        (Failure.UNREACHABLE, None, 0),
        (Failure.BROKEN, None, MOST),
        (Failure.KEY_REFUSED, None, 0),
        (Failure.UNKNOWN_MODEL, None, 0),
        (Failure.BAD_REQUEST, None, 0),
        (Failure.TIMEOUT, None, MOST),
        (Failure.UNREADABLE, None, MOST),
        (Failure.ENDLESS, None, MOST),
        (Failure.UNEXPECTED, None, MOST),
        (Failure.TRUNCATED, Usage(input_tokens=70, output_tokens=30), 100),
        (Failure.TRUNCATED, None, MOST),
        (Failure.EMPTY, Usage(input_tokens=70, output_tokens=30), 100),
        (Failure.BLOCKED, Usage(input_tokens=70, output_tokens=5), 75),
        # Nothing was written, and nothing is counted for it; of a cut answer something was.
        (Failure.BLOCKED, Usage(input_tokens=70), 70),
        (Failure.BLOCKED, Usage(), MOST),
        (Failure.TRUNCATED, Usage(input_tokens=70), 70 + QUESTION.max_output_tokens),
    ],
)
def test_a_failure_costs_what_the_service_may_bill(
    put: Put, store: FileStore, failure: Failure, usage: Usage | None, tokens: int
) -> None:
    with pytest.raises(ModelError):
        put(Script(ModelError("No.", failure, usage=usage)), llm_max_calls=1)

    assert spent(store, "day")["spent"]["tokens"] == tokens
    assert (RULES[failure].charge is Charge.NOTHING) == (tokens == 0)


def test_a_change_that_a_store_made_before_it_broke_off_is_taken_back(
    new_job: NewJob, clock: Clock, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    update, budget = FileStore.update, Budget(AUTHOR, new_job(llm_day_tokens=MOST), clock.pace)

    def make_it_and_break_off(self: FileStore, key: str, *change: Any, **more: Any) -> Any:
        result = update(self, key, *change, **more)
        if "day" in key:
            monkeypatch.undo()
            raise TransientError("The answer was lost.", code="E_STORE")
        return result

    monkeypatch.setattr(FileStore, "update", make_it_and_break_off)
    with pytest.raises(TransientError, match="E_STORE"):
        budget.reserve(QUESTION)

    assert [spent(store, account)["held"] for account in ("spec", "day")] == [{}, {}]


def test_a_service_that_does_not_count_is_charged_the_most(put: Put, store: FileStore) -> None:
    put(Script(Answer(text="{}", model="m")))

    assert spent(store, "spec")["spent"]["tokens"] == MOST


def test_what_a_service_counts_beyond_the_bound_is_spent_as_well(
    put: Put, new_job: NewJob, store: FileStore
) -> None:
    job = new_job(llm_job_tokens=MOST)
    usage = Usage(input_tokens=MOST, output_tokens=100)
    put(Script(ANSWER.model_copy(update={"usage": usage})), job=job)
    script = Script()

    with pytest.raises(ProviderError, match="E_BUDGET"):
        put(script, job=job)

    assert spent(store, "spec")["spent"]["tokens"] == MOST + 100
    assert script.questions == []


def test_the_cost_of_failures_is_in_the_cost_of_the_answer(put: Put) -> None:
    failed = ModelError("Empty.", Failure.EMPTY, usage=ANSWER.usage)

    assert put(Script(failed)).cost == pytest.approx(2 * 0.0008)


def test_jobs_share_a_day_and_not_their_own_budgets(put: Put, new_job: NewJob) -> None:
    limits = {"llm_job_tokens": MOST + 1200, "llm_day_tokens": MOST + 2400}
    job = new_job(**limits)
    put(Script(), job=job)
    put(Script(), job=job)
    put(Script(), **limits)

    with pytest.raises(ProviderError, match="ADE_LLM_DAY_TOKENS"):
        put(Script(), question=replace(QUESTION, prompt="x" * 28_500), **limits)


def test_a_day_ends_at_midnight_utc(put: Put, clock: Clock) -> None:
    clock.time = 1_790_035_199  # 2026-09-21T23:59:59Z
    put(Script(), llm_day_tokens=MOST)
    with pytest.raises(ProviderError, match="E_BUDGET"):
        put(Script(), question=replace(QUESTION, prompt="x" * 32_000), llm_day_tokens=MOST)

    clock.time += 1

    put(Script(), question=replace(QUESTION, prompt="x" * 28_000), llm_day_tokens=MOST)


def test_accounts_of_past_days_are_not_kept(put: Put, clock: Clock, store: FileStore) -> None:
    put(Script())
    clock.time += KEPT + 1

    assert list(store.keys("budget")) == []


class TestMoney:
    def test_a_limit_needs_a_price(self, put: Put) -> None:
        script = Script()

        with pytest.raises(ProviderError, match=r"E_NO_PRICE .*ADE_LLM_JOB_COST.*INPUT_PRICE"):
            put(script, author=LOCAL, llm_job_cost=1)

        assert script.questions == []

    def test_without_a_limit_a_cost_that_nobody_knows_is_none(self, put: Put) -> None:
        assert put(Script(), author=LOCAL).cost is None

    def test_a_price_of_the_settings_takes_the_place_of_the_lists(self, put: Put) -> None:
        author = AUTHOR.model_copy(update={"input_price": 1.0, "output_price": 10.0})

        assert put(Script(), author=author).cost == pytest.approx(0.001 + 0.002)

    def test_an_infinite_amount_is_no_limit(self, put: Put) -> None:
        assert put(Script(), author=LOCAL, llm_job_cost=float("inf")).calls == 1

    def test_a_model_of_ones_own_is_free_when_the_settings_say_so(self, put: Put) -> None:
        author = LOCAL.model_copy(update={"input_price": 0.0, "output_price": 0.0})

        assert put(Script(), author=author, llm_job_cost=0.001).cost == 0

    def test_what_the_service_had_in_its_cache_is_cheaper(self, put: Put) -> None:
        usage = Usage(input_tokens=1000, output_tokens=200, cached_tokens=600)
        cached = ANSWER.model_copy(update={"usage": usage})

        # 400 at $0.30, 600 at $0.03, 200 at $2.50 for a million
        assert put(Script(cached)).cost == pytest.approx(0.000638)

    def test_a_replayed_answer_costs_nothing_and_needs_no_budget(
        self, put: Put, store: FileStore
    ) -> None:
        asked = put(Script(), author=Author(provider="replay"), llm_job_tokens=0, llm_day_cost=0)

        assert asked.cost == 0
        assert list(store.keys("budget")) == []


class TestStoreThatCannotBeReached:
    @pytest.fixture
    def job(self, tmp_path: Path) -> Callable[..., Job]:
        (tmp_path / "file").write_text("no folder")
        store = FileStore(tmp_path / "file")

        def make(**limits: Any) -> Job:
            return Job(Settings(**limits), store)

        return make

    @pytest.mark.parametrize(
        "limits",
        [
            {},
            {"llm_job_tokens": None, "llm_day_tokens": 10**9},
            {"llm_job_tokens": None, "llm_job_cost": 10},
        ],
        ids=str,
    )
    def test_nothing_is_spent(self, put: Put, job: Callable[..., Job], limits: Any) -> None:
        script = Script()

        with pytest.raises(TransientError, match="E_STORE"):
            put(script, job=job(**limits))

        assert script.questions == []

    def test_without_a_budget_it_is_not_needed(self, put: Put, job: Callable[..., Job]) -> None:
        asked = put(Script(Failure.KEY_REFUSED), keys=["a", "b"], job=job(llm_job_tokens=None))

        assert asked.calls == 2

    def test_an_account_that_cannot_be_read_is_not_begun_anew(
        self, put: Put, store: FileStore, new_job: NewJob
    ) -> None:
        job = new_job()
        store.put(f"budget/spec/{job.id}", b'{"version": 2}')

        with pytest.raises(TransientError, match="E_STORE"):
            put(Script(), job=job)

    def test_a_damaged_account_is_not_begun_anew(
        self, put: Put, store: FileStore, new_job: NewJob, tmp_path: Path
    ) -> None:
        job = new_job()
        store.put(f"budget/spec/{job.id}", b"{}")
        (file,) = (f for f in tmp_path.rglob(f"*{job.id}") if f.is_file())
        file.write_bytes(b"\x07damaged")

        with pytest.raises(TransientError, match="E_STORE"):
            put(Script(), job=job)


class TestRedisThatDies:
    @pytest.fixture
    def redis(self) -> Iterator[RedisServer]:
        server = RedisServer()
        server.start()
        yield server
        server.stop()

    def test_an_answer_is_not_lost_and_no_other_is_asked_for(
        self, put: Put, redis: RedisServer
    ) -> None:
        job = Job(Settings(), RedisStore(redis.url))
        script = Script()
        answer = script.ask

        def answer_without_redis(*question: Any) -> Answer:
            redis.stop()
            return answer(*question)

        script.ask = answer_without_redis  # type: ignore[method-assign]

        assert put(script, job=job).answer == ANSWER
        with pytest.raises(TransientError, match="E_STORE"):
            put(script, job=job)
        assert len(script.questions) == 1


class TestHeldByOthers:
    """What calls under way hold may come free: it is waited for, as long as they last."""

    def test_it_is_waited_for(self, put: Put, new_job: NewJob, clock: Clock) -> None:
        limits = {"llm_day_tokens": MOST}
        other = Budget(AUTHOR, new_job(**limits), clock.pace).reserve(QUESTION)
        sleep = clock.sleep

        def sleep_and_settle(seconds: float) -> None:
            sleep(seconds)
            if clock.waited >= 4:
                other.settle(Charge.NOTHING)

        clock.sleep = sleep_and_settle  # type: ignore[method-assign]

        assert put(Script(), **limits).calls == 1
        assert clock.waited == pytest.approx(4, abs=1)

    def test_not_from_those_that_should_have_ended(
        self, put: Put, new_job: NewJob, clock: Clock
    ) -> None:
        limits = {"llm_day_tokens": MOST}
        Budget(AUTHOR, new_job(**limits), clock.pace).reserve(QUESTION)
        clock.time += QUESTION.timeout + 3600
        script = Script()

        with pytest.raises(ProviderError, match="ADE_LLM_DAY_TOKENS"):
            put(script, **limits)

        assert (clock.waits, script.questions) == ([], [])

    def test_not_when_it_would_not_do(self, put: Put, new_job: NewJob, clock: Clock) -> None:
        limits = {"llm_day_tokens": MOST}
        Budget(AUTHOR, new_job(**limits), clock.pace).reserve(QUESTION)

        with pytest.raises(ProviderError, match="ADE_LLM_DAY_TOKENS"):
            put(Script(), question=replace(QUESTION, prompt="x" * 40_000), **limits)

        assert clock.waits == []

    def test_not_beyond_the_deadline(self, put: Put, new_job: NewJob, clock: Clock) -> None:
        limits = {"llm_day_tokens": MOST, "llm_deadline": 30}
        Budget(AUTHOR, new_job(**limits), clock.pace).reserve(QUESTION)

        with pytest.raises(ProviderError, match="E_BUDGET"):
            put(Script(), **limits)

        assert clock.waited <= 30
