"""Proof that delimited text is well formed to the letter, at the speed of numpy.

What `io.csv_wellformed` proves of a whole stretch this proves of the longest prefix of a block,
from the places of delimiters, line ends and quotes alone, and without holding Python's global lock.
What is not proven is no error: it is left to the tolerant reader.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ai_data_engineer.io.csv_cells import MAX_CELL, MAX_LINES
from ai_data_engineer.io.csv_marks import Marks
from ai_data_engineer.io.text_stream import BOM

BLOCK = MAX_CELL
"""Bytes that are looked at together. A cell whose quotes both lie in a block is not too long."""
_LF, _CR = 10, 13

_Places = NDArray[np.int64]
_Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Proven:
    """Whole records: where the next one begins, how many they are, on how many lines."""

    end: int
    records: int
    lines: int
    marks: int
    """Characters that are neither of a cell nor a delimiter: line ends and quotes."""
    is_quoted: bool
    is_wide: bool
    """Whether every record has the right number of cells; else every record is one line."""


class Prover:
    """Proves that text up to some place is well formed.

    That every record has the right width follows just as well from the parsed cells, where no
    record is longer than a line: see `has_width`. `looks_at_width`: prove it here all the same.
    """

    def __init__(self, marks: Marks, width: int, *, looks_at_width: bool = False) -> None:
        self._width = width
        self._quote = marks.quote
        self._escape = marks.escape
        self._comment = b"\n" + marks.comment if marks.comment else None
        self._delimiter = marks.delimiter[0]
        self._looks_at_width = looks_at_width
        self.is_usable = (
            marks.run is None and len(marks.delimiter) == 1 and len(marks.quote or b"") <= 1
        )

    def prove(self, data: bytes, start: int) -> Proven | None:
        """Return what is proven of a block from `start`, where a record begins; None: nothing."""
        if data.startswith(BOM, start):  # polars would take it for a byte order mark
            return None
        stop = min(start + BLOCK, len(data))
        text = np.frombuffer(data, np.uint8, stop - start, start)
        limit = self._unmarked(data, start, stop, text)
        quotes = self._quotes(data, start, start + limit, text)
        limit, quotes = self._limit_of_quotes(text, quotes, limit)
        ends = np.flatnonzero(text[:limit] == _LF)
        if not len(ends):
            return None
        is_wide = self._looks_at_width or _hold(quotes, ends)
        if is_wide:
            proven = self._wide(text, quotes, limit)
        else:
            proven = len(ends), int(ends[-1]) + 1, len(ends)
        records, end, lines = proven
        if not records or (self._width == 1 and _has_blank_line(data, start, start + end)):
            return None
        quotes = quotes[: np.searchsorted(quotes, end)]
        doubled = int((quotes[2::2] == quotes[1:-1:2] + 1).sum())
        returns = 0
        if data.find(b"\r", start, start + end) >= 0:
            returns = data.count(b"\r", start, start + end)
        return Proven(
            start + end,
            records,
            lines,
            records + returns + len(quotes) - doubled,
            bool(len(quotes)),
            is_wide,
        )

    def _wide(self, text: _Bytes, quotes: _Places, limit: int) -> tuple[int, int, int]:
        """Return how many records have the right width, where they end, and their lines."""
        places = np.flatnonzero((text[:limit] == self._delimiter) | (text[:limit] == _LF))
        places, inner = _without_quoted(places, quotes)
        ends = np.flatnonzero(text[places] == _LF)
        right = ends == np.arange(1, len(ends) + 1) * self._width - 1
        records = len(ends) if right.all() else int(np.argmin(right))
        if not records:
            return 0, 0, 0
        end = int(places[records * self._width - 1]) + 1
        breaks = inner[: np.searchsorted(inner, end)]
        breaks = breaks[text[breaks] == _LF]
        if len(breaks) >= MAX_LINES:
            in_cell = np.diff(np.searchsorted(breaks, places), prepend=0)
            if in_cell.max() >= MAX_LINES:
                return 0, 0, 0
        return records, end, records + len(breaks)

    def _unmarked(self, data: bytes, start: int, stop: int, text: _Bytes) -> int:
        """Return up to where there is no escape, no comment and no CR but before LF."""
        limit = stop - start
        if self._escape is not None and (at := data.find(self._escape, start, stop)) >= 0:
            limit = min(limit, at - start)
        if self._comment is not None:
            if data.startswith(self._comment[1:], start):
                return 0
            if (at := data.find(self._comment, start, stop)) >= 0:
                limit = min(limit, at + 1 - start)
        if data.find(b"\r", start, start + limit) >= 0:
            returns = np.flatnonzero(text[:limit] == _CR)
            if returns[-1] == len(text) - 1:
                limit, returns = int(returns[-1]), returns[:-1]
            alone = returns[text[returns + 1] != _LF]
            limit = int(alone[0]) if len(alone) else limit
        return limit

    def _quotes(self, data: bytes, start: int, stop: int, text: _Bytes) -> _Places:
        if self._quote is None or data.find(self._quote, start, stop) < 0:
            return np.empty(0, np.int64)
        return np.flatnonzero(text[: stop - start] == self._quote[0])

    def _limit_of_quotes(self, text: _Bytes, quotes: _Places, limit: int) -> tuple[int, _Places]:
        """Return up to where quotes stand around whole cells, and those quotes.

        Every other one opens; between a closing one and an opening one right behind it there is
        nothing: they are a doubled quote.
        """
        if len(quotes) % 2:  # the last one opens a cell that goes on
            limit, quotes = int(quotes[-1]), quotes[:-1]
        opening, closing = quotes[::2], quotes[1::2]
        if not len(opening):
            return limit, quotes
        doubled = opening[1:] == closing[:-1] + 1
        before = text[np.maximum(opening - 1, 0)]
        opens = (before == self._delimiter) | (before == _LF) | (opening == 0)
        opens[1:] |= doubled
        behind = text[np.minimum(closing + 1, len(text) - 1)]
        closes = (behind == self._delimiter) | (behind == _LF) | (behind == _CR)
        closes[:-1] |= doubled
        if not closes[-1] or closing[-1] + 1 == len(text):
            # What follows is not known, or is no end of a cell.
            closes[-1] = False
        wrong = np.flatnonzero(~(opens & closes))
        if len(wrong):
            first = int(wrong[0])
            # A doubled quote before it belongs to the same cell, which is not proven either: its
            # record ends behind it.
            limit = int(opening[first])
            quotes = quotes[: 2 * first]
        return limit, quotes


def has_width(rows: pl.DataFrame, size: int, marks: int) -> bool:
    """Whether every row that polars made of one line has all its cells.

    Polars raises for a line of too many cells and fills up one of too few. Of the `size` bytes that
    were parsed `marks` are neither of a cell nor a delimiter, so the delimiters can be counted.
    """
    cells = sum(rows.select(pl.all().str.len_bytes().cast(pl.Int64).sum()).row(0))
    return size - marks - int(cells) == rows.height * (rows.width - 1)


def _hold(quotes: _Places, ends: _Places) -> bool:
    """Whether a line end stands between quotes."""
    if not len(quotes):
        return False
    return bool((np.searchsorted(ends, quotes[::2]) != np.searchsorted(ends, quotes[1::2])).any())


def _without_quoted(places: _Places, quotes: _Places) -> tuple[_Places, _Places]:
    """Return the places outside quotes and those inside."""
    first = np.searchsorted(places, quotes[::2])
    behind = np.searchsorted(places, quotes[1::2])
    holds = behind > first
    if not holds.any():
        return places, places[:0]
    first, counts = first[holds], (behind - first)[holds]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    inside = np.repeat(first, counts) + within
    outside = np.ones(len(places), np.bool_)
    outside[inside] = False
    return places[outside], places[inside]


def _has_blank_line(data: bytes, start: int, stop: int) -> bool:
    """Whether a line holds nothing: in a table of one column that may be a row."""
    return (
        data.startswith((b"\n", b"\r\n"), start)
        or data.find(b"\n\n", start, stop) >= 0
        or data.find(b"\n\r\n", start, stop) >= 0
    )
