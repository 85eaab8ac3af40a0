"""What a run leaves to look at in Prefect's UI. Names, types and counts; no value of a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.logging import get_run_logger
from pydantic import ValidationError

from ai_data_engineer.packaging.bundle import BundleRecord
from ai_data_engineer.packaging.places import link_to
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.provenance import Specified
from ai_data_engineer.validating import ValidationReport


class Progress:
    """A bar among the artifacts of a run; calling it moves the bar and logs what comes next."""

    def __init__(self, first: str) -> None:
        self._log = get_run_logger()
        self._id = UUID(str(create_progress_artifact(0.0, key="progress", description=first)))
        self._log.info(first)

    def __call__(self, percent: float, now: str) -> None:
        """Move the bar to `percent`; `now` says what is being done from here on."""
        update_progress_artifact(self._id, progress=percent, description=now)
        self._log.info(now)


def profile_report(profile: FileProfile) -> None:
    """Leave `profile-<name>`: what the source is and what its columns are."""
    total = f"{profile.records.total:,}{'' if profile.records.total_is_exact else ' (estimated)'}"
    facts = {
        "Source": _code(profile.uri),
        "Format": " ".join(filter(None, (profile.format, profile.compression, profile.encoding))),
        "Size": f"{profile.size_bytes:,} bytes",
        "Records": f"{total}, {profile.records.read:,} of them read",
        "Set aside": f"{profile.records.rejected:,} of those read",
        "Keys": ", ".join(" + ".join(key) for key in profile.candidate_keys) or "none found",
    }
    columns = [
        {
            "Column": column.name,
            "Found as": column.source_name,
            "Type": str(column.type),
            "Nulls": f"{column.null_count:,}",
            "Unreadable": f"{column.unparsed_count:,}",
            "Distinct": f"{'' if column.distinct_is_exact else '≈ '}{column.distinct_count:,}",
            "Meaning": column.semantic or "",
            "Personal data": column.pii or "",
        }
        for column in profile.columns
    ]
    warnings = [f"- `{w.code}` {_text(w.message)}" for w in profile.warnings]
    create_markdown_artifact(
        "\n".join(
            [
                f"# Profile of {_text(profile.name)}",
                "",
                *(f"- **{name}:** {value}" for name, value in facts.items()),
                "",
                *_table(columns),
                *(["", "## Warnings", "", *warnings] if warnings else []),
            ]
        ),
        key=_key("profile", profile.name),
        description=f"What was measured of {profile.name}.",
    )


def specification(proposed: Specified) -> None:
    """Leave `specification`: who wrote it and why, its steps as a diagram and a table."""
    try:
        body = _steps(proposed.spec)
    except ValidationError:
        body = ["The answer does not have the shape of a specification; see the findings."]
    create_markdown_artifact(
        "\n".join(["# Specification", "", *_origin(proposed), "", *body]),
        key="specification",
        description="The pipeline as it was proposed last.",
    )


def _origin(proposed: Specified) -> list[str]:
    provenance = proposed.provenance
    model = provenance.asked[-1].model if provenance.asked else None
    origin = [f"Written by: {provenance.provider}"]
    if provenance.fell_back:
        origin += ["", f"**In place of a model:** {_text(provenance.fell_back_because)}"]
    elif model:
        origin[0] += f", model {_text(model)}"
    if proposed.from_cache:
        origin += ["", "The same was asked before: this is the answer of then, judged anew."]
    if proposed.suggestions:
        alike = [f"- {_text(goal)}" for goal in proposed.suggestions]
        origin += ["", "Asked before of such sources, in other words:", "", *alike]
    if not provenance.asked:
        return origin
    attempts = [
        {
            "Attempt": str(number),
            "By": attempt.provider,
            "Requests": str(attempt.calls),
            "Tokens sent": f"{attempt.input_tokens:,}",
            "Tokens answered": f"{attempt.output_tokens:,}",
            "US dollars": "" if attempt.cost is None else f"{attempt.cost:.4f}",
            "Findings before": str(len(attempt.findings)),
            "Ended with": attempt.error or "an answer",
        }
        for number, attempt in enumerate(provenance.attempts, 1)
    ]
    return [*origin, "", *_table(attempts)]


def _steps(spec: PipelineSpec) -> list[str]:
    steps = [
        {"Step": step.id, "Does": step.op, "Takes": ", ".join(step.inputs), "Why": step.note}
        for step in spec.steps
    ]
    outputs = [
        {"Output": o.id, "Of": o.input, "Format": o.format, "Path": o.path} for o in spec.outputs
    ]
    return [
        *_diagram(spec),
        "",
        *(
            ["## Assumptions", "", *(f"- {_text(a)}" for a in spec.assumptions), ""]
            if spec.assumptions
            else []
        ),
        *(["## Steps", "", *_table(steps), ""] if steps else []),
        "## Outputs",
        "",
        *_table(outputs),
    ]


def _diagram(spec: PipelineSpec) -> list[str]:
    # Ids are lower-case identifiers; the prefix keeps words of mermaid's own, such as `end`, apart.
    lines = ["```mermaid", "flowchart TD"]
    lines += [f"  n_{source.id}[({source.id})]" for source in spec.sources]
    lines += [f'  n_{step.id}["{step.id}: {step.op}"]' for step in spec.steps]
    lines += [f"  n_{source} --> n_{step.id}" for step in spec.steps for source in step.inputs]
    lines += [f'  n_{o.input} --> o_{o.id}[/"{o.id}: {o.format}"/]' for o in spec.outputs]
    return [*lines, "```"]


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
    tests = verified.tests
    create_markdown_artifact(
        "\n".join(
            [
                "# Verification",
                "",
                f"- **Isolation:** {_text(verified.isolation)}",
                f"- **Tests:** {tests.passed} passed, {tests.failed} failed",
                f"- **Seconds:** {sum(record.seconds.values()):.1f}",
                "",
                "## Rows of the sample",
                "",
                *_table(steps),
                *(["", "## Expectations", "", *_table(expectations)] if expectations else []),
            ]
        ),
        key="verification",
        description="The rendered project, run on the sample before it was zipped.",
    )


def bundle_link(record: BundleRecord) -> None:
    """Leave `bundle`: a link to the ZIP."""
    create_link_artifact(
        link=link_to(record.path),
        key="bundle",
        link_text=record.name,
        description=f"The bundle: {record.files} files, sha256 {record.sha256}, at {record.path}",
    )


def _table(rows: Sequence[dict[str, str]]) -> list[str]:
    if not rows:
        return []
    return [
        f"| {' | '.join(rows[0])} |",
        f"|{'---|' * len(rows[0])}",
        *(f"| {' | '.join(_text(value) for value in row.values())} |" for row in rows),
    ]


def _text(text: str) -> str:
    """Return text from outside so that Markdown shows it and does not read it."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_{}\[\]|#!])", r"\\\1", plain)


def _code(text: str) -> str:
    return f"`{' '.join(text.split()).replace('`', '')}`"


def _key(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")
