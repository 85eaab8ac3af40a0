"""`make demo`, in a folder of its own."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture
def demo(tmp_path):
    shutil.copytree("examples", tmp_path / "examples")
    shutil.copytree("deployments", tmp_path / "deployments")

    def run():
        return subprocess.run(
            [sys.executable, "-m", "examples.demo"],
            cwd=tmp_path,
            env={**os.environ, "PREFECT_HOME": "/nowhere", "GEMINI_API_KEY": "is-not-used"},
            capture_output=True,
            text=True,
        )

    return run


@pytest.mark.services
def test_the_demonstration_ends_with_a_bundle_and_is_served_from_the_cache_the_second_time(
    demo, tmp_path
):
    first = demo()
    assert first.returncode == 0, first.stdout + first.stderr
    assert "The bundle   .demo/orders.zip" in first.stdout
    assert "The run      orders.csv (flow run " in first.stdout
    assert zipfile.ZipFile(tmp_path / ".demo" / "orders.zip").testzip() is None

    again = demo()
    assert again.returncode == 0
    for stage in ("profile", "specify", "validate", "package"):
        finished = next(line for line in again.stderr.splitlines() if f"Task run '{stage}-" in line)
        assert "Cached" in finished


@pytest.mark.services
@pytest.mark.slow
def test_a_failure_is_one_clear_line_and_not_a_success(demo, tmp_path):
    (tmp_path / "examples" / "orders.csv").write_bytes(b"")
    failed = demo()
    assert failed.returncode == 1
    assert (
        "The demonstration failed: E_EMPTY examples/orders.csv: The file is empty." in failed.stdout
    )


def test_the_shipped_files_are_small():
    sizes = [path.stat().st_size for path in Path("examples").iterdir() if path.is_file()]
    assert sum(sizes) < 100_000
