"""The verbs, one after the other, as a person uses them."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from ai_data_engineer.cli import app

ROWS = "order_id,amount,status\n" + "".join(
    f"{i},{i}.50,{'paid' if i % 2 else 'open'}\n" for i in range(1, 61)
)


@pytest.fixture
def ade(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """Run a verb in a folder that holds `orders.csv`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADE_HOME", str(tmp_path / "home"))
    (tmp_path / "orders.csv").write_text(ROWS)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, list(arguments))

    return run


def test_a_profile_is_a_table_on_the_terminal(ade: Callable[..., Any]) -> None:
    result = ade("profile", "orders.csv")
    assert result.exit_code == 0
    assert "order_id" in result.stdout
    assert "60 records read of 60" in result.stdout


def test_a_full_profile_reads_every_record(ade: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(ROWS * 30 + "broken\n")
    result = ade("profile", "long.csv", "--full")
    assert result.exit_code == 0
    assert "1,830 records read of 1,830" in result.stdout
    assert "1 × 1 cell instead of 3" in result.stdout
    assert "at line 1,831" in result.stdout
    document = json.loads(ade("profile", "long.csv", "--full", "--json", "-").stdout)
    assert (document["mode"], document["records"]["rejects"][0]["line"]) == ("full", 1831)


def test_a_profile_is_a_page(ade: Callable[..., Any], tmp_path: Path) -> None:
    result = ade("profile", "orders.csv", "--html", "report.html", "--json", "profile.json")
    assert (result.exit_code, result.stdout) == (0, "")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<title>orders.csv: profile</title>" in page
    assert "All 60 records were read." in page

    (tmp_path / "orders.csv").unlink()
    assert ade("profile", "profile.json", "--html", "again.html").exit_code == 0
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_what_changed_is_a_page(ade: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text(ROWS.replace("amount", "total"))
    result = ade("profile", "orders.csv", "later.csv", "--html", "drift.html")
    assert (result.exit_code, result.stdout) == (1, "")
    page = (tmp_path / "drift.html").read_text(encoding="utf-8")
    assert "D_COLUMN_RENAMED" in page
    result = ade("profile", "orders.csv", "orders.csv", "--html", ".")
    assert result.exit_code == 2
    assert "E_OUTPUT" in result.stderr


def test_two_profiles_are_compared(ade: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text(ROWS.replace("amount", "total"))
    same, changed = (
        ade("profile", "orders.csv", "orders.csv"),
        ade("profile", "orders.csv", "later.csv"),
    )
    assert (same.exit_code, changed.exit_code) == (0, 1)
    assert "nothing has changed" in same.stdout
    assert "D_COLUMN_RENAMED" in changed.stdout


def test_a_profile_that_was_written_is_compared_with_a_source(ade: Callable[..., Any]) -> None:
    ade("profile", "orders.csv", "--json", "profile.json")
    drift = json.loads(ade("profile", "profile.json", "orders.csv", "--json", "-").stdout)
    assert drift["before"] == "orders.csv"
    assert drift["changes"] == []


@pytest.mark.bundle
def test_from_a_file_to_outputs_and_a_bundle(ade: Callable[..., Any], tmp_path: Path) -> None:
    specified = ade("specify", "orders.csv", "--goal", "only paid orders, as csv", "-o", "s.json")
    assert specified.exit_code == 0
    assert "Understood “only paid orders”" in specified.stderr
    assert ade("validate", "s.json").exit_code == 0
    assert ade("run", "s.json", "--output", "out").exit_code == 0
    assert pl.read_csv(tmp_path / "out" / "orders.csv")["status"].unique().to_list() == ["paid"]
    assert ade("package", "s.json", "-o", "orders.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "orders.zip") as bundle:
        assert "MANIFEST.json" in bundle.namelist()


def test_a_source_can_be_read_from_elsewhere(ade: Callable[..., Any], tmp_path: Path) -> None:
    ade("specify", "orders.csv", "-o", "s.json")
    (tmp_path / "orders.csv").rename(tmp_path / "moved.csv")
    assert ade("validate", "s.json").exit_code == 2
    assert ade("validate", "s.json", "--source", "orders=moved.csv").exit_code == 0


def test_findings_are_json_when_asked_for(ade: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("{}")
    result = ade("validate", "s.json", "--json", "-")
    assert result.exit_code == 1
    assert {f["code"] for f in json.loads(result.stdout)["findings"]} == {"E_MISSING_FIELD"}


def test_the_doctor_says_what_is_missing_and_never_a_key(
    ade: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "sesame-123")
    monkeypatch.setenv("ADE_GEMINI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    result = ade("doctor")
    assert result.exit_code == 1
    assert "the server in PREFECT_API_URL does not answer" in result.stdout
    assert "sesame" not in result.output


def test_the_doctor_names_a_setting_that_cannot_be_used(
    ade: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_FILE_SIZE", "5 gigs")
    result = ade("doctor")
    assert result.exit_code == 1
    assert "MAX_FILE_SIZE" in result.stdout


def test_the_doctor_says_which_engines_there_are(
    ade: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JAVA_HOME", "SPARK_REMOTE", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "/nowhere")

    said = ade("doctor").stdout

    assert "duckdb: duckdb 2." in said
    assert "spark: Java 17 or newer is not on the path" in said


def test_help_does_not_import_what_only_the_work_needs() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from ai_data_engineer.cli import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0;"
        "print([m for m in ('prefect', 'polars', 'great_expectations') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
