"""The bundle: how its project did when it was run, and where it lies."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact

from ai_data_engineer.packaging.bundle import BundleRecord
from ai_data_engineer.packaging.places import link_to
from tasks.artifacts.markdown import code, facts, table


def verification(record: BundleRecord) -> None:
    """Leave `verification`: how the project did when it was run on the sample."""
    verified = record.verification
    steps = [
        {
            "Step": step.id,
            "In": str(step.rows_in),
            "Out": str(step.rows_out),
            "Set aside": str(step.rejected),
            "Removed": "" if step.removed is None else str(step.removed),
        }
        for step in verified.steps
    ]
    expectations = [
        {
            "Expectation": e.type,
            "On": e.on,
            "Severity": e.severity,
            "Holds": "yes" if e.success else "no",
            "Judged by": e.judged_by,
        }
        for e in verified.expectations
    ]
    about = {
        "Isolation": verified.isolation,
        "Tests": f"{verified.tests.passed} passed, {verified.tests.failed} failed",
        "Seconds": ", ".join(f"{name} {took:.1f}" for name, took in record.seconds.items()),
    }
    create_markdown_artifact(
        "\n".join(
            [
                "# Verification",
                "",
                *facts(about),
                "",
                "## Rows of the sample",
                "",
                *table(steps),
                *(["", "## Expectations", "", *table(expectations)] if expectations else []),
            ]
        ),
        key="verification",
        description="The rendered project, run on the sample before it was zipped.",
    )


def bundle_link(record: BundleRecord, package: str) -> None:
    """Leave `bundle`: where the ZIP lies and how the project in it, a Python package, is run."""
    address = link_to(record.path)
    about = {
        "Lies at": code(record.path),
        "Size": f"{record.size_bytes:,} bytes, {record.files} files",
        "sha256": code(record.sha256),
    }
    create_markdown_artifact(
        "\n".join(
            [
                f"# [{record.name}]({address})",
                "",
                *facts(about),
                "",
                "Unpacked, it runs by itself; its README says more:",
                "",
                "```sh",
                "python -m pip install -r requirements.lock",
                "python -m pip install --no-deps -e .",
                f"python -m {package} run --output out",
                "```",
            ]
        ),
        key="bundle",
        description=f"The bundle: {record.files} files, sha256 {record.sha256}",
    )
