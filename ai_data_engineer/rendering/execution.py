"""`ade run`: a spec executed as the project that it renders to."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ai_data_engineer.errors import SpecError
from ai_data_engineer.rendering.project import package_name, render
from ai_data_engineer.spec.spec import PipelineSpec

ENGINES = ("polars",)


def execute(spec: PipelineSpec, output: Path, *, engine: str = "polars") -> int:
    """Run a valid spec on its sources, writing below `output`; returns the exit code.

    Relative addresses of sources are taken from the current directory. The run speaks for itself
    on standard output and error. Raises SpecError for an engine that there is not.
    """
    if engine not in ENGINES:
        raise SpecError(
            f"There is no engine `{engine}`.",
            code="E_UNKNOWN_ENGINE",
            hint=f"Use {' or '.join(ENGINES)}.",
        )
    with tempfile.TemporaryDirectory(prefix="ade-run-") as folder:
        for name, data in render(spec, []).items():
            if name.startswith("src/"):
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        # A file of the user's named like a module must not be taken for it: -P keeps the current
        # directory off the path.
        command = [sys.executable, "-P", "-m", package_name(spec), "run", "--output", str(output)]
        environment = {**os.environ, "PYTHONPATH": str(Path(folder) / "src")}
        return subprocess.run(command, env=environment, check=False).returncode
