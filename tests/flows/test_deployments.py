"""`prefect.yaml` against what Prefect reads of it and against the flows' signatures.

Prefect passes over keys that it does not know, and resolves a missing variable to nothing.
"""

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jinja2 import Template
from prefect.cli.deploy import _models as read_by_prefect
from prefect.cli.deploy._triggers import DeploymentTriggerAdapter
from prefect.utilities.callables import parameter_schema

from ai_data_engineer import __version__
from deployments.local.environment import HEARTBEAT_SECONDS
from deployments.local.pool import POOL, QUEUES
from tests.flows.deployments_agreed import AGREED, written

TEXT = Path("prefect.yaml").read_text()
FILE = yaml.safe_load(TEXT)
DEPLOYMENTS = {
    f"{entry['entrypoint'].partition(':')[0]} {entry['name']}": entry
    for entry in FILE["deployments"]
}
EACH = pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS)
STRATEGIES = {"ENQUEUE", "CANCEL_NEW"}


def flow_of(deployment):
    path, _, name = deployment["entrypoint"].partition(":")
    assert Path(path).is_file()
    return getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)


def keys_of(model):
    return {field.alias or name for name, field in model.model_fields.items()}


def test_the_file_has_only_keys_that_prefect_reads():
    assert set(FILE) <= keys_of(read_by_prefect.PrefectYamlModel)
    for deployment in DEPLOYMENTS.values():
        assert set(deployment) <= keys_of(read_by_prefect.DeploymentConfig)
        assert set(deployment["work_pool"]) <= keys_of(read_by_prefect.WorkPoolConfig)
        for schedule in deployment.get("schedules", []):
            assert set(schedule) <= keys_of(read_by_prefect.RawScheduleConfig)


def templates(value):
    """Return what stands in double braces anywhere in a value."""
    if isinstance(value, dict):
        return {found for part in value.values() for found in templates(part)}
    if isinstance(value, list):
        return {found for part in value for found in templates(part)}
    return set(re.findall(r"\{\{\s*(.*?)\s*\}\}", str(value)))


def without_parameters(trigger):
    return {key: value for key, value in trigger.items() if key != "parameters"}


@EACH
def test_only_variables_that_are_always_there_are_used(deployment):
    rest = {key: value for key, value in deployment.items() if key != "triggers"}
    assert templates([rest, FILE["pull"]]) == {"$PWD"}


@EACH
def test_templates_of_events_stand_only_in_parameters_of_triggers(deployment):
    # Prefect resolves the rest when it deploys, with nothing where it does not know a name.
    for trigger in deployment.get("triggers", []):
        assert not templates(without_parameters(trigger))
        assert all(
            name.startswith(("event.", "automation.")) for name in templates(trigger["parameters"])
        )


@EACH
def test_the_parameters_are_the_flows_own(deployment):
    flow = flow_of(deployment)
    parameters = deployment.get("parameters", {})
    flow.validate_parameters(parameters)
    for schedule in deployment.get("schedules", []):
        flow.validate_parameters({**parameters, **schedule.get("parameters", {})})
    assert deployment["enforce_parameter_schema"] is True


def rendered(value, event):
    """Return a trigger's parameters as the server fills them in."""
    if isinstance(value, dict) and "__prefect_kind" in value:
        inner = value.get("value", value.get("template"))
        text = rendered(inner, event)
        return json.loads(text) if value["__prefect_kind"] == "json" else text
    if isinstance(value, dict):
        return {key: rendered(part, event) for key, part in value.items()}
    if isinstance(value, list):
        return [rendered(part, event) for part in value]
    return Template(value).render(event=event) if isinstance(value, str) else value


class AnyEvent(str):
    """An event whose every field is a text."""

    def __getattr__(self, name):
        return AnyEvent("7")


@EACH
def test_a_trigger_is_one_of_prefects_and_gives_the_flow_what_it_takes(deployment):
    for trigger in deployment.get("triggers", []):
        read = DeploymentTriggerAdapter.validate_python(trigger)
        known = type(read).model_fields
        assert set(trigger) <= set(known)
        parameters = rendered(trigger.get("parameters", {}), AnyEvent())
        flow_of(deployment).validate_parameters({**deployment.get("parameters", {}), **parameters})


@EACH
def test_a_schedule_has_a_slug_and_does_not_undo_a_persons_pause(deployment):
    slugs = [schedule.get("slug") for schedule in deployment.get("schedules", [])]
    assert all(slugs)
    assert len(set(slugs)) == len(slugs)
    assert deployment.get("schedules") != []  # Prefect would leave those that there are
    assert not any("active" in schedule for schedule in deployment.get("schedules", []))
    assert "paused" not in deployment


