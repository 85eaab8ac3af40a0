"""Cells that are known already, as text in which the search for a table finds its way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ai_data_engineer.profiling.layout.dialect_detection import DetectedDialect

WRITTEN = DetectedDialect(",", '"', None, 1.0)
"""The dialect of what `written` returns."""


def written(rows: Iterable[Sequence[str]]) -> str:
    """Return a line for each row, an empty one for a row without cells."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for cells in rows:
        writer.writerow([" ".join(cell.split()) for cell in cells])
    return buffer.getvalue()
