"""One question to a person: the form that Prefect shows, and the wait for what is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

from prefect.exceptions import FlowPauseTimeout, Pause
from prefect.flow_runs import pause_flow_run, suspend_flow_run
from prefect.input import RunInput
from prefect.logging import get_run_logger
from prefect.runtime import deployment
from prefect.settings import PREFECT_API_URL
from pydantic import Field, create_model

from ai_data_engineer.errors import AdeError
from ai_data_engineer.reviewing import Shown, Verdict
from ai_data_engineer.settings import load_settings
from ai_data_engineer.spec.findings import Finding
from tasks import events

POLL_SECONDS = 5
MANY = 20
"""Findings that are named above the form; all of them are among the artifacts."""


class Answer(RunInput):
    """What is asked; the server refuses an answer that does not fit, before the run goes on."""

    decision: Literal["accept", "edit", "refuse"] = Field(
        title="Decision",
        description="accept: a project is made of the specification. edit: of the one below, as "
        "you have changed it, once it passes the gates. refuse: the run ends, and there is none.",
        json_schema_extra={"position": 0},
    )
    reviewer: str = Field(
        "",
        title="Your name",
        description="Who decided, for the record of the run.",
        max_length=200,
        json_schema_extra={"position": 1},
    )
    reason: str = Field(
        "",
        title="Reason",
        description="Why, for whoever reads the run later.",
        max_length=4000,
        json_schema_extra={"position": 2},
    )


def ask(shown: Shown) -> Verdict:
    """Return a person's answer: now where it was given, else once the run is resumed.

    A run of a deployment is suspended, and its process ends. One without, as `ade generate` starts
    it, could not be started again by anyone: its process waits.

    Raises:
        AdeError: `E_REVIEW`, the run has neither a deployment nor a server where one could answer;
            `E_REVIEW_TIMEOUT`, nobody answered.
    """
    form, seconds = _form(shown), max(1, round(load_settings().review_days * 86_400))
    if deployment.id is None:
        return _verdict(_wait(shown, form, seconds))
    try:
        answer = suspend_flow_run(wait_for_input=form, timeout=seconds, key=shown.key)
    except Pause:
        # Only now: a run that comes back with its answer asks nobody.
        events.review_requested(shown, seconds)
        events.run_waits()
        raise
    return _verdict(answer)


def answer_key(shown: Shown) -> str:
    """Return the key under which Prefect keeps the answer to a round."""
    state = "paused" if deployment.id is None else "suspended"
    return f"{state}-{shown.key}-response"


def _wait(shown: Shown, form: type[Answer], seconds: int) -> Answer | None:
    if not PREFECT_API_URL.value():
        raise AdeError(
            "A review was asked for, and there is no server where anyone could answer.",
            code="E_REVIEW",
            hint="Start one (`prefect server start`) and set PREFECT_API_URL, or leave out the "
            "review: `ade specify` writes a specification to a file, to be edited and packaged.",
        )
    get_run_logger().warning(
        "This process waits for a review: answer it with Resume, at the run in Prefect's UI."
    )
    events.review_requested(shown, seconds)
    try:
        return pause_flow_run(
            wait_for_input=form, timeout=seconds, poll_interval=POLL_SECONDS, key=shown.key
        )
    except FlowPauseTimeout:
        pass
    raise AdeError(
        f"Nobody reviewed the specification within {load_settings().review_days:g} days.",
        code="E_REVIEW_TIMEOUT",
        hint="Start the run again, or raise ADE_REVIEW_DAYS.",
    )


def _verdict(answer: Answer | None) -> Verdict:
    if answer is None:
        raise AdeError("The run was resumed without an answer.", code="E_REVIEW")
    return Verdict.model_validate(answer.model_dump())


def _form(shown: Shown) -> type[Answer]:
    """Return the form with the text to be edited filled in.

    `with_initial_data` would lose the fields' titles.
    """
    text: Any = Field(
        shown.text,
        title="Specification",
        description="JSON. What you change here is what is made, if it passes the gates. Leave the "
        "`uri` of the sources as they are.",
        # A text field is one line high; this is an editor, which takes what is not JSON as well.
        json_schema_extra={"position": 3, "format": "json-string"},
    )
    form = create_model("Review", __base__=Answer, specification=(str, text))
    form._description = _said(shown)
    return cast(type[Answer], form)


def _said(shown: Shown) -> str:
    provenance = shown.proposed.provenance
    lines = [
        f"## Review of `{str(shown.proposed.document.get('name', ''))[:100]}`",
        *([f"**{shown.note}**"] if shown.note else []),
        f"Written by: {provenance.provider}. The artifact `specification` of this run shows its "
        "steps as a diagram, `findings` and `sample-run` how it did on a sample.",
        *_listed(shown.findings),
    ]
    return "\n\n".join(lines)


def _listed(findings: Sequence[Finding]) -> list[str]:
    lines = [
        f"- **{f.severity}** `{f.code}` at `{f.pointer or '/'}`: {f.message} {f.hint}".rstrip()
        for f in findings[:MANY]
    ]
    if len(findings) > MANY:
        lines.append(f"- … and {len(findings) - MANY} more")
    return ["\n".join(lines)] if lines else []
