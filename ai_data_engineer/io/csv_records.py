r"""Splitting delimited text into records, tolerant of what real files do wrong.

A record is read leniently first. Where it then has not as many cells as there are columns, or a
stray quote, its quotes are read in other ways, and the first one that fits is taken:

- quotes inside cells in quotes are not escaped: `"a table, round 48"","b"`;
- a quote inside a cell in quotes says that the opening one is text: `"5 inch,a,"b"`.

A record over several lines that fits in no way was held together by a stray quote if the lines in
it fit by themselves: then its first line is the record.

The delimiter `\s+` means a run of blanks and tabs, two or more blanks a run of at least so many.
"""

from __future__ import annotations

from ai_data_engineer.io.csv_cells import MAX_CELL, CellReader, Incomplete, Reading, Record
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.text_stream import LINE_END

_NEARLY_ALL = 0.8
_NEIGHBOURS = 20
"""Lines inside a record of the wrong width that are tried on their own."""


class RecordSplitter:
    """Finds one record after the other in a buffer."""

    def __init__(self, marks: Marks, width: int) -> None:
        self._marks = marks
        self._width = width
        self._reader = CellReader(marks)

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
            if tidy := self._split_tidy(line):
                return Record(tidy, after, 1)
            record = self._reader.read(data, start, final=final)
            fits = self.fits(record.cells)
            if record.odd and (record.stray or not fits):
                undoubled = self._reader.read(line, 0, final=True, reading=Reading.UNDOUBLED)
                if self.fits(undoubled.cells) and not undoubled.stray:
                    return Record(undoubled.cells, after, 1)
            if record.odd and not fits:
                strict = self._reader.read(data, start, final=final, reading=Reading.STRICT)
                if self.fits(strict.cells):
                    return strict
        except Incomplete:
            return None
        if record.lines > 1 and not fits:
            first = self._cells(line)
            if self._are_records(data, after, record.end, self.fits(first)):
                return Record(first, after, 1)
        return record

    def line_end(self, data: bytes, start: int, *, final: bool) -> int | None:
        """Return where the next physical line begins, or None when more data are needed to tell."""
        try:
            return self._line(data, start, final)[1]
        except Incomplete:
            return None

    def fits(self, cells: list[bytes]) -> bool:
        """Return whether there are as many cells as columns, empty ones at the end left aside."""
        return len(cells) == self._width or (
            len(cells) > self._width and not any(cells[self._width :])
        )

    def _cells(self, line: bytes) -> list[bytes]:
        return self._reader.read(line, 0, final=True).cells

    def _passed_over(self, data: bytes, start: int, final: bool) -> Record | None:
        marks = self._marks
        if marks.comment and data.startswith(marks.comment, start):
            return Record([], self._line(data, start, final)[1], 1)
        if self._width == 1:
            return None  # a blank line may be a row
        if blank := marks.blank_lines.match(data, start):
            if blank.end() == len(data) and blank[0].endswith(b"\r") and not final:
                raise Incomplete
            return Record([], blank.end(), len(LINE_END.findall(blank[0])))
        if final and marks.blank_end.match(data, start):
            return Record([], len(data), 1)
        return None

    def _line(self, data: bytes, start: int, final: bool) -> tuple[int, int]:
        """Return where the line's text ends and where the next line begins."""
        match = LINE_END.search(data, start)
        if match is None:
            if not final:
                raise Incomplete
            return len(data), len(data)
        if match.end() == len(data) and match[0] == b"\r" and not final:
            raise Incomplete  # it may be the first half of CRLF
        return match.span()

    def _is_plain(self, line: bytes) -> bool:
        return (self._marks.quote is None or self._marks.quote not in line) and (
            self._marks.escape is None or self._marks.escape not in line
        )

    def _split(self, line: bytes) -> list[bytes]:
        if self._marks.run is None:
            return line.split(self._marks.delimiter)
        return self._marks.run.split(line.strip(b" \t") if self._marks.skips_blanks else line)

    def _split_tidy(self, line: bytes) -> list[bytes] | None:
        """Split a line on which every quote is where it should be; None: it is not of that kind."""
        marks = self._marks
        if marks.tidy is None or (marks.escape and marks.escape in line) or len(line) > MAX_CELL:
            return None
        whole, cell = marks.tidy
        line += marks.delimiter
        if whole.fullmatch(line) is None:
            return None
        assert marks.quote
        doubled = marks.quote * 2
        if doubled not in line:
            return [quoted or plain for quoted, plain in cell.findall(line)]
        return [
            quoted.replace(doubled, marks.quote) if quoted else plain
            for quoted, plain in cell.findall(line)
        ]

    def _are_records(self, data: bytes, start: int, end: int, first_fits: bool) -> bool:
        """Whether the lines behind the first one are records of their own.

        Nearly all must have the right width, the last one left aside, where the stray partner of
        the opening quote is; if that is the only one, it must, and the first line too.
        """
        fitting: list[bool] = []
        while start < end and len(fitting) < _NEIGHBOURS:
            stop, after = self._line(data, start, True)
            fitting.append(self.fits(self._cells(data[start:stop])))
            start = after
        if len(fitting) > 1 and start >= end:
            fitting.pop()
            first_fits = True
        nearly_all = sum(fitting) >= _NEARLY_ALL * len(fitting)
        return nearly_all and (first_fits or len(fitting) > 1)
