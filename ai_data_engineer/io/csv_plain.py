"""The fastest path of CSV: whole lines of text whose every line is a record of the right width.

Polars' own parser fills up a line with too few cells without a word, and stray quotes confuse it.
So each line is given one more cell, a mark, and must come back with the mark in the last column:
that proves width and line ends. That quotes stand around whole cells is proven by one regular
expression. What is not proven is no error: `csv_wellformed` and `csv_records` look closer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from ai_data_engineer.io.batches import LINE
from ai_data_engineer.io.csv_cells import MAX_CELL
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.text_stream import BOM

_MARK = f"{LINE}_end"


class Lines(NamedTuple):
    """Rows, one for each line, and where the next line begins."""

    rows: pl.DataFrame
    end: int


class PlainReader:
    """Reads whole lines at once; says None where a record is anything but one ordinary line."""

    def __init__(self, marks: Marks, columns: list[str]) -> None:
        self._delimiter, self._quote = marks.delimiter, marks.quote
        self._escape, self._comment = marks.escape, marks.comment
        self._is_usable = (
            marks.run is None and len(self._delimiter) == 1 and len(self._quote or b"") <= 1
        )
        self._mark = next(m for m in (b"|", b".", b"-") if m not in (self._delimiter, self._quote))
        self._schema = {**dict.fromkeys(columns, pl.String()), _MARK: pl.String()}
        self._is_narrow = len(columns) == 1
        if self._quote:
            self._quotes_in_place = _enclosing(re.escape(self._delimiter), re.escape(self._quote))

    def read(self, data: bytes, start: int, line: int, *, final: bool) -> Lines | None:
        """Read the lines from `start` on, the first of which has the number `line`.

        `final` says that nothing follows the data; else what is behind the last line end is left.
        """
        end = len(data) if final else data.rfind(b"\n", start) + 1
        text = data[start:end]
        if not self._is_usable or not text:
            return None
        if not text.endswith(b"\n"):
            text += b"\n"
        if b"\r" in text:
            if text.count(b"\r") != text.count(b"\r\n"):
                return None
            text = text.replace(b"\r\n", b"\n")
        quoted = self._quote is not None and self._quote in text
        if quoted and not self._quotes_in_place.fullmatch(text):
            return None
        if not self._is_ordinary(text):
            return None
        rows = self._parse(text, quoted=quoted)
        if rows is None:
            return None
        number = pl.int_range(line, line + rows.height, dtype=pl.Int64)
        return Lines(rows.select(number.alias(LINE), pl.all()), end)

    def _is_ordinary(self, text: bytes) -> bool:
        if self._escape is not None and self._escape in text:
            return False
        if self._comment is not None and _begins_a_line(self._comment, text):
            return False
        if self._is_narrow and _begins_a_line(b"\n", text):  # a blank line may be a row
            return False
        return not text.startswith(BOM)  # polars would take it for a byte order mark

    def _parse(self, text: bytes, *, quoted: bool) -> pl.DataFrame | None:
        marked = text.replace(b"\n", self._delimiter + self._mark + b"\n")
        lines = (len(marked) - len(text)) // 2
        try:
            rows = pl.read_csv(
                marked,
                has_header=False,
                schema=self._schema,
                separator=self._delimiter.decode(),
                quote_char=self._quote.decode() if quoted and self._quote else None,
                empty_string_is_null=False,
            )
        except pl.exceptions.PolarsError:  # too many cells, or bytes that are no UTF-8
            return None
        marks = rows.drop_in_place(_MARK)
        if rows.height != lines or not (marks == self._mark.decode()).all():
            return None
        if quoted and max(rows.select(pl.all().str.len_bytes().max()).row(0)) * 2 > MAX_CELL:
            return None  # so long a cell is not trusted to be one
        return rows


def _begins_a_line(mark: bytes, text: bytes) -> bool:
    return text.startswith(mark) or b"\n" + mark in text


def _enclosing(delimiter: bytes, quote: bytes) -> re.Pattern[bytes]:
    """Return the pattern of text with quotes around whole cells only, and no line end in these."""
    parts = {b"D": delimiter, b"Q": quote}
    pattern = rb"[^Q]*+(?:(?<![^D\n])Q[^Q\n]*+(?:QQ[^Q\n]*+)*+Q(?=[D\n])[^Q]*+)*+"
    return re.compile(re.sub(rb"[DQ]", lambda found: parts[found[0]], pattern))
