"""Time and bytes of an answer have an end, whatever a server does, and nothing is left behind."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from ai_data_engineer.specifying.providers.protocol import Failure, ModelError
from tests.model_server import (
    ModelServer,
    Reply,
    drip,
    drip_headers,
    endless,
    hang,
    says,
    status,
    wrong_content_length,
)

if TYPE_CHECKING:
    from tests.specifying.providers.conftest import Ask


@pytest.mark.parametrize("reply", [hang(), drip(), drip_headers(), wrong_content_length()])
def test_the_whole_answer_has_a_deadline(ask: Ask, models: ModelServer, reply: Reply) -> None:
    models.script(says("{}"), reply)
    ask()  # imports take their time
    started = time.monotonic()
    with pytest.raises(ModelError, match=r"E_PROVIDER_TIMEOUT .*ADE_LLM_TIMEOUT"):
        ask(timeout=0.3)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("reply", [hang(), drip(), endless()])
def test_the_connection_is_closed_and_no_thread_reads_on(
    ask: Ask, models: ModelServer, reply: Reply
) -> None:
    before = set(threading.enumerate())
    models.script(reply)
    with pytest.raises(ModelError):
        ask(timeout=0.5)
    assert models.hung_up.wait(20)
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert all("process_request" in name for name in left), left  # the server's own


def test_a_long_answer_is_read_up_to_the_limit(ask: Ask, models: ModelServer) -> None:
    models.script(says("x" * 90_000), says("x" * 100_000))
    assert len(ask(max_bytes=100_000).text) == 90_000
    with pytest.raises(ModelError) as caught:
        ask(max_bytes=100_000)
    assert caught.value.failure is Failure.ENDLESS


def test_an_endless_error_is_an_error(ask: Ask, models: ModelServer) -> None:
    models.script(Reply(status=503, error="other", behaviour="endless"))
    with pytest.raises(ModelError) as caught:
        ask()
    assert caught.value.failure is Failure.UNAVAILABLE


@pytest.mark.parametrize("code", [401, 429, 503])
def test_the_sdk_does_not_try_again_by_itself(ask: Ask, models: ModelServer, code: int) -> None:
    models.script(status(code))
    with pytest.raises(ModelError):
        ask()
    assert len(models.requests) == 1


def test_what_is_too_long_for_a_gateway_is_refused_before_it_has_arrived(ask: Ask) -> None:
    """It answers 413 and closes while the request is still being sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            gateway, _ = listener.accept()
            with gateway:
                gateway.recv(1000)
                gateway.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        port = listener.getsockname()[1]
        with pytest.raises(ModelError) as caught:
            ask(base_url=f"http://127.0.0.1:{port}/v1", prompt="x" * 20_000_000)
        thread.join()
    assert caught.value.failure is Failure.BAD_REQUEST


def test_a_refused_connection_is_no_time_out(ask: Ask) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(ModelError) as caught:
            ask(base_url=f"http://127.0.0.1:{probe.getsockname()[1]}/v1")
    assert caught.value.failure is Failure.UNREACHABLE


def test_a_name_that_does_not_exist_is_unreachable(ask: Ask) -> None:
    with pytest.raises(ModelError) as caught:
        ask(base_url="http://nobody.invalid/v1")
    assert caught.value.failure is Failure.UNREACHABLE


@pytest.fixture
def deaf() -> Iterator[tuple[str, int]]:
    """An address that never takes a connection: its queue is full, and further ones are dropped."""
    with ExitStack() as open_sockets:
        listener = open_sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = open_sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()


def test_a_connection_that_is_never_taken_ends_in_time(ask: Ask, deaf: tuple[str, int]) -> None:
    with pytest.raises(ModelError) as caught:
        ask(base_url=f"http://127.0.0.1:{deaf[1]}/v1", timeout=0.3)
    assert caught.value.failure is Failure.TIMEOUT


def test_an_address_that_is_deaf_leaves_time_for_the_next(
    ask: Ask, models: ModelServer, deaf: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a network that loses all of IPv6."""
    real = ("127.0.0.1", int(models.url.rpartition(":")[2]))

    def addresses(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where) for where in (deaf, real)]

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    models.script(says("{}"))
    assert ask(timeout=1.6).text == "{}"
