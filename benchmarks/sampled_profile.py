"""Does a sampled profile of a large file cost more than one of a small file?

`python -m benchmarks.sampled_profile --size 5GB` writes a CSV of 10 MB and one of that size to a
temporary folder, profiles both in one warm process, several times in turn, and prints a table.
Then it profiles tables of 10,000 columns and 1,000 rows, once each: of mixed values, of which the
budget holds the first rows only, and of single digits, of which it holds more.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.settings import Settings
from benchmarks.generate import as_bytes, generate
from benchmarks.measuring import environment, forget_peak, memory

SMALL = 10 * 10**6
TIMES = 7
WIDTH, HEIGHT = 10_000, 1_000
_CHOICE = random.Random(1)
_DIGIT: tuple[Callable[[], str], ...] = (lambda: str(_CHOICE.randrange(10)),)
_MIXED: tuple[Callable[[], str], ...] = (
    lambda: str(_CHOICE.randrange(10**6)),
    lambda: f"{_CHOICE.random() * 1000:.2f}",
    lambda: f"2024-{_CHOICE.randint(1, 12):02}-{_CHOICE.randint(1, 28):02}",
    lambda: _CHOICE.choice(["red", "green", "blue", ""]),
    lambda: _CHOICE.choice(["yes", "no"]),
)


def main(size: int) -> None:
    """Generate, profile, print."""
    settings = Settings(MAX_FILE_SIZE=2 * size)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        files = {name: Path(folder) / f"{name}.csv" for name in ("small", "large")}
        generate("csv", files["small"], SMALL)
        generate("csv", files["large"], size)
        profile_source(str(files["small"]), settings=settings)
        baseline = memory("VmRSS")
        forget_peak()
        seconds: dict[str, list[float]] = {name: [] for name in files}
        for _ in range(TIMES):
            for name, path in files.items():
                started = time.perf_counter()
                profile_source(str(path), settings=settings)
                seconds[name].append(time.perf_counter() - started)
        small, large = (statistics.median(seconds[name]) for name in ("small", "large"))
        print(f"Median of {TIMES} profiles in a warm process. {environment()}\n")
        print("| file | seconds | ratio |\n|---|---|---|")
        print(f"| {files['small'].stat().st_size / 1e6:.0f} MB | {small:.3f} | 1 |")
        print(
            f"| {files['large'].stat().st_size / 1e6:.0f} MB | {large:.3f} | {large / small:.2f} |"
        )
        print(
            f"\nMost memory: {memory('VmHWM') - baseline:.0f} MB over {baseline:.0f} MB once warm."
        )
        print("\n| 10,000 × 1,000 | rows read | seconds | MB more at most |\n|---|---|---|---|")
        for name, kinds in (("mixed", _MIXED), ("digits", _DIGIT)):
            print(f"| {name} | {' | '.join(wide_profile(Path(folder) / f'{name}.csv', kinds))} |")


def wide_profile(path: Path, kinds: Sequence[Callable[[], str]]) -> tuple[str, str, str]:
    """Write a wide table and profile it; return rows read, seconds and megabytes."""
    with path.open("w") as file:
        file.write(",".join(f"column_{index}" for index in range(WIDTH)) + "\n")
        for _ in range(HEIGHT):
            file.write(",".join(kinds[i % len(kinds)]() for i in range(WIDTH)) + "\n")
    baseline = memory("VmRSS")
    forget_peak()
    started = time.perf_counter()
    profile = profile_source(str(path))
    seconds = time.perf_counter() - started
    return f"{profile.records.read:,}", f"{seconds:.1f}", f"{memory('VmHWM') - baseline:.0f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=as_bytes, default="1GB")
    main(parser.parse_args().size)
