"""Who judges what: the run, Great Expectations, and what a person is told of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.errors import VerificationError
from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.spec.spec import PipelineSpec

pytestmark = pytest.mark.bundle

EVENTS = """\
id,kind,price,noted,payload
1,open,1.10,2 Jan 2024,"{""user"": ""a""}"
2,paid,2.20,2024-01-03,"{""user"": ""b""}"
3,paid,3.30,03/01/2024 10:00,"{""user"": ""c"", ""age"": 3}"
"""
USER = {"type": "object", "required": ["user"]}


def events(path: Path, *expectations: tuple[str, dict[str, Any], str]) -> PipelineSpec:
    path.write_text(EVENTS)
    types = {"id": "int64", "price": "decimal(9,2)"}
    return PipelineSpec.model_validate(
        {
            "name": "events",
            "sources": [
                {
                    "id": "raw",
                    "uri": str(path),
                    "format": "csv",
                    "columns": [
                        {"name": name, "type": types.get(name, "string")}
                        for name in ("id", "kind", "price", "noted", "payload")
                    ],
                }
            ],
            "outputs": [{"id": "events", "input": "raw", "path": "events.parquet"}],
            "expectations": [
                {"on": "events", "type": f"expect_{t}", "kwargs": k, "severity": s}
                for t, k, s in expectations
            ],
        }
    )


RULES: list[tuple[str, dict[str, Any], str]] = [
    ("column_values_to_be_unique", {"column": "id"}, "critical"),
    ("column_values_to_match_like_pattern", {"column": "kind", "like_pattern": "p%"}, "warning"),
    ("column_values_to_be_of_type", {"column": "price", "type_": "decimal(9,2)"}, "critical"),
    ("column_values_to_be_json_parseable", {"column": "payload"}, "critical"),
    ("column_values_to_match_json_schema", {"column": "payload", "json_schema": USER}, "critical"),
    ("column_values_to_be_dateutil_parseable", {"column": "kind"}, "warning"),
    (
        "column_kl_divergence_to_be_less_than",
        {
            "column": "kind",
            "partition_object": {"values": ["open", "paid"], "weights": [0.4, 0.6]},
            "threshold": 0.1,
        },
        "critical",
    ),
]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, make_bundle: Any) -> Any:
    folder = tmp_path_factory.mktemp("events")
    return make_bundle(events(folder / "events.csv", *RULES), folder)


def test_the_record_says_who_judged_each_rule_on_the_sample(bundle: Any) -> None:
    verification = bundle.record.verification

    assert [
        (e.rule, e.success, e.judged_by, e.great_expectations_agrees)
        for e in verification.expectations
    ] == [
        ("events_1", True, "polars", True),
        ("events_2", False, "polars", False),
        ("events_3", True, "polars", False),
        ("events_4", True, "great_expectations", True),
        ("events_5", True, "great_expectations", True),
        ("events_6", False, "great_expectations", True),
        ("events_7", True, "great_expectations", True),
    ]
    assert verification.judged_by_great_expectations == 5


def test_a_run_passes_over_nothing_in_silence(bundle: Any) -> None:
    ran = bundle.run("run", "--output", "out")
    report = json.loads((bundle.folder / "out" / "run_report.json").read_text())

    assert ran.returncode == 0, ran.stderr
    judged = {
        e["rule"]: (e["success"], e["judged_by"], e["judged_on"]) for e in report["expectations"]
    }
    assert judged["events_1"] == (True, "polars", "all rows")
    assert judged["events_4"] == (None, "great_expectations", "sample")
    told = [line.split(" | ") for line in ran.stdout.splitlines() if "| expect_" in line]
    outcomes = {cells[1].strip(): cells[5].strip() for cells in told}
    assert outcomes["expect_column_values_to_match_like_pattern"].startswith("FAILS: ")
    assert outcomes["expect_column_values_to_be_json_parseable"] == "not judged here"


def test_the_readme_says_who_judges(bundle: Any) -> None:
    readme = (bundle.folder / "README.md").read_text()

    assert (
        "| events_1 | events | expect_column_values_to_be_unique | id | critical "
        "| the run, on all rows |"
    ) in readme
    assert "| critical | Great Expectations, on the sample only |" in readme


@pytest.mark.filterwarnings("ignore")
def test_great_expectations_loads_the_folder_as_it_stands(bundle: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pyspark", None)
        import great_expectations as gx
    files = {p: p.read_bytes() for p in (bundle.folder / "gx").rglob("*") if p.is_file()}

    context = gx.get_context(mode="file", project_root_dir=bundle.folder)
    suite = context.suites.get("events")

    assert [e.meta["rule"] for e in suite.expectations] == [f"events_{n}" for n in range(1, 8)]
    assert {e.severity.value for e in suite.expectations} == {"critical", "warning"}
    found = {p: p.read_bytes() for p in (bundle.folder / "gx").rglob("*") if p.is_file()}
    assert found == files


def test_a_critical_rule_that_fails_in_great_expectations_alone_makes_no_bundle(
    tmp_path: Path,
) -> None:
    rule = ("column_values_to_be_json_parseable", {"column": "kind"}, "critical")
    with pytest.raises(VerificationError, match="test_great_expectations_agrees"):
        package(events(tmp_path / "events.csv", rule), [], tmp_path / "events.zip")


@pytest.mark.parametrize(
    ("severity", "code", "published"), [("critical", 1, False), ("warning", 0, True)]
)
def test_severity_decides_whether_anything_is_published(
    unpacked: Any, tmp_path: Path, severity: str, code: int, published: bool
) -> None:
    rule = ("column_values_to_be_unique", {"column": "id"}, severity)
    project = unpacked(events(tmp_path / "events.csv", rule))
    (project.folder / "out").mkdir()
    (project.folder / "out" / "events.parquet").write_bytes(b"what was there before")
    (tmp_path / "again.csv").write_text(EVENTS + EVENTS.splitlines()[1] + "\n")

    ran = project.run("run", "--source", str(tmp_path / "again.csv"), "--output", "out")

    assert ran.returncode == code
    written = (project.folder / "out" / "events.parquet").read_bytes() != b"what was there before"
    assert written is published
    report = json.loads((project.folder / "out" / "run_report.json").read_text())
    assert [(e["success"], e["unexpected"]) for e in report["expectations"]] == [(False, 2)]
