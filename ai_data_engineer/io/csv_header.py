"""The names of columns from several rows of them."""

from __future__ import annotations

from collections.abc import Sequence

_UNIT_LENGTH = 12


def join_names(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return a name for each of `width` columns, empty where no row has one.

    The row with the most different names holds the names proper. Rows above it name groups: an
    empty cell belongs to the group on its left, as in a merged cell, and the group stands before
    the name. A short text below a name is its unit and stands behind it in brackets; tags such as
    `#date` are no names.
    """
    cells = [[" ".join(cell.split()) for cell in _fitted(row, width)] for row in rows]
    proper = max(range(len(rows)), key=lambda index: (len({*cells[index]} - {""}), -index))
    names = [""] * width
    for index, row in enumerate(cells):
        if index < proper:
            row = _spread(row)
        for column, cell in enumerate(row):
            if cell and cell != names[column]:
                names[column] = _joined(names[column], cell, below=index > proper)
    return names


def without_gaps(names: Sequence[str], width: int) -> list[str]:
    """Leave out empty names where exactly they are too many for `width` columns."""
    filled = [name for name in names if name.strip()]
    return filled if len(filled) == width else list(names)


def _fitted(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _spread(row: list[str]) -> list[str]:
    spread = list(row)
    for column in range(1, len(spread)):
        spread[column] = spread[column] or spread[column - 1]
    return spread


def _joined(name: str, cell: str, *, below: bool) -> str:
    if below and cell.startswith("#"):
        return name
    if not name:
        return cell
    bracketed = cell.startswith(("(", "["))
    if below and not bracketed and len(cell) <= _UNIT_LENGTH:
        return f"{name} ({cell})"
    return f"{name} {cell}"
