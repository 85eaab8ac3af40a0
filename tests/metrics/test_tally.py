"""Counts of short processes, and how they come together in the shared store."""

import threading

import pytest

from ai_data_engineer.metrics import catalogue, tally
from ai_data_engineer.metrics.tally import Tally, load, save
from ai_data_engineer.stores.files import FileStore
from ai_data_engineer.stores.redis import RedisStore


@pytest.fixture(params=["files", "redis"])
def store(request, tmp_path):
    if request.param == "files":
        return FileStore(tmp_path)
    return RedisStore(request.getfixturevalue("redis_url"))


def bundles(times=1):
    counted = Tally()
    counted.add(catalogue.BUNDLES, by=times)
    return counted


def test_what_processes_counted_is_added_up(store):
    save(store, bundles(2))
    save(store, bundles(3))
    assert load(store).counts == {("ade_bundles_published_total", ()): [5.0]}


def test_nothing_is_lost_when_many_end_at_once(store):
    ends = [threading.Thread(target=save, args=(store, bundles())) for _ in range(40)]
    for end in ends:
        end.start()
    for end in ends:
        end.join()
    assert load(store).counts[("ade_bundles_published_total", ())] == [40.0]


def test_processes_spread_over_several_keys(tmp_path, monkeypatch):
    store = FileStore(tmp_path)
    for process in range(3 * tally.SHARDS):
        monkeypatch.setattr(tally.os, "getpid", lambda process=process: process)
        save(store, bundles())
    assert len([*store.keys("metrics")]) == tally.SHARDS
    assert load(store).counts[("ade_bundles_published_total", ())] == [3.0 * tally.SHARDS]


def test_a_histogram_has_one_count_for_each_bucket_and_the_sum():
    counted = Tally()
    for size in (1, 10, 11, 9999):
        counted.observe(catalogue.BATCH_SOURCES, value=size)
    #                                                1  10  50 …                   +Inf   sum
    assert counted.counts[("ade_batch_sources", ())] == [1, 1, 1, 0, 0, 0, 0, 0, 1, 10021]


def test_of_times_the_latest_counts(store):
    for now in (200.0, 100.0):
        counted = Tally()
        counted.note_time(catalogue.MAINTAINED, now=now)
        save(store, counted)
    assert load(store).counts == {(catalogue.MAINTAINED.name, ()): [200.0]}


def test_what_another_version_counted_otherwise_is_left_out(store):
    old = {
        ("ade_batch_sources", ()): [1.0, 5.0],  # other buckets
        ("ade_of_yesterday_total", ()): [1.0],
        ("ade_runs_total", ("generate",)): [1.0],  # a label fewer
    }
    store.put("metrics/counts/0", tally.to_bytes(old))
    assert load(store).counts == {}


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"7", b"[[]]", b'[["ade_bundles_published_total","x"]]']
)
def test_what_is_damaged_counts_anew(tmp_path, damage):
    store = FileStore(tmp_path)
    for shard in range(tally.SHARDS):
        store.put(f"metrics/counts/{shard}", damage)
    save(store, bundles())
    assert load(store).counts == {("ade_bundles_published_total", ()): [1.0]}


def test_a_counter_does_not_go_down():
    with pytest.raises(ValueError, match="cannot go down"):
        bundles(-1)


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "1MiB"), (2**20, "1MiB"), (2**20 + 1, "16MiB"), (2**33, "larger"), (None, "unknown")],
)
def test_a_size_class_is_named_after_its_upper_bound(size, expected):
    assert catalogue.size_class(size) == expected


@pytest.mark.parametrize("metric", catalogue.METRICS.values(), ids=catalogue.METRICS)
def test_names_and_units_follow_the_conventions(metric):
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert metric.help.endswith(".")
    assert list(metric.buckets) == sorted(metric.buckets)
    assert bool(metric.buckets) == (metric.kind == "histogram")
