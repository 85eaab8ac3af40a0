"""Text of any encoding as chunks of UTF-8 bytes, undecodable places marked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from ai_data_engineer.errors import SourceError

LINE_END = re.compile(rb"\r\n|\n|\r")
BOM = "\ufeff".encode()
_ALREADY_UTF8 = frozenset({"utf-8", "utf-8-sig", "ascii"})
_FOOTER_REACH = 1024 * 1024
"""A footer lies within the last MiB."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    # A lone surrogate: no valid UTF-8 comes of it, so whoever decodes the result finds the place.
    assert isinstance(error, UnicodeDecodeError)
    return "\udcff", error.end


codecs.register_error("mark_undecodable", _mark)


def utf8_chunks(
    stream: BinaryIO, encoding: str, *, footer_lines: int = 0, chunk_size: int = 4 * 1024 * 1024
) -> Iterator[bytes]:
    """Yield the text as UTF-8 without a byte order mark and without the last `footer_lines` lines.

    Bytes that the encoding does not know come out as bytes that are no valid UTF-8.
    Raises SourceError `E_ENCODING` for an unknown encoding.
    """
    chunks = _without_bom(_recoded(stream, encoding, chunk_size))
    return _without_footer(chunks, footer_lines) if footer_lines else chunks


def _recoded(stream: BinaryIO, encoding: str, chunk_size: int) -> Iterator[bytes]:
    try:
        "a".encode(encoding)  # refuses codecs that are not for text, such as `zip`
        codec = codecs.lookup(encoding)
        decode = codec.incrementaldecoder("mark_undecodable").decode
    except (LookupError, TypeError, ValueError):
        raise SourceError(
            "Unknown text encoding.",
            code="E_ENCODING",
            hint="Use a name that Python knows, such as utf-8, cp1252 or utf-16.",
        ) from None
    if codec.name in _ALREADY_UTF8:
        while chunk := stream.read(chunk_size):
            yield chunk
        return
    final = False
    while not final:
        chunk = stream.read(chunk_size)
        final = not chunk
        try:
            text = decode(chunk, final)
        except UnicodeError:  # UTF-16 and UTF-32 without a byte order mark
            raise SourceError(
                f"The text has no byte order mark, which {codec.name} needs.",
                code="E_ENCODING",
                hint=f"Name its byte order: {codec.name}-le or {codec.name}-be.",
            ) from None
        yield text.encode("utf-8", "surrogatepass")


def _without_bom(chunks: Iterator[bytes]) -> Iterator[bytes]:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= len(BOM):
            break
    yield head.removeprefix(BOM)
    yield from chunks


def _without_footer(chunks: Iterator[bytes], footer_lines: int) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) > 2 * _FOOTER_REACH:
            yield held[:-_FOOTER_REACH]
            held = held[-_FOOTER_REACH:]
    ends = [match.end() for match in LINE_END.finditer(held)]
    if not ends or ends[-1] < len(held):
        ends.append(len(held))
    if len(ends) > footer_lines:
        yield held[: ends[-footer_lines - 1]]
