"""Make the database what this version of Prefect wants: `python -m deployments.migrate`, once.

Several servers that start on a fresh database all do this at once, and all but one of them die. So
they are told not to (`settings/server.env`), and a job of its own does it before they start.
"""

from __future__ import annotations

import asyncio

from prefect.server.database import provide_database_interface
from prefect.server.models.block_registration import run_block_auto_registration


async def migrate() -> None:
    """Create or upgrade the tables, and register Prefect's own types of blocks."""
    database = provide_database_interface()
    await database.create_db()
    async with await database.session() as session:
        await run_block_auto_registration(session=session)


if __name__ == "__main__":
    asyncio.run(migrate())
    print("The database is ready.")
