"""Readers of delimited files that find out everything by themselves, ours and others."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import clevercsv
import duckdb
import frictionless
import pandas as pd
import polars as pl

from benchmarks.polluting import Grid
from benchmarks.reading import ours

Reader = Callable[[Path], Grid]
_SNIFFED = 64 * 1024


def frictionless_auto(path: Path) -> Grid:
    """Frictionless' own detection."""
    with (
        frictionless.system.use_context(trusted=True),
        frictionless.Resource(path=str(path), format="csv") as resource,
    ):
        return _texts(resource.cell_stream)


def python_csv(path: Path) -> Grid:
    """The standard library's reader as it is."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def python_sniffer(path: Path) -> Grid:
    """The standard library's reader, told what its sniffer finds."""
    with path.open(encoding="utf-8", newline="") as file:
        dialect = csv.Sniffer().sniff(file.read(_SNIFFED))
        file.seek(0)
        return list(csv.reader(file, dialect))


def clevercsv_auto(path: Path) -> Grid:
    """CleverCSV's detection on the beginning."""
    return _texts(clevercsv.read_table(str(path), num_chars=_SNIFFED))


def duckdb_auto(path: Path) -> Grid:
    """DuckDB as it is: it gives types."""
    return _duckdb(path, "")


def duckdb_lenient(path: Path) -> Grid:
    """DuckDB, everything text and every leniency on."""
    return _duckdb(
        path, ", all_varchar=true, ignore_errors=true, null_padding=true, strict_mode=false"
    )


def _duckdb(path: Path, options: str) -> Grid:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM read_csv(?{options})", [str(path)])
        names = [column[0] for column in found.description or ()]
        rows = _texts(found.fetchall())
    invented = all(re.fullmatch(r"column\d+", name) for name in names)
    return rows if invented else [names, *rows]


def polars_default(path: Path) -> Grid:
    """Polars as it is."""
    return _polars(path)


def polars_lenient(path: Path) -> Grid:
    """Polars, everything text and every leniency on."""
    return _polars(
        path,
        infer_schema=False,
        ignore_errors=True,
        truncate_ragged_lines=True,
        encoding="utf8-lossy",
    )


def _polars(path: Path, **options: Any) -> Grid:
    try:
        frame = pl.read_csv(path, **options)
    except pl.exceptions.NoDataError:
        return []
    return [frame.columns, *_texts(frame.rows())]


def pandas_text(path: Path) -> Grid:
    """Pandas, everything text."""
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except pd.errors.EmptyDataError:
        return []
    return [list(frame.columns), *_texts(frame.itertuples(index=False, name=None))]


def _texts(rows: Iterable[Iterable[Any]]) -> Grid:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


READERS: dict[str, tuple[Reader, str]] = {
    "ours": (ours, "ai-data-engineer"),
    "frictionless": (frictionless_auto, "frictionless"),
    "csv.reader": (python_csv, ""),
    "csv.Sniffer": (python_sniffer, ""),
    "CleverCSV": (clevercsv_auto, "clevercsv"),
    "DuckDB, auto": (duckdb_auto, "duckdb"),
    "DuckDB, lenient as text": (duckdb_lenient, "duckdb"),
    "polars, default": (polars_default, "polars"),
    "polars, lenient as text": (polars_lenient, "polars"),
    "pandas, as text": (pandas_text, "pandas"),
}
"""By name: the reader and the distribution that it comes from, empty for Python's own."""
