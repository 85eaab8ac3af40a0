"""What a trigger makes of an event, rendered as Prefect's server renders it."""

from pathlib import Path

import pytest
import yaml
from prefect.utilities.schema_tools.hydration import HydrationContext, hydrate

from ai_data_engineer.requests import GenerateRequest

DEPLOYMENTS = yaml.safe_load(Path("prefect.yaml").read_text())["deployments"]
TRIGGERS = {d["name"]: t for d in DEPLOYMENTS for t in d.get("triggers", [])}
HOSTILE = [
    "{{ 7*7 }}.csv", '"},{.csv', "{% raw %}.csv", "{{ event.payload.goal }}", "größe 漢字.csv",
    "100% \\u0041 \\n.csv", "it's <b>&amp;.csv", "two\nlines.csv", "[]", "{# no #}", "]}",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_of_a_file_and_a_goal_come_through_as_they_are(name):
    event = {"payload": {"uri": f"/in/{name}", "goal": name}}
    context = HydrationContext(
        raise_on_error=True, render_jinja=True, jinja_context={"event": event}
    )
    parameters = hydrate(TRIGGERS["on-arrival"]["parameters"], context)
    request = GenerateRequest.model_validate(parameters["request"])
    assert (request.sources, request.goal) == ([f"/in/{name}"], name)


@pytest.mark.parametrize("trigger", TRIGGERS.values(), ids=TRIGGERS)
def test_no_template_stands_in_a_list_where_it_gets_lost(trigger):
    def lists(value):
        if isinstance(value, list):
            yield value
        for inner in value.values() if isinstance(value, dict) else ():
            yield from lists(inner)

    assert list(lists(trigger["parameters"])) == []


@pytest.mark.parametrize("trigger", TRIGGERS.values(), ids=TRIGGERS)
def test_each_event_is_counted_for_itself(trigger):
    assert trigger["for_each"] == ["prefect.resource.id"]
