"""A run goes on when nobody reads what it prints any more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOGS_TO_A_CLOSED_PIPE = """
import logging, sys
from pathlib import Path
from prefect.logging.configuration import setup_logging
setup_logging()
logger = logging.getLogger("prefect.flow_runs.console_test")
logger.handlers = [h for h in logging.getLogger().handlers]
print("ready", flush=True)
sys.stdin.readline()
for _ in range(3):
    logger.warning("nobody reads this")
Path(sys.argv[1]).write_text("went on")
"""


@pytest.mark.parametrize(
    ("settings", "goes_on"),
    [("deployments/logging.yml", True), (None, False)],
    ids=["ours", "Prefect's own"],
)
def test_a_console_that_nobody_reads_does_not_end_a_run(tmp_path, settings, goes_on):
    read, write = os.pipe()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment |= {"PREFECT_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    if settings:
        environment["PREFECT_LOGGING_SETTINGS_PATH"] = str(ROOT / settings)
    done = tmp_path / "done"
    process = subprocess.Popen(
        [sys.executable, "-c", LOGS_TO_A_CLOSED_PIPE, str(done)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=write,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    os.close(write)
    os.close(read)
    process.communicate(b"\n", timeout=60)

    assert done.exists() is goes_on
