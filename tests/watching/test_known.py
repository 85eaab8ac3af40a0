"""What is known stays known, takes ten bytes a file, and is forgotten in the end."""

import pytest

from ai_data_engineer.watching.known import KEPT_DAYS, Known, short_id

DAY = 86_400


@pytest.fixture
def at(store):
    return lambda day: Known(store, "watch/x", clock=lambda: day * DAY)


FILES = [short_id(f"file {number}") for number in range(20_000)]


def test_what_was_remembered_is_known_to_the_next(at):
    at(20_000).remember(FILES[:100])
    assert at(20_000).unknown(FILES[:200]) == set(FILES[100:200])


def test_twenty_thousand_files_take_ten_bytes_each(at, store):
    at(20_000).remember(FILES)
    assert sum(len(store.get(key)) for key in store.keys("watch/x")) == 10 * len(FILES)
    assert at(20_000).unknown(FILES) == set()


def test_a_file_that_is_listed_stays_known_and_one_that_is_gone_is_forgotten(at):
    at(20_000).remember(FILES[:2])
    for day in range(20_000, 20_000 + 2 * KEPT_DAYS):
        known = at(day)
        known.unknown(FILES[:1])
        known.note_seen()
    assert at(day).unknown(FILES[:2]) == {FILES[1]}


def test_two_at_a_time_lose_nothing(at):
    one, other = at(20_000), at(20_000)
    one.remember(FILES[:50])
    other.remember(FILES[50:100])
    assert at(20_000).unknown(FILES[:100]) == set()


def test_a_clock_that_jumps_to_and_fro_forgets_no_file_that_is_there(at):
    at(20_000).remember(FILES[:10])
    for day in (25_000, 19_000, 20_000):
        known = at(day)
        assert known.unknown(FILES[:10]) == set()
        known.note_seen()


def test_damage_is_no_memory(at, store):
    at(20_000).remember(FILES[:10])
    for key in list(store.keys("watch/x")):
        store.put(key, b"\0")
    assert at(20_000).unknown(FILES[:10]) == set(FILES[:10])
