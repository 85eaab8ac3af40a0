"""How a rendered project does on a large file, next to a script written by hand.

`python -m benchmarks.project_run --size 1GB csv` (`csv`, `ndjson`, `json`, `xml`; several) writes a
file to a temporary folder, has the offline planner specify a project for it, runs the project on
the whole file, plain and with `--gzip` compressed, and `by_hand.py` on the same file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from ai_data_engineer.packaging.bundle import package
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.loop import specify_valid
from benchmarks.generate import FORMATS, as_bytes, generate
from benchmarks.measuring import environment, measure

BY_HAND = Path(__file__).with_name("by_hand.py")


def main(formats: list[str], size: int, *, compressed: bool) -> None:
    """Generate, specify, package, run, print."""
    print(f"{environment()}\n")
    print(
        "| file | MB | what | wall s | CPU s | peak MB | records | written | rejected | removed |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for format in formats:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            source = Path(folder) / f"orders.{format}"
            generate(format, source, size)
            if compressed:
                source = _compressed(source)
            _project(format, source, Path(folder))
            if not compressed:
                _by_hand(format, source, Path(folder))


def _project(format: str, source: Path, folder: Path) -> None:
    settings = Settings(MAX_FILE_SIZE=2 * source.stat().st_size)
    profile = profile_source(str(source), settings=settings)
    specified, _ = specify_valid([profile], provider="offline")
    package(specified.spec, [profile], folder / "bundle.zip", provenance=specified.provenance)
    with zipfile.ZipFile(folder / "bundle.zip") as bundle:
        bundle.extractall(folder / "project")
    output = folder / "output"
    command = [sys.executable, "-m", specified.spec.name, "run", f"--output={output}"]
    run = measure(command, folder / "project" / "src")
    report = json.loads((output / "run_report.json").read_text())
    read, written = report["sources"][0], report["outputs"][0]["rows"]
    removed = sum(step.get("removed", 0) for step in report["steps"])
    if read["records"] != written + read["rejected"] + removed:
        raise SystemExit("the rows do not add up")
    left = sorted(path.name for path in output.iterdir())
    if len(left) != 3:
        raise SystemExit(f"the output folder has {left}")
    print(
        f"| {source.name} | {source.stat().st_size / 1e6:.0f} | project | {run.wall:.1f} "
        f"| {run.cpu:.1f} | {run.peak:.0f} | {read['records']} | {written} | {read['rejected']} "
        f"| {removed} |",
        flush=True,
    )


def _by_hand(format: str, source: Path, folder: Path) -> None:
    run = measure([sys.executable, str(BY_HAND), format, str(source), "by-hand.parquet"], folder)
    print(
        f"| {source.name} | {source.stat().st_size / 1e6:.0f} | by hand | {run.wall:.1f} "
        f"| {run.cpu:.1f} | {run.peak:.0f} | | | | |",
        flush=True,
    )


def _compressed(source: Path) -> Path:
    target = source.with_name(f"{source.name}.gz")
    with source.open("rb") as plain, gzip.open(target, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(plain, packed, 1024 * 1024)
    source.unlink()
    return target


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="+", choices=FORMATS)
    parser.add_argument("--size", type=as_bytes, default="1GB")
    parser.add_argument("--gzip", action="store_true")
    options = parser.parse_args()
    main(options.formats, options.size, compressed=options.gzip)
