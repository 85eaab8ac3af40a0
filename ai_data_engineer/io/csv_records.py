r"""Splitting delimited text into records, tolerant of what real files do wrong.

Works on UTF-8 bytes: a byte of a delimiter or quote never lies inside another character.

- A line ends with LF, CRLF or CR, mixed as they come.
- A quote opens a cell only at its beginning, blanks before it passed over; elsewhere it is text.
- A quote closes a cell when a delimiter or line end follows, blanks between passed over; a doubled
  quote is one; any other quote inside is text, and then the cell must end on its line. Where that
  gives the wrong number of cells and taking the opening quote for text gives the right one, the
  opening quote is text.
- An opening quote that does not find its end within `MAX_CELL` bytes or `MAX_LINES` lines is text.
- A record over several lines that has the wrong number of cells was held together by a stray
  quote if the lines in it have the right number: then its first line is the record.
- The delimiter `\s+` means a run of blanks and tabs, two or more blanks a run of at least so many.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.text_stream import LINE_END

MAX_CELL = 1024 * 1024
MAX_LINES = 1000
_MAX_STRAY = 16
"""After so many stray quotes in a record none is looked for: each costs a search."""
_NEIGHBOURS = 20
"""Lines inside a record of the wrong width that are tried on their own."""


class Record(NamedTuple):
    """Cells as UTF-8 bytes, where the next record begins, and how many lines this one takes.

    Without cells it is no record, but comment or blank lines.
    """

    cells: list[bytes]
    end: int
    lines: int


class _Incomplete(Exception):
    """The data end before it is clear where the record does."""


_Cell = tuple[bytes, "re.Match[bytes] | None"]
"""The text of a cell, and the delimiter or line end behind it; None at the end of the data."""


class RecordSplitter:
    """Finds one record after the other in a buffer."""

    def __init__(self, marks: Marks, width: int) -> None:
        self._marks = marks
        self._width = width

    def next(self, data: bytes, start: int, *, final: bool) -> Record | None:
        """Return the record that begins at `start`, or None when more data are needed to tell.

        `final` says that nothing comes behind `data`.
        """
        try:
            if passed_over := self._passed_over(data, start, final):
                return passed_over
            stop, after = self._line(data, start, final)
            line = data[start:stop]
            if self._is_plain(line):
                return Record(self._split(line), after, 1)
            record = self._quoted(data, start, final)
            if not self.fits(record.cells):
                strict = self._quoted(data, start, final, lenient=False)
                record = strict if self.fits(strict.cells) else record
        except _Incomplete:
            return None
        if record.lines > 1 and not self.fits(record.cells):
            first = self._quoted(line, 0, True).cells
            if self._are_records(data, after, record.end, self.fits(first)):
                return Record(first, after, 1)
        return record

    def line_end(self, data: bytes, start: int, *, final: bool) -> int | None:
        """Return where the next physical line begins, or None when more data are needed to tell."""
        try:
            return self._line(data, start, final)[1]
        except _Incomplete:
            return None

    def fits(self, cells: list[bytes]) -> bool:
        """Return whether there are as many cells as columns, empty ones at the end left aside."""
        return len(cells) == self._width or (
            len(cells) > self._width and not any(cells[self._width :])
        )

    def _passed_over(self, data: bytes, start: int, final: bool) -> Record | None:
        marks = self._marks
        if marks.comment and data.startswith(marks.comment, start):
            return Record([], self._line(data, start, final)[1], 1)
        if self._width == 1:
            return None  # a blank line may be a row
        if blank := marks.blank_lines.match(data, start):
            if blank.end() == len(data) and blank[0].endswith(b"\r") and not final:
                raise _Incomplete
            return Record([], blank.end(), len(LINE_END.findall(blank[0])))
        if final and marks.blank_end.match(data, start):
            return Record([], len(data), 1)
        return None

    def _line(self, data: bytes, start: int, final: bool) -> tuple[int, int]:
        """Return where the line's text ends and where the next line begins."""
        match = LINE_END.search(data, start)
        if match is None:
            if not final:
                raise _Incomplete
            return len(data), len(data)
        if match.end() == len(data) and match[0] == b"\r" and not final:
            raise _Incomplete  # it may be the first half of CRLF
        return match.span()

    def _is_plain(self, line: bytes) -> bool:
        return (self._marks.quote is None or self._marks.quote not in line) and (
            self._marks.escape is None or self._marks.escape not in line
        )

    def _split(self, line: bytes) -> list[bytes]:
        if self._marks.run is None:
            return line.split(self._marks.delimiter)
        return self._marks.run.split(line.strip(b" \t") if self._marks.skips_blanks else line)

    def _are_records(self, data: bytes, start: int, end: int, first_fits: bool) -> bool:
        """Whether the lines behind the first one are records of their own.

        All must have the right width, but for the last one, where the stray partner of the opening
        quote is; if that is the only one, it must, and the first line too.
        """
        fitting: list[bool] = []
        while start < end and len(fitting) < _NEIGHBOURS:
            stop, after = self._line(data, start, True)
            fitting.append(self.fits(self._quoted(data[start:stop], 0, True).cells))
            start = after
        if len(fitting) > 1 and start >= end:
            fitting.pop()
            return all(fitting)
        return all(fitting) and (first_fits or len(fitting) > 1)

    def _quoted(self, data: bytes, start: int, final: bool, *, lenient: bool = True) -> Record:
        """Read cell by cell; lenient: a quote inside a cell in quotes may be text."""
        cells: list[bytes] = []
        stray = 0
        position = start
        if self._marks.skips_blanks:
            while data[position : position + 1] in (b" ", b"\t"):
                position += 1
        while True:
            cell = None
            if self._marks.quote and stray < _MAX_STRAY:
                opening = self._marks.opening.match(data, position)
                if opening:
                    cell = self._enclosed(data, opening.end(), final, lenient)
                    if cell is None:  # behind here no quote closes leniently either
                        stray += 1
                        lenient = False
            if cell is None:
                cell = self._open(data, position, final)
            text, separator = cell
            cells.append(text)
            if separator is None:
                return Record(cells, len(data), len(LINE_END.findall(data, start)) + 1)
            position = separator.end()
            if separator[0].endswith((b"\n", b"\r")):
                if position == len(data) and separator[0].endswith(b"\r") and not final:
                    raise _Incomplete
                return Record(cells, position, len(LINE_END.findall(data, start, position)))

    def _open(self, data: bytes, position: int, final: bool) -> _Cell:
        """Read a cell without quotes up to the next delimiter or line end."""
        scan = position
        while match := self._marks.cell_end.search(data, scan):
            if self._marks.escape is None or not match[0].startswith(self._marks.escape):
                return self._unescape(data[position : match.start()]), match
            scan = match.end()
        if not final:
            raise _Incomplete
        return self._unescape(data[position:]), None

    def _enclosed(self, data: bytes, position: int, final: bool, lenient: bool) -> _Cell | None:
        """Read a cell from behind its opening quote; None: that quote is a stray one."""
        assert self._marks.quote
        limit = min(len(data), position + MAX_CELL)
        scan = position
        while True:
            closing = self._marks.to_closing.match(data, scan, limit)
            if closing is None:
                if limit < len(data) or final or _breaks(data, position, scan):
                    return None
                raise _Incomplete
            end = closing.end()
            if end == len(data) and not final:
                raise _Incomplete  # the quote may be the first of two
            separator = self._marks.behind.match(data, end)
            at_end = separator is None and self._marks.behind_last.match(data, end) is not None
            if at_end and not final:
                raise _Incomplete
            if separator is not None or at_end:
                body = data[position : end - len(self._marks.quote)]
                if body.count(b"\n") > MAX_LINES or body.count(b"\r") > MAX_LINES:
                    return None
                if scan != position and LINE_END.search(body):
                    return None
                return self._unescape(
                    body.replace(self._marks.quote * 2, self._marks.quote)
                ), separator
            if not lenient or LINE_END.search(data, scan, end):
                return None
            scan = end

    def _unescape(self, text: bytes) -> bytes:
        if self._marks.escape is None or self._marks.escape not in text:
            return text
        return self._marks.escaped.sub(rb"\1", text)


def _breaks(data: bytes, position: int, scan: int) -> bool:
    """Whether a stray quote came before: then the cell had to end on its line."""
    return scan != position and LINE_END.search(data, position) is not None
