"""What cells hold is in outputs, rejects, samples and profiles, and nowhere else."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ai_data_engineer.cli import app
from ai_data_engineer.errors import AdeError
from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.prompt import Repair, question
from ai_data_engineer.validating import validate

pytestmark = pytest.mark.bundle

ROWS = 80
MODEL = Author(provider="gemini")
Spec = dict[str, Any]


def cell(name: str, row: int) -> str:
    return f"zq{name}{row:03d}x"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table whose every cell is like nothing else: `zq`, the column, the row."""
    lines = ["key,amount,placed,status"]
    for row in range(ROWS):
        status = cell("status", row % 2)
        lines.append(f"{cell('key', row)},{cell('amount', row)},{cell('placed', row)},{status}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join([*lines, ""]))
    return path


def step(**parameters: Any) -> Spec:
    return {"id": "step", "inputs": ["table"], **parameters}


def rule(kind: str, **kwargs: Any) -> Spec:
    return {"on": "table", "type": f"expect_{kind}", "kwargs": kwargs}


FAILURES: dict[str, Spec] = {
    "a cast that fails": {"steps": [step(op="cast", columns={"amount": "int64"}, on_error="fail")]},
    "a cast that sets all aside": {"steps": [step(op="cast", columns={"amount": "date"})]},
    "a date that fails": {
        "steps": [step(op="parse_date", columns=["placed"], formats=["%Y-%m-%d"], on_error="fail")]
    },
    "a join that multiplies": {
        "steps": [
            step(
                op="join", inputs=["table", "table"], left_on=["status"], cardinality="one_to_one"
            )
        ]
    },
    "a broken pattern": {"steps": [step(op="extract", column="key", pattern="(", into=["x"])]},
    "a source of numbers": {"types": {"amount": "int64"}, "on_error": "fail"},
    "a source of dates": {"types": {"placed": "date"}, "on_error": "quarantine"},
    "expectations that fail": {
        "expectations": [
            rule("column_values_to_be_unique", column="status"),
            rule("column_values_to_match_regex", column="key", regex="^a"),
            rule("column_values_to_be_in_set", column="status", value_set=["a"]),
            rule("column_values_to_be_between", column="amount", max_value="a"),
            rule("column_value_lengths_to_equal", column="placed", value=1),
            rule("column_max_to_be_between", column="key", max_value="a"),
        ]
    },
    "an output that is taken": {"output": {"mode": "upsert", "keys": ["status"]}},
    "nothing": {},
}  # fmt: skip


def document(path: Path, wrong: Spec) -> Spec:
    types = wrong.get("types", {})
    steps = wrong.get("steps", [])
    return {
        "spec_version": "1",
        "name": "table",
        "sources": [
            {
                "id": "table",
                "uri": str(path),
                "format": "csv",
                "columns": [
                    {"name": name, "source_name": name, "type": types.get(name, "string")}
                    for name in ("key", "amount", "placed", "status")
                ],
                "on_error": wrong.get("on_error", "quarantine"),
            }
        ],
        "steps": steps,
        "outputs": [
            {
                "id": "out",
                "input": "step" if steps else "table",
                "path": "out.ndjson",
                "format": "ndjson",
                **wrong.get("output", {}),
            }
        ],
        "expectations": wrong.get("expectations", []),
    }


def assert_nothing_told(text: str) -> None:
    assert re.findall(r"zq[a-z]+[0-9]+x", text) == []


@pytest.mark.parametrize("wrong", FAILURES.values(), ids=FAILURES)
def test_no_cell_is_told_by_validate_or_run(
    ade: Callable[..., str], table: Path, tmp_path: Path, wrong: Spec
) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(document(table, wrong)))
    output = tmp_path / "out"

    said = ade("validate", spec, "--json", tmp_path / "report.json")
    said += ade("run", spec, "--output", output)

    assert_nothing_told(said)
    reports = [tmp_path / "report.json", output / "run_report.json", output / "run_report.md"]
    assert_nothing_told("".join(p.read_text() for p in reports if p.exists()))
    kept = {p.name for p in output.iterdir()} if output.exists() else set()
    assert kept <= {"out.ndjson", "rejects.ndjson", "run_report.json", "run_report.md"}


@pytest.fixture
def ade(capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a verb and return all that it and the processes it starts have said."""

    def run(*arguments: object) -> str:
        told = CliRunner().invoke(app, [str(argument) for argument in arguments]).output
        said = f"{told}{''.join(capfd.readouterr())}"
        assert "E_INTERNAL" not in said
        return said

    return run


def test_a_model_is_sent_no_cell(table: Path) -> None:
    profile = profile_source(str(table))
    answer = document(table, FAILURES["a cast that fails"])
    report = validate(answer)

    repair = Repair({"steps": []}, answer, report.errors)
    prompt = question([("table", profile)], "the goal", MODEL, repair=repair).question.prompt

    assert "the goal" in prompt
    assert report.errors
    assert_nothing_told(prompt)


def test_a_shape_tells_no_digit_of_any_script(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(
        "id,code\n" + "".join(f"{n},X-٠٦٤٣٢{'٠١٢٣٤٥٦٧٨٩'[n % 10]}\n" for n in range(40))
    )

    prompt = question([("codes", profile_source(str(path)))], "", MODEL).question.prompt

    assert "٦٤٣" not in prompt


def test_a_bundle_holds_cells_only_where_its_readme_says_so(table: Path, tmp_path: Path) -> None:
    profile = profile_source(str(table))
    wrong = {
        "expectations": [
            {**FAILURES["expectations that fail"]["expectations"][1], "severity": "warning"}
        ]
    }
    spec = PipelineSpec.model_validate(document(table, wrong))

    record = package(spec, [profile], tmp_path / "table.zip")

    with zipfile.ZipFile(record.path) as archive:
        for name in archive.namelist():
            if not name.startswith(("sample/", "tests/cases/", "profile/")):
                assert_nothing_told(archive.read(name).decode())


def test_a_verification_that_fails_tells_no_cell(table: Path, tmp_path: Path) -> None:
    for wrong in (FAILURES["a cast that fails"], FAILURES["expectations that fail"]):
        with pytest.raises(AdeError) as caught:
            package(PipelineSpec.model_validate(document(table, wrong)), [], tmp_path / "t.zip")
        assert_nothing_told(str(caught.value))
