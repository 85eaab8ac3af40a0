"""The fast path of CSV: text that is well formed to the letter goes to polars' own parser.

Polars loses records without a word where text is malformed, so a stretch is handed over only when
it is proven that every line has the right number of cells and that quotes stand only where they
belong. The proof works on whole stretches at the speed of `bytes.translate`: what is outside the
quotes, reduced to delimiters and line ends, must be one line's pattern repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ai_data_engineer.io.batches import LINE
from ai_data_engineer.io.csv_cells import MAX_CELL, MAX_LINES
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.text_stream import BOM

_UNIT = b"\x1f"
"""Stands in for a delimiter of several characters: ASCII's own unit separator."""
_MOST_SUPERFLUOUS = 8


@dataclass(frozen=True)
class Taken:
    """Rows, where the next record begins, and how many physical lines they took."""

    rows: pl.DataFrame
    end: int
    lines: int


@dataclass(frozen=True)
class Stretch:
    """Whole records that are well formed, ready for polars, and where they lie."""

    text: bytes
    start: int
    end: int
    line: int
    lines: int
    width: int
    height: int
    quoted: bool


class WellFormedReader:
    """Reads stretches of well-formed text; says None to all others."""

    def __init__(self, marks: Marks, columns: list[str]) -> None:
        self._columns = columns
        self._comment = marks.comment
        self._escape = marks.escape
        self._given = marks.delimiter
        self._delimiter = self._given if len(self._given) == 1 else _UNIT
        self._quote = marks.quote
        self._usable = marks.run is None and len(self._quote or b"") <= 1
        kept = self._delimiter + b"\n"
        self._others = bytes(byte for byte in range(256) if byte not in kept)

    def read(self, data: bytes, start: int, end: int, line: int, *, final: bool) -> Taken | None:
        """Read the whole records in `data[start:end]`; None when that is not well formed.

        `line` is the number of the first line; `final` says that the text ends at `end`.
        """
        stretch = self.vet(data, start, end, line, final=final)
        rows = self.parse([stretch]) if stretch else None
        return Taken(rows, stretch.end, stretch.lines) if stretch and rows is not None else None

    def vet(self, data: bytes, start: int, end: int, line: int, *, final: bool) -> Stretch | None:
        """Return the whole records in `data[start:end]` if their marks are where they belong.

        What is in the cells is not looked at: `parse` may yet refuse the stretch.
        """
        if not self._usable:
            return None
        text = data[start:end]
        if not text:
            return None
        if final and not text.endswith((b"\n", b"\r")):
            text += b"\n"
        text = _whole_records(text, self._quote, final)
        if not text or not self._is_ordinary(text):
            return None
        taken = min(start + len(text), end)
        parts = text.split(self._quote) if self._quote else [text]
        quoted = len(parts) > 1
        if quoted:
            assert self._quote
            outside = self._quote.join(parts[::2])
            if b"\r" in text:
                if text.count(b"\r") != text.count(b"\r\n"):
                    return None
                outside = outside.replace(b"\r\n", b"\n")
        else:
            if b"\r" in text:
                text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            if len(self._given) > 1:
                if _UNIT in text:
                    return None
                text = text.replace(self._given, _UNIT)
            outside = text
        width = self._width(outside)
        if width is None or (quoted and not self._quotes_are_in_place(parts)):
            return None
        height, lines = outside.count(b"\n"), text.count(b"\n")
        return Stretch(text, start, taken, line, lines, width, height, quoted)

    def parse(self, stretches: Sequence[Stretch]) -> pl.DataFrame | None:
        """Return the rows of stretches of one width, all at once, for each call costs a lot.

        None: a cell too many is not empty, or a quoted cell so large that it is not to be trusted.
        """
        first = stretches[0]
        quoted = any(stretch.quoted for stretch in stretches)
        text = b"".join(stretch.text for stretch in stretches) if len(stretches) > 1 else first.text
        rows = self._parse(text, first.width, sum(s.height for s in stretches), quoted)
        if rows is None or (quoted and not _is_bounded(rows)):
            return None
        return _numbered(rows, stretches)

    def _is_ordinary(self, text: bytes) -> bool:
        if self._escape is not None and self._escape in text:
            return False
        if self._comment is not None and (
            text.startswith(self._comment)
            or b"\n" + self._comment in text
            or b"\r" + self._comment in text
        ):
            return False
        try:
            text.decode()
        except UnicodeDecodeError:
            return False
        return not text.startswith(BOM)  # polars would take it for a byte order mark

    def _width(self, outside: bytes) -> int | None:
        """Return the number of cells that every line has, or None when they differ."""
        grid = outside.translate(None, delete=self._others)
        height = grid.count(b"\n")
        width = len(grid) // height
        if not len(self._columns) <= width <= len(self._columns) + _MOST_SUPERFLUOUS:
            return None
        if grid != (self._delimiter * (width - 1) + b"\n") * height:
            return None
        if width == 1 and (outside.startswith(b"\n") or b"\n\n" in outside):
            return None
        return width

    def _quotes_are_in_place(self, parts: list[bytes]) -> bool:
        """Whether delimiters and line ends stand around the text in quotes.

        Every other part lies outside quotes; an empty one is the middle of a doubled quote.
        """
        behind, before = self._delimiter + b"\r\n", self._delimiter + b"\n"
        between = set(parts[2:-1:2])
        between.discard(b"")
        return (
            (not parts[0] or parts[0][-1] in before)
            and (not parts[-1] or parts[-1][0] in behind)
            and all(part[0] in behind and part[-1] in before for part in between)
        )

    def _parse(self, text: bytes, width: int, height: int, quoted: bool) -> pl.DataFrame | None:
        extra = [f"{LINE}{index}" for index in range(width - len(self._columns))]
        try:
            rows = pl.read_csv(
                text,
                has_header=False,
                schema=dict.fromkeys(self._columns + extra, pl.String()),
                separator=self._delimiter.decode(),
                quote_char=self._quote.decode() if quoted and self._quote else None,
                empty_string_is_null=False,
            ).fill_null("")
        except pl.exceptions.PolarsError:
            return None
        if rows.height != height or any((rows[name] != "").any() for name in extra):
            return None
        return rows.drop(extra)


