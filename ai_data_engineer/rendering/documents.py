"""The project's documents that are data: contract, schemas, deployment, workflow, package."""

from __future__ import annotations

import json
import re
import tomllib
import uuid
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any

import yaml

from ai_data_engineer.rendering.suite import expectations_by_place, suite_kwargs
from ai_data_engineer.sources.dialect import Format
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Output, PipelineSpec
from ai_data_engineer.types import LogicalType

Schemas = Mapping[str, Schema]
_PARSERS: dict[Format, str] = {"avro": "avro", "xls": "old_workbooks", "xlsb": "old_workbooks"}
_CONTRACTS = uuid.UUID("5a2f1c53-4b39-5a3e-9a39-0f1d3c0c7a51")


def as_json(value: object) -> str:
    """Return indented JSON that ends in a line end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def as_yaml(value: object) -> str:
    """Return YAML in the order given."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Escapes every text that holds a control character: U+0085 would come back as a blank."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if text.replace("\n", "").isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def record_schema(output: Output, schema: Schema) -> dict[str, Any]:
    """Return the JSON Schema of one record of an output."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": output.id,
        "type": "object",
        "properties": {
            name: _nullable(_json_type(column.type)) if column.nullable else _json_type(column.type)
            for name, column in schema.items()
        },
        "required": list(schema),
        "additionalProperties": False,
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _json_type(kind: LogicalType) -> dict[str, Any]:
    match kind.name:
        case "boolean":
            return {"type": "boolean"}
        case "int64":
            return {"type": "integer"}
        case "float64" | "decimal":
            return {"type": "number"}
        case "date" | "time":
            return {"type": "string", "format": kind.name}
        case "datetime":
            return {"type": "string", "format": "date-time"}
        case "list" if kind.item is not None:
            return {"type": "array", "items": _nullable(_json_type(kind.item))}
        case "struct":
            return {
                "type": "object",
                "properties": {n: _nullable(_json_type(t)) for n, t in kind.fields},
            }
        case _:
            return {"type": "string"}


def contract(spec: PipelineSpec, schemas: Schemas) -> str:
    """Return the data contract, as the Open Data Contract Standard 3.0 has it."""
    document: dict[str, Any] = {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": str(uuid.uuid5(_CONTRACTS, spec.content_digest())),
        "name": spec.name,
        "version": "1.0.0",
        "status": "draft",
        "description": {"purpose": spec.description or f"The outputs of {spec.name}."},
        "schema": [_contract_table(spec, output, schemas) for output in spec.outputs],
    }
    if spec.schedule is not None:
        document["slaProperties"] = [
            {"property": "frequency", "value": spec.schedule.cron, "unit": "cron"}
        ]
    return as_yaml(document)


def _contract_table(spec: PipelineSpec, output: Output, schemas: Schemas) -> dict[str, Any]:
    table: dict[str, Any] = {
        "name": output.id,
        "physicalName": output.path,
        "physicalType": output.format,
        "logicalType": "object",
        "properties": [
            _contract_column(output, name, schemas[output.input]) for name in schemas[output.input]
        ],
    }
    rules = expectations_by_place(spec)
    quality = [
        {
            "type": "custom",
            "engine": "greatExpectations",
            "name": rule,
            "severity": "error" if expectation.severity == "critical" else "warning",
            "implementation": json.dumps(
                {"type": expectation.type, "kwargs": suite_kwargs(expectation)}, ensure_ascii=False
            ),
        }
        for place in dict.fromkeys((output.id, output.input))
        for rule, expectation in rules.get(place, [])
    ]
    return {**table, "quality": quality} if quality else table


def _contract_column(output: Output, name: str, schema: Schema) -> dict[str, Any]:
    column = schema[name]
    found: dict[str, Any] = {
        "name": name,
        "logicalType": _CONTRACT_TYPES.get(column.type.name, "string"),
        "physicalType": str(column.type),
        "required": not column.nullable,
    }
    if name in output.keys:
        found |= {"primaryKey": True, "primaryKeyPosition": output.keys.index(name) + 1}
    if name in output.partition_by:
        found |= {
            "partitioned": True,
            "partitionKeyPosition": output.partition_by.index(name) + 1,
        }
    if column.pii is not None:
        found["classification"] = "personal"
    return found


_CONTRACT_TYPES = {
    "boolean": "boolean",
    "int64": "integer",
    "float64": "number",
    "decimal": "number",
    "date": "date",
    "datetime": "date",
    "list": "array",
    "struct": "object",
}


ARRIVED = "file.arrived"
"""Event that a trigger waits for; its resource is the address of the file."""


def prefect_yaml(spec: PipelineSpec, package: str, flow: str) -> str:
    """Return the deployment for Prefect: the flow on a process work pool, and what starts it."""
    deployment: dict[str, Any] = {
        "name": spec.name,
        # Prefect would put variables and secrets in the place of double braces.
        "description": re.sub(r"\{(?=\{)", "{ ", spec.description),
        "entrypoint": f"src/{package}/flow.py:{flow}",
        "parameters": {"output": "out"},
        "enforce_parameter_schema": True,
        # Two runs would publish over one another. Each file that arrives has to have its turn; what
        # a schedule starts can be left to the next time.
        "concurrency_limit": {
            "limit": 1,
            "collision_strategy": "CANCEL_NEW" if spec.trigger is None else "ENQUEUE",
        },
        "work_pool": {"name": "default"},
    }
    if spec.schedule is not None:
        # Deployed anew, a schedule that a person has paused stays so: `active` is left out.
        deployment["schedules"] = [
            {
                "slug": spec.name.replace("_", "-"),
                "cron": spec.schedule.cron,
                "timezone": spec.schedule.timezone,
            }
        ]
    if spec.trigger is not None:
        deployment["triggers"] = [_trigger(spec, spec.trigger.pattern)]
    return as_yaml({"name": spec.name, "deployments": [deployment]})


def _trigger(spec: PipelineSpec, pattern: str) -> dict[str, Any]:
    """Return what starts a run on the file that has arrived."""
    source = arriving(spec, pattern)
    return {
        "type": "event",
        "expect": [ARRIVED],
        "match": {"prefect.resource.id": announced(pattern)},
        "parameters": {
            "sources": {source: {"__prefect_kind": "jinja", "template": "{{ event.resource.id }}"}}
        },
    }


def announced(pattern: str) -> str:
    """Return the glob as far as Prefect can match it: it knows one wildcard, at the end.

    It ends before double braces too, which Prefect takes for a variable or a secret.
    """
    start = re.split(r"[*?[]|\{\{", pattern, maxsplit=1)[0]
    return start.removeprefix("!") + "*"


def arriving(spec: PipelineSpec, pattern: str) -> str:
    """Return the source that the files come for: the one that a pattern fits, else the first."""
    fits = [source.id for source in spec.sources if fnmatchcase(source.uri, pattern)]
    return [*fits, spec.sources[0].id][0]


def workflow(package: str) -> str:
    """Return the CI workflow: install, run on the sample, test."""
    run = f"python -m {package} run --sample --output out"
    return as_yaml(
        {
            "name": "test",
            "on": {"push": {}, "pull_request": {}},
            "permissions": {"contents": "read"},
            "jobs": {
                "test": {
                    "runs-on": "ubuntu-latest",
                    "timeout-minutes": 20,
                    "steps": [
                        {"uses": "actions/checkout@v5"},
                        {"uses": "actions/setup-python@v6", "with": {"python-version": "3.12"}},
                        {"run": "python -m pip install -r requirements.lock"},
                        {"run": 'python -m pip install -e ".[test]"'},
                        {"run": run},
                        {"run": "python -m pytest"},
                    ],
                }
            },
        }
    )


def requirements(spec: PipelineSpec, *, remote: bool) -> str:
    """Return the lock of what a run needs: exact versions with hashes."""
    names = ["remote" if remote else "runtime", *_parsers(spec)]
    return "".join(_locked(f"{name}.lock") for name in names)


def _parsers(spec: PipelineSpec) -> list[str]:
    """Return the locks of packages that only some formats need."""
    return sorted({_PARSERS[s.format] for s in spec.sources if s.format in _PARSERS})


def pyproject(spec: PipelineSpec, package: str, *, remote: bool) -> str:
    """Return `pyproject.toml`; ranges are those that the lock was resolved from."""
    parsers = (line for name in _parsers(spec) for line in _ranges(f"{name}.in"))
    dependencies = sorted([*_ranges("runtime.in"), *parsers])
    reading = _ranges("remote.in")
    if remote:
        dependencies = sorted([*dependencies, *reading])
    duckdb = ["duckdb>=2.0,<3"]
    quality = ["great-expectations>=1.24,<2", "pandas>=2.3", "pyarrow>=18"]
    extras = {
        "duckdb": duckdb,
        "quality": quality,
        "spark": ["pyspark>=4.1,<5"],
        # Prefect 3.8 does not understand what FastAPI answers from 0.151 on.
        "prefect": ["prefect>=3.8,<3.9", "fastapi>=0.139,<0.151"],
        **({} if remote else {"remote": reading}),
        "test": ["pytest>=8.4", *duckdb, *quality],
    }
    lines = [
        "[build-system]",
        'requires = ["hatchling>=1.27"]',
        'build-backend = "hatchling.build"',
        "",
        "[project]",
        f"name = {_toml(package.replace('_', '-').strip('-'))}",
        'version = "1.0.0"',
        f"description = {_toml(' '.join(spec.description.split())[:300] or 'A data pipeline.')}",
        'readme = "README.md"',
        'requires-python = ">=3.11"',
        f"dependencies = {_toml_list(dependencies)}",
        "",
        "[project.optional-dependencies]",
        *(f"{name} = {_toml_list(wanted)}" for name, wanted in extras.items()),
        "",
        "[tool.hatch.build.targets.wheel]",
        f'packages = ["src/{package}"]',
        "",
        "[tool.pytest.ini_options]",
        'pythonpath = ["src"]',
        'testpaths = ["tests"]',
        "",
    ]
    text = "\n".join(lines)
    tomllib.loads(text)
    return text


def _toml(text: str) -> str:
    """Return a TOML basic string."""
    escaped = "".join(
        c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}"
        for c in text.encode("utf-8", "replace").decode()
    )
    return f'"{escaped}"'


def _toml_list(items: list[str]) -> str:
    return f"[{', '.join(map(_toml, items))}]"


def _locked(name: str) -> str:
    return (resources.files("ai_data_engineer.rendering") / "locks" / name).read_text("utf-8")


def _ranges(name: str) -> list[str]:
    return [line for line in _locked(name).splitlines() if line and not line.startswith("-r")]
