"""The nightly maintenance as a flow on a server."""

import json
import os
import tempfile
import time
import zipfile

import pytest
from prefect import flow, task

from deployments.api import server_api
from deployments.upkeep.old_results import results_in_use
from flows import maintain as module
from flows.maintain import MaintainRequest, maintain

pytestmark = pytest.mark.server


@pytest.fixture
def left_behind(tmp_path, home, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = tmp_path / "ade-run-ab_12xyz"
    path.write_bytes(b"x" * 1000)
    os.utime(path, (time.time() - 3 * 86400,) * 2)
    return path


def test_a_dry_run_says_what_would_go_and_changes_nothing(server, left_behind, home):
    state = maintain(MaintainRequest(dry_run=True), return_state=True)

    assert state.message.startswith("Would free")
    assert left_behind.exists()
    assert not (home / "backups").exists()


def test_a_part_that_fails_stops_no_other(server, left_behind, home, left, monkeypatch):
    # There is no folder for backups where a file lies.
    home.mkdir()
    (home / "backups").touch()

    state = maintain(return_state=True)

    assert state.is_failed()
    assert state.message.endswith("Failed: backup; the others are done.")
    assert not left_behind.exists()
    traces = left(str(state.state_details.flow_run_id))
    table = {row["part"]: row for row in json.loads(traces.artifacts()["maintenance"])}
    assert table["backup"]["outcome"] == "failed"
    assert table["backup"][""].startswith("E_OUTPUT")
    assert table["temporary-files"] == {
        "part": "temporary-files", "outcome": "done", "removed": 1, "bytes": 1000, "": ""
    }  # fmt: skip
    assert {row["outcome"] for name, row in table.items() if name != "backup"} == {"done"}
    assert traces.events("ade.maintenance.completed") == ["ade.maintenance.completed"]


def test_it_makes_a_backup_and_keeps_as_many_as_it_is_told(server, left_behind, home):
    (home / "backups").mkdir(parents=True)
    (home / "backups" / "ade-20200101T000000Z.zip").touch()

    state = maintain(MaintainRequest(backups=1), return_state=True)

    assert state.is_completed()
    (backup,) = (home / "backups").iterdir()
    assert "manifest.json" in zipfile.ZipFile(backup).namelist()


def test_what_a_run_that_is_not_over_has_stored_is_in_use(server):
    """It may wait for a person for weeks, and begins anew with what is stored."""

    @task(persist_result=True)
    def profile():
        return {"rows": 5}

    @flow
    def waiting():
        stored = profile(return_state=True).data.metadata.storage_key
        with server_api() as api:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:  # states of tasks arrive some time after
                if stored.rpartition("/")[2] in results_in_use(api):
                    return True
                time.sleep(0.2)
        return False

    assert waiting()


def test_each_part_is_a_task_of_its_own():
    assert [part.name for part in module.PARTS] == [
        "temporary-files", "expired-results", "shared-state",
        "old-bundles", "old-runs", "backup", "keys",
    ]  # fmt: skip
