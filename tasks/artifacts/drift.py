"""A pipeline whose sources may have changed: what did, and which steps it concerns."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact

from ai_data_engineer.io.addresses import redact
from ai_data_engineer.profiling.drift import Change
from ai_data_engineer.refreshing import InUse, Proposal, Standing, touched
from tasks.artifacts.markdown import code, table, text

_MEANS = {
    "critical": "refuses or misreads the data",
    "warning": "runs; its figures may mislead",
    "info": "runs as before",
}


def drift_report(
    used: InUse, now: Standing, proposal: Proposal | None = None, *, is_reviewed: bool = False
) -> None:
    """Leave `drift`: what changed of each source, and which steps it concerns.

    `proposal` is what is proposed instead; None where the pipeline still fits. `is_reviewed`: the
    run waits for a person who reviews it.
    """
    spec = used.proposed.spec
    verdict = "still fits its sources" if now.fits else "no longer fits its sources"
    lines = [f"# {text(spec.name)} {verdict}"]
    for source, found in zip(spec.sources, now.drifts, strict=True):
        lines += ["", f"## Source {source.id}", "", code(redact(source.uri)), ""]
        rows = [
            {
                "Severity": change.severity,
                "Column": change.column or "",
                "What changed": change.message,
                "Code": change.code,
                "Steps it concerns": _steps(touched(spec, source, change), change),
                "What the pipeline does": _MEANS[change.severity],
            }
            for change in found.changes
        ]
        lines += table(rows) or ["Nothing changed."]
    if now.errors:
        rows = [
            {"Code": f.code, "Where": f.pointer or "/", "What": f"{f.message} {f.hint}".strip()}
            for f in now.errors
        ]
        lines += ["", "## What the gates find of it now", "", *table(rows)]
    if proposal is not None:
        lines += ["", "## What now", "", *_what_now(proposal, is_reviewed)]
    create_markdown_artifact(
        "\n".join(lines),
        key="drift",
        description="What changed of the sources since the pipeline was made.",
    )


def _steps(ids: list[str], change: Change) -> str:
    return ", ".join(ids) or ("none names it" if change.column else "")


def _what_now(proposal: Proposal, is_reviewed: bool) -> list[str]:
    if proposal.proposed is None:
        return [
            "No record is left to make a specification of, so nothing is proposed. Mend the "
            "source; the pipeline in use was left as it is."
        ]
    where = f", and lies at `{proposal.path}`" if proposal.path else ""
    proposed = proposal.proposed.spec.to_json().replace("```", "'''")
    how = "Answer the review of this run" if is_reviewed else "Run this deployment again"
    how += " with **accept** to put"
    return [
        f"The pipeline in use was left as it is. {how} the following specification in its place. "
        f"It has passed the gates{where}.",
        "",
        "```json",
        proposed.rstrip(),
        "```",
    ]
