"""Calling what may crash, hang or take all memory in a process that may die of it.

The native parsers of Parquet, Excel or Avro can abort the process in which they meet a malformed
file. A child process runs them instead: it starts with the first call, stays for the next ones,
and its death becomes a SourceError. This keeps the caller alive; it is no sandbox, for the child
may do what the caller may.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, TypeVar

from ai_data_engineer.errors import AdeError, SourceError
from ai_data_engineer.io.s3_access import S3Access, access, ask

T = TypeVar("T")

SECONDS = 30.0
"""Most time for a result."""
MEMORY = 1024**3
"""Most private memory beyond that of the child at rest, in bytes."""
_KEPT = 2
"""Children that wait for further calls."""
_STARTING = 10.0
"""More time for the first result: the child may have to start and to import the function."""
_START = "import sys; fd, *sys.path = sys.argv[1:]; from {} import serve; serve(int(fd))"


def isolated(
    function: Callable[..., T], *args: Any, seconds: float = SECONDS, memory: int = MEMORY
) -> T:
    """Return what a function of a module returns when a child process calls it.

    Arguments and result are pickled. What the child prints is dropped.

    Raises:
        AdeError: The function raised it.
        SourceError: `E_PARSER_CRASHED` when the child died, ran out of memory or the function
            raised anything else; `E_PARSER_TIMEOUT`.
    """
    (result,) = _answers(_Call(function, args, seconds, memory, is_stream=False))
    return result  # type: ignore[no-any-return]


def isolated_stream(
    function: Callable[..., Iterable[T]],
    *args: Any,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Generator[T, None, None]:
    """Yield what the function yields in a child process, which works one item ahead.

    `seconds` is the time for each item. Raises as `isolated` does, items before it being yielded.
    """
    return _answers(_Call(function, args, seconds, memory, is_stream=True))


@dataclass(frozen=True)
class _Call:
    """What a child has to do."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    seconds: float
    memory: int
    is_stream: bool
    folder: str = field(default_factory=os.getcwd)
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    """The caller's own at this moment: the child may have started long ago."""
    s3: S3Access | None = None
    """Whose keys open S3."""

    def pickled(self) -> bytes:
        """Return the call for the child, with keys where it names something on S3."""
        plain = pickle.dumps(self)
        if b"s3:/" not in plain.lower():
            return plain
        return pickle.dumps(replace(self, s3=access()))


class _Child:
    """A process that answers calls one after the other."""

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START.format(__name__), str(theirs.fileno()), *sys.path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a crashing parser may quote values
            )

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, call: _Call) -> None:
        self._connection.send_bytes(call.pickled())

    def answer(self, seconds: float) -> Any:
        """Return `(value,)`, an error that the function raised, or None at the end."""
        with contextlib.suppress(EOFError, OSError):
            if self._connection.poll(seconds):
                return pickle.loads(self._connection.recv_bytes())  # noqa: S301 - our own child
            raise _timeout(seconds)
        self._process.wait()
        if self._process.returncode == -signal.SIGXCPU:
            raise _timeout(seconds)
        raise _crashed("The parser crashed on this file.")

    def end(self) -> None:
        """Let it go: at once if it is at work, for it may never come back from that."""
        self._connection.close()
        self._process.kill()
        self._process.wait()


_idle: list[_Child] = []
_lock = threading.Lock()
os.register_at_fork(after_in_child=_idle.clear)  # they answer to one process alone


@atexit.register
def _dismiss() -> None:
    while _idle:
        _idle.pop().end()


def _take() -> _Child:
    with _lock:
        while _idle:
            child = _idle.pop()
            if child.is_alive():
                return child
            child.end()
    return _Child()


def _answers(call: _Call) -> Generator[Any, None, None]:
    child = _take()
    at_rest = False
    try:
        child.ask(call)
        seconds = call.seconds + _STARTING
        while (answer := child.answer(seconds)) is not None and not isinstance(answer, AdeError):
            yield answer[0]
            seconds = call.seconds
        at_rest = True
    finally:
        with _lock:
            at_rest = at_rest and len(_idle) < _KEPT
            if at_rest:
                _idle.append(child)
        if not at_rest:
            child.end()
    if answer is not None:
        raise answer


def serve(descriptor: int) -> None:
    """Answer calls over a socket until the caller is gone: what the child process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller ends this process when it must
    connection = Connection(descriptor)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            for answer in _done(connection.recv_bytes()):
                connection.send_bytes(answer)


def _done(request: bytes) -> Iterator[bytes]:
    """Do what a pickled call asks for; yields pickled answers, the last one None or an error."""
    try:
        call: _Call = pickle.loads(request)  # noqa: S301 - from our own parent
        os.chdir(call.folder)
        os.environ.clear()
        os.environ.update(call.environment)
        ask(lambda: call.s3)
        _limit(call)
        results = call.function(*call.args)
        for result in results if call.is_stream else (results,):
            yield pickle.dumps((result,), pickle.HIGHEST_PROTOCOL)
            _limit(call)
        end: AdeError | None = None
    except AdeError as error:
        end = error
    except MemoryError:
        end = _crashed("The parser needs more memory for this file than it may have.")
    except BaseException as problem:  # noqa: BLE001 - the panics of Rust are no Exceptions
        # Without its text, which may quote values.
        end = _crashed(f"The parser failed on this file ({type(problem).__name__}).")
    resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    yield pickle.dumps(end)


def _limit(call: _Call) -> None:
    """Bound the memory of this process, and its work, lest it outlives the caller in a loop."""
    # Not the address space: threads reserve far more of it than they ever use.
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    most = pages * resource.getpagesize() + call.memory
    resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    work = usage.ru_utime + usage.ru_stime + (call.seconds + _STARTING) * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (int(work) + 1, resource.RLIM_INFINITY))


def _crashed(message: str) -> SourceError:
    return SourceError(
        message,
        code="E_PARSER_CRASHED",
        hint="The file is damaged or hostile: write or download it again.",
    )


def _timeout(seconds: float) -> SourceError:
    return SourceError(
        f"The parser did not come to an end within {seconds:.0f} s.",
        code="E_PARSER_TIMEOUT",
        hint="The file is damaged, hostile or very large: write it again, or split it.",
    )
