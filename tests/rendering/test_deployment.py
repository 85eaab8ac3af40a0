"""The `prefect.yaml` of a project, against what Prefect reads of it and on a real server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ai_data_engineer.rendering.project import render
from ai_data_engineer.spec.spec import PipelineSpec


def orders(**more: Any) -> dict[str, bytes]:
    """Return the files of a project over one CSV."""
    return render(
        PipelineSpec.model_validate(
            {
                "name": "daily_orders",
                "sources": [
                    {
                        "id": "orders",
                        "uri": "in/*.csv",
                        "format": "csv",
                        "columns": [{"name": "id", "type": "int64"}],
                    }
                ],
                "outputs": [{"id": "all", "input": "orders", "path": "all.parquet"}],
                **more,
            }
        ),
        [],
    )


NIGHTLY = {"schedule": {"cron": "30 3 * * 1-5", "timezone": "Europe/Berlin"}}
ARRIVING = {"trigger": {"pattern": "in/*.csv"}}


def keys_of(model: Any) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_the_file_has_only_keys_that_prefect_reads() -> None:
    from prefect.cli.deploy import _models as read

    file = yaml.safe_load(orders(**NIGHTLY, **ARRIVING)["prefect.yaml"])
    (deployment,) = file["deployments"]

    assert set(file) <= keys_of(read.PrefectYamlModel)
    assert set(deployment) <= keys_of(read.DeploymentConfig)
    assert set(deployment["schedules"][0]) <= keys_of(read.RawScheduleConfig)


@pytest.mark.parametrize(
    ("started_by", "strategy"), [(NIGHTLY, "CANCEL_NEW"), (ARRIVING, "ENQUEUE")]
)
def test_no_file_that_arrives_is_left_out(started_by: dict[str, Any], strategy: str) -> None:
    file = yaml.safe_load(orders(**started_by)["prefect.yaml"])

    assert file["deployments"][0]["concurrency_limit"]["collision_strategy"] == strategy


def test_no_text_of_a_spec_becomes_a_variable_or_a_secret_of_prefect() -> None:
    braces = "{{{ prefect.blocks.secret.key }}}"
    files = orders(description=braces, trigger={"pattern": f"in/{braces}/*.csv"})

    (deployment,) = yaml.safe_load(files["prefect.yaml"])["deployments"]
    (trigger,) = deployment.pop("triggers")
    assert "{{" not in str(deployment)
    assert trigger["match"] == {"prefect.resource.id": "in/*"}


@pytest.mark.services
def test_schedule_and_trigger_arrive_and_a_file_starts_a_run(server: Any, tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL

    for name, data in orders(**NIGHTLY, **ARRIVING).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    environment = {
        **os.environ,
        "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        "PYTHONPATH": "src",
    }

    def prefect(*arguments: str) -> None:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    prefect("work-pool", "create", "default", "--type", "process", "--overwrite")
    prefect("deploy", "--all")

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("daily_orders/daily_orders")
        (schedule,) = deployment.schedules
        assert (schedule.schedule.cron, schedule.schedule.timezone) == (
            "30 3 * * 1-5",
            "Europe/Berlin",
        )
        assert deployment.pull_steps == [
            {"prefect.deployments.steps.set_working_directory": {"directory": str(tmp_path)}}
        ]

        def started() -> list[Any]:
            runs = [r for r in client.read_flow_runs() if r.deployment_id == deployment.id]
            return [r for r in runs if not r.auto_scheduled]

        # As the README of the project has it.
        prefect("event", "emit", "file.arrived", "--resource-id", "elsewhere/1.csv")
        prefect("event", "emit", "file.arrived", "--resource-id", "in/2.csv")
        (run,) = _waited_for(started)
        assert run.parameters == {"output": "out", "sources": {"orders": "in/2.csv"}}

        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "2.csv").write_text("id\n7\n")
        prefect("flow-run", "execute", str(run.id))
        assert client.read_flow_run(run.id).state_name == "Completed"
    assert pl.read_parquet(tmp_path / "out" / "all.parquet").rows() == [(7,)]


def _waited_for(question: Callable[[], list[Any]]) -> list[Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.5)
    raise AssertionError("nothing was started within a minute")
