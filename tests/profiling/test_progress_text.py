import io

import pytest
from rich.console import Console

from ai_data_engineer.profiling.full.progress import Progress
from ai_data_engineer.profiling.progress_text import told


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_without_a_terminal_there_is_a_line_every_few_seconds(clock: list[float]) -> None:
    written = io.StringIO()

    with told(Console(file=written), "Profiling orders") as tell:
        for second in range(12):
            clock[0] += 1
            tell(Progress(second * 10**9, 20 * 10**9, second * 1_000))
    assert written.getvalue().splitlines() == [
        "Profiling orders: read 4.0 GB of 20.0 GB, 4,000 records.",
        "Profiling orders: read 9.0 GB of 20.0 GB, 9,000 records.",
    ]


def test_on_a_terminal_a_bar_is_drawn_and_wiped_off() -> None:
    written = io.StringIO()

    with told(Console(file=written, force_terminal=True, width=100), "Profiling") as tell:
        tell(Progress(5 * 10**6, 10**7, 1_234, again=True))

    assert "Profiling, again" in written.getvalue()
    assert "1,234 records" in written.getvalue()
    assert written.getvalue().endswith("\x1b[2K")
