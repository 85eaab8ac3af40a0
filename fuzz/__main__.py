"""Every target for a stated time, each in a process of its own; what breaks one is kept.

`python -m fuzz [TARGET …] --seconds 60`. Exit 1 when a target failed: its input then lies in
`.fuzz/TARGET/`, and `python -m fuzz.run TARGET CORPUS FILE` repeats it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from fuzz.targets import TARGETS

HANG_SECONDS = 30
MOST_MEMORY = 1024
"""In MB."""
LARGEST_INPUT = 64 * 1024
FOLDER = Path(".fuzz")


def main(names: list[str], seconds: int) -> int:
    """Fuzz the targets one after the other; returns the exit code."""
    failed = [name for name in names if not _survives(name, seconds)]
    print(f"{len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _survives(name: str, seconds: int) -> bool:
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={HANG_SECONDS}",
        f"-rss_limit_mb={MOST_MEMORY}",
        f"-max_len={LARGEST_INPUT}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
    ]
    command = [sys.executable, "-m", "fuzz.run", name, str(folder / "corpus"), *options]
    log = folder / "log"
    with log.open("wb") as output:
        code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT).returncode
    lines = log.read_text(errors="replace").splitlines()
    runs = next((line.split()[-1] for line in lines if "number_of_executed_units" in line), "0")
    print(f"{name}: {runs} inputs in {seconds} s, {'passed' if code == 0 else f'see {log}'}")
    return code == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"no target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    sys.exit(main(options.targets or list(TARGETS), options.seconds))
