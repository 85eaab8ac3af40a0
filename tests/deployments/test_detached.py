import json
import os
import signal
import subprocess
import sys

import psutil
import pytest

from deployments.local.detached import Detached
from tests.services.processes import wait_until

SLEEPS = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True);"
    "time.sleep(600)",
]
WITH_CHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('up', child.pid, flush=True); time.sleep(600)",
]


@pytest.fixture
def process(tmp_path):
    made = Detached("worker", tmp_path / "run")
    yield made
    made.stop(grace=0)


def start(process, command, place, environment=os.environ):
    pid = process.start(command, environment, place)
    wait_until(lambda: process.last_lines(), 30, "it runs")
    return pid


def note(process, **state):
    process.folder.mkdir(parents=True, exist_ok=True)
    process.state.write_text(json.dumps(state))


def test_it_is_known_again_by_who_looks_later(process, tmp_path):
    pid = start(process, SLEEPS, tmp_path)
    assert Detached("worker", tmp_path / "run").pid == pid
    assert os.getpgid(pid) == pid  # a group of its own: the shell's end does not end it


def test_a_state_file_that_was_left_behind_names_nobody(process):
    gone = subprocess.Popen(["true"])
    gone.wait()
    note(process, pid=gone.pid, began=1.0)
    assert process.pid is None
    assert process.stop() is False
    assert not process.state.exists()


def test_a_process_that_has_the_id_by_now_is_left_alone(process):
    other = subprocess.Popen(SLEEPS, stdout=subprocess.DEVNULL, start_new_session=True)
    began = psutil.Process(other.pid).create_time()
    note(process, pid=other.pid, began=began - 3600)
    try:
        assert process.pid is None
        assert process.members() == []
        process.stop(grace=0)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"pid": 0}'])
def test_a_damaged_state_file_names_nobody(process, text):
    process.folder.mkdir(parents=True)
    process.state.write_text(text)
    assert process.pid is None
    assert process.members() == []


def test_its_children_end_with_it(process, tmp_path):
    start(process, WITH_CHILD, tmp_path)
    child = int(process.last_lines().split()[1])
    assert len(process.members()) == 2
    assert process.stop() is True
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE
    assert process.members() == []


def test_children_that_outlive_it_are_still_of_its_group(process, tmp_path):
    pid = start(process, WITH_CHILD, tmp_path)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: process.pid is None, 30, "it ends")
    assert len(process.members()) == 1
    assert process.stop() is True
    assert process.members() == []


def test_what_does_not_end_by_itself_is_killed(process, tmp_path):
    start(process, DEAF, tmp_path)
    process.stop(grace=0.5)
    assert process.members() == []


def test_it_is_told_whether_it_runs_with_the_same_settings(process, tmp_path):
    environment = {**os.environ, "ADE_PROVIDER": "offline"}
    start(process, SLEEPS, tmp_path, environment)
    assert process.runs_with({**environment, "TERM": "vt100"})
    assert not process.runs_with({**environment, "ADE_PROVIDER": "gemini"})


def test_nobody_else_reads_what_it_was_started_with_or_what_it_writes(process, tmp_path):
    start(process, SLEEPS, tmp_path)
    assert process.state.stat().st_mode & 0o077 == 0
    assert process.log.stat().st_mode & 0o077 == 0


def test_a_log_is_continued_and_set_aside_when_it_is_large(process, tmp_path):
    process.folder.mkdir(parents=True)
    process.log.write_text("earlier\n")
    start(process, SLEEPS, tmp_path)
    wait_until(lambda: "up" in process.last_lines(), 30, "it writes")
    assert process.last_lines() == "earlier\nup"
    process.stop()
    with process.log.open("r+b") as log:
        log.truncate(30 * 1024**2)
    start(process, SLEEPS, tmp_path)
    assert process.log.stat().st_size < 100
    assert process.log.with_suffix(".log.1").stat().st_size == 30 * 1024**2
