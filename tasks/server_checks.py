"""What `ade doctor` sees of Prefect's server: access, workers, deployments, limits, blocks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import prefect
import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import WorkerStatus, WorkPool
from prefect.exceptions import ObjectNotFound
from prefect.filesystems import LocalFileSystem, RemoteFileSystem
from prefect.settings import (
    PREFECT_API_REQUEST_TIMEOUT,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    PREFECT_LOCAL_STORAGE_PATH,
    temporary_settings,
)

from ai_data_engineer import __version__
from ai_data_engineer.doctor.check import Check
from ai_data_engineer.doctor.surroundings import probe_local
from blocks.collection import TYPES
from tasks import results

PATIENCE = 5.0
"""Seconds for the server to answer."""
_SKEW = 5.0
"""Seconds by which clocks may differ; heartbeats and schedules are judged by them."""
_LIMITS = ("ade-model", "ade-profile")
_TAG = "ade"
_DEPLOYMENTS = Path(__file__).parent.parent / "prefect.yaml"
_NAMES = {
    "gemini-credentials": "gemini",
    "openai-compatible-server": "openai",
    "redis-store": "redis",
    "object-store": "s3",
    "source-policy": "source-policy",
    "error-reporting": "errors",
    "notifications": "notifications",
}
"""Type of a block → the name under which it is looked for."""


def server_checks() -> list[Check]:
    """Return every check of the server of PREFECT_API_URL; none raises or waits for long."""
    found: list[Check] = []
    quick = {PREFECT_API_REQUEST_TIMEOUT: PATIENCE, PREFECT_CLIENT_MAX_RETRIES: 0}
    try:
        found += _access(str(PREFECT_API_URL.value()).rstrip("/"))
        with temporary_settings(quick), get_client(sync_client=True) as client:
            for look in (_versions, _pools, _deployments, _limits, _automations, _blocks, _results):
                found += look(client)
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        if status in (401, 403):
            mend = "set PREFECT_API_AUTH_STRING to what the server was started with"
            return [*found, Check("prefect access", "broken", f"the server refuses us; {mend}")]
        mend = "look into its logs"
        return [*found, Check("prefect", "broken", f"the server answers {status}; {mend}")]
    except Exception as error:  # noqa: BLE001 - whatever ails the server, the doctor goes on
        mend = "look into its logs, and at the network between"
        kind = type(error).__name__
        found.append(Check("prefect", "broken", f"the server does not answer ({kind}); {mend}"))
    return found


def _access(api: str) -> Iterator[Check]:
    """Ask without credentials: is the database reached, is anybody let in, is the clock right."""
    ready = httpx.get(f"{api}/ready", timeout=PATIENCE)
    skew = _skew(ready)
    if ready.status_code == httpx.codes.OK:
        yield Check("prefect database", "ok", "the server reaches it")
    else:
        mend = "start it, and check PREFECT_SERVER_DATABASE_CONNECTION_URL"
        yield Check("prefect database", "broken", f"the server does not reach it; {mend}")
    open_to_all = httpx.get(f"{api}/admin/version", timeout=PATIENCE)
    if open_to_all.status_code == httpx.codes.UNAUTHORIZED:
        yield Check("prefect access", "ok", "the server asks who we are")
    else:
        host = urlsplit(api).hostname or ""
        near = host in ("localhost", "::1") or host.startswith("127.")
        reached = "whoever reaches this machine's ports" if near else "whoever reaches the server"
        mend = "set PREFECT_SERVER_API_AUTH_STRING for it and PREFECT_API_AUTH_STRING here"
        yield Check("prefect access", "missing", f"{reached} may do everything; {mend}")
    if skew is not None:
        if abs(skew) > _SKEW:
            told = f"the server's clock differs by {skew:+.0f} s; set both by NTP"
            yield Check("clock", "broken", told)
        else:
            yield Check("clock", "ok", "it agrees with the server's")


def _skew(answer: httpx.Response) -> float | None:
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return None
    return (theirs - dt.datetime.now(dt.UTC)).total_seconds()


def _versions(client: SyncPrefectClient) -> Iterator[Check]:
    # The client that is asked names no status: 401 is raised as HTTPStatusError.
    theirs, ours = client.api_version(), prefect.__version__
    if theirs == ours:
        yield Check("prefect version", "ok", f"{ours} here and on the server")
        return
    alike = theirs.split(".")[:2] == ours.split(".")[:2]
    state = "missing" if alike else "broken"
    mend = "install the same version on both"
    yield Check("prefect version", state, f"{ours} here, {theirs} on the server; {mend}")  # type: ignore[arg-type]


def _pools(client: SyncPrefectClient) -> Iterator[Check]:
    pools = client.read_work_pools()
    if not pools:
        mend = "`make up` makes it, or `prefect work-pool create local --type process`"
        yield Check("work pool", "missing", f"there is none; {mend}")
    used = {deployment.work_pool_name for deployment in client.read_deployments(limit=200)}
    for pool in pools:
        yield _pool(client, pool, is_used=pool.name in used)


def _pool(client: SyncPrefectClient, pool: WorkPool, *, is_used: bool) -> Check:
    name = f"work pool {pool.name}"
    if not is_used:
        # Of two that take turns with versions, the idle one is paused and has no worker.
        return Check(name, "ok", "no deployment uses it")
    if pool.is_paused:
        mend = f"`prefect work-pool resume {pool.name}`"
        return Check(name, "broken", f"it is paused; {mend}")
    workers = client.read_workers_for_work_pool(pool.name)
    online = [worker for worker in workers if worker.status == WorkerStatus.ONLINE]
    if online:
        return Check(name, "ok", f"{len(online)} of {len(workers)} workers online ({pool.type})")
    mend = f"`make up`, or `prefect worker start --pool {pool.name}`"
    return Check(name, "broken", f"no worker is online, so no run starts; {mend}")


def _deployments(client: SyncPrefectClient) -> Iterator[Check]:
    there = {
        deployment.name: deployment.version
        for deployment in client.read_deployments(limit=200)
        if any(tag.startswith(_TAG) for tag in deployment.tags)
    }
    lacking = [name for name in _wanted() if name not in there]
    # Prefect takes the flow's own version, which is ours, unless another one is tagged.
    old = sorted(n for n, version in there.items() if version and version != __version__)
    mend = "`prefect --no-prompt deploy --all`, or `make up`"
    if lacking:
        told = f"not deployed: {', '.join(lacking)}; {mend}"
        yield Check("deployments", "missing", told)
    if old:
        told = f"of another version than {__version__}: {', '.join(old)}; {mend}"
        yield Check("deployments", "broken", told)
    if not lacking and not old:
        yield Check("deployments", "ok", f"{len(there)}, of version {__version__}")


def _wanted() -> list[str]:
    """Return the names in `prefect.yaml`, which does not come with an installed package."""
    if not _DEPLOYMENTS.exists():
        return ["generate"]
    return [entry["name"] for entry in yaml.safe_load(_DEPLOYMENTS.read_text())["deployments"]]


def _limits(client: SyncPrefectClient) -> Iterator[Check]:
    there = {limit.name: limit for limit in client.read_global_concurrency_limits(limit=200)}
    lacking = [name for name in _LIMITS if name not in there]
    off = [name for name in _LIMITS if name in there and not there[name].active]
    if lacking:
        mend = f"`make up`, or `prefect gcl create {lacking[0]} --limit 2`"
        told = f"none named {' and '.join(lacking)}, so nothing bounds them; {mend}"
        yield Check("limits", "missing", told)
    if off:
        mend = f"`prefect gcl update {off[0]} --enable`"
        yield Check("limits", "missing", f"switched off: {' and '.join(off)}; {mend}")
    if not lacking and not off:
        told = ", ".join(f"{name} {there[name].limit}" for name in _LIMITS)
        yield Check("limits", "ok", f"at once: {told}")


def _automations(client: SyncPrefectClient) -> Iterator[Check]:
    answer = client.request("POST", "/automations/filter", json={"limit": 200})
    automations: list[dict[str, Any]] = answer.json()
    off = sorted(str(one["name"]) for one in automations if not one["enabled"])
    if not automations:
        told = "none, so runs whose worker died stay Running, and nobody is told; `make up`"
        yield Check("automations", "missing", told)
    elif off:
        told = f"switched off: {', '.join(off)}; switch them on in Prefect's UI"
        yield Check("automations", "missing", told)
    else:
        yield Check("automations", "ok", f"{len(automations)}, all switched on")


def _blocks(client: SyncPrefectClient) -> Iterator[Check]:
    """Say of each name that is looked for whether a block of it can be used."""
    absent = []
    for kind in TYPES:
        slug = str(kind.get_block_type_slug())
        if (name := _NAMES.get(slug)) is None:
            continue
        try:
            document = client.read_block_document_by_name(name, slug)
        except ObjectNotFound:
            absent.append(name)
            continue
        if _can(lambda kind=kind, data=document.data: kind.model_validate(data)):  # type: ignore[misc]
            yield Check(f"block {name}", "ok", "its values can be used")
        else:
            mend = "open it in Prefect's UI and correct it"
            yield Check(f"block {name}", "broken", f"it has a value that cannot be used; {mend}")
    if absent:
        told = f"none named {', '.join(absent)}; the environment counts for these"
        yield Check("other blocks", "missing", told)


def _results(client: SyncPrefectClient) -> Iterator[Check]:
    """Say whether results can be kept, by one that is removed again."""
    name = f".ade-doctor-{uuid.uuid4().hex}"
    mend = "check PREFECT_DEFAULT_RESULT_STORAGE_BLOCK, and its block"
    kind = ""
    try:
        storage = results.storage()
        if isinstance(storage, LocalFileSystem):
            place = Path(storage.basepath or PREFECT_LOCAL_STORAGE_PATH.value()).expanduser()
            probe_local(place / name)
            yield Check("results", "ok", f"kept in {place}, for this machine alone")
            return
        storage.write_path(name, b"probe")
        storage.read_path(name)
        if isinstance(storage, RemoteFileSystem):
            storage.filesystem.rm_file(f"{storage.basepath.rstrip('/')}/{name}")
    except OSError as error:
        kind = error.strerror or type(error).__name__
        mend = "set PREFECT_LOCAL_STORAGE_PATH to a folder that can be written, or mend the store"
    except Exception as error:  # noqa: BLE001 - the text of a store's error may hold its keys
        kind = type(error).__name__
    if kind:
        yield Check("results", "broken", f"their store takes no file ({kind}); {mend}")
    else:
        yield Check("results", "ok", f"{type(storage).__name__} takes and gives a file")


def _can(do: Callable[[], object]) -> bool:
    try:
        do()
    except Exception:  # noqa: BLE001 - its text may quote values
        return False
    return True
