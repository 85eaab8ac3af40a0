"""Work folders go with their run, and those of killed runs with the next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ai_data_engineer.io.work_folder import WorkFolder

KILLED = """
import os, signal, sys
from pathlib import Path
from ai_data_engineer.io.work_folder import WorkFolder
(WorkFolder(Path(sys.argv[1])).path / "part-00000.parquet").write_text("half")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "orders.parquet").write_text("of yesterday")
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert len(list(tmp_path.glob(".run-*"))) == 1

    folder = WorkFolder(tmp_path)

    assert list(tmp_path.glob(".run-*")) == [folder.path]
    folder.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["orders.parquet"]


def test_the_folder_of_a_run_at_the_same_time_stays(tmp_path: Path) -> None:
    first, second = WorkFolder(tmp_path / "out"), WorkFolder(tmp_path / "out")

    assert first.path.is_dir()
    assert second.path.is_dir()

    first.remove()
    second.remove()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    output = tmp_path / "out"
    output.mkdir()
    (output / ".run-link").symlink_to(precious)

    WorkFolder(output).remove()

    assert precious.is_dir()


def test_a_file_in_the_place_of_the_output_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")

    with pytest.raises(OSError, match="exists"):
        WorkFolder(tmp_path / "out")
