"""Bring pool, queues, limits, blocks, deployments and automations to a server that runs.

`python -m deployments.objects`, with PREFECT_API_URL: once, and after each new version, from a
machine or container like the workers'. Safe to run again; `make up` does the same on one machine.
"""

from __future__ import annotations

import asyncio
import os
import sys

from prefect.client.orchestration import get_client

from ai_data_engineer.errors import AdeError
from deployments import automations, blocks
from deployments.local import deploying, pool
from deployments.local.written import Written


async def ensure(environment: dict[str, str]) -> list[str]:
    """Make what is missing or changed, return a line for each; raises SettingsError.

    Prefect's own `deploy` is run with these variables.
    """
    async with get_client() as client:
        written = await Written.load()
        said = await pool.ensure(client)
        said += await deploying.ensure(client, written, environment)
        said += await automations.ensure(client, written)
        await written.save()
    return said


def main() -> int:
    """Bring all to the server of PREFECT_API_URL and say what was done; returns the exit code."""
    if code := blocks.main():
        return code
    try:
        done = asyncio.run(ensure(dict(os.environ)))
    except AdeError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(done) or "pool, queues, limits, automations and deployments: as they were")
    return 0


if __name__ == "__main__":
    sys.exit(main())
