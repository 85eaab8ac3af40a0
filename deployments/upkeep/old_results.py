"""Results in Prefect's storage that nobody can use any more, on this machine or on S3."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from prefect.filesystems import LocalFileSystem

from deployments.api import Api
from deployments.upkeep.leftovers import Found
from tasks import results
from tasks.caching import EXPIRATION
from tasks.results import RESULTS

_HEAD = 4096
"""Bytes that are read of a result: its metadata stand first."""


def storage() -> tuple[Any, str]:
    """Return the file system and the folder that results of this process are stored in."""
    block = results.storage()
    if isinstance(block, LocalFileSystem):
        import fsspec

        return fsspec.filesystem("file"), str(block._resolve_path(""))
    return block.filesystem, str(block.basepath)


def results_in_use(api: Api) -> set[str]:
    """Return the keys of results that runs which are not over may come back to.

    A run that waits for a person for weeks begins anew with what its tasks have stored.
    """
    living = ["PAUSED", "RUNNING", "PENDING", "SCHEDULED", "CANCELLING"]
    keys: set[str] = set()
    runs = {"state": {"type": {"any_": living}}}
    asked = {
        "/flow_runs/filter": {"flow_runs": {**runs, "start_time": {"is_null_": False}}},
        "/task_runs/filter": {"flow_runs": {**runs, "start_time": {"is_null_": False}}},
    }
    for path, body in asked.items():
        for run in api.all(path, **body):
            keys |= set(_keys((run.get("state") or {}).get("data")))
    return keys


def expired(
    files: Any, folder: str, in_use: set[str], now: datetime | None = None
) -> Iterator[Found]:
    """Yield results that have expired, and flows' results of ours as old as those.

    A result says itself when it expires. What says nothing is left alone unless it is ours: by
    its serializer.
    """
    now = now or datetime.now(UTC)
    if not files.exists(folder):
        return
    for path, about in files.find(folder, detail=True).items():
        with contextlib.suppress(FileNotFoundError):  # a run has written it anew, or removed it
            head = files.cat_file(path, start=0, end=_HEAD)
            if _has_expired(head, about, in_use, now):
                yield Found(path, int(about["size"]))


def remove(files: Any, found: Iterable[Found]) -> None:
    """Remove results; one that is gone already is no error."""
    for one in found:
        with contextlib.suppress(FileNotFoundError):
            files.rm_file(one.path)


def _has_expired(head: bytes, about: dict[str, Any], in_use: set[str], now: datetime) -> bool:
    metadata = _metadata(head)
    if metadata is None or str(metadata.get("storage_key")).rpartition("/")[2] in in_use:
        return False
    if metadata.get("expiration"):
        return _time(metadata["expiration"]) <= now
    serializer = metadata.get("serializer") or {}
    is_ours = serializer.get("object_encoder") == RESULTS.object_encoder
    written = about.get("LastModified") or about.get("mtime")
    return is_ours and written is not None and _time(written) + EXPIRATION <= now


def _metadata(head: bytes) -> dict[str, Any] | None:
    """Return the metadata at the beginning of a stored result, None for another file."""
    text = head.decode(errors="replace")
    start = text.find('"metadata":')
    if not 0 < start < 8:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text[start + len('"metadata":') :].lstrip())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _time(said: Any) -> datetime:
    if isinstance(said, int | float):
        return datetime.fromtimestamp(said, UTC)
    time = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _keys(data: Any) -> Iterator[str]:
    match data:
        case {"storage_key": str(key)}:
            yield key.rpartition("/")[2]
        case {"metadata": metadata}:
            yield from _keys(metadata)
