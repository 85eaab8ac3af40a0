"""`deployments/kubernetes`, held against the API's schemas and against `compose.yaml`."""

from __future__ import annotations

import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.services.cluster import SETTINGS

FOLDER = SETTINGS.parent / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    found
    for name in KUSTOMIZATION["resources"]
    if name.endswith(".yaml")
    for found in yaml.safe_load_all((FOLDER / name).read_text())
]
WORKLOADS = [o for o in OBJECTS if o["kind"] in ("Deployment", "StatefulSet", "Job")]
SERVICES = yaml.safe_load((SETTINGS.parent / "compose.yaml").read_text())["services"]


def _title(found: dict[str, Any]) -> str:
    return f"{found['kind']}/{found['metadata']['name']}"


def _pod(workload: dict[str, Any]) -> dict[str, Any]:
    pod: dict[str, Any] = workload["spec"]["template"]["spec"]
    return pod


def _containers(workload: dict[str, Any]) -> list[dict[str, Any]]:
    return [*_pod(workload)["containers"], *_pod(workload).get("initContainers", [])]


@pytest.mark.parametrize("version", ["1.30", "1.34"])
@pytest.mark.parametrize("found", OBJECTS, ids=_title)
def test_every_object_fits_the_schema_of_the_api(found: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(found, version, strict=True)


def test_every_file_is_applied() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert files == {name for name in KUSTOMIZATION["resources"] if name.endswith(".yaml")}


@pytest.mark.parametrize("workload", WORKLOADS, ids=_title)
def test_no_pod_is_root_or_writes_to_its_image(workload: dict[str, Any]) -> None:
    pod = _pod(workload)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in _containers(workload):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@pytest.mark.parametrize("workload", WORKLOADS, ids=_title)
def test_every_container_asks_for_what_it_takes_and_is_limited(workload: dict[str, Any]) -> None:
    for container in _containers(workload):
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("workload", WORKLOADS, ids=_title)
def test_images_are_pinned_and_the_same_as_those_of_compose(workload: dict[str, Any]) -> None:
    names = {image["name"] for image in KUSTOMIZATION["images"] if image["newTag"] != "latest"}
    for container in _containers(workload):
        image = container["image"]
        assert image in names or image == SERVICES[workload["metadata"]["name"]]["image"]


@pytest.mark.parametrize(
    "workload", [w for w in WORKLOADS if w["metadata"]["name"] in SERVICES], ids=_title
)
def test_what_is_run_and_with_which_variables_is_as_in_compose(workload: dict[str, Any]) -> None:
    service, container = SERVICES[workload["metadata"]["name"]], _containers(workload)[0]
    if "env_file" not in service:
        return
    assert container["command"] == service["command"]
    (file,) = service["env_file"]
    of_map = {"ade-server": "settings/server.env", "ade-client": "settings/client.env"}
    assert of_map[container["envFrom"][0]["configMapRef"]["name"]] == file
    theirs = {name: _plain(value) for name, value in service["environment"].items()}
    ours = {entry["name"]: _of_entry(entry) for entry in container["env"]}
    assert {k: v for k, v in ours.items() if k in theirs} == theirs
    assert set(ours) - set(theirs) <= {"REDIS_PASSWORD"}


def _plain(value: str) -> str:
    return re.sub(r"\$\{(\w+):[^}]*\}", r"<\1>", value)


def _of_entry(entry: dict[str, Any]) -> str:
    if "value" in entry:
        return re.sub(r"\$\((\w+)\)", r"<\1>", entry["value"])
    return f"<{entry['valueFrom']['secretKeyRef']['key']}>"


def test_settings_are_the_very_files_that_compose_takes() -> None:
    assert "../settings" in KUSTOMIZATION["resources"]
    made = yaml.safe_load((SETTINGS / "kustomization.yaml").read_text())["configMapGenerator"]
    assert {m["name"]: m["envs"] for m in made} == {
        "ade-server": ["server.env"],
        "ade-client": ["client.env"],
    }


def test_a_server_is_ready_when_it_reaches_its_database_and_alive_without() -> None:
    server = next(w for w in WORKLOADS if w["metadata"]["name"] == "server")
    container = _pod(server)["containers"][0]
    assert container["readinessProbe"]["httpGet"]["path"] == "/api/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/api/health"
    waits = _pod(server)["initContainers"][0]["command"]
    assert waits == ["python", "-m", "deployments.migrate", "--wait"]


def test_nobody_speaks_to_anybody_unless_a_policy_says_so() -> None:
    policies = [o for o in OBJECTS if o["kind"] == "NetworkPolicy"]
    assert policies[0]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    named = {p["spec"]["podSelector"].get("matchLabels", {}).get("app") for p in policies[1:]}
    assert named == {w["metadata"]["name"] for w in WORKLOADS}


def test_several_of_a_kind_are_never_all_taken_away_at_once() -> None:
    budgets = {o["spec"]["selector"]["matchLabels"]["app"] for o in OBJECTS
               if o["kind"] == "PodDisruptionBudget"}  # fmt: skip
    assert budgets == {"server", "worker"}
