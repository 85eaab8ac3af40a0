"""How much may be done at once, on all machines together: Prefect's global concurrency limits.

`make up` makes them; a person changes them in Prefect's UI under Concurrency.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from prefect.client.orchestration import get_client
from prefect.concurrency.sync import concurrency
from prefect.context import TaskRunContext
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger

MODEL = "ade-model"
"""Specifications that a model is asked for at once."""
PROFILE = "ade-profile"
"""Sources of which a profile takes much memory, profiled at once."""


@contextmanager
def slot(name: str) -> Iterator[None]:
    """Hold a slot of the limit, waiting for one as long as it takes.

    Where there is no such limit, it is switched off, or the server cannot be asked, nothing is
    held: a limit protects the machines and the bill, and must not be what a run fails of. Outside
    of a task nobody is asked.
    """
    held = ExitStack()
    if TaskRunContext.get() is not None:
        with _going_on(name):
            if _is_limited(name):
                held.enter_context(concurrency(name, strict=False))
    try:
        yield
    finally:
        with _going_on(name):
            held.close()


@contextmanager
def _going_on(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever ails the server, the run goes on
        kind = type(error).__name__
        get_run_logger().warning("The server does not keep count of %s (%s).", name, kind)


def _is_limited(name: str) -> bool:
    # `concurrency` itself would warn, in each run, of a limit that nobody wanted.
    with get_client(sync_client=True) as client:
        try:
            return bool(client.read_global_concurrency_limit_by_name(name).active)
        except ObjectNotFound:
            return False
