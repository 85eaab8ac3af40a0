"""What deploying again leaves of schedules that the file had, and of those that people made."""

import asyncio

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound

from deployments.local import schedules
from deployments.local.written import Written

pytestmark = pytest.mark.server
NAME = "nightly-flow/test"


class Deployed:
    """A deployment, which `file` brings to what the file says as Prefect's `deploy` does."""

    def __init__(self):
        self.written = Written({})
        self.said = []

    async def _bring(self, client, slugs):
        wanted = [
            DeploymentScheduleCreate(slug=slug, schedule=CronSchedule(cron=cron))
            for slug, cron in slugs.items()
        ]
        entries = {NAME: {"schedules": [{"slug": slug} for slug in slugs]}}
        try:
            there = await client.read_deployment_by_name(NAME)
        except ObjectNotFound:
            flow_id = await client.create_flow_from_name("nightly-flow")
            await client.create_deployment(flow_id, "test", schedules=wanted)
        else:
            await schedules.keep_those_of_people(client, NAME)
            # Of whether they are active nothing is said, as of an entry without `active`.
            new = [each.model_dump(exclude_unset=True, exclude={"active"}) for each in wanted]
            update = DeploymentUpdate.model_validate({"schedules": new})
            await client.update_deployment(there.id, update)
        return await schedules.remove_old(client, self.written, entries, [NAME])

    def file(self, **slugs):
        """Deploy a file with these schedules, slug → cron; keeps what was said."""

        async def bring():
            async with get_client() as client:
                return await self._bring(client, slugs)

        self.said = asyncio.run(bring())

    def gone(self):
        """Deploy a file that does not have the deployment any more."""

        async def bring():
            async with get_client() as client:
                return await schedules.remove_old(client, self.written, {}, [])

        self.said = asyncio.run(bring())

    def add(self, cron):
        """Make a schedule as in the UI, which gives it no slug."""
        new = [DeploymentScheduleCreate(schedule=CronSchedule(cron=cron), active=True)]
        with get_client(sync_client=True) as client:
            there = client.read_deployment_by_name(NAME)
            client.create_deployment_schedules(there.id, new)

    def change(self, cron, **values):
        with get_client(sync_client=True) as client:
            there = client.read_deployment_by_name(NAME)
            (one,) = [s for s in there.schedules if s.schedule.cron == cron]
            client._client.patch(
                f"/deployments/{there.id}/schedules/{one.id}", json=values
            ).raise_for_status()

    @property
    def crons(self):
        """Cron → whether it is active."""
        with get_client(sync_client=True) as client:
            there = client.read_deployment_by_name(NAME)
        return {each.schedule.cron: each.active for each in there.schedules}


@pytest.fixture
def deployed(server):
    yield Deployed()
    with get_client(sync_client=True) as client:
        client.delete_deployment(client.read_deployment_by_name(NAME).id)


def test_one_that_was_renamed_or_taken_out_is_deleted(deployed):
    deployed.file(nightly="1 2 * * *", weekly="1 2 * * 1")
    deployed.file(nightly="1 2 * * *", weekly="1 2 * * 1")
    assert deployed.said == []
    deployed.file(night="1 3 * * *")
    assert deployed.crons == {"1 3 * * *": True}
    assert [line.split(" of ")[0] for line in deployed.said] == [
        "schedule `nightly`",
        "schedule `weekly`",
    ]


def test_those_of_a_deployment_that_was_taken_out_are_deleted(deployed):
    deployed.file(nightly="1 2 * * *")
    deployed.add("9 9 * * *")
    deployed.gone()
    assert deployed.crons == {"9 9 * * *": True}


def test_what_a_person_added_stays_and_so_does_that_another_was_paused(deployed):
    deployed.file(nightly="1 2 * * *")
    deployed.add("9 9 * * *")
    deployed.change("1 2 * * *", active=False)
    deployed.file(nightly="1 4 * * *")
    deployed.file(nightly="1 4 * * *")
    assert deployed.crons == {"9 9 * * *": True, "1 4 * * *": False}


def test_what_a_person_changed_stays_when_the_file_has_it_no_more_and_is_told_once(deployed):
    deployed.file(nightly="1 2 * * *", weekly="1 2 * * 1")
    deployed.change("1 2 * * *", schedule={"cron": "30 5 * * *"})
    deployed.change("1 2 * * 1", active=False)
    deployed.file()
    assert deployed.crons == {"30 5 * * *": True, "1 2 * * 1": False}
    assert len(deployed.said) == 2
    assert all("a person changed it" in line for line in deployed.said)
    deployed.file()
    assert deployed.said == []
    assert len(deployed.crons) == 2


def test_where_an_earlier_version_deployed_what_has_a_slug_came_from_its_file(deployed):
    deployed.file(nightly="1 2 * * *")
    deployed.add("9 9 * * *")
    deployed.written = Written({})
    deployed.file(night="1 3 * * *")
    assert deployed.crons == {"9 9 * * *": True, "1 3 * * *": True}
