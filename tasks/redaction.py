"""Nothing that a file or a key holds gets into an error, a log or Prefect's database.

Exceptions of libraries quote cell values and requests; Prefect keeps their text. So an error that
is not ours is replaced by one that names only its kind and place, and every log handler passes
its records through a filter. Standard library only: the logging configuration imports this module.
"""

from __future__ import annotations

import functools
import inspect
import logging
import os
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from ai_data_engineer.errors import AdeError

P = ParamSpec("P")
R = TypeVar("R")

STARS = "********"
_ROOT = Path(__file__).resolve().parent.parent
_SECRET_NAMES = re.compile(
    r"(API_KEY|SECRET|TOKEN|PASSWORD|AUTH_STRING|ENCRYPTION_KEY)", re.IGNORECASE
)
_SHAPES = (
    (re.compile(r"\bAIza[0-9A-Za-z_\-]{20,}"), STARS),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.\-]*://)[^/\s?#@]+@"), rf"\1{STARS}@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/\-]{8,}=*"), rf"\1 {STARS}"),
    (
        re.compile(
            r"(?i)([?&\"'\s](?:x-amz-\w+|x-goog-signature|signature|sig|(?:access_)?token|api_?key|"
            r"key|password|secret)[\"']?\s*[=:]\s*[\"']?)[^&\s\"',}]+"
        ),
        rf"\1{STARS}",
    ),
)
_PLAIN = ("prefect.", "httpx")
"""Where errors come from whose texts say what is wrong with the setup and hold no data."""
_PANIC = "PanicException"
"""What Rust code raises where it did not foresee something: no Exception, and it quotes data."""
_NOT_KEPT = (
    "An error was encountered while committing transaction",  # of a stage
    "Encountered an error while persisting result",  # of a run
    "Failed to write result",  # of a run that failed
)
"""How a line of Prefect begins where a result cannot be put into its store; the run goes on."""
_known: set[str] = set()


def remember(secret: str) -> None:
    """Have a secret starred wherever it turns up in a log of this process."""
    if len(secret) >= 8:  # a shorter one would star ordinary words
        _known.add(secret)


def redact(text: str) -> str:
    """Return the text with known secrets, and what has the shape of one, replaced by stars."""
    # Several keys may stand in one variable, separated by commas.
    in_environment = {
        secret.strip()
        for name, value in os.environ.items()
        if _SECRET_NAMES.search(name)
        for secret in (value, *value.split(","))
        if len(secret.strip()) >= 8
    }
    for secret in sorted(_known | in_environment, key=len, reverse=True):
        text = text.replace(secret, STARS)
    for shape, stars in _SHAPES:
        text = shape.sub(stars, text)
    return text


class Redact(logging.Filter):
    """Redacts messages and tracebacks; belongs on handlers, since a logger's are not inherited."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; nothing is dropped."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(record.args, tuple):
            quoted = [each for each in record.args if isinstance(each, BaseException)]
            error = error or next(iter(quoted), None)
            record.args = tuple(
                _told(each) if isinstance(each, BaseException) else each for each in record.args
            )
        record.msg, record.args = redact(record.getMessage()), None
        if error is None:
            return True
        kind = record.error = _kind(error)
        lines = _traceback(error) if record.exc_info else []
        if record.msg.startswith(_NOT_KEPT):
            lines = []
            record.msg = (
                f"The result could not be kept ({kind}), so no other run will find it "
                "in the cache. `ade doctor` checks the store of results."
            )
        record.exc_info, record.exc_text = None, redact("".join(lines).rstrip())
        return True


def _told(error: BaseException) -> str:
    """Return what a line says that has an error in it, and not its traceback."""
    return str(error) if _is_plain(error) else type(error).__name__


def _is_plain(error: BaseException) -> bool:
    return isinstance(error, AdeError) or type(error).__module__.startswith(_PLAIN)


def _kind(error: BaseException) -> str:
    return error.code if isinstance(error, AdeError) else type(error).__name__


def _traceback(error: BaseException) -> list[str]:
    if isinstance(error, AdeError) and error.code != AdeError.code:
        return []  # bad input and the like: the message says what, where and how to mend it
    if _is_plain(error):
        return traceback.format_exception(error, chain=False)
    return [
        "Traceback (most recent call last):\n",
        *traceback.format_tb(error.__traceback__),
        f"{type(error).__name__} (its text is left out: it may quote data)\n",
    ]


def guard_logs() -> None:
    """Put the filter on every handler of this process that has none; safe to call again.

    `deployments/logging.yml` does the same from the first record on; a process that was started
    without it is covered from here on.
    """
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    for handler in {handler for logger in loggers for handler in logger.handlers}:
        if not any(isinstance(f, Redact) for f in handler.filters):
            handler.addFilter(Redact())


def redacted(function: Callable[P, R]) -> Callable[P, R]:
    """Let our own errors pass, cut off from what caused them, and replace every other one.

    The replacement (`E_INTERNAL`) names the kind of the error and the place in our code.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except AdeError as error:
            ours = error
        except BaseException as error:  # the whole point
            if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
                raise
            stage = function.__name__.lstrip("_")
            _report(error, stage)
            ours = AdeError(
                f"{stage} ended with a {type(error).__name__}.",
                location=_place(error),
                hint="Its text is left out: it may quote data. `ade doctor` checks the setup.",
            )
        ours.__cause__ = ours.__context__ = None
        raise ours

    # Prefect would look the annotations' names up in this module, not in the function's own.
    run.__signature__ = inspect.signature(function, eval_str=True)  # type: ignore[attr-defined]
    return run


def _report(error: BaseException, stage: str) -> None:
    # Late: this module is imported by the logging configuration, before Prefect is ready.
    from tasks.reporting import report

    report(error, stage)


def _place(error: BaseException) -> str:
    """Return file:line of the last frame in our own code."""
    ours = [
        f"{Path(frame.filename).relative_to(_ROOT).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_ROOT) and ".venv" not in frame.filename
    ]
    return ours[-1] if ours else ""
