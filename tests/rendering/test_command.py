"""The command of a rendered project, as a person meets it."""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.rendering.runtime.cli import main


def command(run: Callable[[Mapping[str, str], Path, str], dict[str, Any]]) -> int:
    return main(
        ["run"],
        name="orders",
        sources={"raw": "raw.csv"},
        sample={"raw": "sample/raw.csv"},
        run=run,
        check=lambda _: None,
    )


def failing(error: Exception) -> Callable[[Mapping[str, str], Path, str], dict[str, Any]]:
    def run(sources: Mapping[str, str], output: Path, engine: str) -> dict[str, Any]:
        raise error

    return run


def test_a_run_says_what_became_of_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    report = {
        "sources": [{"id": "raw", "records": 5, "rejected": 1}],
        "steps": [{"id": "paid", "rows_in": 4, "rows_out": 2, "rejected": 1}],
        "expectations": [{"type": "t", "on": "paid", "success": False}],
        "outputs": [{"path": "paid.parquet", "rows": 2}],
    }

    assert command(lambda sources, output, engine: report) == 0
    assert capsys.readouterr().out.splitlines() == [
        "raw: 5 read, 1 rejected (rejects.ndjson says why)",
        "paid: 4 in, 2 out, 1 rejected",
        "warning: t does not hold on paid",
        "paid.parquet: 2 rows",
    ]


def test_a_secret_that_is_not_set_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(failing(ValueError("E_SETTING SALT: Set this variable."))) == 2
    assert capsys.readouterr().err == "orders: E_SETTING SALT: Set this variable.\n"


def test_an_unforeseen_error_is_told_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(failing(ValueError("cell 4711"))) == 2
    told = capsys.readouterr().err
    assert told.startswith("orders: E_INTERNAL An unexpected ValueError")
    assert told.endswith("This is a defect; please report it.\n")
    assert "4711" not in told


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_says_so_in_one_line(
    number: signal.Signals, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    # Whoever starts the tests in the background may have SIGINT ignored.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    before = signal.getsignal(signal.SIGTERM)

    def stopped(sources: Mapping[str, str], output: Path, engine: str) -> dict[str, Any]:
        signal.raise_signal(number)
        raise AssertionError("the signal was not heeded")

    try:
        assert command(stopped) == code
    finally:
        signal.signal(signal.SIGINT, heard)
    assert capsys.readouterr().err == "orders: stopped; nothing was published.\n"
    assert signal.getsignal(signal.SIGTERM) is before
