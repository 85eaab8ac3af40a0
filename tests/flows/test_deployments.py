"""`prefect.yaml` against what Prefect reads of it and against the flows' signatures.

Prefect passes over keys that it does not know, and resolves a missing variable to nothing.
"""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prefect.cli.deploy import _models as read_by_prefect
from prefect.utilities.callables import parameter_schema

TEXT = Path("prefect.yaml").read_text()
FILE = yaml.safe_load(TEXT)
DEPLOYMENTS = {deployment["name"]: deployment for deployment in FILE["deployments"]}


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


def test_only_variables_that_are_always_there_are_used():
    of_events = {
        "event.payload.uri | tojson",
        "event.payload.goal | tojson",
    }  # which the server fills in
    assert set(re.findall(r"\{\{\s*(.*?)\s*\}\}", TEXT)) == {"$PWD"} | of_events


@pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS)
def test_the_parameters_are_the_flows_own(deployment):
    flow = flow_of(deployment)
    flow.validate_parameters(deployment["parameters"])
    for schedule in deployment.get("schedules", []):
        flow.validate_parameters({**deployment["parameters"], **schedule.get("parameters", {})})


@pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS)
def test_a_schedule_has_a_slug_and_does_not_undo_a_persons_pause(deployment):
    for schedule in deployment.get("schedules", []):
        assert schedule.get("slug")
        assert "active" not in schedule


def test_no_flow_or_task_shadows_a_module_of_the_standard_library():
    # A file entrypoint puts the file's folder first on sys.path.
    names = {
        path.stem for folder in ("flows", "tasks", "blocks") for path in Path(folder).glob("*.py")
    }
    assert names & sys.stdlib_module_names == set()


def test_the_form_has_titles_descriptions_choices_and_an_order():
    schema = parameter_schema(flow_of(DEPLOYMENTS["generate"])).model_dump()
    form = schema["definitions"]["GenerateRequest"]["properties"]
    assert sorted(form, key=lambda name: form[name]["position"]) == [
        "sources",
        "goal",
        "provider",
        "output",
        "show_examples",
        "use_cache",
        "review",
    ]
    assert all(field["title"] and field["description"] for field in form.values())
    providers = ["auto", "offline", "gemini", "google-genai", "openai", "replay"]
    assert form["provider"]["enum"] == providers
    assert schema["required"] == ["request"]


@pytest.mark.server
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
