"""Reports unexpected errors to a server that speaks Sentry's protocol; off unless it is set.

What is sent is put together here and holds no data: which run and stage, the kind of the error, the
lines of our own code that it came through, and versions. Bad input is no such error. The SDK runs
without integrations, so that it adds nothing of logs, requests, variables or the machine.
"""

from __future__ import annotations

import atexit
import importlib.metadata
import platform
import traceback
from functools import lru_cache
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext, TaskRunContext
from prefect.flows import Flow
from prefect.logging import get_logger
from prefect.runtime import flow_run as current_run
from prefect.settings import PREFECT_API_URL
from pydantic import SecretStr

from ai_data_engineer import __version__
from ai_data_engineer.errors import AdeError
from ai_data_engineer.settings import load_settings
from blocks.errors import ErrorReporting
from tasks.credentials import saved
from tasks.redaction import remember

BLOCK = "errors"
"""Name of the ErrorReporting block that is looked for."""
_ROOT = Path(__file__).resolve().parent.parent
_AT_EXIT = 2.0
"""Seconds that the end of a process waits for a report that is under way."""
_SENT = {
    *("event_id", "timestamp", "platform", "level", "release", "environment"),
    *("exception", "tags", "fingerprint"),
}
"""What of an event goes out; the SDK adds the machine's name, its packages and the like."""


class Crashed(Exception):
    """The process of a run ended without a word: killed, out of memory, or the machine went."""


def report(error: BaseException, stage: str, run_id: str = "") -> None:
    """Report an unexpected error; never raises and never waits for the server."""
    try:
        if client := _client():
            client.capture_event(_event(error, stage, run_id or str(current_run.id or "")))
    except Exception as problem:  # noqa: BLE001 - a report must not harm the run it is about
        get_logger("tasks").warning("An error is not reported (%s).", type(problem).__name__)


def report_crash(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Report that the process of a run is gone; a hook for `on_crashed`, called in another one."""
    report(Crashed(), flow.name, str(flow_run.id))


def configured() -> ErrorReporting | None:
    """Return where errors are reported to: the block, else the environment; None: nowhere.

    Raises ProviderError `E_BLOCK` for a block with a value that cannot be used.
    """
    said = (saved(ErrorReporting, BLOCK) if _has_server() else None) or ErrorReporting()
    dsn = said.dsn if said.dsn and said.dsn.get_secret_value() else load_settings().sentry_dsn
    return said.model_copy(update={"dsn": dsn}) if dsn else None


def _has_server() -> bool:
    """Whether blocks can be asked for without starting a server for it."""
    return bool(PREFECT_API_URL.value() or FlowRunContext.get() or TaskRunContext.get())


# Once in a process, which runs one flow; and only after an error, so that it costs a run nothing.
@lru_cache(maxsize=1)
def _client() -> Any:
    said = configured()
    if said is None:
        return None
    assert isinstance(said.dsn, SecretStr)
    remember(said.dsn.get_secret_value())
    import sentry_sdk  # late: it comes with the extra `sentry`

    client = sentry_sdk.Client(
        dsn=said.dsn.get_secret_value(),
        environment=said.environment,
        sample_rate=said.sample_rate,
        release=f"ai-data-engineer@{__version__}",
        before_send=_without_the_rest,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_client_reports=False,
        auto_session_tracking=False,
    )
    atexit.register(client.close, timeout=_AT_EXIT)
    return client


def _without_the_rest(event: Any, hint: Any) -> Any:
    return {name: value for name, value in event.items() if name in _SENT}


def _event(error: BaseException, stage: str, run_id: str) -> Any:
    """Return the event: no text of the error, no value of a variable, no line of code."""
    frames = _frames(error)
    kind = type(error).__name__
    last = f"{frames[-1]['filename']}:{frames[-1]['lineno']}" if frames else ""
    return {
        "level": "error",
        "platform": "python",
        "exception": {"values": [{"type": kind, "stacktrace": {"frames": frames}}]},
        "fingerprint": [kind, stage, last],
        "tags": {
            "run_id": run_id,
            "stage": stage,
            "code": AdeError.code,
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in ("prefect", "polars")},
        },
    }


def _frames(error: BaseException) -> list[dict[str, Any]]:
    """Return file and line of each frame in our own code."""
    return [
        {"filename": Path(f.filename).relative_to(_ROOT).as_posix(), "lineno": f.lineno}
        for f in traceback.StackSummary.extract(
            traceback.walk_tb(error.__traceback__), lookup_lines=False
        )
        if Path(f.filename).is_relative_to(_ROOT) and ".venv" not in f.filename
    ]
