"""Which stored results nobody can use any more."""

import json
from datetime import UTC, datetime, timedelta

import fsspec
import pytest
from prefect.filesystems import LocalFileSystem
from prefect.results import ResultStore
from prefect.serializers import JSONSerializer

from deployments.upkeep import old_results
from tasks.results import RESULTS

FILES = fsspec.filesystem("file")
NOW = datetime.now(UTC)


def stored(folder, key, *, expires=None, serializer=RESULTS):
    """Store a result as Prefect does."""
    store = ResultStore(result_storage=LocalFileSystem(basepath=str(folder)), serializer=serializer)
    store.persist_result_record(store.create_result_record({"a": 1}, key=key, expiration=expires))


def found(folder, in_use=(), *, after=timedelta()):
    names = old_results.expired(FILES, str(folder), set(in_use), NOW + after)
    return sorted(one.path.rpartition("/")[2] for one in names)


@pytest.fixture
def folder(tmp_path):
    stored(tmp_path, "lasting", expires=NOW + timedelta(days=30))
    stored(tmp_path, "over", expires=NOW - timedelta(seconds=1))
    return tmp_path


def test_what_says_that_it_has_expired_goes(folder):
    assert found(folder) == ["over"]


def test_what_a_run_may_come_back_to_stays(folder):
    assert found(folder, ["over"]) == []


def test_what_says_nothing_goes_at_the_same_age_if_it_is_ours(folder):
    stored(folder, "flow-of-ours")
    stored(folder, "flow-of-others", serializer=JSONSerializer())

    assert found(folder, after=timedelta(days=29)) == ["over"]
    assert found(folder, after=timedelta(days=31)) == ["flow-of-ours", "lasting", "over"]


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b'{"metadata": [', json.dumps({"a": 1}).encode()]
)
def test_what_is_no_result_stays(folder, content):
    (folder / "notes.json").write_bytes(content)

    assert "notes.json" not in found(folder, after=timedelta(days=400))


def test_there_may_be_no_storage_yet(tmp_path):
    assert found(tmp_path / "none") == []


def test_removing_what_has_gone_meanwhile_is_no_error(folder):
    gone = list(old_results.expired(FILES, str(folder), set(), NOW))

    old_results.remove(FILES, gone)
    old_results.remove(FILES, gone)

    assert found(folder) == []
    assert (folder / "lasting").exists()
