"""Columns and types, carried from the sources through every step."""

from __future__ import annotations

from collections.abc import Mapping

from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.spec import PipelineSpec, Source
from ai_data_engineer.types import STRING


def propagate(spec: PipelineSpec, findings: Findings) -> dict[str, Schema]:
    """Return the schema behind each source and step, in the order they can run.

    What is wrong is added to `findings` under `/steps/N`. A step whose inputs are unknown, or whose
    own columns cannot be told, is left out, so one mistake is reported once and not by all that
    follows. Steps may stand in any order in the document.
    """
    known = {source.id: source_schema(source) for source in spec.sources}
    for index in execution_order(spec, findings):
        step = spec.steps[index]
        at = findings.at("steps", index)
        if all(i in known for i in step.inputs) and _has_right_inputs(step, at):
            schema = step.propagate([known[i] for i in step.inputs], at)
            if schema is not None:
                known[step.id] = schema
    return known


def source_schema(source: Source) -> Schema:
    """Return the typed columns of a source; parsing with `null` may add nulls to any column."""
    columns = {
        c.name: Column(
            type=c.type,
            nullable=c.nullable or (source.on_error == "null" and c.type.name != "string"),
            pii=c.pii,
        )
        for c in source.columns
    }
    if source.file_column is not None:
        columns[source.file_column] = Column(STRING, nullable=False)
    return Schema(columns)


def execution_order(spec: PipelineSpec, findings: Findings) -> list[int]:
    """Return step indexes so that inputs come first, document order where it is free.

    Adds `E_UNKNOWN_INPUT` and `E_CYCLE`; steps in a cycle, and those behind it, are left out.
    """
    places = {step.id: index for index, step in enumerate(spec.steps)}
    sources = {source.id for source in spec.sources}
    waiting: dict[int, set[str]] = {}
    for index, step in enumerate(spec.steps):
        for position, needed in enumerate(step.inputs):
            if needed not in places and needed not in sources:
                findings.at("steps", index, "inputs", position).error(
                    "E_UNKNOWN_INPUT",
                    f"Step `{step.id}` takes `{needed}`, and no source or step has that id.",
                    nearest(needed, [*sources, *places]),
                )
        waiting[index] = {i for i in step.inputs if i in places}
    order: list[int] = []
    done: set[str] = set()
    while (ready := next((i for i, needs in waiting.items() if needs <= done), None)) is not None:
        del waiting[ready]
        done.add(spec.steps[ready].id)
        order.append(ready)
    for index in sorted(_in_cycle(spec, waiting)):
        findings.at("steps", index, "inputs").error(
            "E_CYCLE",
            f"Step `{spec.steps[index].id}` needs its own result, through {_path(spec, index)}.",
            "Let one of these steps take an earlier step or a source instead.",
        )
    return order


def _in_cycle(spec: PipelineSpec, waiting: Mapping[int, set[str]]) -> set[int]:
    """Of the steps that cannot run, keep those that reach themselves."""
    return {index for index in waiting if spec.steps[index].id in _reached(spec, index)}


def _reached(spec: PipelineSpec, index: int) -> set[str]:
    by_id = {step.id: step for step in spec.steps}
    seen: set[str] = set()
    todo = list(spec.steps[index].inputs)
    while todo:
        current = todo.pop()
        if current in by_id and current not in seen:
            seen.add(current)
            todo.extend(by_id[current].inputs)
    return seen


def _path(spec: PipelineSpec, index: int) -> str:
    """Name the way from a step back to itself."""
    by_id = {step.id: step for step in spec.steps}
    start = spec.steps[index].id
    paths = [[start]]
    while paths:
        path = paths.pop(0)
        for needed in by_id[path[-1]].inputs:
            if needed == start:
                return " ← ".join(f"`{i}`" for i in [*path, start])
            if needed in by_id and needed not in path:
                paths.append([*path, needed])
    return f"`{start}`"


def _has_right_inputs(step: Step, findings: Findings) -> bool:
    fewest, most = step.input_count
    given = len(step.inputs)
    if given >= fewest and (most is None or given <= most):
        return True
    wanted = (
        f"{fewest}"
        if fewest == most
        else f"{fewest} or more"
        if most is None
        else f"{fewest} to {most}"
    )
    findings.at("inputs").error(
        "E_INPUT_COUNT",
        f"`{step.op}` takes {wanted} input{'s' if wanted != '1' else ''}, not {given}.",
    )
    return False
