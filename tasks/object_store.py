"""Whose keys open S3 in a run: those of a Prefect block, else the environment's."""

from __future__ import annotations

from functools import lru_cache

from prefect.runtime import flow_run
from pydantic import SecretStr

from ai_data_engineer.errors import AdeError, TransientError
from ai_data_engineer.io.s3_access import S3Access
from blocks.object_store import ObjectStore
from tasks.credentials import saved
from tasks.redaction import remember

BLOCK = "s3"
"""Name of the ObjectStore block that is looked for."""


def access_of_run() -> S3Access | None:
    """Return what the block named `s3` says, or None where none was saved.

    It is looked up once in a run, when something on S3 is opened for the first time: the next run
    sees keys that were changed meanwhile. They are starred in this process's logs from here on.
    Outside of a run nobody is asked: who uses the core by hand has an environment of their own.

    Raises:
        ProviderError: E_BLOCK, the block has a value that cannot be used.
        TransientError: Prefect's server does not give it.
    """
    run = flow_run.id
    return _of(run) if run else None


# More than one: a process may run flows in several threads.
@lru_cache(maxsize=64)
def _of(run: str) -> S3Access | None:
    return from_block()


def from_block() -> S3Access | None:
    """Return what the block says now; raises as `access_of_run` does."""
    try:
        block = saved(ObjectStore, BLOCK)
    except AdeError:
        raise
    except Exception:  # noqa: BLE001 - whatever ails the server; without the block nothing is read
        block, lost = None, True
    else:
        lost = False
    if lost:
        raise TransientError(
            "Prefect's server does not say whether there are keys for S3.",
            location=f"block {BLOCK}",
            hint="Try again later.",
        )
    if block is None:
        return None
    found = S3Access(
        key=_plain(block.access_key_id),
        secret=_plain(block.secret_access_key),
        token=_plain(block.session_token),
        region=block.region or None,
        endpoint=block.endpoint or None,
        path_style=block.path_style,
        buckets=tuple(name.strip() for name in block.buckets if name.strip()),
    )
    for secret in (found.key, found.secret, found.token):
        remember(secret or "")
    return found


def _plain(secret: SecretStr | None) -> str | None:
    # Set in a form: a field that was emptied is "".
    return (secret.get_secret_value().strip() or None) if secret else None
