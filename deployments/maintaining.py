"""The parts of the nightly maintenance: each a task of its own, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect import Task, task
from prefect.artifacts import create_table_artifact
from prefect.logging import get_run_logger

from ai_data_engineer.doctor import models
from ai_data_engineer.errors import AdeError
from ai_data_engineer.io.addresses import scheme_of
from ai_data_engineer.maintenance import MaintainRequest, Outcome
from ai_data_engineer.settings import load_settings
from ai_data_engineer.stores.files import FileStore
from deployments.api import server_api
from deployments.recovery.backup import backup, folder_of
from deployments.upkeep import leftovers, old_files, old_results
from deployments.upkeep.leftovers import Found
from tasks.credentials import configured
from tasks.redaction import redacted
from tasks.stages import NOT_KEPT
from tasks.stores import shared_store


def _cleared(
    found: Iterable[Found], dry_run: bool, remove: Callable[[list[Found]], None]
) -> Outcome:
    gone = list(found)
    if not dry_run:
        remove(gone)
    return Outcome(removed=len(gone), freed_bytes=sum(one.size for one in gone))


def _places() -> dict[str, str]:
    settings = load_settings()
    return {
        "bundles": settings.bundles or str(settings.home / "bundles"),
        "backups": folder_of(settings),
    }


@task(name="temporary-files", **NOT_KEPT)
@redacted
def temporary_files(request: MaintainRequest) -> Outcome:
    """Remove what killed runs left on this machine."""
    local = [Path(p).expanduser() for p in _places().values() if scheme_of(p) != "s3"]
    found = [*leftovers.temporary(), *leftovers.partials(local)]
    return _cleared(found, request.dry_run, leftovers.remove)


@task(name="expired-results", **NOT_KEPT)
@redacted
def expired_results(request: MaintainRequest) -> Outcome:
    """Remove stored results that are good for nobody."""
    files, folder = old_results.storage()
    with server_api() as api:
        found = list(old_results.expired(files, folder, old_results.results_in_use(api)))
    return _cleared(found, request.dry_run, lambda gone: old_results.remove(files, gone))


@task(name="shared-state", **NOT_KEPT)
@redacted
def shared_state(request: MaintainRequest) -> Outcome:
    """Remove what has expired of what runs share; Redis does that itself."""
    store = shared_store()
    if not isinstance(store, FileStore):
        return Outcome(said="Redis removes what has expired by itself.")
    count, size = store.sweep(dry_run=request.dry_run)
    return Outcome(removed=count, freed_bytes=size)


@task(name="old-bundles", **NOT_KEPT)
@redacted
def old_bundles(request: MaintainRequest) -> Outcome:
    """Remove old bundles where a retention is set."""
    if request.bundle_days is None:
        return Outcome(said="All are kept: bundle_days is empty.")
    place = _places()["bundles"]
    found = old_files.older(place, request.bundle_days)
    return _cleared(found, request.dry_run, lambda gone: old_files.remove(place, gone))


@task(name="old-runs", **NOT_KEPT)
@redacted
def old_runs(request: MaintainRequest) -> Outcome:
    """Say whether the server removes old runs with logs and artifacts; events it always does."""
    before = (datetime.now(UTC) - timedelta(days=request.run_days)).isoformat()
    with server_api() as api:
        count = api.count("/flow_runs/count", flow_runs={"end_time": {"before_": before}})
        said: dict[str, Any] = api.get("/admin/settings") or {}
    vacuum = said.get("server", {}).get("services", {}).get("db_vacuum", {})
    enabled = vacuum.get("enabled")
    if enabled is True or "flow_runs" in (enabled if isinstance(enabled, list) else []):
        return Outcome(
            said=f"The server removes them; {count} are older than {request.run_days} days."
        )
    if not count:
        return Outcome(said=f"None is older than {request.run_days} days.")
    return Outcome(
        outcome="attention",
        said=f"{count} are older than {request.run_days} days and nobody removes them: set "
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=events,flow_runs and "
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD (in seconds) for the server.",
    )


@task(name="backup", **NOT_KEPT)
@redacted
def back_up(request: MaintainRequest) -> Outcome:
    """Back up the server's configuration, then remove the oldest backups beyond those kept."""
    if not request.backups:
        return Outcome(said="None is made: backups is 0.")
    place = _places()["backups"]
    if request.dry_run:
        return _cleared(old_files.beyond(place, request.backups - 1), True, lambda gone: None)
    lines: list[str] = []
    backup(say=lines.append)
    gone = old_files.beyond(place, request.backups)
    done = _cleared(gone, False, lambda gone: old_files.remove(place, gone))
    return done.model_copy(update={"said": " ".join(lines)})


@task(name="keys", **NOT_KEPT)
@redacted
def keys(request: MaintainRequest) -> Outcome:
    """Try each key of a model; nothing is spent, the services are asked for their models only."""
    settings = load_settings()
    known, sdk = configured(settings)
    work = models.services(settings, known, sdk)
    with ThreadPoolExecutor(max(1, len(work))) as pool:
        checks = [check for found in pool.map(lambda one: one(), work) for check in found]
    broken = [f"{check.name}: {check.detail}" for check in checks if check.state == "broken"]
    accepted = sum(check.state == "ok" and " key" in check.name for check in checks)
    if broken:
        return Outcome(outcome="attention", said=" ".join(broken))
    return Outcome(said=f"{accepted} accepted.")


PARTS: tuple[Task[[MaintainRequest], Outcome], ...] = (
    temporary_files,
    expired_results,
    shared_state,
    old_bundles,
    old_runs,
    back_up,
    keys,
)


def outcome_of(part: Task[[MaintainRequest], Outcome], request: MaintainRequest) -> Outcome:
    """Run one part and return what became of it, whatever that is."""
    result = part(request, return_state=True).result(raise_on_failure=False)
    if not isinstance(result, Outcome):
        # Of an error of ours the text says what to do; no other comes out of `redacted`.
        said = str(result) if isinstance(result, AdeError) else type(result).__name__
        result = Outcome(outcome="failed", said=said)
    if result.outcome != "done":
        get_run_logger().warning("%s: %s", part.name, result.said)
    return result


def report(outcomes: dict[str, Outcome], freed: int, request: MaintainRequest) -> None:
    """Leave the artifact `maintenance`: a row for each part, and what needs looking after."""
    table = [
        {
            "part": name,
            "outcome": one.outcome,
            "would remove" if request.dry_run else "removed": one.removed,
            "bytes": one.freed_bytes,
            "": one.said,
        }
        for name, one in outcomes.items()
    ]
    told = "would be freed; nothing was changed" if request.dry_run else "freed"
    wanting = [name for name, one in outcomes.items() if one.outcome != "done"]
    told = f"{freed:,} bytes {told}."
    told += f" Look after: {', '.join(wanting)}." if wanting else " All is well."
    create_table_artifact(key="maintenance", table=table, description=told)
