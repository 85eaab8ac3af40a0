"""Tasks as a data engineer meets them: words, a spec, input, and the rows that must come out.

A task is a file in `tasks/`; adding one needs no code. Its spec runs on every engine.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ai_data_engineer.io.rejects import REASON, Rejects
from ai_data_engineer.rendering.compiled import CompiledPipeline, compiled_sources
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.validating.validate import bind_sources, validate
from tests import engines

TASKS = sorted((Path(__file__).parent / "tasks").glob("*.yaml"))


@cache
def task(path: Path) -> dict[str, Any]:
    """Return the task: `task` (words), `inputs` (file → text), `spec`, `expected` (output → rows)
    and perhaps `rejects` (rows that are set aside: source or step, reason).

    Rows are lists in the order of `columns`; dates, times, datetimes and decimals are text.
    """
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture
def spec(request, tmp_path) -> PipelineSpec:
    """The spec of a task, with its inputs written and valid in all gates."""
    found = task(request.param)
    for name, text in found["inputs"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    uris = {s["id"]: str(tmp_path / s["uri"]) for s in found["spec"]["sources"]}
    report = validate(found["spec"], sources=uris)
    assert [str(f) for f in report.findings if f.severity == "error"] == []
    return bind_sources(PipelineSpec.model_validate(found["spec"]), uris)


def staged(spec: PipelineSpec, folder: Path) -> tuple[dict[str, pl.DataFrame], list[list[str]]]:
    """Return the rows of each source, and what was set aside reading them."""
    sources = compiled_sources(spec)
    with Rejects(folder / "rejects.ndjson") as rejects:
        tables = {
            s.id: sources[s.id].stage(s.uri, folder / f"staged-{s.id}", rejects).table.collect()
            for s in spec.sources
        }
        rejects.publish()
    lines = (folder / "rejects.ndjson").read_text(encoding="utf-8").splitlines()
    return tables, [[r["source"], r["reason"]] for r in map(json.loads, lines)]


def plain(value: Any) -> Any:
    """Return a value as a task writes it."""
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case list():
            return [plain(v) for v in value]
        case dict():
            return {k: plain(v) for k, v in value.items()}
        case float():
            return pytest.approx(value, rel=1e-9)
    return value


def assert_expected(outputs: dict[str, pl.DataFrame], expected: dict[str, Any], by: str) -> None:
    """Hold the rows of the outputs against those of a task."""
    assert list(outputs) == list(expected)
    for name, table in outputs.items():
        assert table.columns == expected[name]["columns"], by
        rows = [[plain(value) for value in row] for row in table.rows()]
        assert rows == expected[name]["rows"], f"{by}: {name}"


@pytest.mark.parametrize("spec", TASKS, ids=[path.stem for path in TASKS], indirect=True)
def test_the_task_gives_the_expected_rows(spec, request, tmp_path):
    found = task(request.node.callspec.params["spec"])
    schemas = propagate(spec, Findings())
    tables, rejects = staged(spec, tmp_path)
    ran = CompiledPipeline(spec, schemas).run(tables)
    for step, rows in ran.rejects.items():
        rejects += [[step, reason] for reason in rows[REASON]]
    assert rejects == found.get("rejects", [])
    assert_expected({o.id: ran.tables[o.input] for o in spec.outputs}, found["expected"], "polars")
    for engine in engines.chosen():
        outputs = engines.engine(engine).run_spec(spec, schemas, tables)
        assert_expected(outputs, found["expected"], engine)
