"""Do the records of a document come as a table? Ours against readers that guess.

`python -m benchmarks.structure_accuracy` writes the table of `docs/accuracy.md`, section "Record
paths"; `--misses` names the documents that each reader misses.

A table is right where it has as many rows as the document has records, and the fields of a record
among its columns, nested ones counted under their whole name.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars as pl

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.names import safe_names
from benchmarks.structure_cases import JSON_CASES, XML_CASES, Case
from benchmarks.structure_held_out import HELD_OUT

Table = tuple[int, set[str]]
"""Rows, and the columns as safe names."""


def ours(path: Path) -> Table:
    profile = profile_source(str(path))
    return profile.records.total, {column.name for column in profile.columns}


def read_pandas(path: Path) -> Table:
    if path.suffix == ".xml":
        frame = pandas.read_xml(path)
    else:
        frame = pandas.read_json(path, lines=path.suffix == ".jsonl")
    records = frame.to_dict("records")
    return len(frame), _names(records[:50])


def read_polars(path: Path) -> Table:
    read = pl.read_ndjson if path.suffix == ".jsonl" else pl.read_json
    frame = read(path)
    return frame.height, _names(frame.head(50).to_dicts())


def read_duckdb(path: Path) -> Table:
    columns = duckdb.connect().execute("from read_json_auto(?)", [str(path)])
    names = [column[0] for column in columns.description or ()]
    rows = columns.fetchall()
    return len(rows), _names([dict(zip(names, row, strict=True)) for row in rows[:50]])


READERS: dict[str, Callable[[Path], Table]] = {
    "ours": ours,
    f"pandas {version('pandas')}": read_pandas,
    f"polars {version('polars')}": read_polars,
    f"DuckDB {version('duckdb')}": read_duckdb,
}
_GIVEN = re.compile(r"key|value|text|column_\d+")
"""Names of ours for what has none in the document: others may call it what they like."""
_WITHOUT_XML = (read_polars, read_duckdb)


def _names(records: Iterable[dict[str, Any]]) -> set[str]:
    found = {name for record in records for name in _flat(record, "")}
    return {safe_names([name])[0] for name in found}


def _flat(record: dict[str, Any], above: str) -> Iterable[str]:
    for name, value in record.items():
        yield f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")


def is_right(reader: Callable[[Path], Table], case: Case, path: Path) -> bool:
    """Return whether a reader makes the table that is expected; one that raises does not."""
    try:
        rows, names = reader(path)
    except Exception:  # noqa: BLE001 - each library raises what it likes
        return False
    expected = {name for name in case.columns if not _GIVEN.fullmatch(name)}
    return rows == case.records and expected <= names


def misses(reader: Callable[[Path], Table], cases: Sequence[Case], folder: Path) -> list[str]:
    """Return the names of the documents that a reader misses."""
    missed = []
    for number, case in enumerate(cases):
        path = folder / f"document{number}{case.suffix}"
        path.write_text(case.text, encoding="utf-8")
        if not is_right(reader, case, path):
            missed.append(case.name)
    return missed


def main() -> None:
    """Write the table, or what is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="name what each reader misses")
    shows_misses = parser.parse_args().misses
    sets = {
        "JSON": JSON_CASES,
        "XML": XML_CASES,
        "JSON, written afterwards": tuple(c for c in HELD_OUT if c.suffix != ".xml"),
        "XML, written afterwards": tuple(c for c in HELD_OUT if c.suffix == ".xml"),
    }
    if not shows_misses:
        print(f"| documents | {' | '.join(READERS)} |\n|---|{'---|' * len(READERS)}")
    with tempfile.TemporaryDirectory() as folder:
        for title, cases in sets.items():
            figures = []
            for name, reader in READERS.items():
                if cases[0].suffix == ".xml" and reader in _WITHOUT_XML:
                    figures.append("–")
                    continue
                missed = misses(reader, cases, Path(folder))
                figures.append(f"{len(cases) - len(missed)} of {len(cases)}")
                if shows_misses:
                    print(f"{title}, {name}: {'; '.join(missed) or 'none'}")
            if not shows_misses:
                print(f"| {title} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
