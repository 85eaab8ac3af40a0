"""Schedules that `prefect.yaml` has no more are deleted; those that a person made are kept.

Prefect's `deploy` finds a schedule again by its slug, so one that was renamed or taken out of the
file stays on the server. Where a schedule of a deployment has no slug, as one made in the UI, it
deletes them all instead, and makes those of the file anew, even if a person had paused them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound

from deployments.local.written import Written

BY_HAND = "by-hand-"
"""How slugs begin that we give to schedules of people."""
_KEPT = "a person changed it"
"""What is noted of a schedule that stays, so that it is told once."""


async def keep_those_of_people(client: PrefectClient, name: str) -> None:
    """Give a slug to each schedule that has none, before its deployment is deployed again."""
    there = await deployment(client, name)
    for schedule in there.schedules if there else ():
        if there and schedule.slug is None:
            slug = f"{BY_HAND}{schedule.id.hex[:8]}"
            await client.update_deployment_schedule(there.id, schedule.id, slug=slug)


async def remove_old(
    client: PrefectClient,
    written: Written,
    entries: Mapping[str, Mapping[str, Any]],
    deployed: Collection[str],
) -> list[str]:
    """Delete schedules that we made and the file has no more; return a line for each.

    One that a person changed or paused stays, as do those with a slug that we never wrote. A
    server that an earlier version deployed to says nothing of what was written: there a slug can
    only have come from a file.

    Args:
        client: Of the server.
        written: Where it is noted down how a schedule was made.
        entries: Those of the file; a deployment that has gone from it may have left schedules.
        deployed: Names of those that were deployed just now, so that all is as the file says.
    """
    said = []
    noted = {key.partition("/")[2].rpartition("/")[0] for key in written.names("schedule/")}
    for name in sorted({*entries, *noted}):
        if (there := await deployment(client, name)) is None:
            for key in written.names(f"schedule/{name}/"):
                written.forget(key)
            continue
        wanted = {each["slug"] for each in entries.get(name, {}).get("schedules", ())}
        is_first = not written.knows(f"schedules/{name}")
        found = {each.slug: each for each in there.schedules if each.slug}
        for slug, schedule in sorted(found.items()):
            key, which = f"schedule/{name}/{slug}", f"schedule `{slug}` of `{name}`"
            is_noted = written.knows(key)
            if slug in wanted:
                if name in deployed or not is_noted:
                    written.note(key, _made(schedule))
            elif not is_noted and (not is_first or slug.startswith(BY_HAND)):
                pass  # a person's from the beginning
            elif schedule.active and not (is_noted and written.changed(key, _made(schedule))):
                await client.delete_deployment_schedule(there.id, schedule.id)
                written.forget(key)
                said.append(f"{which} deleted: prefect.yaml has it no more")
            elif written.changed(key, _KEPT):
                written.note(key, _KEPT)
                said.append(f"{which} is in prefect.yaml no more; a person changed it: it stays")
        for key in written.names(f"schedule/{name}/"):
            if key.rpartition("/")[2] not in found:
                written.forget(key)
        written.note(f"schedules/{name}", sorted(wanted))
    return said


def _made(schedule: DeploymentSchedule) -> dict[str, Any]:
    return {"schedule": schedule.schedule.model_dump(mode="json"), "with": schedule.parameters}


async def deployment(client: PrefectClient, name: str) -> DeploymentResponse | None:
    """Return the deployment `flow/name`, if there is one."""
    try:
        return await client.read_deployment_by_name(name)
    except ObjectNotFound:
        return None
