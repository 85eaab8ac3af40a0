"""What every store does, on each of them."""

import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = st.text("abzABZ019-_.", min_size=1, max_size=12)
KEYS = st.lists(WORDS, min_size=1, max_size=4).map("/".join)


def in_processes(count, opened, work):
    """Do the work in processes, forked from one that has imported all and opened `store`."""
    code = f"""
import multiprocessing
{opened}
def work():
{textwrap.indent(work, "    ")}
forks = multiprocessing.get_context("fork")
running = [forks.Process(target=work) for _ in range({count})]
for process in running:
    process.start()
for process in running:
    process.join()
assert [process.exitcode for process in running] == [0] * {count}
"""
    subprocess.run([sys.executable, "-c", code], timeout=120, check=True)


def increment(old):
    count = int(old or b"0") + 1
    return str(count).encode(), count


def test_there_is_no_value_before_it_is_set_and_after_it_is_deleted(store):
    assert store.get("a/b") is None
    store.delete("a/b")

    store.put("a/b", b"1")
    assert store.get("a/b") == b"1"
    store.put("a/b", b"2")
    assert store.get("a/b") == b"2"

    store.delete("a/b")
    assert store.get("a/b") is None


@pytest.mark.parametrize(
    "value", [b"", b"\0\r\n\xff", b"x" * 1_000_000], ids=["empty", "any bytes", "1 MB"]
)
def test_a_value_comes_back_as_it_was(store, another, value):
    store.put("a", value)

    assert another().get("a") == value


def test_a_value_expires(store):
    store.put("a", b"1", seconds=0.02)
    store.update("b", lambda old: (b"1", None), seconds=0.02)
    store.put("c", b"1", seconds=60)
    time.sleep(0.05)

    assert [store.get(key) for key in "abc"] == [None, None, b"1"]
    assert store.update("a", lambda old: (b"new", old)) is None
    assert sorted(store.keys("")) == ["a", "c"]


def test_a_value_set_again_has_the_new_expiry_or_none(store):
    store.put("a", b"1", seconds=0.02)
    store.put("a", b"2")
    store.put("b", b"1", seconds=0.02)
    store.update("b", lambda old: (b"2", None))
    time.sleep(0.05)

    assert store.get("a") == store.get("b") == b"2"


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_value_without_any_time_left_is_none(store, seconds):
    store.put("a", b"1")

    store.put("a", b"2", seconds=seconds)

    assert store.get("a") is None


def test_a_change_sees_the_value_and_returns_what_it_likes(store):
    assert store.update("a", increment) == 1
    assert store.update("a", increment) == 2
    assert store.get("a") == b"2"

    assert store.update("a", lambda old: (None, "removed")) == "removed"
    assert store.get("a") is None
    assert store.update("a", lambda old: (None, old)) is None


def test_keys_below_a_prefix_are_those_with_its_words(store):
    for key in ("spec/a", "spec/b/c", "specs/a", "other", "spec"):
        store.put(key, b"1")
    store.put("spec/gone", b"1")
    store.delete("spec/gone")

    assert sorted(store.keys("spec")) == sorted(store.keys("spec/")) == ["spec/a", "spec/b/c"]
    assert sorted(store.keys("")) == ["other", "spec", "spec/a", "spec/b/c", "specs/a"]
    assert list(store.keys("nothing")) == []


@pytest.mark.parametrize(
    "key", ["", "/", "/a", "a/", "a//b", "a b", "ä", "a*", "a\n", "a" * 101, "a/" * 260 + "a"]
)
def test_what_is_no_key_is_refused(store, key):
    for act in (store.get, store.delete, lambda key: store.put(key, b"")):
        with pytest.raises(ValueError, match="a key is made of"):
            act(key)


def test_a_lease_is_held_by_one_at_a_time(store, another):
    with store.lease("a", wait=0) as first, another().lease("a", wait=0.05) as second:
        assert (first, second) == (True, False)
        with another().lease("b", wait=0) as of_another_key:
            assert of_another_key

    with another().lease("a", wait=0) as afterwards:
        assert afterwards


def test_a_lease_and_a_value_of_the_same_key_are_two_things(store):
    store.put("a", b"1")
    with store.lease("a", wait=0):
        assert store.update("a", increment) == 2
        assert list(store.keys("")) == ["a"]


def test_a_lease_is_free_after_an_error(store):
    with pytest.raises(RuntimeError), store.lease("a", wait=0):
        raise RuntimeError

    with store.lease("a", wait=0) as is_held:
        assert is_held


def test_who_waits_gets_the_lease_when_it_is_free(store, another):
    got = []

    def wait():
        with another().lease("a", wait=20) as is_held:
            got.append(is_held)

    with store.lease("a", wait=0):
        waiting = [threading.Thread(target=wait) for _ in range(5)]
        for thread in waiting:
            thread.start()
        assert got == []
    for thread in waiting:
        thread.join(20)

    assert got == [True] * 5


def test_threads_of_one_process_lose_no_change(store):
    def change():
        for _ in range(50):
            store.update("count", increment)

    threads = [threading.Thread(target=change) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.get("count") == b"400"


def test_processes_lose_no_change(store, opened):
    in_processes(
        8,
        opened,
        """
for _ in range(50):
    store.update("count", lambda old: (str(int(old or 0) + 1).encode(), None))
""",
    )

    assert store.get("count") == b"400"


def test_a_lease_keeps_processes_apart(store, opened):
    in_processes(
        8,
        opened,
        """
for _ in range(5):
    with store.lease("count", wait=60) as is_held:
        assert is_held
        store.put("count", b"%d" % (int(store.get("count") or 0) + 1))
""",
    )

    assert store.get("count") == b"40"


def test_a_reader_never_sees_half_a_value(store, opened):
    store.put("a", b"a" * 200_000)
    writing = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"{opened}\nfor n in range(200): store.put('a', b'ab'[n % 2:][:1] * 200_000)",
        ]
    )
    seen = set()
    while writing.poll() is None:
        value = store.get("a")
        seen.add((len(value), len(set(value))))

    assert seen == {(200_000, 1)}


def test_a_killed_holder_frees_its_lease(store, opened):
    code = f"""
{opened}
import time
from ai_data_engineer.stores import redis
redis.LEASE, redis.BEAT = 1.0, 0.2
with store.lease('a', wait=5) as is_held:
    print(is_held, flush=True)
    time.sleep(60)
"""
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "True\n"
    with store.lease("a", wait=0.01) as is_held:
        assert not is_held

    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with store.lease("a", wait=20) as is_held:
        assert is_held


def test_more_keys_than_a_page_of_redis_are_each_there_once(store):
    keys = {f"many/{number % 100}/{number}" for number in range(1_500)}
    for key in keys:
        store.put(key, b"1")

    found = list(store.keys("many"))
    assert (len(found), set(found)) == (len(keys), keys)
    assert len(list(store.keys("many/7"))) == 15


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(KEYS, st.binary(max_size=20), max_size=8))
def test_any_keys_are_kept_apart(store, another, values):
    for key, value in values.items():
        store.put(key, value)

    try:
        assert set(another().keys("")) == set(values)
        assert {key: store.get(key) for key in values} == values
    finally:
        for key in values:
            store.delete(key)
