"""The project: a spec rendered into files that a person can read, run and change."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from ai_data_engineer.errors import SpecError
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.rendering import documents
from ai_data_engineer.rendering.delivery import delivered_by
from ai_data_engineer.rendering.provenance_page import provenance_page
from ai_data_engineer.rendering.python_source import (
    docstring,
    identifiers,
    render_plain,
    render_python,
    tidy,
)
from ai_data_engineer.rendering.readme import readme
from ai_data_engineer.rendering.sources import profiles_by_source, render_sources, source_variables
from ai_data_engineer.rendering.sql_script import DIALECTS, SqlScript, sql_script
from ai_data_engineer.rendering.steps import (
    Schemas,
    render_quality,
    render_steps,
    step_functions,
)
from ai_data_engineer.rendering.suite import (
    configuration,
    expectations_by_place,
    not_comparable,
    suites,
)
from ai_data_engineer.spec.code import Code, code, join, lit
from ai_data_engineer.spec.code_tree import code_tree
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.spec import Output, PipelineSpec
from ai_data_engineer.specifying.provenance import Provenance

if TYPE_CHECKING:
    from ai_data_engineer.packaging.sampling import Sample

_TAKEN_BY_PACKAGES = {
    "aiohttp", "cramjam", "duckdb", "fastavro", "fsspec", "great_expectations", "hatchling", "lxml",
    "numpy", "orjson", "outputs", "pandas", "pip", "polars", "prefect", "py4j", "pyarrow",
    "pyspark", "pytest", "python_calamine", "s3fs", "setuptools", "src", "tests", "zstandard",
}  # fmt: skip
_OWN_MODULES = (
    "accounting", "cli", "duckdb_engine", "engines", "expectations", "judging", "reading", "run",
    "spark_engine", "spark_parquet", "sql_run", "sql_text",
)  # fmt: skip
_REMOTE = ("s3://", "http://", "https://")


def package_name(spec: PipelineSpec) -> str:
    """Return the name of the project's package: the spec's own, unless Python has it already."""
    taken = spec.name in _TAKEN_BY_PACKAGES or spec.name in sys.stdlib_module_names
    return f"{spec.name}_pipeline" if taken else identifiers([spec.name])[spec.name]


@dataclass(frozen=True)
class _Project:
    """What all files are made from."""

    spec: PipelineSpec
    schemas: Schemas
    package: str
    samples: Mapping[str, Sample]
    profiles: Mapping[str, FileProfile]
    scripts: Mapping[str, SqlScript]
    refused: Mapping[str, str]
    """Engine → why it cannot run this project."""
    provenance: Provenance | None

    @property
    def remote(self) -> bool:
        return any(source.uri.startswith(_REMOTE) for source in self.spec.sources)


def render(
    spec: PipelineSpec,
    profiles: Sequence[FileProfile],
    *,
    samples: Mapping[str, Sample] | None = None,
    provenance: Provenance | None = None,
) -> dict[str, bytes]:
    """Return the project's files, path → content, sorted; the same input gives the same bytes.

    `samples` are files for `sample/`, by source id. The spec must have passed the rules; raises
    SpecError where it shows that it has not.
    """
    findings = Findings()
    schemas = propagate(spec, findings)
    if wrong := [f for f in findings.items if f.severity == "error"]:
        raise SpecError(wrong[0].message, code=wrong[0].code, location=wrong[0].pointer)
    known = profiles_by_source(spec, profiles)
    scripts, refused = _scripts(spec, schemas)
    name = package_name(spec)
    project = _Project(spec, schemas, name, samples or {}, known, scripts, refused, provenance)
    files: dict[str, str | bytes] = {
        **_package_files(project),
        **(_test_files(project) if project.samples else {}),
        **_documents(project),
        **_deployment_files(project),
        **{f"sql/{engine}.sql": script.text for engine, script in scripts.items()},
        **{f"sample/{sample.name}": sample.data for sample in project.samples.values()},
    }
    if provenance is not None:
        files["provenance/provenance.json"] = provenance.to_json()
        files["provenance/README.md"] = provenance_page(provenance)
    return {
        name: data.encode() if isinstance(data, str) else data
        for name, data in sorted(files.items())
    }


def _scripts(spec: PipelineSpec, schemas: Schemas) -> tuple[dict[str, SqlScript], dict[str, str]]:
    """Return engine → its SQL, and for those that cannot run the spec why not."""
    scripts, refused = {}, {}
    for engine in DIALECTS:
        try:
            scripts[engine] = sql_script(spec, schemas, engine)
        except SpecError as error:
            refused[engine] = f"{error.location}: {error.message}"
    return scripts, refused


def _package_files(project: _Project) -> dict[str, str]:
    spec, package = project.spec, project.package
    samples = {source: sample.data for source, sample in project.samples.items()}
    about = docstring(spec.description or f"The pipeline {spec.name}.")
    files = {
        "__init__.py": render_python("__init__.py.jinja", package, docstring=about),
        "__main__.py": render_python("__main__.py.jinja", package),
        "config.py": render_python("config.py.jinja", package, sources=_addresses(project)),
        "flow.py": render_python("flow.py.jinja", package, name=lit(spec.name), flow=_flow(spec)),
        "pipeline.py": _pipeline(project),
        "sources.py": render_sources(spec, package, project.profiles, samples),
        "tables.py": _tables(project),
        **{f"{name}.py": _copied(f"rendering/runtime/{name}.py", package) for name in _OWN_MODULES},
        "errors.py": _copied("errors.py", package),
    }
    if spec.steps:
        files["steps.py"] = render_steps(step_functions(spec, project.schemas), package)
    if spec.expectations:
        files["quality.py"] = render_quality(spec, project.schemas, package)
    return {
        **{f"src/{package}/{name}": text for name, text in files.items()},
        **_reading_modules(package, files),
    }


def _flow(spec: PipelineSpec) -> Code:
    taken = ("Any", "Literal", "Path", "config", "create_markdown_artifact", "flow", "pipeline")
    return identifiers([spec.name], reserved=(*taken, "summary"))[spec.name]


def _addresses(project: _Project) -> list[dict[str, object]]:
    return [
        {
            "id": lit(source.id),
            "uri": lit(source.uri),
            "sample": lit(project.samples[source.id].name) if source.id in project.samples else "",
        }
        for source in project.spec.sources
    ]


def _copied(path: str, package: str) -> str:
    """Return one of our modules with its imports rewritten to the project's own."""
    text = (resources.files("ai_data_engineer") / path).read_text("utf-8")
    for ours, theirs in (
        ("ai_data_engineer.rendering.runtime", package),
        ("ai_data_engineer.io", f"{package}.io"),
        ("ai_data_engineer.errors", f"{package}.errors"),
    ):
        text = text.replace(ours, theirs)
    return tidy(text, package)


