"""What is particular to Redis: a server that goes, comes back, is silent or refuses."""

import socket
import sys
import threading
import time

import pytest
import redis

from ai_data_engineer.errors import SettingsError, TransientError
from ai_data_engineer.stores import redis as module
from ai_data_engineer.stores.redis import RedisStore
from tests.redis_server import RedisServer


@pytest.fixture
def server():
    """Return a Redis of this test's own."""
    server = RedisServer(password="s3cret")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def short_leases(monkeypatch):
    monkeypatch.setattr(module, "LEASE", 0.8)
    monkeypatch.setattr(module, "BEAT", 0.05)


def everything(store):
    return [
        lambda: store.get("a"),
        lambda: store.put("a", b"1"),
        lambda: store.delete("a"),
        lambda: store.update("a", lambda old: (b"1", None)),
        lambda: list(store.keys("")),
        lambda: store.lease("a", wait=5).__enter__(),
    ]


def test_a_server_that_stops_is_an_error_at_once_and_works_again_when_it_is_back(server):
    store = RedisStore(server.url)
    store.put("a", b"1")
    server.stop()

    for act in everything(store):
        started = time.monotonic()
        with pytest.raises(
            TransientError, match=r"^E_STORE Redis at 127.0.0.1:\d+ cannot be reached"
        ):
            act()
        assert time.monotonic() - started < module.CONNECT_TIMEOUT

    server.start()
    for act in everything(store):
        act()


def test_threads_that_were_connected_find_the_server_again(server):
    store = RedisStore(server.url)
    connected = threading.Barrier(9, timeout=10)
    restarted = threading.Event()
    results = []

    def work():
        store.put(f"a/{threading.get_ident()}", b"1")
        connected.wait()
        restarted.wait(10)
        results.append(store.update("count", lambda old: (str(int(old or 0) + 1).encode(), True)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    connected.wait()
    server.stop()
    server.start()
    restarted.set()
    for thread in threads:
        thread.join()

    assert results == [True] * 8
    assert store.get("count") == b"8"


def test_a_server_that_is_silent_is_not_asked_again_and_again():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = RedisStore(f"redis://127.0.0.1:{port}/0?socket_timeout=0.1")

        for act in everything(store) * 3:
            with pytest.raises(TransientError, match=r"E_STORE .* did not answer in time"):
                act()

        silent.accept()[0].close()
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody else has come
            silent.accept()


def test_a_wrong_password_is_said_and_not_shown(server):
    store = RedisStore(f"redis://somebody:hunter2@127.0.0.1:{server.port}/0")

    with pytest.raises(
        TransientError, match=r"E_STORE .* refuses the user or the password"
    ) as caught:
        store.get("a")

    assert "hunter2" not in str(caught.value)
    assert "somebody" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("CONFIG SET maxmemory 1", "has no memory left"),
        ("REPLICAOF 127.0.0.1 1", "is a replica that cannot be written"),
        ("ACL SETUSER default -eval", "does not permit GET, SET, DEL, SCAN and EVAL"),
        ("LPUSH ade:value:a 1", "refuses a command"),
    ],
    ids=["full", "replica", "rights", "not ours"],
)
def test_what_the_server_will_not_do_is_said(server, command, said):
    with redis.Redis.from_url(server.url) as client:
        client.execute_command(*command.split())

    with pytest.raises(TransientError, match=f"E_STORE Redis at .* {said}"):
        RedisStore(server.url).update("a", lambda old: (b"1", None))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "http://:hunter2@host",
        "redis://:hunter2@host:port",
        "redis://:hunter2@h?socket_timeout=x",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_when_it_is_opened(url):
    with pytest.raises(
        SettingsError, match=r"E_SETTING ADE_REDIS_URL: .* for example redis://"
    ) as caught:
        RedisStore(url)

    assert "hunter2" not in str(caught.value)


def test_the_package_is_named_when_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(SettingsError, match=r'E_STORE .*pip install "ai-data-engineer\[redis\]"'):
        RedisStore("redis://127.0.0.1")


def test_stores_with_other_prefixes_know_nothing_of_each_other(redis_url):
    one, other = RedisStore(redis_url, "a*"), RedisStore(redis_url, "ab")
    one.put("k", b"1")
    other.put("k", b"2")
    other.put("m", b"2")

    assert (one.get("k"), list(one.keys(""))) == (b"1", ["k"])
    with one.lease("k", wait=0) as first, other.lease("k", wait=0) as second:
        assert (first, second) == (True, True)


def test_a_lease_lasts_as_long_as_its_holder_lives(redis_url, short_leases):
    with (
        RedisStore(redis_url).lease("a", wait=0),
        RedisStore(redis_url).lease("a", wait=1) as second,
    ):
        assert not second


def test_a_lease_is_renewed_while_a_slow_server_is_given_a_rest(redis_url, short_leases):
    store = RedisStore(redis_url)
    with store.lease("a", wait=0):
        store._silent_until = time.monotonic() + 1
        with RedisStore(redis_url).lease("a", wait=1) as second:
            assert not second


def test_a_lease_survives_a_restart_of_the_server(server, short_leases):
    with RedisStore(server.url).lease("a", wait=0):
        server.stop()
        server.start()
        time.sleep(0.15)  # three beats
        with RedisStore(server.url).lease("a", wait=0) as second:
            assert not second
    with RedisStore(server.url).lease("a", wait=0) as afterwards:
        assert afterwards


def test_a_holder_that_lost_its_lease_does_not_free_that_of_another(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        with RedisStore(redis_url).lease("a", wait=0):
            client.set("ade:lease:a", "of another")
        assert client.get("ade:lease:a") == b"of another"


def test_a_lease_ends_without_error_when_the_server_is_gone(server, short_leases):
    with RedisStore(server.url).lease("a", wait=0):
        server.stop()


def test_every_value_with_an_end_has_it_on_the_server(redis_url):
    store = RedisStore(redis_url)
    store.put("a", b"1", seconds=60)
    store.update("b", lambda old: (b"1", None), seconds=60)
    store.put("c", b"1")

    with redis.Redis.from_url(redis_url) as client:
        left = {name.decode()[-1]: client.pttl(name) for name in client.scan_iter()}

    assert 50_000 < left["a"] <= 60_000
    assert 50_000 < left["b"] <= 60_000
    assert left["c"] == -1


def test_a_change_whose_answer_is_lost_is_an_error_and_is_made_once(redis_server, redis_url):
    with LosesAnswers(redis_server.port, to=b"EVAL") as proxy:
        store = RedisStore(f"redis://127.0.0.1:{proxy.port}/0")

        with pytest.raises(TransientError, match="E_STORE"):
            store.update("spent", lambda old: (str(int(old or 0) + 7).encode(), None))

    assert RedisStore(redis_url).get("spent") == b"7"


class LosesAnswers:
    """A proxy that passes all on, and hangs up instead of the answer to one command."""

    def __init__(self, port, to):
        self._target, self._to = port, to

    def __enter__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *problem):
        self._server.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self._target)) as redis_:
            while question := client.recv(65536):
                redis_.sendall(question)
                answer = redis_.recv(65536)
                if self._to in question:
                    return
                client.sendall(answer)
