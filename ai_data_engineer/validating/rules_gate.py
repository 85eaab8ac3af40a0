"""Gate 2: what a schema cannot say: names, columns, types, order, paths, personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from ai_data_engineer.spec.casting import parse_text
from ai_data_engineer.spec.code import col
from ai_data_engineer.spec.findings import Finding, Findings, nearest
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Output, PipelineSpec
from ai_data_engineer.validating.expectation_rules import check_expectation

RESERVED = ("rejects.ndjson", "run_report.json", "run_report.md")
"""What every run writes itself."""


def check_rules(spec: PipelineSpec) -> tuple[dict[str, Schema], list[Finding]]:
    """Return the schema behind each source, step and output, and what breaks the rules."""
    findings = Findings()
    _check_ids(spec, findings)
    _check_parsing(spec, findings)
    schemas = propagate(spec, findings)
    _check_use(spec, findings)
    clashing = _clashing(spec.outputs)
    for index, output in enumerate(spec.outputs):
        at = findings.at("outputs", index)
        _check_output(spec, output, schemas, at)
        if index in clashing:
            at.at("path").error(
                "E_DUPLICATE_PATH",
                "Two outputs would write to the same place.",
                "Give each its own path.",
            )
    schemas |= {o.id: schemas[o.input] for o in spec.outputs if o.input in schemas}
    for index, expectation in enumerate(spec.expectations):
        check_expectation(expectation, _places(spec), schemas, findings.at("expectations", index))
    _check_schedule(spec, findings)
    return schemas, findings.items


def _places(spec: PipelineSpec) -> list[str]:
    return [*_inputs(spec), *(output.id for output in spec.outputs)]


def _inputs(spec: PipelineSpec) -> list[str]:
    return [*(source.id for source in spec.sources), *(step.id for step in spec.steps)]


def _check_ids(spec: PipelineSpec, findings: Findings) -> None:
    """An id names one source, step or output; an output may share the id of what it writes."""
    named = [
        *(("sources", index, source.id) for index, source in enumerate(spec.sources)),
        *(("steps", index, step.id) for index, step in enumerate(spec.steps)),
        *(
            ("outputs", i, output.id)
            for i, output in enumerate(spec.outputs)
            if output.id != output.input
        ),
    ]
    seen: Counter[str] = Counter()
    for kind, index, name in named:
        if seen[name]:
            findings.at(kind, index, "id").error(
                "E_DUPLICATE_ID", f"The id `{name}` is taken.", f"Try `{name}_{seen[name] + 1}`."
            )
        seen[name] += 1
    for index, source in enumerate(spec.sources):
        names = Counter(c.name for c in source.columns)
        for name in (n for n, times in names.items() if times > 1):
            findings.at("sources", index, "columns").error(
                "E_DUPLICATE_COLUMN", f"Two columns are named `{name}`.", "Give each its own name."
            )
        if source.file_column in names:
            findings.at("sources", index, "file_column").error(
                "E_DUPLICATE_COLUMN",
                f"There is already a column `{source.file_column}`.",
                "Choose another name.",
            )


def _check_parsing(spec: PipelineSpec, findings: Findings) -> None:
    """What a source column says of its text can be followed."""
    for index, source in enumerate(spec.sources):
        for place, column in enumerate(source.columns):
            try:
                parse_text(col(column.name), column.type, column.parse)
            except ValueError as error:
                findings.at("sources", index, "columns", place, "parse").error(
                    "E_PARSE", f"This cannot be followed: {error}."
                )


def _check_use(spec: PipelineSpec, findings: Findings) -> None:
    """Every step and source leads to an output, or to rows that an expectation is about."""
    by_id = {step.id: step for step in spec.steps}
    used: set[str] = set()
    todo = [output.input for output in spec.outputs] + [e.on for e in spec.expectations]
    while todo:
        current = todo.pop()
        if current not in used:
            used.add(current)
            todo.extend(by_id[current].inputs if current in by_id else [])
    for index, step in enumerate(spec.steps):
        if step.id not in used:
            findings.at("steps", index).error(
                "E_UNUSED_STEP",
                f"No output and no expectation needs step `{step.id}`.",
                "Let a later step or an output take it, or remove it.",
            )
    for index, source in enumerate(spec.sources):
        if source.id not in used:
            findings.at("sources", index).warning(
                "W_UNUSED_SOURCE", f"No output and no expectation needs source `{source.id}`."
            )


def _check_output(
    spec: PipelineSpec, output: Output, schemas: Mapping[str, Schema], at: Findings
) -> None:
    inputs = _inputs(spec)
    if output.input not in inputs:
        at.at("input").error(
            "E_UNKNOWN_INPUT",
            f"Output `{output.id}` takes `{output.input}`, and no source or step has that id.",
            nearest(output.input, inputs),
        )
    _check_path(output, at.at("path"))
    if output.mode == "upsert" and not output.keys:
        at.at("keys").error(
            "E_UPSERT_KEYS", "An upsert needs `keys`: the columns that identify a row."
        )
    if output.keys and output.mode != "upsert":
        at.at("keys").warning("W_KEYS_UNUSED", f"`keys` have no meaning with mode `{output.mode}`.")
    if (schema := schemas.get(output.input)) is None:
        return
    schema.find_all(output.keys, at.at("keys"))
    schema.find_all(output.partition_by, at.at("partition_by"))
    if output.partition_by and set(output.partition_by) >= set(schema):
        at.at("partition_by").error(
            "E_PARTITION", "No column would be left in the files.", "Partition by fewer."
        )
    for name, column in schema.items():
        if column.pii is not None:
            at.warning(
                "W_PERSONAL_DATA",
                f"`{name}` ({column.pii}) is written in clear.",
                "Mask, hash or drop it, or leave it if that is meant.",
            )


def _check_path(output: Output, at: Findings) -> None:
    path = output.path
    parts = PurePosixPath(path).parts
    unsafe = (
        path.startswith("/")
        or "\\" in path
        or ":" in path
        or not path.isprintable()
        or any(p in ("..", ".") or p != p.strip(" .") for p in path.rstrip("/").split("/"))
        or not parts
    )
    if unsafe:
        at.error(
            "E_UNSAFE_PATH",
            "The path must stay below the output directory.",
            f"Use a relative path such as `{output.id}.{output.format}`.",
        )
    elif parts[0].casefold() in RESERVED:
        at.error(
            "E_UNSAFE_PATH", f"`{parts[0]}` is written by every run itself.", "Choose another name."
        )
    elif any(part.casefold().endswith(".partial") for part in parts):
        at.error(
            "E_UNSAFE_PATH", "Names in `.partial` are what a run cleans up.", "Choose another name."
        )
    elif any(part.casefold().endswith(".appended.json") for part in parts):
        at.error(
            "E_UNSAFE_PATH",
            "Names in `.appended.json` say what was appended.",
            "Choose another name.",
        )


def _clashing(outputs: Sequence[Output]) -> set[int]:
    """Return the positions of outputs whose path is another's, or lies below or above one."""
    paths = [
        tuple(part.casefold() for part in PurePosixPath(output.path).parts) for output in outputs
    ]
    taken = Counter(paths)
    above = {path[:end] for path in paths for end in range(len(path))}
    return {
        index
        for index, path in enumerate(paths)
        if taken[path] > 1 or path in above or any(path[:n] in taken for n in range(len(path)))
    }


def _check_schedule(spec: PipelineSpec, findings: Findings) -> None:
    if spec.schedule is None:
        return
    at = findings.at("schedule")
    try:
        ZoneInfo(spec.schedule.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name, a long one
        at.at("timezone").error(
            "E_TIMEZONE", "There is no such time zone.", "Use an IANA name such as `Europe/Berlin`."
        )
    try:
        CronSim(spec.schedule.cron, datetime(2024, 1, 1))
        # Six fields mean seconds, which come first for some and last for others.
        good = spec.schedule.cron.split(" ") == spec.schedule.cron.split()[:5]
    except CronSimError:
        good = False
    if not good:
        at.at("cron").error(
            "E_CRON",
            "This is not a cron expression.",
            "Use five fields, such as `0 3 * * *` for 3 am daily.",
        )
