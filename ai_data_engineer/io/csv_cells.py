"""One record of delimited text, cell by cell, under one reading of its quotes.

Works on UTF-8 bytes: a byte of a delimiter or quote never lies inside another character.

- A line ends with LF, CRLF or CR, mixed as they come.
- A quote opens a cell only at its beginning, blanks before it passed over; elsewhere it is text.
- A quote closes a cell when a delimiter or line end follows, blanks between passed over; a doubled
  quote is one.
- An opening quote that does not find its end within `MAX_CELL` bytes or `MAX_LINES` lines is text.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.text_stream import LINE_END

MAX_CELL = 1024 * 1024
MAX_LINES = 1000
_MAX_STRAY = 16
"""After so many stray quotes in a record none is looked for: each costs a search."""


class Record(NamedTuple):
    """Cells as UTF-8 bytes, where the next record begins, and how many lines this one takes.

    Without cells it is no record, but comment or blank lines.
    """

    cells: list[bytes]
    end: int
    lines: int
    odd: bool = False
    """Whether a quote inside a cell in quotes, or a stray one, was taken for text."""
    stray: bool = False
    """Whether a quote at the beginning of a cell was."""


class Incomplete(Exception):
    """The data end before it is clear where the record does."""


class Reading(Enum):
    """What a quote inside a cell in quotes is, if it is neither doubled nor at the cell's end."""

    LENIENT = 1
    """Text; but then the cell must end on its line, or else its opening quote is text."""
    STRICT = 2
    """Proof that the cell's opening quote is text."""
    UNDOUBLED = 3
    """Text, and so are quotes that only seem doubled: quotes are not escaped in this record."""


class _Cell(NamedTuple):
    text: bytes
    separator: re.Match[bytes] | None
    """The delimiter or line end behind it; None at the end of the data."""
    odd: bool = False


class CellReader:
    """Reads records of a dialect."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def read(
        self,
        data: bytes,
        start: int,
        *,
        final: bool,
        reading: Reading = Reading.LENIENT,
    ) -> Record:
        """Return the record that begins at `start`.

        Raises Incomplete when the data end too early, unless `final` says that nothing follows.
        """
        cells: list[bytes] = []
        stray = 0
        odd = False
        position = start
        if self._marks.skips_blanks:
            while data[position : position + 1] in (b" ", b"\t"):
                position += 1
        while True:
            cell = None
            if self._marks.quote and stray < _MAX_STRAY:
                opening = self._marks.opening.match(data, position)
                if opening:
                    cell = self._enclosed(data, opening.end(), final, reading)
                    if cell is None:
                        stray += 1
                        if reading is Reading.LENIENT:
                            reading = Reading.STRICT  # behind here none closes leniently either
            if cell is None:
                cell = self._open(data, position, final)
            text, separator, cell_is_odd = cell
            cells.append(text)
            odd |= cell_is_odd
            if separator is None:
                lines = len(LINE_END.findall(data, start)) + 1
                return Record(cells, len(data), lines, odd or stray > 0, stray > 0)
            position = separator.end()
            if separator[0].endswith((b"\n", b"\r")):
                if position == len(data) and separator[0].endswith(b"\r") and not final:
                    raise Incomplete
                lines = len(LINE_END.findall(data, start, position))
                return Record(cells, position, lines, odd or stray > 0, stray > 0)

    def _open(self, data: bytes, position: int, final: bool) -> _Cell:
        """Read a cell without quotes up to the next delimiter or line end."""
        scan = position
        while match := self._marks.cell_end.search(data, scan):
            if self._marks.escape is None or not match[0].startswith(self._marks.escape):
                return _Cell(self._unescape(data[position : match.start()]), match)
            scan = match.end()
        if not final:
            raise Incomplete
        return _Cell(self._unescape(data[position:]), None)

    def _enclosed(self, data: bytes, position: int, final: bool, reading: Reading) -> _Cell | None:
        """Read a cell from behind its opening quote; None: that quote is a stray one."""
        quote = self._marks.quote
        assert quote
        to_closing = self._marks.to_closing
        if reading is Reading.UNDOUBLED:
            to_closing = self._marks.to_quote
        limit = min(len(data), position + MAX_CELL)
        scan = position
        while True:
            closing = to_closing.match(data, scan, limit)
            if closing is None:
                if limit < len(data) or final or _breaks(data, position, scan):
                    return None
                raise Incomplete
            end = closing.end()
            if end == len(data) and not final:
                raise Incomplete  # the quote may be the first of two
            separator = self._marks.behind.match(data, end)
            if separator is None and not final and self._marks.behind_cut.match(data, end):
                raise Incomplete
            if separator is not None or self._marks.behind_last.match(data, end):
                body = data[position : end - len(quote)]
                if body.count(b"\n") > MAX_LINES or body.count(b"\r") > MAX_LINES:
                    return None
                if scan != position and LINE_END.search(body):
                    return None
                if reading is not Reading.UNDOUBLED:
                    body = body.replace(quote * 2, quote)
                return _Cell(self._unescape(body), separator, scan != position)
            if reading is Reading.STRICT or LINE_END.search(data, scan, end):
                return None
            scan = end

    def _unescape(self, text: bytes) -> bytes:
        if self._marks.escape is None or self._marks.escape not in text:
            return text
        return self._marks.escaped.sub(rb"\1", text)


def _breaks(data: bytes, position: int, scan: int) -> bool:
    """Whether a stray quote came before: then the cell had to end on its line."""
    return scan != position and LINE_END.search(data, position) is not None
