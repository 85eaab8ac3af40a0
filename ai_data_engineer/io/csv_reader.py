"""Reading delimited text: every record becomes a row or is set aside with its line and a reason.

Empty cells too many at a record's end are cut off; where cells are missing at its end, they are
empty, and the row is counted as `padded`. Records that are not rows: one with more cells than
columns, one with too few that has no delimiter at all or goes over several lines (`1 cell instead
of 10`), and one with bytes that its encoding does not know (`undecodable bytes`). Comment lines and
blank lines are no records, except that in a table of one column a blank line between others is a
row whose cell is empty.

Chunks whose every line is a record are left to polars, and so are stretches that are well formed to
the letter; all others go record by record through `RecordSplitter`. All give the same cells.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Batch, Rejected
from ai_data_engineer.io.csv_cells import Record
from ai_data_engineer.io.csv_header import check_header, join_names
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.csv_plain import Lines, PlainReader
from ai_data_engineer.io.csv_records import RecordSplitter
from ai_data_engineer.io.csv_wellformed import Stretch, WellFormedReader
from ai_data_engineer.io.text_stream import utf8_chunks

CHUNK = 4 * 1024 * 1024
MAX_RECORD = 16 * 1024 * 1024
_WINDOW = 4 * 1024
"""Around a malformed record so much goes record by record."""
_REFUSED = 3
"""After so many stretches that only seemed well formed the rest goes record by record."""


def read_csv(
    stream: BinaryIO,
    *,
    columns: Sequence[str],
    encoding: str = "utf-8",
    delimiter: str = ",",
    quote: str | None = '"',
    escape: str | None = None,
    skip_initial_space: bool = False,
    header_row: int | None = 0,
    header_rows: int = 1,
    preamble_lines: int = 0,
    footer_lines: int = 0,
    comment: str | None = None,
    header: Sequence[str] | None = None,
    batch_rows: int = 50_000,
) -> Iterator[Batch]:
    """Yield the rows of delimited text, as text; an empty cell is `""`.

    Args:
        stream: Bytes, decompressed.
        columns: Names of all columns, in the order of the file.
        encoding: Python's name; a byte order mark is passed over.
        delimiter: Between two cells; see `csv_records` for runs of blanks.
        quote: Encloses a cell; None: nothing does.
        escape: Stands before a quote, delimiter or line end that is text; None: quotes are doubled.
        skip_initial_space: Whether blanks behind a delimiter are no part of the cell.
        header_row: Physical line of the names, from 0; None: there is none.
        header_rows: Rows of names; `csv_header` says how they make one name a column.
        preamble_lines: Physical lines before the header or the first record.
        footer_lines: Physical lines at the end that are no data.
        comment: What a line begins with that is passed over.
        header: The names that the header must hold; None: it is not looked at.
        batch_rows: Most rows in a batch.

    Raises:
        SourceError: `E_ENCODING`; `E_HEADER` when the header holds other names; `E_RECORD_TOO_LONG`
            for a line of more than 16 MiB.
    """
    chunks = utf8_chunks(stream, encoding, footer_lines=footer_lines, chunk_size=CHUNK)
    marks = Marks(delimiter, quote, escape, comment, skip_initial_space=skip_initial_space)
    reader = CsvReader(chunks, marks, list(columns))
    reader.skip_lines(max(preamble_lines, header_row or 0))
    if header_row is not None:
        reader.skip_header(header_rows, header)
    for batch in reader.batches():
        yield from _cut(batch, batch_rows)


def _cut(batch: Batch, size: int) -> Iterator[Batch]:
    for start in range(0, max(batch.rows.height, 1), size):
        rows = batch.rows.slice(start, size)
        yield replace(batch, rows=rows) if start == 0 else Batch(rows)


@dataclass
class Found:
    """What has been found of a batch."""

    stretches: list[Stretch] = field(default_factory=list)
    """Well-formed ones that polars has still to read."""
    frames: list[pl.DataFrame] = field(default_factory=list)
    rows: list[tuple[int | str, ...]] = field(default_factory=list)
    """Line and cells."""
    rejected: list[Rejected] = field(default_factory=list)
    padded: list[int] = field(default_factory=list)
    """Lines of rows that lacked cells."""

    def batch(self, schema: Mapping[str, pl.DataType]) -> Batch | None:
        """Put it together in the order of the lines; None when there is nothing."""
        rows = pl.DataFrame(self.rows, schema=schema, orient="row")
        rows = pl.concat([*self.frames, rows]).sort(LINE)
        if rows.is_empty() and not self.rejected:
            return None
        return Batch(rows, self.rejected, padded=self.padded)

    def drop_from(self, line: int) -> None:
        """Forget what was found from a line on by itself."""
        self.rows = [row for row in self.rows if int(row[0]) < line]
        self.rejected = [record for record in self.rejected if record.line < line]
        self.padded = [padded for padded in self.padded if padded < line]


class CsvReader:
    """A window over the text, chunks of UTF-8, that moves from record to record.

    `line` is the number of the first line.
    """

    def __init__(
        self, chunks: Iterator[bytes], marks: Marks, columns: list[str], *, line: int = 1
    ) -> None:
        self._chunks = chunks
        self._columns = columns
        self._splitter = RecordSplitter(marks, len(columns))
        self._plain = PlainReader(marks, columns)
        self._wellformed = WellFormedReader(marks, columns)
        self._data = b""
        self._position = 0
        self._line = line
        self._final = False
        self._blank_lines: list[int] = []
        self._schema = {LINE: pl.Int64(), **dict.fromkeys(columns, pl.String())}

    def skip_lines(self, count: int) -> None:
        """Pass over so many physical lines."""
        for _ in range(count):
            while (end := self._line_end()) is None:
                self._fill()
            self._move(end, 1)

    def skip_header(self, count: int, expected: Sequence[str] | None) -> None:
        """Pass over the header; raises SourceError `E_HEADER` when other names are expected."""
        rows: list[list[str]] = []
        while len(rows) < count and (record := self._next()) is not None:
            if record.cells:
                rows.append([cell.decode(errors="replace") for cell in record.cells])
            self._move(record.end, record.lines)
        if expected is not None and rows:
            found = rows[0] if count == 1 else join_names(rows, max(map(len, rows)))
            check_header(found, list(expected))

    def batches(self) -> Iterator[Batch]:
        """Yield one batch for each chunk of text, at least one."""
        empty = pl.DataFrame(schema=self._schema)
        is_first = True
        while not self._final or self._position < len(self._data):
            if not self._final:
                self._fill()
            batch = self._take_wellformed() or self._take_apart()
            if batch is not None:
                is_first = False
                yield batch
        if is_first:
            yield Batch(empty)

    def _take_wellformed(self) -> Batch | None:
        """Hand all there is to polars; None when it is not well formed throughout."""
        if lines := self._plain_lines():
            self._move(lines.end, lines.rows.height)
            return Batch(lines.rows)
        stretch = self._vet(len(self._data))
        rows = self._wellformed.parse([stretch]) if stretch else None
        if stretch is None or rows is None:
            return None
        self._move(stretch.end, stretch.lines)
        return Batch(rows)

    def _plain_lines(self) -> Lines | None:
        if self._blank_lines:
            return None
        return self._plain.read(self._data, self._position, self._line, final=self._final)

    def _vet(self, end: int) -> Stretch | None:
        if self._blank_lines:
            return None
        final = self._final and end == len(self._data)
        return self._wellformed.vet(self._data, self._position, end, self._line, final=final)

    def _take_apart(self) -> Batch | None:
        """Tell well-formed stretches from others, which go record by record."""
        found = Found()
        distrusted = refused = 0
        while True:
            self._find(found, distrusted)
            stretch = self._parse(found)
            if stretch is None:
                break
            # Polars cannot read it, and what lies behind it may hang together otherwise.
            refused += 1
            distrusted = stretch.end if refused < _REFUSED else len(self._data)
            found.drop_from(stretch.line)
            self._blank_lines.clear()
            self._position, self._line = stretch.start, stretch.line
        return found.batch(self._schema)

    def _find(self, found: Found, distrusted: int) -> None:
        """Go through what there is; up to `distrusted` all goes record by record.

        What is looked at is halved until it is well formed, and doubled for as long as it is: so a
        bad record slows down little more than itself.
        """
        size = len(self._data) // 2
        while self._position < len(self._data):
            end = min(self._position + max(size, _WINDOW), len(self._data))
            stretch = self._vet(end) if self._position >= distrusted else None
            if stretch is not None:
                found.stretches.append(stretch)
                self._move(stretch.end, stretch.lines)
                size *= 2
            elif size > _WINDOW and self._position >= distrusted:
                size //= 2
            elif not self._take_records(found, end):
                break

    def _parse(self, found: Found) -> Stretch | None:
        """Let polars read the stretches; the first one that it cannot is returned."""
        waiting, found.stretches = found.stretches, []
        for _, group in itertools.groupby(waiting, key=lambda stretch: stretch.width):
            together = list(group)
            frame = self._wellformed.parse(together)
            if frame is not None:
                found.frames.append(frame)
                continue
            for stretch in together:
                frame = self._wellformed.parse([stretch])
                if frame is None:
                    return stretch
                found.frames.append(frame)
        return None

    def _take_records(self, found: Found, end: int) -> bool:
        """Take records one by one until `end`; False when the next one needs more data."""
        while self._position < end:
            record = self._splitter.next(self._data, self._position, final=self._final)
            if record is None:
                return False
            self._take_record(record, found)
            self._move(record.end, record.lines)
        return True

    def _take_record(self, record: Record, found: Found) -> None:
        if not record.cells:
            return
        if len(self._columns) == 1 and self._data[self._position] in b"\r\n":
            self._blank_lines.append(self._line)
            return
        found.rows.extend((line, "") for line in self._blank_lines)
        self._blank_lines.clear()
        width = len(self._columns)
        lacking = width - len(record.cells)
        # Without any delimiter it is a note; where quotes are amiss, one may have swallowed cells.
        is_short = 0 < lacking < width - 1 and record.lines == 1 and not record.odd
        if not is_short and not self._splitter.fits(record.cells):
            cells = "1 cell" if len(record.cells) == 1 else f"{len(record.cells)} cells"
            reason = f"{cells} instead of {width}"
        else:
            try:
                texts = [cell.decode() for cell in record.cells[:width]]
                found.rows.append((self._line, *texts, *[""] * lacking))
                if is_short:
                    found.padded.append(self._line)
                return
            except UnicodeDecodeError:
                reason = "undecodable bytes"
        text = self._data[self._position : record.end].decode(errors="replace").rstrip("\r\n")
        found.rejected.append(Rejected(self._line, reason, text))

    def _next(self) -> Record | None:
        """Return the record at the window's beginning, reading on as needed; None at the end."""
        while True:
            if self._final and self._position >= len(self._data):
                return None
            record = self._splitter.next(self._data, self._position, final=self._final)
            if record is not None:
                return record
            self._fill()

    def _line_end(self) -> int | None:
        return self._splitter.line_end(self._data, self._position, final=self._final)

    def _move(self, position: int, lines: int) -> None:
        self._position = position
        self._line += lines

    def _fill(self) -> None:
        rest = self._data[self._position :]
        if len(rest) > MAX_RECORD:
            raise SourceError(
                f"A record has more than {MAX_RECORD // 1024**2} MiB.",
                code="E_RECORD_TOO_LONG",
                location=f"line {self._line}",
                hint="Check that this is delimited text and that its quote character is right.",
            )
        chunk = next(self._chunks, None)
        self._final = chunk is None
        self._data = rest + (chunk or b"")
        self._position = 0
