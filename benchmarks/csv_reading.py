"""How fast is the CSV reader, on well-formed text and on text with something amiss here and there?

`python -m benchmarks.csv_reading --size 100MB` writes a CSV with quoted cells and copies of it in
which every thousandth record is polluted in one way, and prints megabytes for each second of the
processor. A copy's rows, set-aside records and records short of cells are printed as well.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ai_data_engineer.io.csv_reader import read_csv
from benchmarks.generate import as_bytes, generate
from benchmarks.measuring import environment

EVERY = 1000
POLLUTIONS: dict[str, Callable[[bytes], bytes]] = {
    "none": lambda line: line,
    "a stray quote": lambda line: b'"' + line,
    "a delimiter less": lambda line: line.replace(b",", b"", 1),
    "a delimiter more": lambda line: b"," + line,
    "a byte that is no UTF-8": lambda line: b"\xff" + line,
    "a blank line before": lambda line: b"\n" + line,
}


def main(size: int) -> None:
    """Generate, pollute, read, print."""
    print(f"Every {EVERY:,}th record polluted. {environment()}\n")
    print("| pollution | MB/s of processor time | rows | set aside |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        path = Path(folder) / "clean.csv"
        generate("csv", path, size)
        header = path.open("rb").readline()
        columns = header.decode().rstrip().split(",")
        for name, pollute in POLLUTIONS.items():
            polluted = Path(folder) / "polluted.csv"
            with path.open("rb") as clean, polluted.open("wb") as file:
                for number, line in enumerate(clean):
                    file.write(pollute(line) if number % EVERY == EVERY // 2 else line)
            started = time.process_time()
            rows = set_aside = 0
            with polluted.open("rb") as stream:
                for batch in read_csv(stream, columns=columns):
                    rows += batch.rows.height
                    set_aside += len(batch.rejected)
            seconds = time.process_time() - started
            speed = polluted.stat().st_size / 1e6 / seconds
            print(f"| {name} | {speed:.0f} | {rows:,} | {set_aside:,} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=as_bytes, default="100MB")
    main(parser.parse_args().size)
