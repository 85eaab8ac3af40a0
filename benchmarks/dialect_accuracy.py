"""How often detectors find delimiter and quote: on annotated files and on written tables.

`python -m benchmarks.dialect_accuracy CORPUS` prints the tables of `docs/accuracy.md`. The corpus
is a folder with `truth.csv` (file, encoding, delimiter, quote) and the files in `files/`, such as
the annotated sets of ws-garcia/CSVsniffer and alan-turing-institute/CSV_Wrangling.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ai_data_engineer.profiling.layout.dialect_detection import split_records
from benchmarks.detectors import Answer, ask, of_dialects, ours
from benchmarks.written_tables import Table, Written, write_all

WRITTEN, SEED = 400, 2024
_ENCODINGS = {"utf8": "utf-8-sig", "ansi": "cp1252", "utf16": "utf-16"}


@dataclass(frozen=True)
class Annotated:
    """A file and what people found its dialect to be; an empty quote: none was seen."""

    path: Path
    encoding: str
    delimiter: str
    quote: str

    def text(self) -> str:
        """Return the whole text."""
        encoding = _ENCODINGS.get(self.encoding, self.encoding)
        return self.path.read_bytes().decode(encoding, "replace").removeprefix("\ufeff")


def read_corpus(folder: Path) -> list[Annotated]:
    """Return the annotated files of a corpus."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return [
            Annotated(folder / "files" / r["file"], r["encoding"], r["delimiter"], r["quote"])
            for r in csv.DictReader(file)
        ]


def is_right(answer: Answer, delimiter: str, quote: str, text: str) -> bool:
    """Whether an answer splits a text as it should.

    A quote that the text does not hold need not be found, nor a delimiter.
    """
    if answer.delimiter is None:
        return False
    split = answer.delimiter == delimiter or (
        delimiter not in text and (not answer.delimiter or answer.delimiter not in text)
    )
    return split and (not quote or quote not in text or answer.quote == quote)


def reads_back(answer: Answer, written: Written) -> bool:
    """Whether reading with the dialect found gives the cells that were written."""
    if not answer.delimiter or len(answer.delimiter) > 4:
        return False
    records = split_records(written.text, answer.delimiter, answer.quote, answer.escape)
    return _cells([cells for _, cells in records]) == _cells(written.rows)


def _cells(rows: Table) -> Table:
    listed = [[" ".join(cell.split()) for cell in row] for row in rows]
    return [row for row in listed if any(row)]


def judge_corpus(files: list[Annotated], folder: Path) -> dict[str, tuple[int, int]]:
    """Return for each detector how many files are right as they are, and how many as UTF-8."""
    right: dict[str, list[int]] = {name: [0, 0] for name in of_dialects()}
    for number, file in enumerate(files):
        text = file.text()
        utf8 = folder / f"{number}.csv"
        utf8.write_text(text, encoding="utf-8", newline="")
        for name, detector in of_dialects().items():
            for which, path in enumerate((file.path, utf8)):
                answer = ask(detector, path)
                right[name][which] += is_right(answer, file.delimiter, file.quote, text)
        utf8.unlink()
    return {name: (counts[0], counts[1]) for name, counts in right.items()}


def judge_written(folder: Path) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return for each detector the texts that read back, and for ours the failures by kind."""
    read: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    path = folder / "written.csv"
    for written in write_all(WRITTEN, SEED):
        path.write_text(written.text, encoding="utf-8", newline="")
        kinds[written.kind] += 1
        for name, detector in of_dialects().items():
            good = reads_back(ask(detector, path), written)
            read[name] += good
            failed[written.kind] += detector is ours and not good
    return read, kinds, failed


def main(corpus: Path, out: Callable[[str], None] = print) -> None:
    """Print both tables as Markdown."""
    files = read_corpus(corpus)
    with tempfile.TemporaryDirectory() as folder:
        annotated = judge_corpus(files, Path(folder))
        read, kinds, failed = judge_written(Path(folder))
    out(f"| delimiter and quote right | {len(files)} files as they are | as UTF-8 |")
    out("|---|---|---|")
    for name, counts in annotated.items():
        out(f"| {name} | " + " | ".join(f"{100 * c / len(files):.1f} %" for c in counts) + " |")
    out("")
    out(f"| cells as written | {WRITTEN} texts |")
    out("|---|---|")
    for name in of_dialects():
        out(f"| {name} | {100 * read[name] / WRITTEN:.1f} % |")
    out("")
    missed = [f"{kind} {failed[kind]} of {kinds[kind]}" for kind in sorted(kinds) if failed[kind]]
    out(f"Ours fails on: {', '.join(missed) or 'none'}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
