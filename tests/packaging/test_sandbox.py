from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from ai_data_engineer.packaging import sandbox
from ai_data_engineer.packaging.sandbox import (
    MAX_PROCESSES,
    Isolation,
    Ran,
    best_isolation,
    run_isolated,
)

pytestmark = pytest.mark.bundle

GIB = 1024**3


def usable() -> list[Isolation]:
    """Every isolation from the weakest to the best that works here."""
    ladder: list[Isolation] = ["process", "process without network", "bubblewrap"]
    return ladder[: ladder.index(best_isolation()) + 1]


@pytest.fixture(params=usable())
def isolation(request: pytest.FixtureRequest) -> Isolation:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=usable()[1:])
def apart(request: pytest.FixtureRequest) -> Isolation:
    """An isolation with namespaces: a plain process shares network and processes with all others."""
    return request.param  # type: ignore[no-any-return]


def python(
    code: str, where: Path, isolation: Isolation, timeout: float = 30, memory: int = 4 * GIB
) -> Ran:
    return run_isolated(["-c", code], where, timeout=timeout, memory=memory, isolation=isolation)


def test_it_says_how_it_ended_and_what_it_printed(tmp_path: Path, isolation: Isolation) -> None:
    ran = python("import sys; print('so far'); sys.exit(3)", tmp_path, isolation)

    assert (ran.exit_code, ran.output.strip(), ran.timed_out) == (3, "so far", False)
    assert ran.isolation == isolation


def test_it_may_write_to_its_own_directory(tmp_path: Path, isolation: Isolation) -> None:
    python("open('out.txt', 'w').write('done')", tmp_path, isolation)

    assert (tmp_path / "out.txt").read_text() == "done"


def test_polars_runs_inside(tmp_path: Path, isolation: Isolation) -> None:
    ran = python("import polars as pl; print(pl.select(pl.lit(2) + 1).item())", tmp_path, isolation)

    assert ran.output.strip() == "3"


def test_nothing_of_our_environment_passes_in(
    tmp_path: Path, isolation: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = ("GEMINI_API_KEY", "AWS_SECRET_ACCESS_KEY", "PREFECT_API_KEY", "ANYTHING")
    for name in secrets:
        monkeypatch.setenv(name, "hidden")

    ran = python("import os; print(dict(os.environ))", tmp_path, isolation)

    assert ran.output.startswith("{")
    assert "hidden" not in ran.output


def test_it_is_killed_with_its_children_when_time_is_up(
    tmp_path: Path, isolation: Isolation
) -> None:
    code = "import os, time; os.fork(); time.sleep(60)"

    ran = python(code, tmp_path, isolation, timeout=1)

    assert ran.timed_out
    assert ran.exit_code == -9
    assert ran.seconds < 10


def test_it_gets_no_more_memory_than_allowed(tmp_path: Path, isolation: Isolation) -> None:
    ran = python(
        "x = bytearray(900_000_000); print('got it')", tmp_path, isolation, memory=GIB // 2
    )

    assert ran.exit_code != 0
    assert "got it" not in ran.output


DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1)
        open("late.txt", "w").write("still here")
    os._exit(0)
print("done")
"""


def test_nothing_outlives_it(tmp_path: Path, isolation: Isolation) -> None:
    ran = python(DAEMON, tmp_path, isolation)
    time.sleep(1.5)

    assert ran.output.strip() == "done"
    assert not (tmp_path / "late.txt").exists()


def test_it_is_stopped_when_it_multiplies(tmp_path: Path, isolation: Isolation) -> None:
    ran = python(
        "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(60)", tmp_path, isolation
    )

    assert ran.stopped_for == f"more than {MAX_PROCESSES} processes"
    assert ran.exit_code == -9
    assert not ran.timed_out


def test_its_processes_together_get_no_more_memory(tmp_path: Path, isolation: Isolation) -> None:
    code = (
        "import os, time\nfor _ in range(2): os.fork()\nx = bytearray(300_000_000)\ntime.sleep(20)"
    )

    ran = python(code, tmp_path, isolation, memory=GIB)

    assert ran.stopped_for == f"more than {GIB} bytes of memory"


def test_its_files_together_take_no_more_space(
    tmp_path: Path, isolation: Isolation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MAX_SPACE", 10_000_000)
    code = (
        "import time\nfor n in range(9): open(str(n), 'wb').write(bytes(2_000_000))\ntime.sleep(20)"
    )

    ran = python(code, tmp_path, isolation)

    assert ran.stopped_for == "files of more than 10000000 bytes"


def test_one_file_does_not_grow_without_end(tmp_path: Path, isolation: Isolation) -> None:
    ran = python("open('big', 'wb').truncate(3 * 1024**3)", tmp_path, isolation)

    assert "File too large" in ran.output
    assert ran.exit_code == 1


def test_it_sees_no_process_of_ours(tmp_path: Path, apart: Isolation) -> None:
    code = f"import os; print(os.path.exists('/proc/{os.getpid()}'), os.getppid())"

    ran = python(code, tmp_path, apart)

    assert ran.output.split() in (["False", "0"], ["False", "1"])


def test_only_the_end_of_endless_output_is_kept(tmp_path: Path, isolation: Isolation) -> None:
    ran = python("print('x' * 5_000_000); print('end')", tmp_path, isolation)

    assert len(ran.output) <= 16_000
    assert ran.output.endswith("end\n")


CONNECT = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.settimeout(2)
print(s.connect_ex(("127.0.0.1", {port})))
"""


def test_it_reaches_no_network(tmp_path: Path, apart: Isolation) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        ran = python(CONNECT.format(port=server.getsockname()[1]), tmp_path, apart)

    assert ran.output.strip() not in ("", "0")


@pytest.mark.skipif(best_isolation() != "bubblewrap", reason="bubblewrap does not work here")
def test_bubblewrap_shows_the_project_and_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    project = tmp_path / "project"
    project.mkdir()

    ran = python(
        f"import os; print(os.path.exists({str(secret)!r}), os.listdir('/run/project'))",
        project,
        "bubblewrap",
    )

    assert ran.output.strip() == "False []"


@pytest.mark.skipif(best_isolation() != "bubblewrap", reason="bubblewrap does not work here")
def test_bubblewrap_keeps_the_interpreter_read_only(tmp_path: Path) -> None:
    ran = python("import polars; open(polars.__file__, 'a')", tmp_path, "bubblewrap")

    assert ran.exit_code == 1
    assert "OSError" in ran.output


def test_without_the_tools_a_plain_process_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("PATH", os.devnull)

    best_isolation.cache_clear()
    try:
        assert best_isolation() == "process"
    finally:
        best_isolation.cache_clear()
