"""Does a sampled profile of a large file cost more than one of a small file?

`python -m benchmarks.sampled_profile --size 5GB` writes a CSV of 10 MB and one of that size to a
temporary folder, profiles both in one warm process, several times in turn, and prints a table.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.settings import Settings
from benchmarks.generate import as_bytes, generate
from benchmarks.measuring import environment, memory

SMALL = 10 * 10**6
TIMES = 7


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


def forget_peak() -> None:
    """Begin to look for this process's most resident memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=as_bytes, default="1GB")
    main(parser.parse_args().size)
