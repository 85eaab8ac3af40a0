"""What runs need: a server with its database, workers, a store, results, disk.

Prefect's own `/health` and `/ready` stay 200 while Redis is down, and know of no worker.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect.settings import get_current_settings

from ai_data_engineer.metrics import catalogue
from ai_data_engineer.settings import load_settings
from ai_data_engineer.stores.protocol import Store
from deployments.exporter.looking import Seen
from deployments.exporter.prefect_api import PATIENCE, PrefectApi
from tasks import results as results_of_runs

LEAST_FREE = 1024**3
"""Bytes of disk below which the next run may fail."""
LATE = timedelta(minutes=10)
"""How long after its time a run may begin."""
_GIB = 1024**3


def server(api: PrefectApi) -> Seen:
    """Whether the server answers and reaches its database."""
    api.get("/ready")
    return Seen(detail="answers, with its database")


def events(api: PrefectApi) -> Seen:
    """Whether events can be read: triggers, automations and logs go through them."""
    api.post("/events/filter", {"limit": 1})
    return Seen(detail="can be read")


def workers(api: PrefectApi, pools: tuple[str, ...] = ()) -> Seen:
    """Whether each pool in use has a worker with a fresh heartbeat; in use: it has deployments."""
    used = set(pools) or {
        d["work_pool_name"] for d in api.post("/deployments/filter", {}) if d["work_pool_name"]
    }
    seen = Seen()
    without = []
    for pool in sorted(used):
        online = api.post(
            f"/work_pools/{pool}/workers/filter", {"workers": {"status": {"any_": ["ONLINE"]}}}
        )
        seen.gauges[catalogue.WORKERS.name, (pool,)] = len(online)
        if not online:
            without.append(pool)
    if without:
        seen.problem = f"no worker online in {', '.join(without)}; prefect worker start --pool …"
    elif not used:
        seen.detail = "no pool has deployments"
    else:
        seen.detail = f"online in {', '.join(sorted(used))}"
    return seen


def runs(api: PrefectApi, now: datetime | None = None) -> Seen:
    """Whether runs begin when they should; and how many there are in each state."""
    seen = Seen()
    for state in ("SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"):
        wanted = {"flow_runs": {"state": {"type": {"any_": [state]}}}}
        seen.gauges[catalogue.RUNS_NOW.name, (state.lower(),)] = api.post(
            "/flow_runs/count", wanted
        )
    late = {"state": {"name": {"any_": ["Late"]}}}
    number = api.post("/flow_runs/count", {"flow_runs": late})
    seen.gauges[catalogue.RUNS_NOW.name, ("late",)] = number
    # A run that waits for a person is suspended; one that is paused holds a process.
    waiting = {"state": {"type": {"any_": ["PAUSED"]}, "name": {"any_": ["Suspended"]}}}
    seen.gauges[catalogue.REVIEWS_WAITING.name, ()] = api.post(
        "/flow_runs/count", {"flow_runs": waiting}
    )
    before = ((now or datetime.now(UTC)) - LATE).isoformat()
    overdue = {**late, "expected_start_time": {"before_": before}}
    if long := api.post("/flow_runs/count", {"flow_runs": overdue}):
        seen.problem = f"{long} runs are late by more than {LATE.seconds // 60} minutes"
    else:
        seen.detail = f"{number} late"
    return seen


def store(shared: Store) -> Seen:
    """Whether what runs share (budgets, caches, locks, figures) can be reached."""
    shared.get("metrics/ready")
    return Seen(detail="answers")


def messaging() -> Seen:
    """Whether the Redis answers through which several servers pass events and tasks."""
    import redis

    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    for url in _messaging_urls():
        with redis.Redis.from_url(url, **options) as client:
            try:
                client.ping()
            except (redis.RedisError, OSError) as error:
                return Seen(f"Redis does not answer ({type(error).__name__})")
    return Seen(detail="answers")


def has_messaging() -> bool:
    """Return whether Prefect's settings name a Redis."""
    return bool(_messaging_urls())


def _messaging_urls() -> list[str]:
    urls = {str(get_current_settings().server.docket.url)}
    # prefect-redis reads its own variables.
    if url := os.environ.get("PREFECT_REDIS_MESSAGING_URL"):
        urls.add(url)
    elif host := os.environ.get("PREFECT_REDIS_MESSAGING_HOST"):
        port = os.environ.get("PREFECT_REDIS_MESSAGING_PORT", "6379")
        user = os.environ.get("PREFECT_REDIS_MESSAGING_USERNAME", "")
        password = os.environ.get("PREFECT_REDIS_MESSAGING_PASSWORD", "")
        login = f"{user}:{password}@" if user or password else ""
        tls = os.environ.get("PREFECT_REDIS_MESSAGING_SSL", "").lower() in ("1", "true")
        urls.add(f"redis{'s' if tls else ''}://{login}{host}:{port}")
    return sorted(url for url in urls if url.startswith(("redis://", "rediss://")))


def results() -> Seen:
    """Whether results of stages can be written and read, where Prefect's settings have them."""
    probe, text = ".ade-ready", b"ready"

    # In a thread without an event loop Prefect's blocks do their work at once.
    storage = results_of_runs.storage()
    storage.write_path(probe, text)
    if storage.read_path(probe) != text:
        return Seen("what was written cannot be read")
    return Seen(detail="can be written and read")


def disk() -> Seen:
    """Whether there is room in ADE_HOME and for temporary files."""
    seen, low = Seen(), []
    places = {"home": load_settings().home, "temp": Path(tempfile.gettempdir())}
    for place, folder in places.items():
        used = shutil.disk_usage(_existing(folder))
        seen.gauges[catalogue.DISK_FREE.name, (place,)] = used.free
        seen.gauges[catalogue.DISK_SIZE.name, (place,)] = used.total
        if used.free < LEAST_FREE:
            low.append(f"{place} has {used.free / _GIB:.2f} GiB left")
    seen.problem = ", ".join(low)
    seen.detail = f"more than {LEAST_FREE / _GIB:g} GiB free"
    return seen


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
