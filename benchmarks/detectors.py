"""Detectors of dialects and headers behind one face: ours and those of other libraries.

The other libraries are in the dependency group `bench`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

from ai_data_engineer.profiling.encodings.encoding import detect_encoding
from ai_data_engineer.profiling.layout.dialect_detection import detect_dialect
from ai_data_engineer.profiling.layout.header import find_layout

SAMPLE = 16 * 1024
"""What detectors get that are too slow for whole files, in characters."""


@dataclass(frozen=True)
class Answer:
    """What a detector says of a file; None: nothing. `header_row` -1: it says there is none."""

    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    header_row: int | None = None
    preamble_lines: int | None = None
    footer_lines: int | None = None


def ours(path: Path) -> Answer:
    data = path.read_bytes()[: 512 * 1024]
    text = detect_encoding(data).decode(data).removeprefix("\ufeff")
    found = detect_dialect(text)
    layout = find_layout(text, found, end=text)
    return Answer(
        found.delimiter,
        found.quote,
        found.escape,
        -1 if layout.header_row is None else layout.header_row,
        layout.preamble_lines,
        layout.footer_lines,
    )


def _frictionless(path: Path) -> Answer:
    from frictionless import Resource

    resource = Resource(path=path.name, basepath=str(path.parent), format="csv")
    with resource:
        dialect = resource.dialect
        control: Any = dialect.get_control("csv")
        rows = dialect.header_rows
        header = rows[0] - 1 if dialect.header and rows else -1
        return Answer(control.delimiter, control.quote_char, control.escape_char, header)


def _clevercsv(path: Path) -> Answer:
    import clevercsv

    dialect = clevercsv.Detector().detect(_text(path))
    if dialect is None:
        return Answer()
    return Answer(dialect.delimiter, dialect.quotechar or None, dialect.escapechar or None)


def _clevercsv_header(path: Path) -> Answer:
    import clevercsv

    return Answer(header_row=0 if clevercsv.Detector().has_header(_text(path)) else -1)


def _sniffer(path: Path) -> Answer:
    found = csv.Sniffer().sniff(_text(path))
    return Answer(found.delimiter, found.quotechar, found.escapechar)


def _sniffer_header(path: Path) -> Answer:
    return Answer(header_row=0 if csv.Sniffer().has_header(_text(path)) else -1)


def _duckdb(path: Path) -> Answer:
    return _sniff_csv(path, "")


def _duckdb_lenient(path: Path) -> Answer:
    return _sniff_csv(path, ", strict_mode=false, ignore_errors=true, null_padding=true")


def _sniff_csv(path: Path, options: str) -> Answer:
    import duckdb

    query = f"SELECT Delimiter, Quote, Escape, HasHeader, SkipRows FROM sniff_csv(?{options})"
    row = duckdb.execute(query, [str(path)]).fetchone()
    assert row
    delimiter, quote, escape, has_header, skipped = row
    quote, escape = (None if c in ("", "(empty)", "\0") else c for c in (quote, escape))
    return Answer(
        delimiter,
        quote,
        escape if escape != quote else None,
        skipped if has_header else -1,
        skipped,
    )


def _csv_detective(path: Path) -> Answer:
    from csv_detective import routine

    with redirect_stdout(StringIO()):
        found: Any = routine(str(path), num_rows=50, save_results=False)
    return Answer(found["separator"], None, None, found["header_row_idx"])


def _text(path: Path) -> str:
    data = path.read_bytes()
    return detect_encoding(data).decode(data).removeprefix("\ufeff")[:SAMPLE]


def _frictionless_name() -> str:
    return f"frictionless {version('frictionless')}"


def _duckdb_name() -> str:
    return f"DuckDB {version('duckdb')} `sniff_csv`"


def _clevercsv_name() -> str:
    return f"CleverCSV {version('clevercsv')}, first 16 KiB"


_SNIFFER = "Python's `csv.Sniffer`, first 16 KiB"


def of_dialects() -> dict[str, Callable[[Path], Answer]]:
    """Return what detects dialects, by name and version; raises PackageNotFoundError."""
    return {
        "**ours**": ours,
        _frictionless_name(): _frictionless,
        _duckdb_name(): _duckdb,
        f"{_duckdb_name()}, lenient": _duckdb_lenient,
        _clevercsv_name(): _clevercsv,
        _SNIFFER: _sniffer,
    }


def of_headers() -> dict[str, Callable[[Path], Answer]]:
    """Return what detects headers, by name and version; raises PackageNotFoundError."""
    return {
        "**ours**": ours,
        _duckdb_name(): _duckdb,
        f"{_duckdb_name()}, lenient": _duckdb_lenient,
        f"csv-detective {version('csv-detective')}": _csv_detective,
        _frictionless_name(): _frictionless,
        _clevercsv_name(): _clevercsv_header,
        _SNIFFER: _sniffer_header,
    }


def ask(detector: Callable[[Path], Answer], path: Path) -> Answer:
    """Return a detector's answer, an empty one when it fails."""
    try:
        return detector(path)
    except Exception:  # noqa: BLE001 - whatever they raise, they have not found it
        return Answer()
