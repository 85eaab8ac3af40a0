"""The source policy of the block `source-policy`, which narrows that of the environment."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time

from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext, TaskRunContext
from prefect.exceptions import ObjectNotFound
from pydantic import ValidationError

from ai_data_engineer.errors import ProviderError, TransientError
from ai_data_engineer.sources.policy import BLOCK, SourcePolicy, narrow

_SECONDS = 60.0
"""How old what was found may become: a process of Dask lives for longer than a run."""
_lock = threading.Lock()
_looked: float | None = None
"""When it was looked up, on the monotonic clock."""


def look_up() -> None:
    """Narrow the policy as the block says, if one was saved; in runs, once a minute at most.

    Elsewhere, as in threads that a run started, what was found last stays.

    Raises:
        TransientError: The server does not answer; without it nobody knows what may be read.
        ProviderError: E_BLOCK, the block has a value that cannot be used.
    """
    global _looked
    with _lock:
        is_old = _looked is None or time.monotonic() - _looked > _SECONDS
        if is_old and _may_ask():
            narrow(saved_policy())
            _looked = time.monotonic()


def _may_ask() -> bool:
    if FlowRunContext.get() is None and TaskRunContext.get() is None:
        return False
    if _looked is None:
        return True
    with contextlib.suppress(RuntimeError):
        asyncio.get_running_loop()
        return False  # that of a download, which must not wait
    return True


def saved_policy() -> SourcePolicy | None:
    """Return the policy of the block, or None where none was saved; raises as `look_up` does."""
    kind = ""
    try:
        # Not `Block.load`: in a thread with a loop that returns a coroutine.
        with get_client(sync_client=True) as client:
            document = client.read_block_document_by_name(BLOCK, BLOCK)
    except ObjectNotFound:
        return None
    except Exception as error:  # noqa: BLE001 - httpx and Prefect share no base class
        kind = type(error).__name__
    if kind:
        raise TransientError(
            f"Prefect's server does not say what may be read ({kind}).",
            location=f"block {BLOCK}",
            hint="Look into its logs.",
        )
    with contextlib.suppress(ValidationError):  # its text quotes values
        return SourcePolicy.model_validate(document.data)
    raise ProviderError(
        "The block has a value that cannot be used.",
        code="E_BLOCK",
        location=f"block {BLOCK}",
        hint="Open it in Prefect's UI and correct it.",
    )
