"""What killed processes left, and what is not to be touched."""

import os
import subprocess
import sys
import tempfile
import time

import pytest

from deployments.upkeep import leftovers

DAYS = 24 * 3600


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def aged(path, days):
    then = time.time() - days * DAYS
    os.utime(path, (then, then))


def names(found):
    return sorted(one.path.rpartition("/")[2] for one in found)


@pytest.mark.parametrize(
    "name", ["ade-ab_12xyz", "ade-ab_12xyz.parquet", "ade-run-ab_12xyz", "ade-bundle-ab_12xyz"]
)
def test_what_was_left_for_days_is_found_with_its_size(folder, name):
    (folder / name).mkdir()
    (folder / name / "orders.parquet").write_bytes(b"x" * 100)
    aged(folder / name / "orders.parquet", 2)
    aged(folder / name, 2)

    (found,) = leftovers.temporary()
    assert found.size == 100
    leftovers.remove([found])
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["ade-sign-in.sock", "ade-postgres-ab_12xyz", "prefect-ab_12xyz"])
def test_what_somebody_else_named_is_left(folder, name):
    (folder / name).touch()
    aged(folder / name, 9)

    assert leftovers.temporary() == []


def test_what_is_young_within_an_old_folder_keeps_it(folder):
    work = folder / "ade-run-ab_12xyz"
    work.mkdir()
    (work / "part").touch()
    aged(work, 9)

    assert leftovers.temporary() == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", ["open", "works in"])
def test_what_a_process_that_lives_uses_is_left(folder, how):
    work = folder / "ade-run-ab_12xyz"
    work.mkdir()
    (work / "part").touch()
    code = "import sys; f = open(sys.argv[1]); print('on', flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(work / "part") if how == "open" else os.devnull],
        cwd=work if how == "works in" else "/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    process.stdout.readline()
    aged(work / "part", 9)
    aged(work, 9)

    living = leftovers.temporary()
    process.communicate(b"\n")

    assert living == []
    assert names(leftovers.temporary()) == ["ade-run-ab_12xyz"]


def test_a_link_goes_and_what_it_points_to_stays(folder):
    (folder / "mine").mkdir()
    (folder / "mine" / "orders.csv").touch()
    link = folder / "ade-run-ab_12xyz"
    link.symlink_to(folder / "mine")
    os.utime(link, (0, 0), follow_symlinks=False)

    leftovers.remove(leftovers.temporary())

    assert names([leftovers.Found(str(p), 0) for p in folder.rglob("*")]) == ["mine", "orders.csv"]


def test_bundles_that_were_never_finished_are_found_and_finished_ones_are_not(folder):
    for name in ("orders.zip", "orders.zip.partial", "young.zip.partial"):
        (folder / name).touch()
    for name in ("orders.zip", "orders.zip.partial"):
        aged(folder / name, 2)

    assert names(leftovers.partials([folder, folder / "none"])) == ["orders.zip.partial"]
