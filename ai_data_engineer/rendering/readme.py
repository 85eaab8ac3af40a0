"""The README of a project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import jinja2

from ai_data_engineer.rendering.documents import ARRIVED, announced, arriving
from ai_data_engineer.rendering.steps import Schemas, step_functions
from ai_data_engineer.rendering.suite import expectations_by_place
from ai_data_engineer.spec.expectations.registry import all_expectations
from ai_data_engineer.spec.spec import Expectation, PipelineSpec

_UNPARSED = {
    "quarantine": "a row with a value that is not of its column's type is set aside.",
    "null": "a value that is not of its column's type counts as missing.",
    "fail": "a value that is not of its column's type stops the run.",
}


def readme(
    spec: PipelineSpec,
    schemas: Schemas,
    package: str,
    samples: list[str],
    refused: Mapping[str, str],
    *,
    provenance: bool,
) -> str:
    """Return `README.md`.

    `samples` are names of files in `sample/`, as the sources are ordered; `refused` is engine → why
    it cannot run the project; `provenance` is whether there is a folder of that name.
    """
    functions = step_functions(spec, schemas)
    return (
        _environment()
        .get_template("README.md.jinja")
        .render(
            name=spec.name,
            package=_Markdown(package),
            description=spec.description or "A data pipeline.",
            reads=" and ".join(s.uri for s in spec.sources),
            first_source=_Markdown(spec.sources[0].id),
            diagram=[_Markdown(line) for line in _diagram(spec)],
            steps=[{"id": f.step.id, "op": f.step.op, "note": f.purpose} for f in functions],
            outputs=[
                {
                    "id": o.id,
                    "path": o.path,
                    "mode": o.mode,
                    "columns": ", ".join(schemas[o.input]),
                }
                for o in spec.outputs
            ],
            expectations=[
                {
                    "on": place,
                    "rule": rule,
                    "type": expectation.type,
                    "columns": ", ".join(_columns(expectation)),
                    "severity": expectation.severity,
                    "by": "the run, on all rows"
                    if all_expectations()[expectation.type].compile
                    else "Great Expectations, on the sample only",
                }
                for place, rules in expectations_by_place(spec).items()
                for rule, expectation in rules
            ],
            engines=[
                {"name": name, "refused": refused.get(name, ""), "needs": _Markdown(needs)}
                for name, needs in (("duckdb", ""), ("spark", ", and Java 17 or newer"))
            ],
            assumptions=spec.assumptions,
            sources=[{"id": s.id, "unparsed": _UNPARSED[s.on_error]} for s in spec.sources],
            computes=_Markdown("steps" if spec.steps else "pipeline"),
            modes={output.mode for output in spec.outputs},
            case_files=_Markdown(" and ".join(f"`{name}`" for name in samples)),
            started_by=_started_by(spec),
            schedule=spec.schedule,
            trigger=spec.trigger
            and {
                "pattern": spec.trigger.pattern,
                "start": announced(spec.trigger.pattern),
                "source": arriving(spec, spec.trigger.pattern),
            },
            event=_Markdown(ARRIVED),
            provenance=_Markdown(
                ", `provenance/` where the specification comes from" if provenance else ""
            ),
            samples=[
                {"file": _Markdown(file), "source": source.id}
                for file, source in zip(samples, spec.sources, strict=False)
            ],
        )
    )


def _started_by(spec: PipelineSpec) -> str:
    if spec.schedule is not None and spec.trigger is not None:
        return "both"
    return "schedule" if spec.schedule is not None else "trigger" if spec.trigger else ""


def _columns(expectation: Expectation) -> list[str]:
    kwargs = expectation.kwargs
    single = [kwargs[k] for k in ("column", "column_A", "column_B") if k in kwargs]
    return [*single, *kwargs.get("column_list", [])]


class _Markdown(str):
    """Text that is Markdown already, or identifiers inside a code span, which knows no escapes."""

    __slots__ = ()


def escaped(value: object) -> str:
    """Return text so that Markdown shows it and does not read it."""
    if isinstance(value, _Markdown | int):
        return str(value)
    plain = " ".join(str(value).split())
    plain = "".join(c for c in plain if c.isprintable())
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*\[\]{}|#!~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))", r"\\\1", plain)


def _diagram(spec: PipelineSpec) -> Iterator[str]:
    # Ids are lower-case identifiers; a prefix keeps mermaid's own words, such as `end`, apart.
    for source in spec.sources:
        yield f'  n_{source.id}[("{source.id}<br>{source.format}")]'
    for step in spec.steps:
        yield f'  n_{step.id}["{step.id}<br>{step.op}"]'
        yield from (f"  n_{taken} --> n_{step.id}" for taken in step.inputs)
    for output in spec.outputs:
        yield f'  n_{output.input} --> o_{output.id}[/"{output.id}<br>{output.format}"/]'


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("ai_data_engineer.rendering"),
        undefined=jinja2.StrictUndefined,
        finalize=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - `finalize` escapes for Markdown
    )
