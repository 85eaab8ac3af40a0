import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from jinja2 import Environment
from prefect.events.schemas.automations import AutomationCore
from prefect.server.events.schemas.automations import EventTrigger
from prefect.server.events.schemas.events import ReceivedEvent

from deployments.automations import blocks_named, definitions, resolved
from deployments.local.environment import HEARTBEAT_SECONDS

DEFINITIONS = {each["name"]: each for each in definitions()}
EACH = pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
AN_ID = "00000000-0000-4000-8000-000000000000"
ZOMBIES = "ade: runs without a sign of life"


@EACH
def test_it_is_an_automation_as_prefect_reads_it(definition):
    made = resolved(definition, dict.fromkeys(blocks_named(definition), AN_ID))
    assert set(definition) <= set(AutomationCore.model_fields)
    assert set(definition["trigger"]) <= set(type(made.trigger).model_fields)
    for action, read in zip(definition["actions"], made.actions, strict=True):
        assert set(action) - {"block"} <= set(type(read).model_fields)


@EACH
def test_it_says_what_it_is_for_and_whose_it_is(definition):
    assert definition["name"].startswith("ade: ")
    assert definition["description"].strip().endswith(".")


@EACH
def test_no_message_holds_what_an_error_says(definition):
    # It leaves the house, and the run's page shows it to whoever may see it.
    for action in definition["actions"]:
        said = re.findall(
            r"\{\{\s*(.*?)\s*\}\}", action.get("body", "") + action.get("subject", "")
        )
        assert not [name for name in said if "message" in name or "parameters" in name]
        Environment(autoescape=True).parse(action.get("body", ""))


def test_a_run_may_miss_several_signs_of_life_before_it_is_called_crashed():
    assert DEFINITIONS[ZOMBIES]["trigger"]["within"] >= 5 * HEARTBEAT_SECONDS


def test_nothing_but_the_notifications_block_is_needed():
    assert {name for each in DEFINITIONS.values() for name in blocks_named(each)} == {
        "notifications"
    }


def test_a_run_that_waits_for_a_review_is_not_taken_for_dead_by_a_heartbeat_that_came_in_late():
    now = datetime.now(UTC)
    waits = ReceivedEvent(
        id=UUID(AN_ID),
        occurred=now,
        received=now,
        event="ade.run.waits",
        resource={"prefect.resource.id": f"prefect.flow-run.{AN_ID}"},
        related=[{"prefect.resource.id": "prefect.tag.ade", "prefect.resource.role": "tag"}],
    )
    trigger = EventTrigger.model_validate(DEFINITIONS[ZOMBIES]["trigger"])
    assert trigger.covers(waits)
    assert trigger.expects(waits.event)
    assert not trigger.starts_after(waits.event)
