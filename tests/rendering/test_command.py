"""The command of a rendered project, as a person meets it."""

import signal
from collections.abc import Callable
from typing import Any

import pytest

from ai_data_engineer.rendering.runtime.cli import main


def command(run: Callable[..., dict[str, Any]]) -> int:
    return main(
        ["run"],
        name="orders",
        sources={"raw": "raw.csv"},
        sample={"raw": "sample/raw.csv"},
        run=run,
        check=lambda _: None,
    )


def failing(error: Exception) -> Callable[..., dict[str, Any]]:
    def run(*_: Any, **__: Any) -> dict[str, Any]:
        raise error

    return run


RULE = {"on": "paid", "severity": "warning", "judged_by": "polars", "judged_on": "all rows"}


def test_a_run_says_what_became_of_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    report = {
        "name": "orders",
        "started_at": "2026-01-02T03:04:05+00:00",
        "engine": "polars",
        "success": True,
        "seconds": 1.5,
        "durations": {"compute": 0.5},
        "sources": [{"id": "raw", "uri": "a|b.csv", "records": 5, "rows_out": 4, "rejected": 1}],
        "steps": [{"id": "paid", "op": "filter", "rows_in": 4, "rows_out": 2, "rejected": 0}],
        "expectations": [
            {
                **RULE,
                "rule": "paid_1",
                "type": "expect_column_values_to_be_unique",
                "kwargs": {"column": "id"},
                "success": False,
                "evaluated": 2,
                "unexpected": 1,
            },
            {
                **RULE,
                "rule": "paid_2",
                "type": "expect_table_row_count_to_equal",
                "kwargs": {"value": 3},
                "success": False,
                "evaluated": 2,
                "unexpected": 1,
            },
        ],
        "outputs": [{"id": "log", "path": "log.csv", "rows": 0, "appended_before": "2026-01-01"}],
    }

    assert command(lambda *_, **__: report) == 0
    assert (
        capsys.readouterr().out
        == """\
# orders: done

2026-01-02T03:04:05+00:00, 1.5 s on polars, compute 0.5 s

| source | read | rejected | rows | address  |
| ------ | ---: | -------: | ---: | -------- |
| raw    |    5 |        1 |    4 | a\\|b.csv |

| step | operator | rows in | rows out | rejected |
| ---- | -------- | ------: | -------: | -------: |
| paid | filter   |       4 |        2 |        0 |

| rule   | expectation                       | columns | on   | severity | outcome       | judged by        |
| ------ | --------------------------------- | ------- | ---- | -------- | ------------- | ---------------- |
| paid_1 | expect_column_values_to_be_unique | id      | paid | warning  | FAILS: 1 of 2 | polars, all rows |
| paid_2 | expect_table_row_count_to_equal   |         | paid | warning  | FAILS         | polars, all rows |

| output | rows | path    |
| ------ | ---: | ------- |
| log    |    0 | log.csv |

Nothing was appended to log.csv: this delivery was on 2026-01-01. `--append-again` appends it once \
more.

`rejects.ndjson` holds the rejected rows, each with the reason.
"""
    )


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

    def stopped(*_: Any, **__: Any) -> dict[str, Any]:
        signal.raise_signal(number)
        raise AssertionError("the signal was not heeded")

    try:
        assert command(stopped) == code
    finally:
        signal.signal(signal.SIGINT, heard)
    assert capsys.readouterr().err == "orders: stopped; nothing was published.\n"
    assert signal.getsignal(signal.SIGTERM) is before
