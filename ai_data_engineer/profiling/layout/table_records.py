"""The records of a text as the search for its table sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.csv_records import RecordSplitter
from ai_data_engineer.profiling.layout.cell_kinds import CellKind, cell_kind
from ai_data_engineer.profiling.layout.dialect_detection import DetectedDialect, split_records
from ai_data_engineer.profiling.layout.header_evidence import TYPED

_LOOKED_AT = 200
_FEW = 20
_MOSTLY = 0.8


class Row(NamedTuple):
    """A record that holds something."""

    line: int
    """Physical line where it begins, from 0."""
    cells: list[str]
    after_blank: bool
    """Nothing stands on the line before it, or delimiters alone."""


def read_rows(text: str, dialect: DetectedDialect, width: int | None = None) -> Iterator[Row]:
    """Yield the records of a text that hold something.

    `width`: the columns of the table, where that is known; then stray quotes mislead no more than
    they will mislead the reader.
    """
    blank = False
    if width is None:
        records = split_records(text, dialect.delimiter, dialect.quote, dialect.escape)
    else:
        records = _split_as_read(text, dialect, width)
    for line, cells in records:
        if any(map(str.strip, cells)):
            yield Row(line, cells, blank)
            blank = False
        else:
            blank = True


def _split_as_read(
    text: str, dialect: DetectedDialect, width: int
) -> Iterator[tuple[int, list[str]]]:
    marks = Marks(dialect.delimiter, dialect.quote, dialect.escape, None)
    splitter = RecordSplitter(marks, width)
    data = text.encode("utf-8", "replace")
    position = line = 0
    while position < len(data):
        record = splitter.next(data, position, final=True)
        assert record is not None
        yield line, [cell.decode("utf-8", "replace") for cell in record.cells]
        position, line = record.end, line + record.lines


def fill(cells: Sequence[str]) -> int:
    """Return how many cells hold something."""
    return sum(map(bool, map(str.strip, cells)))


def fits(cells: Sequence[str], width: int) -> bool:
    """Whether a record has the width of the table, empty cells too many at its end left aside."""
    return len(cells) == width or (len(cells) > width and fill(cells[width:]) == 0)


def begins(cells: Sequence[str], mark: str) -> bool:
    """Whether a record begins with a mark."""
    return bool(cells) and cells[0].startswith(mark)


def usual_fill(rows: Sequence[Row]) -> int:
    """Return the median of the cells that hold something."""
    return sorted(fill(row.cells) for row in rows)[len(rows) // 2] if rows else 0


def typed_columns(rows: Sequence[Row], width: int) -> dict[int, CellKind]:
    """Return the columns whose values are numbers, moments or addresses nearly throughout.

    The last rows are looked at, for names and titles stand in the first.
    """
    cells = [row.cells for row in rows if fits(row.cells, width)]
    looked_at = len(cells) // 2 if len(cells) > _FEW else max(1, len(cells) // 3)
    cells = cells[len(cells) - looked_at :][:_LOOKED_AT]
    found: dict[int, CellKind] = {}
    for column in range(width):
        kinds = Counter(cell_kind(row[column]) for row in cells)
        values = len(cells) - kinds["empty"] - kinds["null"]
        for kind in TYPED:
            if kinds[kind] and kinds[kind] >= _MOSTLY * values:
                found[column] = kind
    return found


def texts_above_values(cells: Sequence[str], typed: Mapping[int, CellKind]) -> list[int]:
    """Return the columns of numbers, moments or addresses where a record has a text."""
    untyped = ("number", "moment", "empty", "null")
    return [c for c in typed if c < len(cells) and cell_kind(cells[c]) not in (*untyped, typed[c])]
