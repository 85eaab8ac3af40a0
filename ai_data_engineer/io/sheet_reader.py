"""Reading a table out of a sheet: columns by the names in its header, every row as text."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import BinaryIO

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Batch, Field
from ai_data_engineer.io.sheet_values import Cell, cell_text, column_index, column_letters
from ai_data_engineer.io.workbooks import find_sheet, open_workbook

BATCH = 20_000
UNNAMED = "column "
"""What the label of a column without a name begins with; its letters follow."""

Row = tuple[int, list[Cell]]


def read_sheet(
    stream: BinaryIO,
    *,
    columns: Sequence[Field],
    sheet: str,
    header_row: int | None = 1,
    header_rows: int = 1,
    first_row: int = 2,
    footer_rows: int = 0,
    batch_rows: int = BATCH,
) -> Iterator[Batch]:
    """Yield the rows of a table as text; LINE is the number of the row in the sheet.

    Numbers are written as short as they can be, dates as in ISO 8601; a cell with an error such as
    `#N/A` has no value, and a row without any value in the columns asked for is no record.

    Args:
        stream: A workbook, decompressed.
        columns: Each one's path is its label, see `labels`.
        sheet: The sheet's name; where there is only one sheet, its name is not looked at.
        header_row: Number of the (last) row of names, from 1; None: all are unnamed.
        header_rows: How many rows of names there are.
        first_row: Number of the first row of data.
        footer_rows: Rows at the end, counted from the last that holds anything, that are no data.
        batch_rows: Most rows in a batch.

    Raises:
        SourceError: `E_COLUMNS` for a column that is not there, and what `open_workbook` and the
            rows of a sheet raise.
    """
    with open_workbook(stream) as sheets:
        rows = filled_rows(find_sheet(sheets, sheet).rows())
        header: list[list[Cell]] = []
        begin: list[Row] = []
        if header_row is not None:
            for row in rows:
                if row[0] > header_row:
                    begin = [row]
                    break
                if row[0] > header_row - header_rows:
                    header.append(row[1])
        places = _places(columns, None if header_row is None else labels(header))
        body = (row for row in chain(begin, rows) if row[0] >= first_row)
        data = without_footer(body, footer_rows)
        is_first = True
        while some := list(islice(data, batch_rows)):
            yield to_batch(some, columns, places)
            is_first = False
        if is_first:
            yield to_batch([], columns, places)


def filled_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows in which a cell holds something."""
    return (row for row in rows if any(cell is not None for cell in row[1]))


def labels(header: Sequence[Sequence[Cell]]) -> list[str]:
    """Return what each column from A on is called after its header.

    Of several rows the upper ones hold names of groups, which count for the empty cells to their
    right too; the parts are joined by a blank. A column without a name is called `column C`, a
    name that repeats gets ` (2)`, ` (3)`, ….
    """
    width = max((len(cells) for cells in header), default=0)
    rows = [_texts_of(cells, width) for cells in header]
    for row in rows[:-1]:
        for index in range(1, width):
            row[index] = row[index] or row[index - 1]
    found: list[str] = []
    taken: set[str] = set()
    for index in range(width):
        base = " ".join(row[index] for row in rows if row[index]) or unnamed(index)
        label, number = base, 2
        while label in taken:
            label, number = f"{base} ({number})", number + 1
        taken.add(label)
        found.append(label)
    return found


def unnamed(index: int) -> str:
    """Return what a column without a name is called."""
    return f"{UNNAMED}{column_letters(index)}"


def _texts_of(cells: Sequence[Cell], width: int) -> list[str]:
    texts = [" ".join((cell_text(cell) or "").split()) for cell in cells]
    return texts + [""] * (width - len(texts))


def _places(columns: Sequence[Field], header: Sequence[str] | None) -> list[int]:
    """Return the index of each column."""
    return [_place(field.path[0], header or ()) for field in columns]


def _place(label: str, header: Sequence[str]) -> int:
    if label in header:
        return header.index(label)
    if not label.startswith(UNNAMED):
        raise _missing(label)
    with suppress(ValueError):
        if (place := column_index(label.removeprefix(UNNAMED))) >= len(header):
            return place
    raise _missing(label)


def _missing(label: str) -> SourceError:
    return SourceError(
        f"There is no column `{label}` in the header.",
        code="E_COLUMNS",
        hint="The columns have changed: profile the source again.",
    )


def without_footer(rows: Iterable[Row], count: int) -> Iterator[Row]:
    """Yield the rows but those whose numbers are within the last `count` of them."""
    held: deque[Row] = deque()
    for row in rows:
        while held and held[0][0] <= row[0] - count:
            yield held.popleft()
        held.append(row)
    last = held[-1][0] if held else 0
    yield from (row for row in held if row[0] <= last - count)


def to_batch(rows: Sequence[Row], columns: Sequence[Field], places: Sequence[int]) -> Batch:
    """Return rows as text; `places` are the indexes of the columns in the sheet."""
    taken = set(places)
    width = max((len(cells) for _, cells in rows), default=0)
    lines = pl.Series(LINE, [number for number, _ in rows], dtype=pl.Int64())
    series = [
        pl.Series(field.name, _column(rows, place), dtype=pl.String())
        for field, place in zip(columns, places, strict=True)
    ]
    frame = pl.DataFrame([lines, *series])
    names = [field.name for field in columns]
    unread: Counter[str] = Counter()
    for place in range(width):
        if place not in taken:
            filled = sum(len(c) > place and c[place] is not None for _, c in rows)
            unread[unnamed(place)] += filled
    return Batch(frame.filter(pl.any_horizontal(pl.col(names).is_not_null())), [], +unread)


def _column(rows: Sequence[Row], place: int) -> list[str | None]:
    """Return a column as text; most hold one kind of value."""
    cells = [cells[place] if len(cells) > place else None for _, cells in rows]
    kinds = set(map(type, cells)) - {type(None), str}
    if not kinds:
        return cells  # type: ignore[return-value]
    return [cell if cell.__class__ is str else cell_text(cell) for cell in cells]
