"""What is done about each failure, as the table says: tries, waits, keys, changes of the question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.asking.ask import Asked
from ai_data_engineer.specifying.asking.policy import RULES, hint
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Job
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError, Usage
from tests.specifying.asking.scripts import ANSWER, AUTHOR, QUESTION, Clock, Script

Put = Callable[..., Asked]

ENOUGH = {"llm_deadline": 3600, "llm_max_calls": 50, "llm_job_tokens": None}


def busy(retry_after: float | None = None) -> ModelError:
    return ModelError("It is busy.", Failure.BUSY, retry_after=retry_after)


def test_every_failure_has_a_row_that_says_why() -> None:
    assert set(RULES) == set(Failure)
    assert all(rule.why.endswith(".") for rule in RULES.values())


def test_an_answer_comes_back_with_what_it_took(put: Put) -> None:
    asked = put(Script())

    assert (asked.answer, asked.calls, asked.failures, asked.shared) == (ANSWER, 1, (), False)
    # 1,000 tokens at $0.30 and 200 at $2.50 for a million
    assert asked.cost == pytest.approx(0.0008)


@pytest.mark.parametrize(
    ("failure", "sent", "waited"),
    [
        (Failure.BUSY, 5, 1 + 2 + 4 + 8),
        (Failure.UNAVAILABLE, 5, 1 + 2 + 4 + 8),
        (Failure.TIMEOUT, 2, 1),
        (Failure.UNREACHABLE, 4, 1 + 2 + 4),
        (Failure.BROKEN, 3, 1 + 2),
        (Failure.UNREADABLE, 3, 1 + 2),
        (Failure.KEY_REFUSED, 1, 0),
        (Failure.UNKNOWN_MODEL, 1, 0),
        (Failure.BAD_REQUEST, 2, 0),
        (Failure.TRUNCATED, 2, 0),
        (Failure.EMPTY, 2, 0),
        (Failure.BLOCKED, 1, 0),
        (Failure.ENDLESS, 1, 0),
        (Failure.UNEXPECTED, 1, 0),
    ],
)
def test_tries_and_waits_when_it_fails_for_ever(
    put: Put, clock: Clock, failure: Failure, sent: int, waited: float
) -> None:
    script = Script(*[failure] * 50)

    with pytest.raises(ModelError) as caught:
        put(script, **ENOUGH)

    tries = "1 try" if sent == 1 else f"{sent} tries"
    assert caught.value.message.startswith(f"It is {failure} ({tries}).")
    assert caught.value.failure is failure
    assert caught.value.hint == hint(failure, AUTHOR)
    assert (len(script.questions), clock.waited) == (sent, waited)


@pytest.mark.parametrize(
    "failure",
    [f for f in Failure if RULES[f].again],
)
def test_what_is_tried_again_may_succeed(put: Put, failure: Failure) -> None:
    asked = put(Script(failure), **ENOUGH)

    assert (asked.answer, asked.calls) == (ANSWER, 2)
    assert asked.failures == (ModelError("", failure).code,)


def test_failures_of_different_kinds_are_counted_apart(put: Put) -> None:
    asked = put(Script(Failure.TIMEOUT, Failure.EMPTY, Failure.BAD_REQUEST), **ENOUGH)

    assert asked.calls == 4
    assert asked.failures == ("E_PROVIDER_TIMEOUT", "E_EMPTY_ANSWER", "E_PROVIDER")


def test_chance_takes_up_to_half_of_a_wait(put: Put, clock: Clock) -> None:
    clock.chance = 0.0

    put(Script(Failure.UNAVAILABLE, Failure.UNAVAILABLE), **ENOUGH)

    assert clock.waited == 0.5 + 1


def test_the_service_is_given_the_time_it_asks_for(put: Put, clock: Clock) -> None:
    clock.chance = 0.25

    put(Script(busy(retry_after=17)), **ENOUGH)

    assert clock.waited == 17.25


def test_a_wait_beyond_the_deadline_is_not_begun(put: Put, clock: Clock) -> None:
    script = Script(busy(retry_after=40))

    with pytest.raises(ModelError, match="longer than there is time") as caught:
        put(script, llm_deadline=30)

    assert (caught.value.code, caught.value.retry_after) == ("E_PROVIDER_BUSY", 40)
    assert (clock.waits, len(script.questions)) == ([], 1)


def test_a_call_gets_no_more_time_than_is_left(put: Put) -> None:
    script = Script()

    put(script, llm_deadline=12)

    assert 11 < script.questions[0].timeout <= 12


def test_nothing_is_begun_when_the_time_is_up(put: Put, new_job: Callable[..., Job]) -> None:
    job, script = new_job(llm_deadline=30), Script()
    job.started -= 29.5

    with pytest.raises(ModelError, match=r"E_PROVIDER_TIMEOUT.*ADE_LLM_DEADLINE"):
        put(script, job=job)

    assert script.questions == []


def test_all_questions_of_a_job_share_its_calls(put: Put, new_job: Callable[..., Job]) -> None:
    job = new_job(llm_max_calls=3)
    script = Script(Failure.EMPTY)

    assert put(script, job=job).calls == 2
    assert put(script, job=job).calls == 1
    with pytest.raises(ProviderError, match=r"E_BUDGET 3 requests .*ADE_LLM_MAX_CALLS"):
        put(script, job=job)

    assert len(script.questions) == job.calls == 3


def test_a_failure_says_when_it_was_the_number_of_calls_that_ended_it(put: Put) -> None:
    script = Script(*[Failure.UNAVAILABLE] * 9)

    with pytest.raises(ModelError) as caught:
        put(script, llm_max_calls=2)

    assert str(caught.value) == (
        "E_PROVIDER_BUSY It is unavailable (2 tries). 2 requests were sent for this spec, and no "
        "more are allowed. Raise ADE_LLM_MAX_CALLS."
    )


class TestChangedQuestions:
    def test_a_request_that_is_not_taken_is_put_without_its_schema(self, put: Put) -> None:
        script = Script(Failure.BAD_REQUEST)

        put(script)

        assert [q.schema for q in script.questions] == [QUESTION.schema, None]

    def test_without_a_schema_there_is_nothing_to_leave_out(self, put: Put) -> None:
        script = Script(Failure.BAD_REQUEST)

        with pytest.raises(ModelError, match="1 try"):
            put(script, question=replace(QUESTION, schema=None))

    def test_a_truncated_answer_is_asked_for_with_twice_the_tokens(self, put: Put) -> None:
        script = Script(Failure.TRUNCATED)

        put(script, question=replace(QUESTION, max_output_tokens=10_000))

        assert [q.max_output_tokens for q in script.questions] == [10_000, 20_000]

    def test_no_more_than_the_context_holds(self, put: Put) -> None:
        truncated = ModelError(
            "Cut.", Failure.TRUNCATED, usage=Usage(input_tokens=6000, output_tokens=10_000)
        )
        script = Script(truncated)
        author = AUTHOR.model_copy(update={"context_tokens": 20_000})

        put(script, question=replace(QUESTION, max_output_tokens=10_000), author=author)

        assert [q.max_output_tokens for q in script.questions] == [10_000, 14_000]

    def test_a_full_context_has_no_room_for_more(self, put: Put) -> None:
        author = AUTHOR.model_copy(update={"context_tokens": 10_000})
        script = Script(Failure.TRUNCATED)

        with pytest.raises(ModelError, match=r"E_TRUNCATED_ANSWER .* no room for more"):
            put(script, question=replace(QUESTION, max_output_tokens=10_000), author=author)

        assert len(script.questions) == 1

    def test_no_more_than_the_budget_holds(self, put: Put) -> None:
        truncated = ModelError(
            "Cut.", Failure.TRUNCATED, usage=Usage(input_tokens=100, output_tokens=10_000)
        )
        script = Script(truncated)

        put(
            script,
            question=replace(QUESTION, max_output_tokens=10_000),
            llm_job_tokens=25_000,
        )

        first, second = (q.max_output_tokens for q in script.questions)
        assert first == 10_000
        assert 14_000 < second < 15_000

    def test_no_longer_answer_is_bought_with_less_than_it_needs(self, put: Put) -> None:
        truncated = ModelError(
            "Cut.", Failure.TRUNCATED, usage=Usage(input_tokens=100, output_tokens=10_000)
        )
        script = Script(truncated)

        with pytest.raises(ModelError, match=r"E_TRUNCATED_ANSWER .*ADE_LLM_JOB_TOKENS"):
            put(
                script,
                question=replace(QUESTION, max_output_tokens=10_000),
                llm_job_tokens=15_000,
            )

        assert len(script.questions) == 1

    def test_a_service_that_takes_no_longer_answer_leaves_the_first_failure(self, put: Put) -> None:
        script = Script(Failure.TRUNCATED, Failure.BAD_REQUEST)

        with pytest.raises(ModelError, match=r"E_TRUNCATED_ANSWER.*ADE_LLM_MAX_OUTPUT_TOKENS"):
            put(script)


class TestKeys:
    @pytest.mark.parametrize("failure", [Failure.KEY_REFUSED, Failure.BUSY])
    def test_the_next_key_is_tried_at_once(self, put: Put, clock: Clock, failure: Failure) -> None:
        script = Script(failure, failure)

        put(script, keys=["a", "b", "c"])

        assert (script.keys, clock.waits) == (["a", "b", "c"], [])

    def test_a_fresh_key_is_no_try_again(self, put: Put) -> None:
        script = Script(*[Failure.KEY_REFUSED] * 6)

        put(script, keys=list("abcdefg"), **ENOUGH)

        assert script.keys == list("abcdefg")

    def test_when_all_are_used_up_the_first_that_is_free_is_waited_for(
        self, put: Put, clock: Clock
    ) -> None:
        clock.chance = 0.0
        script = Script(busy(30), busy(10))

        put(script, keys=["a", "b"])

        assert (script.keys, clock.waited) == (["a", "b", "b"], 10)

    def test_a_refused_key_is_not_asked_with_again(self, put: Put) -> None:
        script = Script(Failure.KEY_REFUSED, busy(5), busy(5))

        put(script, keys=["bad", "good"])

        assert script.keys == ["bad", "good", "good", "good"]

    def test_all_keys_refused_names_where_they_come_from(self, put: Put) -> None:
        script = Script(Failure.KEY_REFUSED, Failure.KEY_REFUSED)

        with pytest.raises(ModelError, match=r"E_KEY_REFUSED .*2 tries.*GEMINI_API_KEY"):
            put(script, keys=["a", "b"])

    @pytest.mark.parametrize("failure", [Failure.KEY_REFUSED, Failure.BUSY])
    def test_the_next_job_begins_with_a_key_that_works(self, put: Put, failure: Failure) -> None:
        put(Script(failure), keys=["a", "b"])
        script = Script()

        put(script, keys=["a", "b"])

        assert script.keys == ["b"]

    def test_a_key_is_believed_again_after_a_while(self, put: Put, clock: Clock) -> None:
        put(Script(Failure.KEY_REFUSED), keys=["a", "b"])
        clock.time += RULES[Failure.KEY_REFUSED].key_aside + 1
        script = Script()

        put(script, keys=["a", "b"])

        assert script.keys == ["a"]

    def test_what_is_remembered_shows_no_key(self, put: Put, tmp_path: Path) -> None:
        put(Script(Failure.KEY_REFUSED), keys=["sesame-123", "b"])

        files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
        assert not [path for path in files if b"sesame" in path.read_bytes() + bytes(path)]
        assert [path for path in files if "keys" in str(path)]

    def test_a_service_without_keys_is_asked_without_one(self, put: Put) -> None:
        script = Script()

        put(script, keys=[], author=Author(provider="openai", model="m", base_url="http://h/v1"))

        assert script.keys == [None]


@pytest.mark.parametrize(
    ("failure", "provider", "setting"),
    [
        (Failure.UNKNOWN_MODEL, "gemini", "ADE_GEMINI_MODEL"),
        (Failure.UNKNOWN_MODEL, "google-genai", "ADE_GEMINI_MODEL"),
        (Failure.UNKNOWN_MODEL, "openai", "ADE_OPENAI_MODEL"),
        (Failure.KEY_REFUSED, "openai", "OPENAI_API_KEY"),
        (Failure.UNREACHABLE, "openai", "ADE_OPENAI_BASE_URL"),
        (Failure.TIMEOUT, "openai", "ADE_LLM_TIMEOUT"),
    ],
)
def test_the_error_names_the_setting_that_mends_it(
    put: Put, failure: Failure, provider: str, setting: str
) -> None:
    script = Script(*[failure] * 5)

    with pytest.raises(ModelError, match=setting):
        put(script, author=AUTHOR.model_copy(update={"provider": provider}))


def test_what_nobody_foresaw_has_none_of_its_text_in_the_error(put: Put) -> None:
    with pytest.raises(ModelError, match="E_PROVIDER") as caught:
        put(Script(RuntimeError("key=sesame-123")))

    assert caught.value.failure is Failure.UNEXPECTED
    assert "sesame" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_provider_that_cannot_ask_says_so_itself(put: Put) -> None:
    missing = ProviderError("The package is missing.", code="E_DEPENDENCY")

    with pytest.raises(ProviderError, match="E_DEPENDENCY The package is missing"):
        put(Script(missing))
