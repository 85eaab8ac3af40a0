"""Reading text whose columns begin at fixed places: every line becomes a row or is set aside.

Lines that are not rows: one with text across the place where a column begins (`text across the
beginning of column 3`) and one with bytes that its encoding does not know (`undecodable bytes`).
Blank lines, comments and rules (`-----  ---`) are no records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Batch, Rejected
from ai_data_engineer.io.text_stream import utf8_chunks

RULE = re.compile(r"[-=_]{2,}(?:\s+[-=_]{2,})*|[-=_]{3,}")
_CHUNK = 4 * 1024 * 1024
_MAX_LINE = 16 * 1024 * 1024
_TEXT = "__text"


def read_fixed_width(
    stream: BinaryIO,
    *,
    columns: Sequence[str],
    starts: Sequence[int],
    encoding: str = "utf-8",
    header_row: int | None = 0,
    preamble_lines: int = 0,
    footer_lines: int = 0,
    comment: str | None = None,
    header: Sequence[str] | None = None,
) -> Iterator[Batch]:
    """Yield the rows of fixed-width text, as text without the blanks around; an empty cell is `""`.

    Args:
        stream: Bytes, decompressed.
        columns: Names of all columns, in the order of the file.
        starts: For each column the character with which it begins, from 0; it ends where the next
            one begins, the last one with its line. Tabs stop at every eighth character.
        encoding: Python's name; a byte order mark is passed over.
        header_row: Physical line of the names, from 0; None: there is none.
        preamble_lines: Physical lines before the header or the first record.
        footer_lines: Physical lines at the end that are no data.
        comment: What a line begins with that is passed over.
        header: The names that stand in the header; None: it is not looked at.

    Raises:
        SourceError: `E_ENCODING`; `E_HEADER` when the header holds other names;
            `E_RECORD_TOO_LONG` for a line of more than 16 MiB.
    """
    skipped = preamble_lines if header_row is None else max(preamble_lines, header_row + 1)
    chunks = utf8_chunks(stream, encoding, footer_lines=footer_lines, chunk_size=_CHUNK)
    first = 1
    for data in _whole_lines(chunks):
        lines = data.split(b"\n")
        if header is not None and header_row is not None and first <= header_row + 1:
            index = header_row + 1 - first
            if index < len(lines):
                _check_header(lines[index], starts, header)
        begin = max(0, skipped + 1 - first)
        yield _batch(lines[begin:], first + begin, columns, starts, comment)
        first += len(lines)
    if first == 1:
        yield _batch([], 1, columns, starts, comment)


def _whole_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield text of whole lines, parted by line feeds, without the last line's end."""
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        # A carriage return at the end may be the first half of a line end.
        cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        data, rest = data[:cut], data[cut:]
        if len(rest) > _MAX_LINE:
            raise SourceError(
                f"A line has more than {_MAX_LINE // 1024**2} MiB.",
                code="E_RECORD_TOO_LONG",
                hint="Check that this is text in lines.",
            )
        if data:
            yield _line_feeds(data).removesuffix(b"\n")
    if rest:
        yield _line_feeds(rest).removesuffix(b"\n")


def _line_feeds(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def cells_of(line: str, starts: Sequence[int]) -> list[str]:
    """Return the cells of one line."""
    ends = (*starts[1:], len(line))
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _check_header(line: bytes, starts: Sequence[int], header: Sequence[str]) -> None:
    found = cells_of(line.decode(errors="replace").expandtabs(), starts)
    if [" ".join(name.split()) for name in found] != list(header):
        raise SourceError(
            "The names in the header are not those expected at their places.",
            code="E_HEADER",
            hint="The columns have changed: profile the source again.",
        )


def _batch(
    lines: Sequence[bytes],
    first: int,
    columns: Sequence[str],
    starts: Sequence[int],
    comment: str | None,
) -> Batch:
    rejected: list[Rejected] = []
    numbers: list[int] = []
    texts: list[str] = []
    for number, line in enumerate(lines, first):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            found = line.decode(errors="replace")
            rejected.append(Rejected(number, "undecodable bytes", found))
            continue
        if not text.strip() or (comment and text.startswith(comment)):
            continue
        if text[:2] in ("--", "==", "__") and RULE.fullmatch(text.strip()):
            continue
        numbers.append(number)
        texts.append(text.expandtabs() if "\t" in text else text)
    rows = pl.DataFrame(
        {LINE: pl.Series(numbers, dtype=pl.Int64), _TEXT: pl.Series(texts, dtype=pl.String)}
    )
    across = [_is_across(start) for start in starts if start > 0]
    if across:
        bad = pl.any_horizontal(across)
        for number, text in rows.filter(bad).iter_rows():
            rejected.append(Rejected(number, _reason(text, starts), text))
        rows = rows.filter(~bad)
    lengths = [end - start for start, end in pairwise(starts)]
    cells = [
        pl.col(_TEXT).str.slice(start, length).str.strip_chars().alias(name)
        for name, start, length in zip(columns, starts, [*lengths, None], strict=True)
    ]
    return Batch(rows.select(LINE, *cells), sorted(rejected, key=lambda r: r.line))


def _is_across(start: int) -> pl.Expr:
    return pl.col(_TEXT).str.slice(start - 1, 2).str.contains(r"^\S\S$")


def _reason(text: str, starts: Sequence[int]) -> str:
    column = next(
        number
        for number, start in enumerate(starts, 1)
        if start > 0 and re.fullmatch(r"\S\S", text[start - 1 : start + 1])
    )
    return f"text across the beginning of column {column}"
