"""Run a step as the polars code that it emits, and hold the result against what was propagated."""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import hmac
import os
import textwrap
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.spec.code import Code, StepCode
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import LogicalType
from tests.engines import check_step, check_stops

NAMES = {"pl": pl, "dt": dt, "Decimal": Decimal, "hashlib": hashlib, "hmac": hmac, "os": os}


@dataclass(frozen=True)
class Table:
    """Columns by name (`int64`, or `int64!` for one without nulls) and rows."""

    columns: dict[str, str]
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def schema(self) -> Schema:
        return Schema(
            (name, Column(LogicalType.parse(text.rstrip("!")), not text.endswith("!")))
            for name, text in self.columns.items()
        )

    def frame(self) -> pl.DataFrame:
        types = {name: c.type.to_polars() for name, c in self.schema.items()}
        return pl.DataFrame(self.rows, schema=types, orient="row")


@dataclass(frozen=True)
class Result:
    columns: dict[str, str]
    rows: list[tuple[Any, ...]]
    rejects: list[tuple[Any, ...]]
    source: str


def build(params: dict[str, Any], inputs: int) -> Step:
    model = all_operators()[params["op"]]
    ids = ["rows", "other", "third"][:inputs]
    return model.model_validate({"id": "result", "inputs": ids, **params})


def propagated(step: Step, schemas: list[Schema]) -> tuple[Schema | None, list[tuple[str, str]]]:
    findings = Findings()
    schema = step.propagate(schemas, findings)
    return schema, [(f.code, f.pointer) for f in findings.items]


def function(step: Step, emitted: StepCode) -> str:
    lines = [textwrap.indent(statement, "    ") for statement in emitted.before]
    result = emitted.result
    if emitted.rejects is not None:
        result = Code(f"({emitted.result}), ({emitted.rejects})")
    return "\n".join(
        [f"def {step.id}({', '.join(step.inputs)}):", *lines, f"    return {result}", ""]
    )


def execute(step: Step, schemas: list[Schema], frames: list[pl.DataFrame]) -> Any:
    returned, source = call(step, schemas, frames)
    kept, rejects = returned if isinstance(returned, tuple) else (returned, None)
    return kept.collect(), None if rejects is None else rejects.collect(), source


def call(step: Step, schemas: list[Schema], frames: list[pl.DataFrame]) -> tuple[Any, str]:
    """Return what the emitted function returns, not yet collected, and its source."""
    source = function(step, step.polars([Code(i) for i in step.inputs], schemas))
    uses = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
    unknown = uses - NAMES.keys() - set(step.inputs) - set(dir(__builtins__)) - _assigned(source)
    assert not unknown, f"the code uses {unknown}"
    namespace = dict(NAMES)
    exec(source, namespace)
    return namespace[step.id](*(frame.lazy() for frame in frames)), source  # type: ignore[operator]


def _assigned(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found | {"list", "len", "range", "int", "str", "ValueError", "RuntimeError", "float"}


def makes_rows_of_nothing(params: dict[str, Any]) -> bool:
    if params["op"] == "date_spine":
        return {"start", "end"} <= params.keys() and "partition_by" not in params
    return params["op"] == "transpose" or (
        params["op"] == "aggregate" and not params.get("group_by")
    )


def run_step(params: dict[str, Any], *tables: Table) -> Result:
    """Run the step; columns, types, nulls and row counts must be as promised, and so when empty."""
    step = build(params, len(tables))
    schemas = [table.schema for table in tables]
    schema, problems = propagated(step, schemas)
    assert problems == []
    assert schema is not None
    promised = pl.Schema({name: column.type.to_polars() for name, column in schema.items()})
    frames = [table.frame() for table in tables]
    try:
        kept, rejects, source = execute(step, schemas, frames)
    except Exception:
        check_stops(step, schemas, frames)
        raise
    assert kept.schema == promised
    for name, column in schema.items():
        assert column.nullable or kept[name].null_count() == 0, f"{name} has nulls"
    gone = 0 if rejects is None else len(rejects)
    before = sum(map(len, frames))
    if step.rows == "keeps":
        assert len(kept) + gone == before
    elif step.rows == "removes":
        assert len(kept) <= before
        assert rejects is None
    if rejects is not None:
        assert rejects.columns == [*schemas[0], "__reason"]
        assert rejects["__reason"].null_count() == 0
    check_step(step, schemas, frames, kept, rejects)
    cleared = [frame.clear() for frame in frames]
    empty, no_rejects, _ = execute(step, schemas, cleared)
    assert empty.schema == promised
    check_step(step, schemas, cleared, empty, no_rejects)
    assert len(empty) == 0 or makes_rows_of_nothing(params)
    return Result(
        {name: str(column.type) for name, column in schema.items()},
        kept.rows(),
        [] if rejects is None else rejects.rows(),
        source,
    )


@pytest.fixture(scope="session")
def run() -> Any:
    """`run(params, table, …)` → Result."""
    return run_step


@pytest.fixture(scope="session")
def stops() -> Any:
    """`stops(params, table, …)` → the message with which the step stops, on every engine."""

    def stop(params: dict[str, Any], *tables: Table) -> str:
        step = build(params, len(tables))
        schemas, frames = [t.schema for t in tables], [t.frame() for t in tables]
        with pytest.raises(Exception, match="E_") as stopped:
            execute(step, schemas, frames)
        check_stops(step, schemas, frames, str(stopped.value))
        return str(stopped.value)

    return stop


@pytest.fixture(scope="session")
def emitted() -> Any:
    """`emitted(params, table, …)` → what the step's function returns, not yet collected."""

    def build_and_call(params: dict[str, Any], *tables: Table) -> Any:
        schemas = [table.schema for table in tables]
        return call(build(params, len(tables)), schemas, [table.frame() for table in tables])[0]

    return build_and_call


@pytest.fixture(scope="session")
def table() -> type[Table]:
    """`table({"a": "int64"}, [(1,), …])`."""
    return Table


@pytest.fixture(scope="session")
def problems() -> Any:
    """`problems(params, table, …)` → the (code, pointer) of each finding."""

    def find(params: dict[str, Any], *tables: Table) -> list[tuple[str, str]]:
        return propagated(build(params, len(tables)), [t.schema for t in tables])[1]

    return find
