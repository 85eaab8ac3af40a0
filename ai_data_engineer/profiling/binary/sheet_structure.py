"""From a workbook to the table in it: which sheet, which columns, where its header is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Field
from ai_data_engineer.io.sheet_reader import (
    Row,
    filled_rows,
    labels,
    to_batch,
    unnamed,
    without_footer,
)
from ai_data_engineer.io.sheet_values import Cell, CellError, cell_text
from ai_data_engineer.io.workbooks import Sheet, open_workbook
from ai_data_engineer.profiling.layout.header import TableLayout, find_layout
from ai_data_engineer.profiling.layout.written_cells import WRITTEN, written
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.profile import ProfileWarning
from ai_data_engineer.profiling.sampled_table import SampledTable, Taken
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.dialect import SheetLayout
from ai_data_engineer.sources.sample import Sample, reopened

_SHEETS = 12
"""So many sheets are looked into for the largest table."""
_GLANCE = 200
_LOOKED_AT = 1000
_PREAMBLE = 100


def sample_workbook(sample: Sample, settings: Settings) -> SampledTable:
    """Find the largest table of a workbook and read its first rows.

    A sheet that fits into the budget is read whole, of another only as many rows as are taken.

    Raises:
        SourceError: `E_NO_ROWS`, and what `open_workbook` and the rows of a sheet raise.
    """
    with reopened(sample, settings) as stream, open_workbook(stream) as sheets:
        chosen, others = _choose(sheets)
        if chosen is None:
            raise _no_rows("No cell holds anything.", sample.place)
        limit = None
        if not 0 <= chosen.size <= settings.max_profile_bytes:
            limit = settings.csv_max_rows + _PREAMBLE
        beginning = _beginning(chosen, limit)
    table = _Table.find(chosen.name, beginning)
    return table.sampled(settings.csv_max_rows, beginning, others, sample.place)


@dataclass(frozen=True)
class _Beginning:
    """The first rows of a sheet, how many more were seen, and the part of it that all these are."""

    rows: list[Row]
    more: int
    part: float

    @property
    def is_whole(self) -> bool:
        return self.part == 1.0


def _beginning(sheet: Sheet, limit: int | None) -> _Beginning:
    """Return the first rows; those that were read with the last of them are counted."""
    rows: list[Row] = []
    more = consumed = 0
    for row in filled_rows(sheet.rows()):
        if limit is None or len(rows) < limit:
            rows.append(row)
            consumed = sheet.consumed
        elif sheet.consumed == consumed:
            more += 1
        else:
            return _Beginning(rows, more, consumed / sheet.size)
    return _Beginning(rows, more, 1.0)


def _choose(sheets: Sequence[Sheet]) -> tuple[Sheet | None, tuple[str, ...]]:
    """Return the sheet with the most cells, as far as a glance tells, and the names of others.

    Hidden sheets count only where all are.
    """
    shown = [sheet for sheet in sheets if not sheet.is_hidden] or list(sheets)
    cells: dict[str, float] = {}
    for sheet in sorted(shown, key=lambda sheet: -sheet.size)[:_SHEETS]:
        seen = [sum(c is not None for c in row) for _, row in islice(sheet.rows(), _GLANCE)]
        if filled := sum(seen):
            is_whole = len(seen) < _GLANCE or not sheet.size
            cells[sheet.name] = filled if is_whole else filled * sheet.size / sheet.consumed
    if not cells:
        return None, ()
    best = max(cells, key=lambda name: cells[name])
    others = tuple(sheet.name for sheet in shown if sheet.name in cells and sheet.name != best)
    return next(sheet for sheet in shown if sheet.name == best), others


@dataclass(frozen=True)
class _Table:
    """A table in the rows of a sheet."""

    layout: SheetLayout
    labels: list[str]
    """Of all columns of the sheet."""
    places: list[int]
    """Indexes of the columns that belong to the table."""
    rows: list[Row]
    """Those of data."""
    named: set[int]
    """Indexes of the columns that have a name."""
    found: TableLayout

    @classmethod
    def find(cls, sheet: str, beginning: _Beginning) -> _Table:
        """Find the table in a sheet of this name."""
        rows = beginning.rows
        first, end = _widest_block(rows)
        top = rows[0][0]
        text = _as_text(rows[:_LOOKED_AT], first, end)
        last = text if len(rows) <= _LOOKED_AT else _as_text(rows[-_GLANCE:], first, end)
        found = find_layout(text, WRITTEN, end=last if beginning.is_whole else None)
        header_row = None if found.header_row is None else found.header_row + top
        header_rows = 1
        if header_row is not None:
            header_row, header_rows = _header_rows(rows, header_row, first, end)
        first_row = found.preamble_lines + top if header_row is None else header_row + 1
        header: list[list[Cell]] = []
        if header_row is not None:
            header = [c for n, c in rows if header_row - header_rows < n <= header_row]
        layout = SheetLayout(
            name=sheet,
            header_row=header_row,
            header_rows=header_rows,
            first_row=first_row,
            footer_rows=found.footer_lines,
        )
        data = [row for row in rows if row[0] >= first_row]
        data = list(without_footer(data, found.footer_lines))
        names = labels(header)
        names += [unnamed(index) for index in range(len(names), end)]
        named = {i for cells in header for i, cell in enumerate(cells) if cell is not None}
        filled = {i for _, cells in data for i, cell in enumerate(cells) if cell is not None}
        places = [index for index in range(first, end) if index in named | filled]
        return cls(layout, names, places, data, named, found)

    def sampled(
        self, max_rows: int, beginning: _Beginning, others: tuple[str, ...], place: str
    ) -> SampledTable:
        """Return the first rows; `others` are sheets that were not taken."""
        found = [self.labels[index] for index in self.places]
        names = safe_names(found)
        columns = [Field(name, (label,)) for name, label in zip(names, found, strict=True)]
        counted = to_batch(self.rows, columns, self.places).rows
        if not counted.height:
            raise _no_rows("There is a header and no row.", place)
        rows = counted.head(max_rows).drop(LINE)
        kinds = _kinds(self.rows[:max_rows], self.places)
        total = counted.height + beginning.more
        is_known = beginning.is_whole
        return SampledTable(
            Taken(rows, [], counted.height),
            [
                ColumnSource(name, label if index in self.named else "", (label,), kind)
                for name, label, index, kind in zip(names, found, self.places, kinds, strict=True)
            ],
            total=total if is_known else None,
            estimate=None if is_known else round(total / beginning.part),
            sheet=self.layout,
            sheet_alternatives=others,
            warnings=self._warnings(others),
        )

    def _warnings(self, others: Sequence[str]) -> list[ProfileWarning]:
        layout = self.layout
        warnings = []
        if others:
            warnings.append(warning("W_SHEETS", f"Others: {', '.join(others)}."))
        if layout.header_row is None:
            warnings.append(warning("W_NO_HEADER"))
        else:
            unnamed = len(set(self.places) - self.named)
            if unnamed:
                warnings.append(warning("W_UNNAMED_COLUMNS", f"{unnamed} of {len(self.places)}."))
        above = self.found.preamble_lines - layout.header_rows + 1
        if above > 0:
            warnings.append(warning("W_PREAMBLE", f"{above} of them."))
        if layout.footer_rows:
            warnings.append(warning("W_FOOTER", f"{layout.footer_rows} of them."))
        cells = [cell for _, row in self.rows for cell in row]
        if errors := sum(isinstance(cell, CellError) for cell in cells):
            warnings.append(warning("W_CELL_ERRORS", f"{errors:,} among the rows read."))
        return warnings


def _widest_block(rows: Sequence[Row]) -> tuple[int, int]:
    """Return first and end index of the columns of the table that holds the most cells.

    A column that is empty throughout parts two tables where they end at different rows; between
    columns of one table it is only a gap.
    """
    counts: Counter[int] = Counter()
    last: dict[int, int] = {}
    for number, cells in rows:
        for index, cell in enumerate(cells):
            if cell is not None:
                counts[index] += 1
                last[index] = number
    blocks: list[list[int]] = []
    for index in sorted(counts):
        if blocks and index == blocks[-1][-1] + 1:
            blocks[-1].append(index)
        else:
            blocks.append([index])
    ends = [max(last[index] for index in block) for block in blocks]
    joined: list[tuple[list[int], int]] = []
    for block, end in zip(blocks, ends, strict=True):
        if joined and joined[-1][1] == end:
            joined[-1][0].extend(block)
        else:
            joined.append((block, end))
    best, _ = max(joined, key=lambda pair: sum(counts[index] for index in pair[0]))
    return best[0], best[-1] + 1


def _as_text(rows: Sequence[Row], first: int, end: int) -> str:
    """Return the rows as text with a line for each row of the sheet, empty ones too."""
    lines: list[list[str]] = []
    line = rows[0][0]
    for number, cells in rows:
        lines += [[]] * min(number - line, 10_000)
        line = number + 1
        texts = [cell_text(cell) or "" for cell in cells[first:end]]
        lines.append(texts + [""] * (end - first - len(texts)))
    return written(lines)


def _header_rows(rows: Sequence[Row], found: int, first: int, end: int) -> tuple[int, int]:
    """Return the row of the names, and 2 where a row of groups above it tells repeated ones apart.

    `found` may be either of the two.
    """
    by_number = dict(rows[: 2 * _PREAMBLE])
    for names_row in (found, found + 1):
        both = [by_number.get(number, [])[first:end] for number in (names_row - 1, names_row)]
        groups, names = ([cell for cell in cells if cell is not None] for cells in both)
        below = by_number.get(names_row + 1, [])
        if (
            1 < len(groups) < len(names)
            and len(set(map(str, names))) < len(names)
            and all(isinstance(name, str) for name in names)
            and not all(cell is None or isinstance(cell, str) for cell in below)
            and not any(label.endswith(" (2)") for label in labels(both))
        ):
            return names_row, 2
    return found, 1


def _kinds(rows: Sequence[Row], places: Sequence[int]) -> list[frozenset[str]]:
    """Return the kinds of each column's values; none where they say nothing about the type.

    In a table of texts alone whoever wrote it did not care for types; in a column of texts and
    numbers some numbers were typed as text.
    """
    found = []
    for place in places:
        values = [cells[place] for _, cells in rows if len(cells) > place]
        found.append({kind for kind in map(_kind, values) if kind})
    texts = {"string"}
    if all(kinds <= texts for kinds in found):
        return [frozenset()] * len(found)
    return [
        frozenset() if "string" in kinds and len(kinds) > 1 else frozenset(kinds) for kinds in found
    ]


def _kind(cell: Cell) -> str | None:
    match cell:
        case None | CellError():
            return None
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case _:
            return "string"


def _no_rows(message: str, place: str) -> SourceError:
    return SourceError(
        message, code="E_NO_ROWS", location=place, hint="Check how the workbook was made."
    )
