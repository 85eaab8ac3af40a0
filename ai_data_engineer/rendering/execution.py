"""Executes a spec as it is, by the very code that a project would hold."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from ai_data_engineer.errors import SourceError, SpecError
from ai_data_engineer.io.access import check_access
from ai_data_engineer.packaging.sampling import Sample, cut_sample
from ai_data_engineer.rendering.project import package_name, render
from ai_data_engineer.rendering.runtime.engines import PACKAGES, missing
from ai_data_engineer.rendering.sql_script import DIALECTS, sql_script
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.spec import PipelineSpec

_KEEPER = "ai_data_engineer.rendering.guarded"
"""Runs a project that keeps to our source policy."""
_OURS = str(Path(__file__).parents[2])
"""Where a process finds it."""


def execute(
    spec: PipelineSpec, output: Path, *, engine: str = "polars", append_again: bool = False
) -> int:
    """Run a valid spec on its sources and publish below `output`; returns the exit code.

    0 done, 1 a critical expectation failed and nothing was published, 2 unusable input. What goes
    wrong is one line on standard error. It runs in a process of its own, which may die without
    taking this one along. Raises SpecError for an engine that there is not,
    SourceError for a source that may not be read.
    """
    _check_engine(spec, engine)
    limits = [check_access(source.uri) for source in spec.sources]
    keeper, places = ([_KEEPER], [_OURS]) if any(limits) else ([], [])
    package = package_name(spec)
    with tempfile.TemporaryDirectory(prefix="ade-run-") as folder:
        for name, data in render(spec, [], samples=_beginnings(spec)).items():
            if name.startswith(("src/", "sql/")):
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(Path(folder) / "src"), *places]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        # -P: a package of the same name in the current folder does not take its place.
        command = [
            sys.executable,
            "-P",
            "-m",
            *keeper,
            package,
            "run",
            f"--output={output}",
            f"--engine={engine}",
            *(["--append-again"] if append_again else []),
        ]
        return subprocess.run(command, env=environment, check=False).returncode


def _check_engine(spec: PipelineSpec, engine: str) -> None:
    """Raise SpecError for an engine that there is not, or that cannot run the spec."""
    if lacking := missing(engine):
        raise SpecError(
            f"The engine {engine} is not there: {lacking}.",
            code="E_ENGINE",
            hint=f"Install it: python -m pip install {PACKAGES[engine]}."
            if engine in PACKAGES
            else "",
        )
    if engine in DIALECTS:
        sql_script(spec, propagate(spec, Findings()), engine)


def _beginnings(spec: PipelineSpec) -> dict[str, Sample]:
    """Return the first record of each source with a header.

    Where that is the header of the spec, each other file of a glob must have it too: by their
    order alone, columns would change places unseen. What cannot be read, the run tells.
    """
    found = {}
    for source in spec.sources:
        if source.format == "csv" and (
            source.dialect is None or source.dialect.header_row is not None
        ):
            with suppress(SourceError):
                found[source.id] = cut_sample(source, 1)
    return found