@EACH
def test_a_limit_says_what_becomes_of_the_run_above_it(deployment):
    limit = deployment["concurrency_limit"]
    assert set(limit) <= keys_of(read_by_prefect.ConcurrencyLimitSpec)
    assert limit["limit"] >= 1
    assert limit["collision_strategy"] in STRATEGIES


@EACH
def test_it_goes_to_a_queue_of_the_pool(deployment):
    assert deployment["work_pool"]["name"] == POOL
    assert deployment["work_pool"]["work_queue_name"] in QUEUES


@EACH
def test_automations_know_its_runs_by_tag_and_heartbeat(deployment):
    assert "ade" in deployment["tags"]
    environment = deployment["work_pool"]["job_variables"]["env"]
    assert environment["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == str(HEARTBEAT_SECONDS)
    assert environment["PREFECT_RESULTS_DEFAULT_SERIALIZER"] == "json"


@EACH
def test_it_has_the_packages_version_and_a_sentence_about_it(deployment):
    assert deployment["version"] == __version__
    assert deployment["description"].endswith(".")


def test_no_two_deployments_have_the_same_name():
    # They are told from each other by it alone when one of them is deployed.
    names = [entry["name"] for entry in FILE["deployments"]]
    assert len(set(names)) == len(names)


def test_it_is_as_agreed():
    why = "prefect.yaml changed: `python tests/flows/deployments_agreed.py`, then read the diff"
    assert AGREED.read_text() == written(TEXT), why


def test_no_flow_or_task_shadows_a_module_of_the_standard_library():
    # A file entrypoint puts the file's folder first on sys.path.
    names = {
        path.stem for folder in ("flows", "tasks", "blocks") for path in Path(folder).glob("*.py")
    }
    assert names & sys.stdlib_module_names == set()


@EACH
def test_the_form_has_a_title_a_sentence_and_a_place_for_each_field(deployment):
    schema = parameter_schema(flow_of(deployment)).model_dump()
    form = schema["definitions"][schema["properties"]["request"]["$ref"].rpartition("/")[2]]
    fields = form["properties"]
    assert form["description"].endswith(".")
    assert sorted(field["position"] for field in fields.values()) == [*range(len(fields))]
    assert all(field["title"] and field["description"].endswith(".") for field in fields.values())


def test_the_form_of_a_pipeline_asks_for_the_sources_first_and_nothing_else_is_required():
    schema = parameter_schema(flow_of(DEPLOYMENTS["flows/generate.py generate"])).model_dump()
    form = schema["definitions"]["GenerateRequest"]
    fields = form["properties"]
    assert sorted(fields, key=lambda name: fields[name]["position"]) == [
        "sources",
        "goal",
        "provider",
        "output",
        "show_examples",
        "use_cache",
        "review",
    ]
    providers = ["auto", "offline", "gemini", "google-genai", "openai", "replay"]
    assert fields["provider"]["enum"] == providers
    assert (schema["required"], form["required"]) == (["request"], ["sources"])


@pytest.mark.services
def test_it_deploys_and_the_server_refuses_bad_requests_before_a_run_exists(server):
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import FlowRunSort
    from prefect.exceptions import PrefectHTTPStatusError
    from prefect.settings import PREFECT_API_URL

    environment = {**os.environ, "PREFECT_API_URL": PREFECT_API_URL.value(), "PWD": str(Path.cwd())}
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    for command in (["work-pool", "create", "local", "--type", "process"], ["deploy", "--all"]):
        done = subprocess.run([*prefect, *command], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("generate/generate")
        assert deployment.pull_steps == [
            {"prefect.deployments.steps.set_working_directory": {"directory": str(Path.cwd())}}
        ]
        logging = deployment.job_variables["env"]["PREFECT_LOGGING_SETTINGS_PATH"]
        assert Path(logging).is_file()
        for wrong in (
            {"sources": []},
            {"sources": ["https://ana:hunter2@host/x.csv"]},
            {"sources": ["a.csv"], "provider": "gpt"},
            {"sources": ["a.csv"], "gaol": "sum"},
        ):
            with pytest.raises(PrefectHTTPStatusError, match=r"409|422"):
                client.create_flow_run_from_deployment(deployment.id, parameters={"request": wrong})
        runs = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=100)
        assert not [run for run in runs if run.deployment_id == deployment.id]
