"""Reading NDJSON and JSON: records one by one, in bounded memory, in strict grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Batch, Field, Rejected
from ai_data_engineer.io.json_cursor import MAX_RECORD, JsonCursor, parse_document
from ai_data_engineer.io.json_paths import is_extended, records_at, unescaped
from ai_data_engineer.io.records import Numbered, as_record, extract, to_batches
from ai_data_engineer.io.text_stream import utf8_chunks

__all__ = [
    "extract",
    "iter_json_records",
    "iter_ndjson_records",
    "parse_document",
    "read_json",
    "read_ndjson",
]

CHUNK = 1024 * 1024
BATCH = 10_000
_BLANKS = b" \t\r\n"
_SEAM = re.compile(rb'[ \t\r\n]*+,[ \t\r\n]*+(?:\{[ \t\r\n]*+(?:"(?:[^"\\]++|\\.)*+")?)?')
_TRIES = 3


def read_ndjson(
    stream: BinaryIO, *, columns: Sequence[Field], encoding: str = "utf-8"
) -> Iterator[Batch]:
    """Yield the records of NDJSON, one a line; a line that is not JSON is rejected.

    Raises SourceError `E_ENCODING`, or `E_RECORD_TOO_LONG` for a line of more than 64 MiB.
    """
    return to_batches(iter_ndjson_records(stream, encoding=encoding), columns, BATCH)


def read_json(
    stream: BinaryIO,
    *,
    record_path: str = "",
    columns: Sequence[Field],
    encoding: str = "utf-8",
) -> Iterator[Batch]:
    """Yield the records of one JSON document; see `iter_json_records`."""
    return to_batches(iter_json_records(stream, record_path, encoding=encoding), columns, BATCH)


def iter_ndjson_records(stream: BinaryIO, *, encoding: str = "utf-8") -> Iterator[Numbered]:
    """Yield each line's number and its record, or why it is none. Blank lines are no records."""
    for number, line in enumerate(_lines(utf8_chunks(stream, encoding, chunk_size=CHUNK)), 1):
        if not line.strip(_BLANKS):
            continue
        try:
            yield number, as_record(parse_document(line))
        except UnicodeDecodeError:
            yield number, _rejected(number, "undecodable bytes", line)
        except ValueError:
            yield number, _rejected(number, "broken JSON", line)


def iter_json_records(
    stream: BinaryIO, record_path: str = "", *, encoding: str = "utf-8"
) -> Iterator[Numbered]:
    """Yield number and record for each item of the array at `record_path`.

    `record_path` is a JSON pointer, empty for the document itself, or one of `json_paths`; what is
    no array is one record.
    An item that is no object becomes one: `{"value": …}`, an array `{"column_1": …, …}`.

    Raises:
        SourceError: `E_BROKEN_JSON` with the line, from the record on that is not JSON;
            `E_RECORD_PATH` when there is nothing at the path; `E_RECORD_TOO_LONG`; `E_ENCODING`.
    """
    cursor = JsonCursor(utf8_chunks(stream, encoding, chunk_size=CHUNK))
    if is_extended(record_path):
        yield from enumerate(records_at(cursor, record_path), 1)
        return
    keys = [unescaped(step) for step in record_path.split("/")[1:]]
    for number, value in enumerate(_values_at(cursor, keys, record_path), 1):
        yield number, as_record(value)
    if cursor.peek():
        raise cursor.broken()


def _values_at(cursor: JsonCursor, keys: list[str], record_path: str) -> Iterator[Any]:
    """Yield the records below the place reached by `keys`, then pass over what is behind them."""
    opening = cursor.peek()
    if not keys:
        if opening == b"[":
            yield from _items(cursor)
        else:
            yield cursor.parsed()
        return
    found = False
    if opening and opening in b"{[":
        for index, name in enumerate(cursor.members()):
            wanted = name == keys[0] if name is not None else str(index) == keys[0]
            if wanted and not found:
                found = True
                yield from _values_at(cursor, keys[1:], record_path)
            else:
                cursor.parsed()
    if not found:
        raise SourceError(
            f"The document has nothing at `{record_path}`.",
            code="E_RECORD_PATH",
            hint="Profile the source again, or correct the record path.",
        )


def _items(cursor: JsonCursor) -> Iterator[Any]:
    """Yield the items of the array at the cursor, most of them parsed by the chunk."""
    seam: bytes | None = None
    misses = 0
    for _ in cursor.members():
        yield cursor.parsed()
        if misses > _TRIES:
            continue
        seam = seam or _find_seam(cursor)
        while seam and (chunk := _chunk(cursor, seam)) is not None:
            if not chunk:
                misses += 1
                break
            yield from chunk


def _find_seam(cursor: JsonCursor) -> bytes | None:
    """Return what stands between two objects here, with the first name of the next one."""
    match = _SEAM.match(cursor.data, cursor.position)
    return b"}" + match[0] if match and b"{" in match[0] else None


def _chunk(cursor: JsonCursor, seam: bytes) -> list[Any] | None:
    """Parse all items up to the last seam in the data; None: there is none.

    A chunk cut in the wrong place, inside a string or a nested object, cannot be closed into a
    valid array: then an earlier seam is tried, and in the end no items come back.
    """
    between = cursor.data.find(b",", cursor.position)
    if between < 0 or cursor.data[cursor.position : between].strip(_BLANKS):
        return None
    end = len(cursor.data)
    for _ in range(_TRIES):
        end = cursor.data.rfind(seam, between, end)
        if end < 0:
            return None
        try:
            items = parse_document(b"[" + cursor.data[between + 1 : end + 1] + b"]")
        except ValueError:
            continue
        cursor.position = end + 1
        return list(items)
    return []


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        head, *lines = chunk.split(b"\n")
        parts.append(head)
        size += len(head)
        if lines:
            yield b"".join(parts)
            yield from lines[:-1]
            parts, size = [lines[-1]], len(lines[-1])
        if size > MAX_RECORD:
            raise SourceError(
                f"A line has more than {MAX_RECORD // 1024**2} MiB.",
                code="E_RECORD_TOO_LONG",
                hint="Check that this is NDJSON: one record a line.",
            )
    if last := b"".join(parts):
        yield last


def _rejected(number: int, reason: str, line: bytes) -> Rejected:
    return Rejected(number, reason, line.decode(errors="replace").strip())
