"""Backups, bundles and stored results on S3, against a real server that speaks its protocol."""

from datetime import UTC, datetime, timedelta

import pytest
from prefect.filesystems import RemoteFileSystem
from prefect.results import ResultStore

from ai_data_engineer.errors import AdeError
from ai_data_engineer.io.network import filesystem
from deployments.recovery import backup_file
from deployments.recovery.backup_file import Backup
from deployments.upkeep import old_files, old_results
from tasks.results import RESULTS
from tests.services.s3 import s3_in_this_process

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def bucket():
    with s3_in_this_process() as client:
        client.create_bucket(Bucket="kept")
        yield "s3://kept"


def test_a_backup_is_written_and_read_and_the_oldest_goes(bucket):
    for day in (1, 2, 3):
        backup = Backup(NOW, {"variables": {"day": {"value": day, "tags": []}}})
        backup_file.write(backup, f"{bucket}/backups/ade-2026030{day}T023000Z.zip", None)

    found = old_files.beyond(f"{bucket}/backups", 2)
    old_files.remove(f"{bucket}/backups", found)

    assert [one.path for one in found] == ["kept/backups/ade-20260301T023000Z.zip"]
    read = backup_file.read(f"{bucket}/backups/ade-20260303T023000Z.zip", None)
    assert read.sections["variables"]["day"]["value"] == 3
    with pytest.raises(AdeError, match="E_NOT_FOUND"):
        backup_file.read(f"{bucket}/backups/ade-20260301T023000Z.zip", None)


def test_bundles_go_by_age(bucket):
    filesystem("s3").pipe_file(f"{bucket}/bundles/orders-0123456789ab.zip", b"zip")
    filesystem("s3").pipe_file(f"{bucket}/bundles/for-the-board.zip", b"zip")

    assert old_files.older(f"{bucket}/bundles", 7) == []
    (found,) = old_files.older(f"{bucket}/bundles", 7, NOW + timedelta(days=8))
    assert (found.path, found.size) == ("kept/bundles/orders-0123456789ab.zip", 3)
    assert old_files.older(f"{bucket}/none", 7) == []


def test_results_go_when_they_have_expired(bucket):
    block = RemoteFileSystem(basepath=f"{bucket}/results")
    store = ResultStore(result_storage=block, serializer=RESULTS)
    for key, days in (("lasting", 30), ("over", -1)):
        expires = NOW + timedelta(days=days)
        store.persist_result_record(store.create_result_record({}, key=key, expiration=expires))

    found = list(old_results.expired(block.filesystem, block.basepath, set()))
    old_results.remove(block.filesystem, found)

    assert [one.path for one in found] == ["kept/results/over"]
    assert block.filesystem.ls("kept/results", refresh=True) == ["kept/results/lasting"]
