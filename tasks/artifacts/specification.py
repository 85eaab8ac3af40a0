"""A proposed specification: who wrote it and what that cost, its steps as a diagram and a table."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact
from pydantic import ValidationError

from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.provenance import Provenance, Specified
from tasks.artifacts.diagram import diagram
from tasks.artifacts.markdown import facts, table, text


def specification(proposed: Specified) -> None:
    """Leave `specification`, and `cost` where a model was asked."""
    try:
        body = _steps(proposed.spec)
    except ValidationError:
        body = ["The answer does not have the shape of a specification; see the findings."]
    create_markdown_artifact(
        "\n".join(["# Specification", "", *_origin(proposed), "", *body]),
        key="specification",
        description="The pipeline as it was proposed last.",
    )
    if proposed.provenance.asked:
        _cost(proposed.provenance)


def _origin(proposed: Specified) -> list[str]:
    provenance = proposed.provenance
    model = provenance.asked[-1].model if provenance.asked else None
    origin = [f"Written by: {provenance.provider}"]
    if provenance.fell_back:
        origin += ["", f"**In place of a model:** {text(provenance.fell_back_because)}"]
    elif model:
        origin[0] += f", model {text(model)}"
    if provenance.reviewed == "edited":
        origin += ["", "Edited by a person."]
    if proposed.from_cache:
        origin += ["", "The same was asked before: this is the answer of then, judged anew."]
    if proposed.suggestions:
        alike = [f"- {text(goal)}" for goal in proposed.suggestions]
        origin += ["", "Asked before of such sources, in other words:", "", *alike]
    return origin


def _steps(spec: PipelineSpec) -> list[str]:
    steps = [
        {"Step": step.id, "Does": step.op, "Takes": ", ".join(step.inputs), "Why": step.note}
        for step in spec.steps
    ]
    outputs = [
        {"Output": o.id, "Of": o.input, "Format": o.format, "Path": o.path} for o in spec.outputs
    ]
    drawn = diagram(spec)
    assumptions = [f"- {text(a)}" for a in spec.assumptions]
    return [
        *([drawn, ""] if drawn else []),
        *(["## Assumptions", "", *assumptions, ""] if assumptions else []),
        *(["## Steps", "", *table(steps), ""] if steps else []),
        "## Outputs",
        "",
        *table(outputs),
    ]


def _cost(provenance: Provenance) -> None:
    attempts = [
        {
            "Attempt": str(number),
            "By": attempt.provider,
            "Requests": str(attempt.calls),
            "Tokens sent": f"{attempt.input_tokens:,}",
            "Tokens answered": f"{attempt.output_tokens:,}",
            "US dollars": _dollars(attempt.cost),
            "Findings before": str(len(attempt.findings)),
            "Ended with": attempt.error or "an answer",
        }
        for number, attempt in enumerate(provenance.attempts, 1)
    ]
    about = {
        "US dollars": _dollars(provenance.cost) or "not known: nobody says what the model costs",
        "Tokens": f"{provenance.tokens:,}",
        "Requests": str(sum(attempt.calls for attempt in provenance.attempts)),
    }
    create_markdown_artifact(
        "\n".join(["# What the specification cost", "", *facts(about), "", *table(attempts)]),
        key="cost",
        description="What models were asked, and what for.",
    )


def _dollars(cost: float | None) -> str:
    return "" if cost is None else f"{cost:.4f}"
