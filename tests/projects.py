"""Runs rendered projects in this process, for tests that would start one process after another."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.rendering.project import package_name, render
from ai_data_engineer.spec.spec import PipelineSpec
from tests.engines import FLOATS


def project(spec: PipelineSpec, folder: Path, profiles: Sequence[FileProfile] = ()) -> ModuleType:
    """Render a project below a folder and return its `pipeline`."""
    for name, data in render(spec, profiles).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    package = package_name(spec)
    for loaded in [m for m in sys.modules if m == package or m.startswith(f"{package}.")]:
        del sys.modules[loaded]
    sys.path.insert(0, str(folder / "src"))
    try:
        return importlib.import_module(f"{package}.pipeline")
    finally:
        sys.path.remove(str(folder / "src"))


def run(pipeline: ModuleType, spec: PipelineSpec, output: Path, engine: str) -> dict[str, Any]:
    """Run a project on the sources of its spec; returns the report."""
    uris = {source.id: source.uri for source in spec.sources}
    return pipeline.run(uris, output, engine)  # type: ignore[no-any-return]


def published(spec: PipelineSpec, folder: Path) -> dict[str, pl.DataFrame]:
    """Return output → its rows as they lie in the files, in their order."""
    found = {}
    for output in spec.outputs:
        path = folder / output.path
        files = sorted(path.rglob("*.*")) if path.is_dir() else [path]
        read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "ndjson": pl.read_ndjson}
        options: Mapping[str, Any] = {"glob": False} if output.format != "ndjson" else {}
        frames = {str(f.relative_to(path)): read[output.format](f, **options) for f in files}
        found |= {f"{output.id}/{name}": frame for name, frame in frames.items()}
    return found


def assert_engines_agree(spec: PipelineSpec, folder: Path, engine: str) -> dict[str, Any]:
    """Hold outputs, rejects and report of an engine against polars; returns the report."""
    pipeline = project(spec, folder / "project")
    ours = run(pipeline, spec, folder / "polars", "polars")
    theirs = run(pipeline, spec, folder / engine, engine)
    expected, actual = published(spec, folder / "polars"), published(spec, folder / engine)
    assert list(actual) == list(expected)
    for name, rows in expected.items():
        assert_frame_equal(actual[name], rows, check_exact=False, rel_tol=FLOATS, abs_tol=1e-12)
    rejects = [(folder / e / "rejects.ndjson").read_text() for e in ("polars", engine)]
    assert rejects[1] == rejects[0]
    assert _lasting(theirs) == {**_lasting(ours), "engine": engine}
    assert sorted(p.name for p in (folder / engine).iterdir()) == sorted(
        p.name for p in (folder / "polars").iterdir()
    )
    return theirs


def _lasting(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report without what differs from run to run."""
    untimed = {
        name: [{k: v for k, v in entry.items() if k != "seconds"} for entry in report[name]]
        for name in ("sources", "steps")
    }
    kept = {k: v for k, v in report.items() if k not in ("seconds", "durations", "started_at")}
    return {**kept, **untimed}
