"""Prefect takes the base job templates, and makes jobs from them as a worker would."""

import asyncio
import json
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.workers.base import BaseJobConfiguration
from pydantic import ConfigDict

pytestmark = pytest.mark.server


class Job(BaseJobConfiguration):
    """What any type of worker is given; those of Docker and Kubernetes are not installed."""

    model_config = ConfigDict(extra="allow")


def job(kind, values):
    """Return the job of a run on a pool that was just made from the template."""

    async def make():
        template = json.loads(Path(f"deployments/pools/{kind}.json").read_text())
        name = f"test-{kind}"
        async with get_client() as client:
            wanted = WorkPoolCreate(name=name, type=kind, base_job_template=template)
            made = await client.create_work_pool(wanted, overwrite=True)
            return await Job.from_template_and_values(made.base_job_template, values, client=client)

    return asyncio.run(make()).model_dump()


def test_a_container_has_the_limits_and_the_settings_of_pool_and_deployment(server):
    made = job("docker", {"env": {"ADE_PROVIDER": "offline"}, "mem_limit": "2g"})
    assert (made["mem_limit"], made["memswap_limit"]) == ("2g", "6g")
    assert made["image"] == "ai-data-engineer:0.1.0"
    assert made["env"]["ADE_PROVIDER"] == "offline"
    assert made["env"]["ADE_HOME"] == "/var/lib/ade"


def test_a_pod_has_them_and_no_placeholder_is_left(server):
    made = job("kubernetes", {"env": {"ADE_PROVIDER": "offline"}, "memory_limit": "12Gi"})
    pod = made["job_manifest"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert container["resources"]["limits"] == {
        "cpu": "2",
        "memory": "12Gi",
        "ephemeral-storage": "20Gi",
    }
    assert container["envFrom"][1] == {"secretRef": {"name": "ade-secrets", "optional": True}}
    assert made["job_manifest"]["spec"]["activeDeadlineSeconds"] == 21600
    assert made["env"]["PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR"] == "reschedule"
    assert "{{" not in json.dumps(made)


def test_a_process_has_the_heartbeat_though_the_deployment_says_nothing(server):
    assert job("process", {})["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == "30"
