"""Make the database what this version of Prefect wants: `python -m deployments.migrate`, once.

Several servers that start on a fresh database all do this at once, and all but one of them die. So
they are told not to (`settings/server.env`), and a job of its own does it before they start. Those
that start in no order, as in Kubernetes, wait for it: `python -m deployments.migrate --wait`.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from alembic.script import ScriptDirectory
from prefect.server.database import provide_database_interface
from prefect.server.database.alembic_commands import alembic_config
from prefect.server.models.block_registration import run_block_auto_registration
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

SECONDS_BETWEEN = 2.0


async def migrate() -> None:
    """Create or upgrade the tables, and register Prefect's own types of blocks."""
    database = provide_database_interface()
    await database.create_db()
    async with await database.session() as session:
        await run_block_auto_registration(session=session)


async def is_migrated() -> bool:
    """Return whether the database can be reached and is what this version wants, or newer.

    Newer: the next version's servers are being rolled out, and this one's still run.
    """
    try:
        async with (await provide_database_interface().engine()).connect() as connection:
            found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except (SQLAlchemyError, OSError):
        return False
    wanted = ScriptDirectory.from_config(alembic_config())
    known = {revision.revision for revision in wanted.walk_revisions()}
    return found == wanted.get_current_head() or (found is not None and found not in known)


async def wait(seconds: float) -> bool:
    """Return whether the database was ready within the time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await is_migrated():
        if asyncio.get_running_loop().time() >= deadline:
            return False
        await asyncio.sleep(SECONDS_BETWEEN)
    return True


def main(
    wait_only: Annotated[
        bool, typer.Option("--wait", help="Migrate nothing: wait until another has.")
    ] = False,
    seconds: Annotated[float, typer.Option(help="How long to wait, in seconds.")] = 300,
) -> None:
    """Migrate the database of the server's settings."""
    if not wait_only:
        asyncio.run(migrate())
    elif not asyncio.run(wait(seconds)):
        raise SystemExit(
            f"The database was not migrated within {seconds:g} s; "
            "run `python -m deployments.migrate` once, and see what it says."
        )
    typer.echo("The database is ready.")


if __name__ == "__main__":
    typer.run(main)
