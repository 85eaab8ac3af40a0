"""Gate 3: the spec runs on a sample of its sources, and the expectations judge the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ai_data_engineer.packaging.trial import Trial, try_apart
from ai_data_engineer.rendering.compiled import Judged, StepFailed
from ai_data_engineer.settings import settings
from ai_data_engineer.spec.findings import Finding, Findings
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.validating.report import StepCounts

MANY_REJECTED = 0.1
"""From this share of a source's records on, rejects are worth a warning."""


def check_data(
    spec: PipelineSpec, schemas: Mapping[str, Schema]
) -> tuple[list[StepCounts], list[Finding]]:
    """Return the counts of each step on the sample, and what went wrong there.

    Raises SourceError when a source cannot be read.
    """
    findings = Findings()
    steps: list[StepCounts] = []
    try:
        trial = try_apart(spec, dict(schemas), settings().sample_rows)
    except StepFailed as error:
        place = [index for index, step in enumerate(spec.steps) if step.id == error.step]
        findings.at("steps", *place).error(error.code, error.message, error.hint)
    else:
        steps = _counts(spec, trial)
        _check_sources(spec, trial, findings)
        _check_outputs(spec, trial, findings)
        _check_expectations(spec, trial.expectations, findings)
    return steps, [finding.model_copy(update={"gate": "data"}) for finding in findings.items]


def _counts(spec: PipelineSpec, trial: Trial) -> list[StepCounts]:
    counts = trial.counts
    return [
        StepCounts(
            id=step.id,
            op=step.op,
            rows_in=counts[step.id].rows_in,
            rows_out=counts[step.id].rows_out,
            rejected=counts[step.id].rejected,
        )
        for step in spec.steps
        if step.id in counts
    ]


def _check_sources(spec: PipelineSpec, trial: Trial, findings: Findings) -> None:
    for index, source in enumerate(spec.sources):
        read = trial.sources[source.id]
        at = findings.at("sources", index)
        told = f"{read.rejected} of {read.rows_in} records of the sample are set aside"
        told += f", most often for: {trial.reasons[source.id]}." if read.rejected else "."
        if read.rows_in and not read.rows_out:
            at.error("E_ALL_REJECTED", told, "Mend the types, or read the columns as text.")
        elif read.rejected > MANY_REJECTED * read.rows_in:
            at.warning("W_REJECTED", told, "Look at the types and formats of its columns.")


def _check_outputs(spec: PipelineSpec, trial: Trial, findings: Findings) -> None:
    for index, output in enumerate(spec.outputs):
        if output.input in trial.empty:
            findings.at("outputs", index).warning(
                "W_EMPTY_OUTPUT",
                f"No row of the sample reaches `{output.id}`.",
                "Check the conditions on the way; the whole file may still have rows.",
            )


def _check_expectations(spec: PipelineSpec, judged: list[Judged], findings: Findings) -> None:
    verdicts = {verdict.rule: verdict for verdict in judged}
    seen: Counter[str] = Counter()
    for index, expectation in enumerate(spec.expectations):
        seen[expectation.on] += 1
        verdict = verdicts[f"{expectation.on}_{seen[expectation.on]}"]
        if verdict.success is not False:
            continue
        at = findings.at("expectations", index)
        told = f"{verdict.unexpected} of {verdict.judged} rows of the sample break it."
        if expectation.severity == "critical":
            at.error("E_EXPECTATION", told, "Mend the rows in a step before, or loosen it.")
        else:
            at.warning("W_EXPECTATION", told)
