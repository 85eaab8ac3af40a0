"""The names of columns: from several rows of them, and whether they are those expected."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_data_engineer.errors import SourceError

_UNIT_LENGTH = 12
_MARK = re.compile(r"#+(\w*:)?")
_NAMED = 5
"""Columns that an error names."""


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
    """Leave out empty names where exactly they are too many for `width` columns.

    So with what marks the line of names in logs: `#Fields: date time status`.
    """
    filled = [name for name in names if name.strip()]
    if len(filled) == width + 1 and _MARK.fullmatch(filled[0].strip()):
        return filled[1:]
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


class HeaderError(SourceError):
    """The header holds other names than expected; `misplaced`: some of those stand elsewhere."""

    misplaced = False


def check_header(header: Sequence[str], expected: Sequence[str]) -> None:
    """Raise HeaderError when a header holds other names than those expected."""
    found = [cell.strip() for cell in without_gaps(header, len(expected))]
    while len(found) > len(expected) and not found[-1]:
        found.pop()
    wanted = [name.strip() for name in expected]
    if found == wanted:
        return
    missing = [name for name in wanted if name not in found]
    added = [name for name in found if name not in wanted]
    if missing:
        # What stands there instead may be no name but data, which is not shown.
        message = f"The header lacks {_quoted(missing)}"
        others = "1 other name" if len(added) == 1 else f"{len(added)} other names"
        message += f", and has {others}." if added else "."
    elif added:
        message = f"The header has {_quoted(added)} besides the columns expected."
    else:
        places = zip(found, wanted, strict=False)
        place = next((i for i, pair in enumerate(places) if len(set(pair)) > 1), len(wanted))
        message = f"The header has its names in another order, from column {place + 1} on."
    error = HeaderError(
        message, code="E_HEADER", hint="The columns have changed: profile the source again."
    )
    error.misplaced = any(
        name in found and found[place : place + 1] != [name] for place, name in enumerate(wanted)
    )
    raise error


def _quoted(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
