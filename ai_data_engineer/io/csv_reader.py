"""Reading delimited text: every record becomes a row or is set aside with its line and a reason.

Records that are not rows: one with too many or too few cells (`12 cells instead of 10`; empty cells
too many at the end are cut off) and one with bytes that its encoding does not know (`undecodable
bytes`). Comment lines and blank lines are no records, except that in a table of one column a blank
line between others is a row whose cell is empty.

Stretches that are well formed to the letter are left to polars, all others go record by record
through `RecordSplitter`; both give the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Batch, Rejected
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.csv_records import Record, RecordSplitter
from ai_data_engineer.io.csv_wellformed import WellFormedReader
from ai_data_engineer.io.text_stream import utf8_chunks

CHUNK = 4 * 1024 * 1024
MAX_RECORD = 16 * 1024 * 1024
_WINDOW = 64 * 1024
"""Around a malformed record so much goes record by record."""
_NAMED = 5
"""Columns that an error names."""


def read_csv(
    stream: BinaryIO,
    *,
    columns: Sequence[str],
    encoding: str = "utf-8",
    delimiter: str = ",",
    quote: str | None = '"',
    escape: str | None = None,
    header_row: int | None = 0,
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
        header_row: Physical line of the names, from 0; None: there is none.
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
    reader = CsvReader(chunks, Marks(delimiter, quote, escape, comment), list(columns))
    reader.skip_lines(max(preamble_lines, header_row or 0))
    if header_row is not None:
        reader.skip_header(header)
    for batch in reader.batches():
        yield from _cut(batch, batch_rows)


def _cut(batch: Batch, size: int) -> Iterator[Batch]:
    for start in range(0, max(batch.rows.height, 1), size):
        yield Batch(batch.rows.slice(start, size), batch.rejected if start == 0 else [])


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

    def skip_header(self, expected: Sequence[str] | None) -> None:
        """Pass over the header; raises SourceError `E_HEADER` when other names are expected."""
        while (record := self._next()) is not None and not record.cells:
            self._move(record.end, record.lines)
        if record is None:
            return
        if expected is not None:
            _check_header(record, list(expected))
        self._move(record.end, record.lines)

    def batches(self) -> Iterator[Batch]:
        """Yield one batch for each chunk of text, at least one."""
        empty = pl.DataFrame(schema=self._schema)
        is_first = True
        while not self._final or self._position < len(self._data):
            if not self._final:
                self._fill()
            frames: list[pl.DataFrame] = []
            rejected: list[Rejected] = []
            if not self._take_wellformed(frames, len(self._data)):
                self._take_all(frames, rejected)
            if frames or rejected:
                is_first = False
                yield Batch(pl.concat(frames) if frames else empty, rejected)
        if is_first:
            yield Batch(empty)

    def _take_all(self, frames: list[pl.DataFrame], rejected: list[Rejected]) -> None:
        """Take what there is in windows, so that one bad record slows down its own window only."""
        while self._position < len(self._data):
            end = min(self._position + _WINDOW, len(self._data))
            if self._take_wellformed(frames, end):
                continue
            if not self._take_records(frames, rejected, end):
                return

    def _take_wellformed(self, frames: list[pl.DataFrame], end: int) -> bool:
        """Hand the text up to `end` to polars; False when it is not well formed throughout."""
        if self._blank_lines:
            return False
        final = self._final and end == len(self._data)
        taken = self._wellformed.read(self._data, self._position, end, self._line, final=final)
        if taken is None:
            return False
        frames.append(taken.rows)
        self._move(taken.end, taken.lines)
        return True

    def _take_records(self, frames: list[pl.DataFrame], rejected: list[Rejected], end: int) -> bool:
        """Take records one by one until `end`; False when the next one needs more data."""
        rows: list[tuple[int | str, ...]] = []
        complete = True
        while self._position < end:
            record = self._splitter.next(self._data, self._position, final=self._final)
            if record is None:
                complete = False
                break
            self._take_record(record, rows, rejected)
            self._move(record.end, record.lines)
        if rows:
            frames.append(pl.DataFrame(rows, schema=self._schema, orient="row"))
        return complete

    def _take_record(
        self, record: Record, rows: list[tuple[int | str, ...]], rejected: list[Rejected]
    ) -> None:
        if not record.cells:
            return
        if len(self._columns) == 1 and self._data[self._position] in b"\r\n":
            self._blank_lines.append(self._line)
            return
        rows.extend((line, "") for line in self._blank_lines)
        self._blank_lines.clear()
        width = len(self._columns)
        if not self._splitter.fits(record.cells):
            reason = f"{_count(len(record.cells), 'cell')} instead of {width}"
        else:
            try:
                rows.append((self._line, *(cell.decode() for cell in record.cells[:width])))
                return
            except UnicodeDecodeError:
                reason = "undecodable bytes"
        text = self._data[self._position : record.end].decode(errors="replace").rstrip("\r\n")
        rejected.append(Rejected(self._line, reason, text))

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


class HeaderError(SourceError):
    """The header holds other names than expected; `misplaced`: some of those stand elsewhere."""

    misplaced = False


def _check_header(record: Record, expected: list[str]) -> None:
    found = [cell.decode(errors="replace").strip() for cell in record.cells]
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
        message += f", and has {_count(len(added), 'other name')}." if added else "."
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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
