"""Room on disk, what may be read, a cluster, tracing, error reporting, places of bundles."""

from __future__ import annotations

import socket
from collections import namedtuple

import pytest
from pydantic import SecretStr

from ai_data_engineer.doctor import surroundings
from ai_data_engineer.errors import TransientError
from ai_data_engineer.io import s3_access
from ai_data_engineer.settings import GIB, load_settings


@pytest.mark.parametrize(
    ("free", "state"), [(100 * GIB, "ok"), (3 * GIB, "missing"), (GIB // 2, "broken")]
)
def test_a_disk_that_fills_up_is_told(monkeypatch, free, state):
    usage = namedtuple("usage", "total used free")(0, 0, free)
    monkeypatch.setattr(surroundings.shutil, "disk_usage", lambda _: usage)
    assert [check.state for check in surroundings.disks(load_settings())] == [state, state]


def test_the_policy_in_force_is_told_and_that_there_is_none():
    assert surroundings.policy(load_settings()).state == "missing"
    told = surroundings.policy(load_settings(allowed_buckets="shop", allowed_hosts="none"))
    assert (told.state, told.detail) == ("ok", "buckets: shop; web servers: none; folders: any")


def test_a_dask_scheduler_is_knocked_at():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        (check,) = surroundings.dask(load_settings(dask_scheduler=place))
        assert check.state == "ok"
    for wrong in ("tcp://127.0.0.1:1", "no address"):
        (check,) = surroundings.dask(load_settings(dask_scheduler=wrong))
        assert check.state == "broken"
        assert "ADE_DASK_SCHEDULER" in check.detail
    assert surroundings.dask(load_settings()) == []


def test_a_collector_of_traces_is_knocked_at_and_its_headers_are_not_shown(monkeypatch):
    assert surroundings.tracing() == []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://ana:sesame@{place}/v1")
        (check,) = surroundings.tracing()
        assert (check.state, check.detail) == ("ok", f"something answers at {place}")
    for wrong in ("http://ana:sesame@127.0.0.1:1", "collector", "http://collector:sesame"):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", wrong)
        (check,) = surroundings.tracing()
        assert check.state == "broken"
        assert "OTEL_EXPORTER_OTLP_ENDPOINT" in check.detail
        assert "sesame" not in check.detail


@pytest.mark.parametrize(
    ("dsn", "state"),
    [
        (None, "missing"),
        ("https://sesame-key@sentry.example.com/42", "ok"),
        ("https://sentry.example.com/sesame-key", "broken"),
        ("sesame-key", "broken"),
    ],
)
def test_a_dsn_is_read_and_not_shown(dsn, state):
    check = surroundings.reporting(SecretStr(dsn) if dsn else None, "ADE_SENTRY_DSN")
    assert check.state == state
    assert "sesame" not in check.detail


def test_the_place_of_bundles_is_tried_and_left_as_it_was(tmp_path):
    place = tmp_path / "bundles"
    (check,) = surroundings.bundles(load_settings(bundles=str(place)))
    assert check.state == "ok"
    assert list(place.iterdir()) == []
    (tmp_path / "file").touch()
    (check,) = surroundings.bundles(load_settings(backups=str(tmp_path / "file/below")))
    assert (check.name, check.state) == ("backups", "broken")
    assert "ADE_BACKUPS" in check.detail


def test_a_place_on_s3_is_tried_with_the_keys_that_runs_use_and_within_their_buckets(s3):
    settings = load_settings(bundles="s3://shop/bundles", backups="s3://other/backups")
    access = s3.access(buckets=("shop",))
    with s3_access.asking(lambda: access):
        bundles, backups = surroundings.bundles(settings)
    assert (bundles.name, bundles.state) == ("bundles", "ok"), bundles.detail
    assert s3.keys("shop") == []
    assert (backups.name, backups.state) == ("backups", "broken")
    assert backups.detail.startswith("The keys that are set are for other buckets.")


def test_keys_that_nobody_tells_are_no_reason_to_try_those_of_the_environment(s3):
    def lost():
        raise TransientError("Prefect's server does not say.", location="block s3")

    with s3_access.asking(lost):
        (check,) = surroundings.bundles(load_settings(bundles="s3://shop/bundles"))
    assert (check.state, check.detail) == ("broken", "Prefect's server does not say.")
    assert s3.line.asked == []
