"""Every CSV and JSON file of `vega_datasets`, from the file to a project that ran on it.

`python -m benchmarks.real_files > docs/real-files.md` writes the table of results.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.rendering.project import package_name
from ai_data_engineer.specifying.loop import specify_valid

DATA = Path(str(distribution("vega-datasets").locate_file("vega_datasets"))) / "_data"
"""The package itself is not imported: it wants a table library that is not needed here."""
FILES = sorted(path for path in DATA.iterdir() if path.suffix in (".csv", ".json", ".tsv"))


@dataclass
class Trial:
    """What became of one file."""

    name: str
    format: str = ""
    columns: int = 0
    records: int = 0
    typed: int = 0
    rejected: int = 0
    removed: int = 0
    written: int = 0
    problems: list[str] = field(default_factory=list)


def try_file(path: Path, folder: Path) -> Trial:
    """Profile, specify, package, unpack, run on the whole file; add up the rows."""
    trial = Trial(path.name)
    profile = profile_source(str(path))
    trial.format, trial.columns = profile.format, len(profile.columns)
    specified, report = specify_valid([profile], provider="offline")
    trial.problems += [f"{f.code} {f.pointer}" for f in report.errors]
    bundle = folder / f"{path.stem}.zip"
    package(specified.spec, [profile], bundle, provenance=specified.provenance)
    project = folder / path.stem
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(project)
    output = folder / f"{path.stem}-out"
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            package_name(specified.spec),
            "run",
            "--source",
            str(path),
            "--output",
            str(output),
        ],
        cwd=project,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if ran.returncode != 0:
        trial.problems.append(f"exit {ran.returncode}: {ran.stderr.strip()[-300:]}")
        return trial
    add_up(trial, json.loads((output / "run_report.json").read_text()))
    return trial


def add_up(trial: Trial, report: dict[str, Any]) -> None:
    """Fill in the counts and note each equation that does not hold."""
    for source in report["sources"]:
        trial.records += source["records"]
        trial.typed += source["rows_out"]
        trial.rejected += source["rejected"]
        if source["records"] != source["rows_out"] + source["rejected"]:
            trial.problems.append(f"{source['id']}: records ≠ rows + rejected")
    for step in report["steps"]:
        removed = step.get("removed") or 0
        trial.rejected += step["rejected"]
        trial.removed += removed
        if step["rows_in"] != step["rows_out"] + step["rejected"] + removed:
            trial.problems.append(f"{step['id']}: rows in ≠ out + rejected + removed")
    trial.written = sum(output["rows"] for output in report["outputs"])
    if trial.records != trial.written + trial.rejected + trial.removed:
        trial.problems.append("records ≠ written + rejected + removed")


def main() -> int:
    """Print the table; returns 1 when a file had a problem."""
    print("# Real files\n")
    print(
        f"Every CSV, TSV and JSON file of vega_datasets {version('vega_datasets')}, through "
        "`python -m benchmarks.real_files`: profiled, specified offline without a goal, packaged, "
        "unpacked, and the project run on the whole file. "
        "Records = written + rejected + removed on purpose (repeated rows), for each file.\n"
    )
    print("| file | format | columns | records | rejected | removed | written | |")
    print("|---|---|--:|--:|--:|--:|--:|---|")
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in FILES:
            try:
                trial = try_file(path, Path(folder))
            except Exception as error:  # noqa: BLE001 - a table with one failure is better than none
                trial = Trial(path.name, problems=[str(error)])
            failures += bool(trial.problems)
            print(
                f"| {trial.name} | {trial.format} | {trial.columns} | {trial.records} "
                f"| {trial.rejected} | {trial.removed} | {trial.written} "
                f"| {'; '.join(trial.problems) or 'ran'} |",
                flush=True,
            )
    print(f"\n{len(FILES)} files, {len(FILES) - failures} ran.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
