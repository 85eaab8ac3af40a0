"""Many threads ask at once, with keys and endpoints of their own: nothing is mixed up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pydantic import SecretStr

from ai_data_engineer.specifying.providers.protocol import Question
from tests.model_server import Reply, Request, model_server, says
from tests.specifying.providers.conftest import provider


def test_keys_and_endpoints_of_threads_do_not_mix(sdk: str) -> None:
    def repeats(request: Request) -> Reply:
        return says(f"{request.key} asked {request.prompt}").after(0.02)

    with model_server() as first, model_server() as second:
        first.otherwise = second.otherwise = repeats

        def ask(number: int) -> str:
            server = (first, second)[number % 2]
            question = Question("rules", f"question {number}", timeout=20)
            asked = provider(sdk, server.base_url(sdk))
            return asked.ask(question, SecretStr(f"key-{number}")).text

        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(ask, range(12)))
        assert answers == [f"key-{n} asked question {n}" for n in range(12)]
        assert {request.key for request in first.asked} == {f"key-{n}" for n in range(0, 12, 2)}
        assert max(first.most_at_once, second.most_at_once) > 1


def test_one_provider_serves_several_threads(sdk: str) -> None:
    with model_server() as server:
        server.otherwise = lambda request: says(request.prompt).after(0.02)
        shared = provider(sdk, server.base_url(sdk))

        def ask(number: int) -> str:
            return shared.ask(Question("r", f"q{number}", timeout=20), SecretStr("k")).text

        with ThreadPoolExecutor(6) as threads:
            assert list(threads.map(ask, range(8))) == [f"q{n}" for n in range(8)]
