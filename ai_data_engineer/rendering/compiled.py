"""The rendered steps and expectations, run in this process on small tables.

This is the code that a project holds, not a second interpretation of the spec.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from ai_data_engineer import io as readers
from ai_data_engineer.errors import AdeError, SpecError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.rendering import runtime
from ai_data_engineer.rendering.runtime import reading as runtime_reading
from ai_data_engineer.rendering.runtime.accounting import INCOMPUTABLE, failure
from ai_data_engineer.rendering.runtime.judging import judge
from ai_data_engineer.rendering.sources import (
    profiles_by_source,
    render_sources,
    source_variables,
)
from ai_data_engineer.rendering.steps import (
    Schemas,
    StepFunction,
    render_quality,
    render_steps,
    step_functions,
)
from ai_data_engineer.spec.spec import PipelineSpec

REASON = "__reason"


@dataclass(frozen=True)
class Counts:
    """What a step did with the rows; `removed` is None where rows in and out are not comparable."""

    rows_in: int
    rows_out: int
    rejected: int
    removed: int | None


@dataclass(frozen=True)
class Judged:
    """The verdict on an expectation; `rule` is `<on>_<n>`, n counting the rules there from 1.

    All None where only Great Expectations can judge, which does so when a bundle is verified.
    """

    rule: str
    on: str
    type: str
    severity: str
    judged: int | None
    unexpected: int | None
    success: bool | None


@dataclass
class Ran:
    """Tables behind every source and step, and what was counted on the way."""

    tables: dict[str, pl.DataFrame]
    counts: dict[str, Counts] = field(default_factory=dict)
    rejects: dict[str, pl.DataFrame] = field(default_factory=dict)
    """Step → the rows it set aside, with `__reason`."""
    expectations: list[Judged] = field(default_factory=list)


class StepFailed(AdeError):
    """A step that cannot be computed on these rows; the message holds no value of a cell."""

    code = "E_STEP"
    exit_code = 1

    def __init__(self, message: str, *, step: str = "", **more: Any) -> None:
        self.step = step
        super().__init__(message, **more)

    def __reduce__(self) -> tuple[object, ...]:
        more = {"code": self.code, "location": self.location, "hint": self.hint}
        return partial(StepFailed, self.message, step=self.step, **more), ()


class CompiledPipeline:
    """A spec's steps and expectations as functions.

    Raises SpecError when an expectation cannot be told. The spec must have passed the rules.
    """

    def __init__(self, spec: PipelineSpec, schemas: Schemas) -> None:
        self.spec = spec
        self._steps = step_functions(spec, schemas)
        package = runtime.__name__
        steps = render_steps(self._steps, package, tidied=False)
        quality = render_quality(spec, schemas, package, tidied=False)
        self._functions = _load(steps, "steps.py")
        self._rules = _load(quality, "quality.py")["EXPECTATIONS"]

    def run(self, tables: Mapping[str, pl.DataFrame]) -> Ran:
        """Run all steps on the tables of the sources (id → rows), one after the other.

        Raises StepFailed naming the step.
        """
        ran = Ran(dict(tables))
        for step in self._steps:
            self._run_step(step, ran)
        self._judge(ran)
        return ran

    def _run_step(self, step: StepFunction, ran: Ran) -> None:
        inputs = [ran.tables[i] for i in step.step.inputs]
        step_id = step.step.id
        try:
            result = self._functions[step.function](*(table.lazy() for table in inputs))
            if step.sets_aside:
                kept, rejected = pl.collect_all(result)
                ran.rejects[step_id] = rejected
            else:
                kept = result.collect()
        except INCOMPUTABLE as error:
            message = failure(str(error))
        else:
            ran.tables[step_id] = kept
            set_aside = ran.rejects[step_id].height if step.sets_aside else 0
            rows_in = sum(table.height for table in inputs)
            removed = None
            if step.step.rows != "reshapes":
                removed = rows_in - kept.height - set_aside
            ran.counts[step_id] = Counts(rows_in, kept.height, set_aside, removed)
            return
        raise StepFailed(message, step=step_id, location=f"step `{step_id}`")

    def _judge(self, ran: Ran) -> None:
        inputs = {output.id: output.input for output in self.spec.outputs}
        for place, rules in self._rules.items():
            table = ran.tables[place if place in ran.tables else inputs[place]]
            ran.expectations.extend(
                Judged(rule.rule, place, rule.type, rule.severity, judged, unexpected, holds)
                for rule, judged, unexpected, holds in judge(table.lazy(), rules)
            )


def run_on(spec: PipelineSpec, schemas: Schemas, tables: Mapping[str, pl.DataFrame]) -> Ran:
    """Run a spec on typed tables of its sources; raises StepFailed and SpecError."""
    missing = [source.id for source in spec.sources if source.id not in tables]
    if missing:
        raise SpecError(f"There are no rows for {', '.join(missing)}.")
    return CompiledPipeline(spec, schemas).run(tables)


def compiled_sources(
    spec: PipelineSpec, profiles: Sequence[FileProfile] = ()
) -> dict[str, runtime_reading.Source]:
    """Return source id → how the project reads it."""
    known = profiles_by_source(spec, profiles)
    text = render_sources(spec, runtime.__name__, known, readers=readers.__name__, tidied=False)
    namespace = _load(text, "sources.py")
    return {id: namespace[name] for id, name in source_variables(spec).items()}


def _load(source: str, filename: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": filename}
    exec(compile(source, filename, "exec"), namespace)  # noqa: S102 - our own, checked code
    return namespace
