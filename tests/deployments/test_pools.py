"""Base job templates: every variable that is used is defined, every one that is defined is used."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from deployments.local.environment import HEARTBEAT_SECONDS

FOLDER = Path("deployments/pools")
TEMPLATES = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
EACH = pytest.mark.parametrize("name", TEMPLATES)


def used(value):
    return set(re.findall(r"\{\{\s*(\w+)\s*\}\}", json.dumps(value)))


@EACH
def test_every_variable_is_defined_and_used(name):
    template = TEMPLATES[name]
    assert used(template["job_configuration"]) == set(template["variables"]["properties"])


@EACH
def test_the_defaults_are_valid(name):
    variables = TEMPLATES[name]["variables"]
    properties = variables["properties"]
    defaults = {key: value["default"] for key, value in properties.items() if "default" in value}
    jsonschema.Draft202012Validator.check_schema(variables)
    jsonschema.validate(defaults, variables)


@EACH
def test_every_variable_has_a_title_and_says_what_it_is(name):
    for variable in TEMPLATES[name]["variables"]["properties"].values():
        assert variable["title"]
        assert variable["description"].endswith(".")


@EACH
def test_runs_have_the_heartbeat_that_automations_count_on(name):
    environment = TEMPLATES[name]["variables"]["properties"]["env"]["default"]
    assert environment["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == str(HEARTBEAT_SECONDS)
    assert environment["PREFECT_RESULTS_DEFAULT_SERIALIZER"] == "json"


@EACH
def test_no_secret_lies_in_a_template(name):
    # It is stored in clear and shown to whoever sees the pool.
    environment = TEMPLATES[name]["variables"]["properties"]["env"]["default"]
    assert not [key for key in environment if re.search("KEY|SECRET|TOKEN|PASSWORD|AUTH", key)]


def test_containers_are_limited_and_not_privileged():
    properties = TEMPLATES["docker"]["variables"]["properties"]
    assert properties["mem_limit"]["default"] == properties["memswap_limit"]["default"]
    assert properties["privileged"]["default"] is False


def test_a_pod_is_confined():
    manifest = TEMPLATES["kubernetes"]["job_configuration"]["job_manifest"]
    pod = manifest["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]["limits"]) == {"cpu", "memory", "ephemeral-storage"}
    assert set(container["resources"]["requests"]) == set(container["resources"]["limits"])


def test_what_a_pod_writes_to_is_mounted():
    template = TEMPLATES["kubernetes"]
    container = template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"][
        "containers"
    ][0]
    mounts = tuple(mount["mountPath"] for mount in container["volumeMounts"])
    environment = template["variables"]["properties"]["env"]["default"]
    for name in ("ADE_HOME", "PREFECT_HOME"):
        assert environment[name].startswith(mounts)


def test_the_image_is_one_of_the_packages_version():
    version = yaml.safe_load(Path("prefect.yaml").read_text())["deployments"][0]["version"]
    for name in ("docker", "kubernetes"):
        image = TEMPLATES[name]["variables"]["properties"]["image"]["default"]
        assert image == f"ai-data-engineer:{version}"
