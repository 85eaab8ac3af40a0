"""Delimited text in pieces: what is proven well formed is parsed later, in a worker thread.

The cells are those of `io.csv_reader`: what is not proven goes through its tolerant reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import polars as pl

from ai_data_engineer.io.batches import Batch
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.csv_reader import CsvReader, Found
from ai_data_engineer.io.text_stream import utf8_chunks
from ai_data_engineer.profiling.full.csv_proof import Proven, Prover, has_width
from ai_data_engineer.profiling.full.pieces import Piece, ready
from ai_data_engineer.sources.dialect import Dialect

CHUNK = 8 * 1024 * 1024
_FIRST_WINDOW, _LAST_WINDOW = 4 * 1024, 64 * 1024
"""What goes record by record where nothing is proven, before a proof is tried again."""


def csv_pieces(
    stream: BinaryIO,
    dialect: Dialect,
    columns: Sequence[str],
    encoding: str,
    *,
    header: Sequence[str] | None = None,
    chunk: int | None = None,
) -> Iterator[Piece]:
    """Yield the rows of delimited text; raises what `read_csv` raises.

    `header`: the names that the header must hold; None: it is not looked at. `chunk`: bytes read at
    once.
    """
    marks = Marks(
        dialect.delimiter,
        dialect.quote,
        dialect.escape,
        dialect.comment,
        skip_initial_space=dialect.skip_initial_space,
    )
    chunks = utf8_chunks(
        stream, encoding, footer_lines=dialect.footer_lines, chunk_size=chunk or CHUNK
    )
    reader = _PieceReader(chunks, marks, list(columns))
    reader.skip_lines(max(dialect.preamble_lines, dialect.header_row or 0))
    if dialect.header_row is not None:
        reader.skip_header(dialect.header_rows, header)
    # Behind CR alone nothing is proven: its readers look at it whole.
    if reader.prover.is_usable and dialect.line_end != "\r":
        return reader.pieces()
    return ready(reader.batches())


class _PieceReader(CsvReader):
    """Takes proven stretches as they are, and everything else record by record."""

    def __init__(
        self,
        chunks: Iterator[bytes],
        marks: Marks,
        columns: list[str],
        *,
        line: int = 1,
        looks_at_width: bool = False,
    ) -> None:
        super().__init__(chunks, marks, columns, line=line)
        self.prover = Prover(marks, len(columns), looks_at_width=looks_at_width)
        self._marks = marks
        self._looks_at_width = looks_at_width

    def pieces(self) -> Iterator[Piece]:
        """Yield a piece or a few for each chunk of text."""
        while not self._final or self._position < len(self._data):
            if not self._final:
                self._fill()
            yield from self._take_chunk()

    def _take_chunk(self) -> Iterator[Piece]:
        found = Found()
        window = _FIRST_WINDOW
        while self._position < len(self._data):
            stretch = None if self._blank_lines else self._prove()
            if stretch is not None:
                yield from self._batch(found)
                yield stretch.read
                found, window = Found(), _FIRST_WINDOW
                continue
            end = min(self._position + window, len(self._data))
            window = min(2 * window, _LAST_WINDOW)
            if not self._take_records(found, end):
                break
        yield from self._batch(found)

    def _prove(self) -> _Stretch | None:
        """Take what is proven block after block."""
        start, line = self._position, self._line
        blocks: list[Proven] = []
        while proven := self.prover.prove(self._data, self._position):
            blocks.append(proven)
            self._move(proven.end, proven.lines)
            if self._looks_at_width:
                break  # so that what damages one block does not slow down the next
        if not blocks:
            return None
        text = self._data[start : self._position]
        return _Stretch(text, line, blocks, self._marks, self._columns)

    def _batch(self, found: Found) -> Iterator[Piece]:
        if found.rows or found.rejected:
            rows = pl.DataFrame(found.rows, schema=self._schema, orient="row")
            yield from ready([Batch(rows, found.rejected, padded=found.padded)])


class _Stretch:
    """Proven text, to be parsed by polars."""

    def __init__(
        self, text: bytes, line: int, blocks: list[Proven], marks: Marks, columns: list[str]
    ) -> None:
        self._text, self._line, self._blocks = text, line, blocks
        self._marks, self._columns = marks, columns
        self._is_wide = all(block.is_wide for block in blocks)
        is_quoted = any(block.is_quoted for block in blocks)
        self._quote = marks.quote.decode() if is_quoted and marks.quote else None

    def read(self) -> Batch:
        """Parse the text; where a line has another width or undecodable bytes, more slowly."""
        rows = self._parse()
        if rows is not None:
            return Batch(rows)
        batches = list(self._read_again())
        none = pl.DataFrame(schema=dict.fromkeys(self._columns, pl.String()))
        return Batch(
            pl.concat([none, *(batch.rows.select(self._columns) for batch in batches)]),
            [record for batch in batches for record in batch.rejected],
            padded=[line for batch in batches for line in batch.padded],
        )

    def _read_again(self) -> Iterator[Batch]:
        chunks = iter([self._text])
        if self._is_wide:
            yield from CsvReader(chunks, self._marks, self._columns, line=self._line).batches()
            return
        reader = _PieceReader(
            chunks, self._marks, self._columns, line=self._line, looks_at_width=True
        )
        for piece in reader.pieces():
            yield piece()

    def _parse(self) -> pl.DataFrame | None:
        text = self._text
        if self._quote is None and b"\r" in text:
            text = text.replace(b"\r\n", b"\n")
        try:
            rows = pl.read_csv(
                text,
                has_header=False,
                schema=dict.fromkeys(self._columns, pl.String()),
                separator=self._marks.delimiter.decode(),
                quote_char=self._quote,
                empty_string_is_null=False,
            ).fill_null("")
        except pl.exceptions.PolarsError:
            return None
        if rows.height != sum(block.records for block in self._blocks):
            return None
        marks = sum(block.marks for block in self._blocks)
        return rows if self._is_wide or has_width(rows, len(self._text), marks) else None
