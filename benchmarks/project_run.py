"""How a rendered project does on a large file, next to scripts written by hand.

`python -m benchmarks.project_run --size 1GB csv` (`csv`, `ndjson`, `json`, `xml`; several) writes a
file to a temporary folder, has the offline planner specify a project for it, and runs the project
on the whole file, with `--gzip` compressed. In turn with it run `by_hand.py`, and on CSV
`by_hand_checked.py`, which does the same work and must come to the same counts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from ai_data_engineer.packaging.sampling import cut_sample
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.rendering.project import render
from ai_data_engineer.settings import Settings
from ai_data_engineer.specifying.loop import specify_valid
from benchmarks.generate import FORMATS, as_bytes, generate
from benchmarks.measuring import Measured, environment, measure

HERE = Path(__file__).parent
PLAIN = "plain script"
SAME = "script doing the same"


def main(formats: list[str], size: int, repeats: int, *, compressed: bool) -> None:
    """Generate, specify, render, run, print."""
    print(f"{environment()}\n")
    print("| file | MB | what | wall s | CPU s | peak MB | project takes: wall | CPU | peak |")
    print("|---|---|---|---|---|---|---|---|---|")
    for format in formats:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            source = Path(folder) / f"orders.{format}"
            generate(format, source, size)
            if compressed:
                source = _compressed(source)
            _compare(format, source, Path(folder), repeats)


def _compare(format: str, source: Path, folder: Path, repeats: int) -> None:
    """Run all sides in turn, as often as asked for, and print their medians."""
    name = _project(source, folder)
    output = folder / "output"
    sides = {"project": ([sys.executable, "-m", name, "run", f"--output={output}"], "project/src")}
    if format == "csv" and source.suffix == ".csv":
        script = str(HERE / "by_hand_checked.py")
        sides[SAME] = ([sys.executable, script, str(source), "same.parquet"], ".")
    if source.suffix != ".gz":
        script = str(HERE / "by_hand.py")
        sides[PLAIN] = ([sys.executable, script, format, str(source), "plain.parquet"], ".")
    measured: dict[str, list[Measured]] = {side: [] for side in sides}
    for _ in range(repeats):
        for side, (command, place) in sides.items():
            measured[side].append(measure(command, folder / place))
    counts = _counts(output)
    if SAME in sides and json.loads((folder / "same.json").read_text()) != counts:
        raise SystemExit("the script does not come to the same")
    medians = {side: _median(runs) for side, runs in measured.items()}
    for side, (wall, cpu, peak) in medians.items():
        ratios = [f"{a / b:.2f}" for a, b in zip(medians["project"], medians[side], strict=True)]
        cells = [source.name, f"{source.stat().st_size / 1e6:.0f}", side]
        cells += [f"{wall:.1f}", f"{cpu:.1f}", f"{peak:.0f}", *ratios]
        print(f"| {' | '.join(cells)} |", flush=True)
    print(f"\n{source.name}: {counts}\n", flush=True)


def _project(source: Path, folder: Path) -> str:
    """Put a project for a file below `folder`; returns its name."""
    settings = Settings(MAX_FILE_SIZE=2 * source.stat().st_size)
    profile = profile_source(str(source), settings=settings)
    specified, _ = specify_valid([profile], provider="offline")
    samples = {source.id: cut_sample(source, 1000) for source in specified.spec.sources}
    for path, data in render(specified.spec, [profile], samples=samples).items():
        (folder / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "project" / path).write_bytes(data)
    return specified.spec.name


def _counts(output: Path) -> dict[str, object]:
    """Return what a run counted; stops where that does not add up, or where more was left."""
    report = json.loads((output / "run_report.json").read_text())
    read, written = report["sources"][0], report["outputs"][0]["rows"]
    removed = sum(step.get("removed", 0) for step in report["steps"])
    if read["records"] != written + read["rejected"] + removed:
        raise SystemExit("the rows do not add up")
    left = sorted(path.name for path in output.iterdir())
    if len(left) != 4:
        raise SystemExit(f"the output folder has {left}")
    failed = [rule["type"] for rule in report["expectations"] if not rule["success"]]
    return {
        "read": read["records"],
        "rejected": read["rejected"],
        "cleaned": read["rows_out"],
        "written": written,
        "failed": failed,
    }


def _median(runs: list[Measured]) -> tuple[float, float, float]:
    """Return seconds by the clock and of processors, and MB at the peak."""
    return (
        median(run.wall for run in runs),
        median(run.cpu for run in runs),
        median(run.peak for run in runs),
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
    parser.add_argument("--repeats", type=int, default=3, help="runs of each side (default: 3)")
    options = parser.parse_args()
    main(options.formats, options.size, options.repeats, compressed=options.gzip)
