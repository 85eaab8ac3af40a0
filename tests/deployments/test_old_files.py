"""Which bundles and backups are too old to keep."""

import os
import time

from deployments.upkeep import old_files


def test_bundles_go_by_age_and_those_that_a_person_named_stay(tmp_path):
    for name in ("orders-0123456789ab.zip", "new-0123456789ab.zip", "for-the-board.zip"):
        (tmp_path / name).write_bytes(b"zip")
    for name in ("orders-0123456789ab.zip", "for-the-board.zip"):
        os.utime(tmp_path / name, (time.time() - 10 * 86400,) * 2)

    found = old_files.older(str(tmp_path), 7)
    old_files.remove(str(tmp_path), found)

    assert [one.size for one in found] == [3]
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "for-the-board.zip",
        "new-0123456789ab.zip",
    ]


def test_the_newest_backups_are_kept(tmp_path):
    for day in (3, 1, 2):
        (tmp_path / f"ade-2026030{day}T023000Z.zip").touch()
    (tmp_path / "before-the-move.zip").touch()

    found = old_files.beyond(str(tmp_path), 2)

    assert [one.path for one in found] == [str(tmp_path / "ade-20260301T023000Z.zip")]


def test_there_may_be_none_yet(tmp_path):
    assert old_files.older(str(tmp_path / "none"), 1) == []