_BREAKS = pl.all().str.count_matches("\n", literal=True)


def _is_bounded(rows: pl.DataFrame) -> bool:
    """Whether no quoted cell can be so large that its quote would count as a stray one."""
    # Doubled quotes have become one: a cell may have been twice as long.
    longest = max(rows.select(pl.all().str.len_bytes().max()).row(0))
    return bool(longest * 2 <= MAX_CELL and max(rows.select(_BREAKS.max()).row(0)) < MAX_LINES)


def _numbered(rows: pl.DataFrame, stretches: Sequence[Stretch]) -> pl.DataFrame:
    """Put the line where each row begins before it."""
    before = 0
    bases = []
    for stretch in stretches:
        bases.append(stretch.line - before)
        before += stretch.lines
    counts = pl.Series([stretch.height for stretch in stretches])
    base = pl.Series(bases, dtype=pl.Int64()).repeat_by(counts).explode()
    if before == rows.height:
        number = pl.int_range(rows.height, dtype=pl.Int64)
    else:
        inside = pl.sum_horizontal(_BREAKS).cast(pl.Int64) + 1
        number = inside.cum_sum() - inside
    return rows.select((number + base).alias(LINE), pl.all())


def _whole_records(text: bytes, quote: bytes | None, final: bool) -> bytes:
    """Cut text behind the last line end outside quotes, if the quotes are in place."""
    inside = quote is not None and text.count(quote) % 2 == 1
    if final:
        return b"" if inside else text
    mark = b"\n" if b"\n" in text else b"\r"
    # A CR at the very end may be the first half of CRLF.
    before, behind = len(text) - (mark == b"\r"), len(text)
    for _ in range(MAX_LINES):
        found = text.rfind(mark, 0, before)
        if found < 0:
            break
        if quote is not None and text.count(quote, found, behind) % 2 == 1:
            inside = not inside
        if not inside:
            return text[: found + 1]
        before = behind = found
    return b""
