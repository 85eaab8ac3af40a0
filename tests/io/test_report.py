"""The run report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_data_engineer.io.report import (
    ExpectationReport,
    OutputReport,
    RunReport,
    SourceReport,
    StepReport,
    write_report,
)

REPORT = RunReport(
    "orders",
    "2024-01-02T03:04:05Z",
    success=True,
    seconds=1.5,
    sources=[SourceReport("raw", "orders.csv", records=10, rows_out=9, rejected=1)],
    steps=[
        StepReport(
            "paid", "filter", rows_in=9, rows_out=5, rejected=0, effect="removes", removed=4
        ),
        StepReport("sums", "aggregate", rows_in=5, rows_out=2, rejected=0, effect="reshapes"),
    ],
    outputs=[OutputReport("out", "sums.parquet", 2)],
    expectations=[
        ExpectationReport("out_1", "out", "expect_x", "critical", True, "polars", "all rows", 2, 0)
    ],
)


def test_the_report_is_plain_json_without_what_is_not_known(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path)
    found = json.loads((tmp_path / "run_report.json").read_text())
    assert found["steps"][0]["removed"] == 4
    assert "removed" not in found["steps"][1]
    assert found["sources"] == [
        {"id": "raw", "uri": "orders.csv", "records": 10, "rows_out": 9, "rejected": 1}
    ]
    assert found["outputs"] == [{"id": "out", "path": "sums.parquet", "rows": 2}]
    assert found["expectations"][0]["unexpected"] == 0


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "run_report.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_report(REPORT, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["run_report.json"]