def _reading_modules(package: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return the modules of `io` that the package's other modules need, and what these need."""
    found: dict[str, str] = {"__init__": '"""Reading and publishing, in bounded memory."""\n'}
    waiting = [m for text in files.values() for m in _imported(text, package)]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found[module] = _copied(f"io/{module}.py", package)
            waiting.extend(_imported(found[module], package))
    return {f"src/{package}/io/{name}.py": text for name, text in found.items()}


def _imported(source: str, package: str) -> list[str]:
    """Return the modules of the project's `io` that a module imports."""
    prefix = f"{package}.io."
    return [
        node.module.removeprefix(prefix)
        for node in ast.walk(code_tree(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(prefix)
    ]


def _pipeline(project: _Project) -> str:
    spec = project.spec
    # Variables of `wire`: the rows behind each source and step.
    ids = [*(source.id for source in spec.sources), *(step.id for step in spec.steps)]
    variables = identifiers(ids, reserved=("quality", "run", "sources", "steps", "uris"))
    objects = source_variables(spec)
    places = {**{output.id: output.input for output in spec.outputs}, **{i: i for i in ids}}
    rules = [
        {"place": lit(place), "variable": variables[places[place]]}
        for place in expectations_by_place(spec)
    ]
    steps = [
        {
            "id": lit(f.step.id),
            "variable": variables[f.step.id],
            "function": f.function,
            "inputs": join(variables[i] for i in f.step.inputs),
            "op": lit(f.step.op),
            "effect": lit(f.step.rows),
        }
        for f in step_functions(spec, project.schemas)
    ]
    modules = [Code("quality")] * bool(rules) + [Code("sources")] + [Code("steps")] * bool(steps)
    return render_python(
        "pipeline.py.jinja",
        project.package,
        name=lit(spec.name),
        modules=join(modules),
        sources=[
            {"id": lit(s.id), "variable": variables[s.id], "object": objects[s.id]}
            for s in spec.sources
        ],
        steps=steps,
        rules=rules,
        outputs=[_write(spec, output, variables[output.input]) for output in spec.outputs],
    )


def _tables(project: _Project) -> str:
    """Return `tables.py`: what a run on SQL has to know besides the script."""
    spec = project.spec
    set_aside = {i for script in project.scripts.values() for i in script.sets_aside}
    taken_out = {
        *(source.id for source in spec.sources),
        *(output.input for output in spec.outputs),
        *(e.on for e in spec.expectations if e.on in project.schemas),
        *(step.inputs[0] for step in spec.steps if step.id in set_aside),
    }
    tables = [
        {
            "id": lit(place),
            "columns": [
                {"name": lit(name), "dtype": dtype(column.type)} for name, column in schema.items()
            ],
        }
        for place, schema in project.schemas.items()
        if place in taken_out
    ]
    return render_python(
        "tables.py.jinja",
        project.package,
        tables=tables,
        parquet=lit(
            {
                s.id: {c.name: c.path or (c.source_name or c.name,) for c in s.columns}
                for s in spec.sources
                if s.format == "parquet"
            }
        ),
        stored=lit({e: dict(s.stored) for e, s in project.scripts.items() if s.stored}),
        refused=lit(dict(project.refused)),
    )


def _write(spec: PipelineSpec, output: Output, rows: Code) -> Code:
    """Return the arguments of `run.write`; what is the plain way is left out."""
    arguments = [lit(output.id), rows, lit(output.path)]
    for name, plain in (
        ("format", "parquet"),
        ("mode", "overwrite"),
        ("keys", []),
        ("partition_by", []),
    ):
        if (value := getattr(output, name)) != plain:
            arguments.append(code("{name}={value}", name=Code(name), value=lit(value)))
    if output.mode == "append":
        arguments.append(code("delivered_by={ids}", ids=lit(delivered_by(spec, output))))
    return join(arguments)


def _test_files(project: _Project) -> dict[str, str]:
    spec, package = project.spec, project.package
    outputs = [
        {
            "id": lit(output.id),
            "path": lit(output.path),
            "format": lit(output.format),
            "input": lit(output.input),
            "columns": code(
                "{{{columns}}}",
                columns=join(
                    code("{name}: {dtype}", name=lit(name), dtype=dtype(column.type))
                    for name, column in project.schemas[output.input].items()
                ),
            ),
        }
        for output in spec.outputs
    ]
    inputs = {output.id: output.input for output in spec.outputs}
    places = [
        {"id": lit(p), "input": lit(p if p in project.schemas else inputs[p])}
        for p in expectations_by_place(spec)
    ]
    files = {
        "conftest.py": render_plain("conftest.py.jinja", package, name=lit(spec.name)),
        "outputs.py": render_plain("outputs.py.jinja", package, outputs=outputs),
        "test_cases.py": render_plain("test_cases.py.jinja", package),
        "test_schema.py": render_plain("test_schema.py.jinja", package, outputs=outputs),
    }
    if "duckdb" in project.scripts:
        files["test_engines.py"] = render_plain("test_engines.py.jinja", package)
    if places:
        files["test_quality.py"] = render_plain(
            "test_quality.py.jinja",
            package,
            places=places,
            not_comparable=[lit(rule) for rule in not_comparable(spec, project.schemas)],
        )
    return {f"tests/{name}": text for name, text in files.items()}


def _documents(project: _Project) -> dict[str, str]:
    spec, schemas = project.spec, project.schemas
    samples = [project.samples[s.id].name for s in spec.sources if s.id in project.samples]
    return {
        "README.md": readme(
            spec,
            schemas,
            project.package,
            samples,
            project.refused,
            provenance=project.provenance is not None,
        ),
        "spec.json": spec.to_json(),
        f"contracts/{spec.name}.odcs.yaml": documents.contract(spec, schemas),
        **_suites(spec),
        **{
            f"schemas/{output.id}.schema.json": documents.as_json(
                documents.record_schema(output, schemas[output.input])
            )
            for output in spec.outputs
        },
        **{f"profile/{id}.json": p.to_json() for id, p in project.profiles.items()},
    }


def _suites(spec: PipelineSpec) -> dict[str, str]:
    files = {
        f"gx/expectations/{place}.json": documents.as_json(suite)
        for place, suite in suites(spec).items()
    }
    if files:
        files["gx/great_expectations.yml"] = documents.as_yaml(configuration())
    return files


def _deployment_files(project: _Project) -> dict[str, str]:
    spec, package = project.spec, project.package
    return {
        ".env.example": render_plain("env.example.jinja", package),
        ".github/workflows/ci.yml": documents.workflow(package),
        "Dockerfile": render_plain("Dockerfile.jinja", package, scripts=project.scripts),
        "prefect.yaml": documents.prefect_yaml(spec, package, _flow(spec)),
        "pyproject.toml": documents.pyproject(spec, package, remote=project.remote),
        "requirements.lock": documents.requirements(spec, remote=project.remote),
    }
