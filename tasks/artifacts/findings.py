"""What is wrong with a specification, and how it did on the sample."""

from __future__ import annotations

from prefect.artifacts import create_table_artifact

from ai_data_engineer.validating import ValidationReport


def findings(report: ValidationReport) -> None:
    """Leave `findings`, and `sample-run` when the spec was run on the sample."""
    rows = [
        {
            "Severity": f.severity,
            "Gate": f.gate,
            "Code": f.code,
            "Where": f.pointer or "/",
            "What": f"{f.message} {f.hint}".strip(),
        }
        for f in report.findings
    ]
    none = [{"Severity": "none", "Gate": "", "Code": "", "Where": "", "What": "Nothing is wrong."}]
    create_table_artifact(rows or none, key="findings", description="What the three gates found.")
    if report.steps:
        create_table_artifact(
            [step.to_dict() for step in report.steps],
            key="sample-run",
            description="Rows in and out of each step, on the sample.",
        )
