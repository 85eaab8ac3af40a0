"""Signs that a text holds more than one table: below one another, or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, takewhile

from ai_data_engineer.profiling.layout.cell_kinds import CellKind
from ai_data_engineer.profiling.layout.header_evidence import CERTAIN, header_evidence
from ai_data_engineer.profiling.layout.table_records import (
    Row,
    fill,
    fits,
    texts_above_values,
    typed_columns,
)

_BODY = 200
_ROWS = 3
"""So many rows of another width, with their names, are a table."""


def table_before(rows: Sequence[Row], width: int) -> bool:
    """Whether the rows above a table are one, of another width."""
    return any(_other_width(rows[index:], width) for index in range(len(rows)))


def next_table(body: Sequence[Row], names: Sequence[str], width: int) -> int | None:
    """Return the line where another table begins below one, None when there is none.

    It has rows of another width, or names of its own above values, and stands behind a blank line;
    a title of it may stand in between.
    """
    typed = typed_columns(body[:_BODY], width)
    title: int | None = None
    for index, row in enumerate(body):
        if row.after_blank:
            title = row.line
        elif title is not None and fill(body[index - 1].cells) > 1:
            title = None
        if index == 0 or title is None:
            continue
        if _other_width(body[index:], width) or _has_names(body[index:], names, width, typed):
            return title
    return None


def _other_width(rows: Sequence[Row], width: int) -> bool:
    cells = rows[0].cells
    if fits(cells, width) or fill(cells) < 2:
        return False
    alike = takewhile(lambda row: len(row.cells) == len(cells) and fill(row.cells) > 1, rows)
    return sum(1 for _ in alike) >= _ROWS


def _has_names(
    rows: Sequence[Row], names: Sequence[str], width: int, typed: dict[int, CellKind]
) -> bool:
    cells, behind = rows[0].cells, [row.cells for row in rows[1:_BODY]]
    if not fits(cells, width) or fill(cells) < 2 or len(behind) < 1:
        return False
    if [c.strip() for c in cells[:width]] == list(names):
        return False  # the names come again, the table goes on
    if not texts_above_values(cells, typed):
        return False
    return header_evidence(cells, behind, width) > CERTAIN


def names_again(body: Sequence[Row], names: Sequence[str]) -> int:
    """Count the rows that repeat the names."""
    return sum(
        len(row.cells) >= len(names)
        and all(
            " ".join(cell.split()) == name for cell, name in zip(row.cells, names, strict=False)
        )
        for row in body
    )


def are_beside(names: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether a column without name and values parts columns, two at least on each side."""
    empty = [
        not name and not any(row.cells[column].strip() for row in body if column < len(row.cells))
        for column, name in enumerate(names)
    ]
    parts = [len(list(columns)) for is_empty, columns in groupby(empty) if not is_empty]
    return sum(columns > 1 for columns in parts) > 1
