"""The whole way with the real SDKs: what the server saw, and what became of each failure."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from ai_data_engineer.errors import ProviderError
from ai_data_engineer.specifying.asking.ask import Asked, ask
from ai_data_engineer.specifying.asking.budget import most_input
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.job import Cancelled, Job
from ai_data_engineer.specifying.providers.protocol import Failure, ModelError
from ai_data_engineer.stores.files import FileStore
from tests.model_server import (
    ModelServer,
    Reply,
    bad_key,
    bad_request,
    blocked_answer,
    empty,
    endless,
    hang,
    html,
    model_server,
    reset,
    says,
    status,
    truncated,
    unknown_model,
)
from tests.specifying.asking.scripts import QUESTION, Clock, results, start
from tests.specifying.asking.test_budget import spent

SHORT = replace(QUESTION, timeout=5.0, max_output_tokens=8000)
MOST = most_input(SHORT) + SHORT.max_output_tokens


@dataclass
class Service:
    """A server of models, and questions put to it."""

    server: ModelServer
    new_job: Callable[..., Job]
    clock: Clock

    def put(
        self,
        *replies: Reply,
        sdk: str = "gemini",
        keys: tuple[str, ...] = ("k1",),
        job: Job | None = None,
        timeout: float = 5.0,
        base_url: str | None = None,
        **settings: Any,
    ) -> Asked:
        self.server.script(*replies)
        base_url = base_url or self.server.base_url(sdk)
        author = Author(provider=sdk, model="gemini-2.5-flash", base_url=base_url)
        job = job or self.new_job(**{"llm_max_calls": 30, "llm_deadline": 600} | settings)
        secrets = [SecretStr(key) for key in keys]
        question = replace(SHORT, timeout=timeout)
        return ask(question, author, secrets, job, pace=self.clock.pace)

    @property
    def sent(self) -> int:
        return len(self.server.asked)


@pytest.fixture
def service(new_job: Callable[..., Job], clock: Clock) -> Iterator[Service]:
    with model_server() as server:
        yield Service(server, new_job, clock)


@pytest.mark.parametrize("sdk", ["gemini", "google-genai", "openai"])
def test_an_answer_after_the_service_was_overloaded(service: Service, sdk: str) -> None:
    asked = service.put(status(503), status(429, retry_after=7), says('{"a": 1}'), sdk=sdk)

    assert asked.answer.text == '{"a": 1}'
    assert (asked.calls, asked.failures) == (3, ("E_PROVIDER_BUSY", "E_PROVIDER_BUSY"))
    # What the table says, then what the service said with the chance of one second.
    assert service.clock.waited == 1 + 8


@pytest.mark.parametrize(
    ("failure", "reply", "sent", "tokens"),
    [
        (Failure.BUSY, status(429), 5, 0),
        (Failure.UNAVAILABLE, status(503), 5, 0),
        (Failure.TIMEOUT, hang(), 2, 2 * MOST),
        (Failure.BROKEN, reset(), 3, 3 * MOST),
        (Failure.KEY_REFUSED, bad_key(), 1, 0),
        (Failure.UNKNOWN_MODEL, unknown_model(), 1, 0),
        (Failure.BAD_REQUEST, bad_request(), 2, 0),
        (Failure.TRUNCATED, truncated(), 2, 2 * 30),
        (Failure.EMPTY, empty(), 2, 2 * 23),
        (Failure.BLOCKED, blocked_answer(), 1, 30),
        (Failure.UNREADABLE, html(), 3, 3 * MOST),
        (Failure.ENDLESS, endless(), 1, MOST),
        (Failure.UNEXPECTED, status(418), 1, MOST),
    ],
    ids=lambda value: value.value if isinstance(value, Failure) else "",
)
def test_what_becomes_of_a_failure_that_stays(
    service: Service,
    store: FileStore,
    failure: Failure,
    reply: Reply,
    sent: int,
    tokens: int,
) -> None:
    with pytest.raises(ModelError) as caught:
        service.put(*[reply] * 9, timeout=0.4 if failure is Failure.TIMEOUT else 5.0)

    assert caught.value.failure is failure
    assert f"{sent} tr" in caught.value.message
    assert service.sent == sent
    assert spent(store, "day") == {
        "spent": {"tokens": tokens, "nano": spent(store, "day")["spent"]["nano"]},
        "held": {},
    }


def test_what_a_provider_knows_more_of_a_failure_is_in_the_error(service: Service) -> None:
    moved = Reply(status=302, body=b"", headers=(("Location", "http://elsewhere.example"),))

    with pytest.raises(ModelError, match="It redirects; name the address"):
        service.put(*[moved] * 9)


def test_every_kind_of_failure_is_in_the_table_above() -> None:
    table = test_what_becomes_of_a_failure_that_stays.pytestmark[0].args[1]
    assert [row[0] for row in table] == list(dict.fromkeys(row[0] for row in table))
    assert {row[0] for row in table} | {Failure.UNREACHABLE} == set(Failure)


def test_a_service_that_is_not_there_costs_nothing(service: Service, store: FileStore) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(ModelError, match="4 tries") as caught:
            service.put(base_url=url)

    assert caught.value.failure is Failure.UNREACHABLE
    assert spent(store, "day") == {"spent": {"tokens": 0, "nano": 0}, "held": {}}


def test_the_next_key_is_sent_when_one_is_refused(service: Service) -> None:
    service.put(bad_key(), status(429), says("{}"), keys=("bad", "busy", "good"))

    assert service.server.keys == ["bad", "busy", "good"]
    assert service.clock.waits == []


def test_the_question_without_its_schema_is_what_the_server_gets(service: Service) -> None:
    service.put(bad_request(), says("{}"))

    assert [bool(request.schema) for request in service.server.asked] == [True, False]


def test_twice_the_tokens_are_what_the_server_gets(service: Service) -> None:
    service.put(truncated(), says("{}"))

    limits = [request.parameters["max_output_tokens"] for request in service.server.asked]
    assert limits == [8000, 16_000]


@pytest.mark.parametrize(
    "limits",
    [
        {"llm_job_tokens": 0},
        {"llm_day_tokens": 0},
        {"llm_job_cost": 0.0},
        {"llm_day_cost": 0.0},
    ],
    ids=str,
)
def test_nothing_reaches_the_server_without_a_budget(service: Service, limits: Any) -> None:
    with pytest.raises(ProviderError, match="E_BUDGET"):
        service.put(says("{}"), **limits)

    assert service.sent == 0


def test_nothing_reaches_the_server_after_the_budget(service: Service, store: FileStore) -> None:
    job = service.new_job(llm_job_tokens=20_000, llm_max_calls=50)
    dear = says("{}", input_tokens=200, output_tokens=3000)
    for _ in range(5):
        service.put(dear, job=job)
    # 16,000 are gone, and the rest is less than a useful answer takes.
    with pytest.raises(ProviderError, match="ADE_LLM_JOB_TOKENS"):
        service.put(dear, job=job)

    assert service.sent == 5
    assert spent(store, "spec")["spent"]["tokens"] == 16_000
    allowed = [request.parameters["max_output_tokens"] for request in service.server.asked]
    assert allowed[:4] == [8000] * 4
    assert allowed[4] == 20_000 - 4 * 3200 - most_input(SHORT)


def test_nothing_reaches_the_server_after_the_budget_of_all_processes(tmp_path: Path) -> None:
    with model_server() as server:
        server.otherwise = says("{}", input_tokens=200, output_tokens=3000)
        ended = results(start("put", 4, str(tmp_path), 60_000, 8, server.openai_url))

        # 18 × 3,200 are 57,600; what is left is less than a useful answer takes. While calls under
        # way held the rest it was waited for, so that none of the 18 was refused.
        assert len(server.asked) == 18
    assert sum(answers for answers, _ in ended) == 18
    assert [code for _, codes in ended for code in codes] == ["E_BUDGET"] * (4 * 8 - 18)


def test_a_service_that_is_down_is_asked_by_nobody(service: Service) -> None:
    with pytest.raises(ModelError):
        service.put(*[status(503)] * 5)
    for _ in range(3):
        with pytest.raises(ProviderError, match="E_PROVIDER_PAUSED"):
            service.put(says("{}"))

    assert service.sent == 5


def test_a_run_that_is_cancelled_while_the_server_hangs_asks_no_more(service: Service) -> None:
    job = service.new_job(is_cancelled=lambda: service.sent > 0, llm_max_calls=5)

    with pytest.raises(Cancelled):
        service.put(hang(), says("{}"), job=job, timeout=3)

    assert service.sent == 1
