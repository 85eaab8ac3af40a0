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
  quote if its first line alone has the right number, or one of the lines behind it has.
- The delimiter `\s+` means a run of blanks and tabs, two or more blanks a run of at least so many.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ai_data_engineer.io.text_stream import LINE_END

MAX_CELL = 1024 * 1024
MAX_LINES = 1000
_MAX_STRAY = 16
"""After so many stray quotes in a record none is looked for: each costs a search."""
_NEIGHBOURS = 20
"""Lines of a record of the wrong width that are tried on their own."""
RUN_OF_BLANKS = r"\s+"


class Record(NamedTuple):
    """Cells as UTF-8 bytes, where the next record begins, and how many lines this one takes."""

    cells: list[bytes]
    end: int
    lines: int


class _Incomplete(Exception):
    """The data end before it is clear where the record does."""


_Cell = tuple[bytes, "re.Match[bytes] | None"]
"""The text of a cell, and the delimiter or line end behind it; None at the end of the data."""


class RecordSplitter:
    """Finds one record after the other in a buffer."""

    def __init__(
        self, *, delimiter: str, quote: str | None, escape: str | None, width: int
    ) -> None:
        self.width = width
        self.delimiter = delimiter.encode()
        self.quote = quote.encode() if quote else None
        self.escape = escape.encode() if escape and escape != quote else None
        self.skips_blanks = delimiter == RUN_OF_BLANKS
        self.is_run = self.skips_blanks or (len(delimiter) > 1 and not delimiter.strip(" "))
        pattern = re.escape(self.delimiter)
        if self.skips_blanks:
            pattern = rb"[ \t]+"
        elif self.is_run:
            pattern = rb" {%d,}" % len(delimiter)
        self._run = re.compile(pattern) if self.is_run else None
        blanks = {" ": b"", "\t": b"[ ]*+"}.get(delimiter, b"" if self.is_run else rb"[ \t]*+")
        escaped = re.escape(self.escape) + rb"(?s:.)" if self.escape else None
        self._cell_end = re.compile(_either(escaped, pattern, rb"\r\n|\n|\r"))
        if self.quote:
            mark = re.escape(self.quote)
            marks = _either(mark, re.escape(self.escape) if self.escape else None)
            inside = _either(rb"(?:(?!%s)(?s:.))++" % marks, mark * 2, escaped)
            if len(self.quote + (self.escape or b"")) <= 2:  # single bytes: the same, but faster
                inside = _either(rb"[^%s]++" % marks.replace(b"|", b""), mark * 2, escaped)
            self._opening = re.compile(blanks + mark)
            self._to_closing = re.compile(rb"(?:%s)*+%s" % (inside, mark))
            self._behind = re.compile(blanks + rb"(?:%s|\r\n|\n|\r)" % pattern)
            self._behind_last = re.compile(blanks + rb"\Z")
        if self.escape:
            escapable = _either(
                *(re.escape(m) for m in (self.escape, self.quote, self.delimiter) if m), rb"[\r\n]"
            )
            self._escaped = re.compile(re.escape(self.escape) + rb"(%s)" % escapable)

    def next(self, data: bytes, start: int, *, final: bool) -> Record | None:
        """Return the record that begins at `start`, or None when more data are needed to tell.

        `final` says that nothing comes behind `data`.
        """
        try:
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
            first = self._alone(line)
            if self.fits(first) or self._holds_a_record(data, after, record.end):
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
        return len(cells) == self.width or (
            len(cells) > self.width and not any(cells[self.width :])
        )

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
        return (self.quote is None or self.quote not in line) and (
            self.escape is None or self.escape not in line
        )

    def _split(self, line: bytes) -> list[bytes]:
        if self._run is None:
            return line.split(self.delimiter)
        return self._run.split(line.strip(b" \t") if self.skips_blanks else line)

    def _alone(self, line: bytes) -> list[bytes]:
        return self._quoted(line, 0, True).cells

    def _holds_a_record(self, data: bytes, start: int, end: int) -> bool:
        for _ in range(_NEIGHBOURS):
            if start >= end:
                return False
            stop, after = self._line(data, start, True)
            if self.width > 1 and self.fits(self._alone(data[start:stop])):
                return True
            start = after
        return False

    def _quoted(self, data: bytes, start: int, final: bool, *, lenient: bool = True) -> Record:
        """Read cell by cell; lenient: a quote inside a cell in quotes may be text."""
        cells: list[bytes] = []
        stray = 0
        position = start
        if self.skips_blanks:
            while data[position : position + 1] in (b" ", b"\t"):
                position += 1
        while True:
            cell = None
            if self.quote and stray < _MAX_STRAY:
                opening = self._opening.match(data, position)
                if opening:
                    cell = self._enclosed(data, opening.end(), final, lenient)
                    stray += cell is None
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
        while match := self._cell_end.search(data, scan):
            if self.escape is None or not match[0].startswith(self.escape):
                return self._unescape(data[position : match.start()]), match
            scan = match.end()
        if not final:
            raise _Incomplete
        return self._unescape(data[position:]), None

    def _enclosed(self, data: bytes, position: int, final: bool, lenient: bool) -> _Cell | None:
        """Read a cell from behind its opening quote; None: that quote is a stray one."""
        assert self.quote
        limit = min(len(data), position + MAX_CELL)
        scan = position
        while True:
            closing = self._to_closing.match(data, scan, limit)
            if closing is None:
                if limit < len(data) or final or _breaks(data, position, scan):
                    return None
                raise _Incomplete
            end = closing.end()
            if end == len(data) and not final:
                raise _Incomplete  # the quote may be the first of two
            separator = self._behind.match(data, end)
            at_end = separator is None and self._behind_last.match(data, end) is not None
            if at_end and not final:
                raise _Incomplete
            if separator is not None or at_end:
                body = data[position : end - len(self.quote)]
                if body.count(b"\n") > MAX_LINES or body.count(b"\r") > MAX_LINES:
                    return None
                if scan != position and LINE_END.search(body):
                    return None
                return self._unescape(body.replace(self.quote * 2, self.quote)), separator
            if not lenient or LINE_END.search(data, position, end):
                return None
            scan = end

    def _unescape(self, text: bytes) -> bytes:
        if self.escape is None or self.escape not in text:
            return text
        return self._escaped.sub(rb"\1", text)


def _breaks(data: bytes, position: int, scan: int) -> bool:
    """Whether a stray quote came before: then the cell had to end on its line."""
    return scan != position and LINE_END.search(data, position) is not None


def _either(*patterns: bytes | None) -> bytes:
    return b"|".join(pattern for pattern in patterns if pattern)
