"""A parser that crashes, hangs or takes all memory is an error, and the next call works."""

from __future__ import annotations

import operator
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.isolation import isolated, isolated_stream

HOG = "blocks = [bytearray(2**24) for _ in range(1000)]"
RAISING = "from ai_data_engineer.errors import SourceError; raise SourceError('no', code='E_EMPTY')"


@pytest.mark.parametrize(
    ("function", "args", "code"),
    [
        (os.abort, (), "E_PARSER_CRASHED"),
        (signal.raise_signal, (signal.SIGSEGV,), "E_PARSER_CRASHED"),
        (signal.raise_signal, (signal.SIGKILL,), "E_PARSER_CRASHED"),
        (os._exit, (0,), "E_PARSER_CRASHED"),
        (exec, ("raise SystemExit",), "E_PARSER_CRASHED"),
        (exec, ("class Panic(BaseException): ...\nraise Panic",), "E_PARSER_CRASHED"),
        (exec, ("def deeper(): deeper()\ndeeper()",), "E_PARSER_CRASHED"),
        (exec, (HOG,), "E_PARSER_CRASHED .*memory"),
        (bytearray, (2**33,), "E_PARSER_CRASHED .*memory"),
        (eval, ("lambda: 'cannot be pickled'",), "E_PARSER_CRASHED"),
        (time.sleep, (60,), "E_PARSER_TIMEOUT"),
        (exec, ("while True: pass",), "E_PARSER_TIMEOUT"),
        (signal.raise_signal, (signal.SIGXCPU,), "E_PARSER_TIMEOUT"),
        (exec, (RAISING,), "E_EMPTY no"),
    ],
)
def test_what_goes_wrong_in_the_child_is_an_error_here(
    function: Callable[..., Any], args: tuple[Any, ...], code: str, at_once: None
) -> None:
    seconds = 0.2 if code == "E_PARSER_TIMEOUT" else 10
    with pytest.raises(SourceError, match=f"^{code}"):
        isolated(function, *args, seconds=seconds, memory=2**28)
    assert isolated(operator.add, 1, 2) == 3


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait no longer for a child that has started."""
    isolated(operator.add, 1, 2)
    monkeypatch.setattr("ai_data_engineer.io.isolation._STARTING", 0.2)


def test_the_text_of_an_unknown_error_stays_in_the_child() -> None:
    with pytest.raises(SourceError, match=r"\(ValueError\)") as found:
        isolated(int, "secret value")
    assert "secret" not in str(found.value)


def test_one_child_serves_many_calls_and_an_error_does_not_end_it() -> None:
    child = isolated(os.getpid)
    with pytest.raises(SourceError):
        isolated(int, "x")
    assert isolated(os.getpid) == child != os.getpid()


def test_a_child_killed_while_it_waits_is_replaced() -> None:
    os.kill(isolated(os.getpid), signal.SIGKILL)
    time.sleep(0.05)
    assert isolated(operator.add, 1, 2) == 3


def test_a_child_works_where_the_caller_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolated(os.getpid)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADE_TEST", "here")
    assert isolated(os.getcwd) == str(tmp_path)
    assert isolated(os.getenv, "ADE_TEST") == "here"


def test_two_calls_at_a_time_have_two_children() -> None:
    stream = isolated_stream(eval, "(__import__('os').getpid() for _ in range(2))")
    first = next(stream)
    assert isolated(os.getpid) != first
    assert list(stream) == [first]


def test_items_come_as_they_are_made_until_the_child_dies() -> None:
    assert list(isolated_stream(range, 3)) == [0, 1, 2]
    stream = isolated_stream(eval, "(n if n < 2 else __import__('os').abort() for n in range(9))")
    assert [next(stream), next(stream)] == [0, 1]
    with pytest.raises(SourceError, match=r"^E_PARSER_CRASHED"):
        next(stream)


def test_a_stream_that_is_left_ends_its_child() -> None:
    stream: Any = isolated_stream(eval, "(__import__('os').getpid() for _ in range(10**9))")
    child = next(stream)
    stream.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_frames_and_large_results_come_over() -> None:
    frame = isolated(eval, "__import__('polars').DataFrame({'a': range(10**5)})")
    assert frame.equals(pl.DataFrame({"a": range(10**5)}))
    assert len(isolated(bytes, 10**8)) == 10**8


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_does_not_take_its_parents_child() -> None:
    child = isolated(os.getpid)
    pid = os.fork()
    if not pid:
        os._exit(isolated(os.getpid) == child)
    assert os.waitpid(pid, 0)[1] == 0
    assert isolated(os.getpid) == child
