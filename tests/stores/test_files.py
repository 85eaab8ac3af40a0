"""What is particular to files: rights, damage, disks that cannot be written, dead holders."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ai_data_engineer.errors import TransientError
from ai_data_engineer.stores.files import DAMAGED, SWEEP_EVERY, FileStore


def files_in(folder: Path) -> list[Path]:
    return [path for path in (folder / "values").rglob("*") if path.is_file()]


def age(path: Path) -> None:
    long_ago = time.time() - 2 * SWEEP_EVERY
    os.utime(path, (long_ago, long_ago))


def test_only_the_owner_reads_what_is_stored(tmp_path):
    store = FileStore(tmp_path / "home" / "state")
    store.put("spec/a", b"1")
    state = tmp_path / "home" / "state"
    with store.lease("spec/a", wait=0):
        inside = [state, *state.rglob("*")]
        rights = {(path.is_dir(), path.stat().st_mode & 0o777) for path in inside}

    assert rights == {(True, 0o700), (False, 0o600)}


def test_a_folder_that_others_may_read_is_closed_to_them(tmp_path):
    (tmp_path / "state").mkdir(mode=0o755)

    FileStore(tmp_path / "state").put("a", b"1")

    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:20],
        lambda content: content + b"more",
        lambda content: b"\0" * len(content),
        lambda content: content.replace(b"value", b"VALUE"),
        lambda content: b"ade-value 2" + content[11:],
    ],
    ids=["empty", "cut", "cut in the header", "longer", "zeroes", "changed", "another version"],
)
def test_a_damaged_file_is_no_value_and_who_changes_it_is_told(tmp_path, damage):
    store = FileStore(tmp_path)
    store.put("a", b"the value of a")
    (path,) = files_in(tmp_path)
    path.write_bytes(damage(path.read_bytes()))

    assert store.get("a") is None
    assert store.update("a", lambda old: (b"new", old)) == DAMAGED
    assert store.get("a") == b"new"


def test_what_has_expired_is_removed_when_it_is_seen(tmp_path):
    now = 1_000.0
    store = FileStore(tmp_path, clock=lambda: now)
    store.put("a", b"1", seconds=10)
    store.put("b", b"1", seconds=10)
    now = 1_010.0

    assert store.get("a") is None
    assert list(store.keys("")) == []
    assert files_in(tmp_path) == []


def test_what_has_expired_and_nobody_asks_for_goes_within_the_hour(tmp_path):
    now = 1_000.0
    store = FileStore(tmp_path, clock=lambda: now)
    store.put("never/asked/for", b"1", seconds=10)
    now = 1_010.0
    age(tmp_path / "swept")

    store.put("b", b"1")

    assert [path.name for path in files_in(tmp_path)] == ["=b"]


def test_what_killed_processes_left_goes_within_the_hour(tmp_path):
    store = FileStore(tmp_path)
    store.put("a", b"1")
    for folder in ("partial", "leases"):
        (tmp_path / folder / "left").touch()
        age(tmp_path / folder / "left")
    age(tmp_path / "swept")
    with store.lease("long", wait=0):
        (held,) = [path for path in (tmp_path / "leases").iterdir() if path.name != "left"]
        age(held)

        store.put("b", b"1")

        assert list((tmp_path / "partial").iterdir()) == []
        assert list((tmp_path / "leases").iterdir()) == [held]


def test_words_that_mean_something_to_a_file_system_are_words(tmp_path):
    store = FileStore(tmp_path / "state")
    keys = ["..", "../..", ".", "...", "a", "a/b", "A", "a/B", "-a", "con"]

    for key in keys:
        store.put(key, key.encode())

    assert sorted(store.keys("")) == sorted(keys)
    assert {key: store.get(key) for key in keys} == {key: key.encode() for key in keys}
    assert list(tmp_path.iterdir()) == [tmp_path / "state"]
    assert len({str(path).lower() for path in files_in(tmp_path / "state")}) == len(keys)


def test_a_home_that_is_a_file_is_an_error_that_says_how_to_mend_it(tmp_path):
    (tmp_path / "home").write_text("not a folder")
    store = FileStore(tmp_path / "home" / "state")

    for act in (
        lambda: store.get("a"),
        lambda: store.put("a", b"1"),
        lambda: store.update("a", lambda old: (old, None)),
        lambda: store.delete("a"),
        lambda: list(store.keys("")),
        lambda: store.lease("a", wait=0).__enter__(),
    ):
        with pytest.raises(TransientError, match=r"E_STORE .*cannot be reached.*Set ADE_HOME"):
            act()


def test_a_full_disk_is_an_error_and_the_old_value_stays(tmp_path):
    code = f"""
import resource, signal
from pathlib import Path
from ai_data_engineer.errors import TransientError
from ai_data_engineer.stores.files import FileStore
store = FileStore(Path({str(tmp_path)!r}))
store.put("a", b"old")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    store.put("a", b"x" * 5000)
except TransientError as error:
    print(error.code, store.get("a"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "E_STORE b'old'\n"
    assert list((tmp_path / "partial").iterdir()) == []


def test_a_folder_removed_under_way_is_made_again(tmp_path):
    store = FileStore(tmp_path / "state")
    store.put("a", b"1")
    (tmp_path / "state").rename(tmp_path / "gone")

    store.put("a", b"2")

    assert store.get("a") == b"2"


def test_an_error_of_the_change_passes_through_and_changes_nothing(tmp_path):
    store = FileStore(tmp_path)
    store.put("a", b"1")

    def change(old):
        raise FileNotFoundError("of the caller's")

    with pytest.raises(FileNotFoundError, match="of the caller's"):
        store.update("a", change)
    assert store.update("a", lambda old: (old, old)) == b"1"


def test_leases_leave_no_files(tmp_path):
    store = FileStore(tmp_path)

    for number in range(5):
        with store.lease(f"a/{number}", wait=0):
            pass

    assert list((tmp_path / "leases").iterdir()) == []


def test_a_child_that_outlives_the_holder_does_not_keep_the_lease(tmp_path):
    code = f"""
import os, time, warnings
from pathlib import Path
from ai_data_engineer.stores.files import FileStore
with FileStore(Path({str(tmp_path)!r})).lease("a", wait=0):
    if os.fork() == 0:
        os.close(1)
        time.sleep(20)
    print("held", flush=True)
    os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE)

    with FileStore(tmp_path).lease("a", wait=0) as is_held:
        assert is_held


def test_a_sweep_says_what_has_expired_and_removes_it_unless_it_only_looks(tmp_path):
    now = 1000.0
    store = FileStore(tmp_path / "state", clock=lambda: now)
    store.put("cache/short", b"12345", seconds=10)
    store.put("cache/long", b"12345", seconds=1000)
    now += 60

    count, size = store.sweep(dry_run=True)
    assert (count, size > 5) == (1, True)
    assert store.sweep() == (count, size)
    assert store.sweep() == (0, 0)
    assert list(store.keys("")) == ["cache/long"]
