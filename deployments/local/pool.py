"""The work pool of one machine, its queues, and how much may be done at once."""

from __future__ import annotations

import json
from pathlib import Path

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, WorkPoolCreate
from prefect.exceptions import ObjectNotFound

from tasks.limits import MODEL, PROFILE

POOL = "local"
QUEUES = {"urgent": 1, "default": 10, "bulk": 20}
"""Queue → priority; a worker takes runs of a lower number first. `default` comes with the pool."""
LIMITS = {MODEL: 4, PROFILE: 2}
"""Global concurrency limit → how many at once, on all machines together."""
_TEMPLATE = Path(__file__).parent.parent / "pools" / "process.json"


async def ensure(client: PrefectClient) -> list[str]:
    """Make what is missing and return a line for each; what exists is a person's and stays."""
    return [*await _pool_and_queues(client), *await _limits(client)]


async def _pool_and_queues(client: PrefectClient) -> list[str]:
    said = []
    try:
        await client.read_work_pool(POOL)
    except ObjectNotFound:
        pool = WorkPoolCreate(
            name=POOL,
            type="process",
            description="Runs as processes on the machine of the worker.",
            base_job_template=json.loads(_TEMPLATE.read_text()),
        )
        await client.create_work_pool(pool)
        default = await client.read_work_queue_by_name("default", POOL)
        await client.update_work_queue(default.id, priority=QUEUES["default"])
        said.append(f"work pool `{POOL}` made")
    there = {queue.name for queue in await client.read_work_queues(work_pool_name=POOL)}
    for name, priority in QUEUES.items():
        if name not in there:
            await client.create_work_queue(name, priority=priority, work_pool_name=POOL)
            said.append(f"queue `{name}` made, with priority {priority}")
    return said


async def _limits(client: PrefectClient) -> list[str]:
    said = []
    for name, limit in LIMITS.items():
        try:
            await client.read_global_concurrency_limit_by_name(name)
        except ObjectNotFound:
            wanted = GlobalConcurrencyLimitCreate(name=name, limit=limit)
            await client.create_global_concurrency_limit(wanted)
            said.append(f"limit `{name}` made: {limit} at once")
    return said
