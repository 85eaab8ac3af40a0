"""Reading NDJSON and JSON: records one by one, in bounded memory, in strict grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO, TypeVar

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
BLANKS = b" \t\r\n"
_SEAM = re.compile(rb'[ \t\r\n]*+,[ \t\r\n]*+(?:\{[ \t\r\n]*+(?:"(?:[^"\\]++|\\.)*+")?)?')
_TRIES = 3

T = TypeVar("T")


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
    return numbered_records(_lines(utf8_chunks(stream, encoding, chunk_size=CHUNK)), 1)


def numbered_records(lines: Iterable[bytes], first: int) -> Iterator[Numbered]:
    """Yield the records of lines, the first of which has that number."""
    for number, line in enumerate(lines, first):
        if not line.strip(BLANKS):
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
    chunks = utf8_chunks(stream, encoding, chunk_size=CHUNK)
    if is_extended(record_path):
        yield from enumerate(records_at(JsonCursor(chunks), record_path), 1)
        return
    runs = runs_of_records(chunks, record_path, _parsed)
    for number, value in enumerate(chain.from_iterable(runs), 1):
        yield number, as_record(value)


def runs_of_records(
    chunks: Iterator[bytes], record_path: str, take: Callable[[bytes, bytes], T]
) -> Iterator[T | list[Any]]:
    """Yield what `take` makes of runs of whole records, and records by themselves between them.

    `record_path` is a plain pointer.
    `take` is given the records of a run with their commas and what stands between two of them; it
    raises ValueError where they are not valid. Raises as `iter_json_records` does.
    """
    cursor = JsonCursor(chunks)
    keys = [unescaped(step) for step in record_path.split("/")[1:]]
    yield from _runs_at(cursor, keys, record_path, take)
    if cursor.peek():
        raise cursor.broken()


def _runs_at(
    cursor: JsonCursor, keys: list[str], record_path: str, take: Callable[[bytes, bytes], T]
) -> Iterator[T | list[Any]]:
    """Yield the records below the place reached by `keys`, then pass over what is behind them."""
    opening = cursor.peek()
    if not keys:
        if opening == b"[":
            yield from _runs(cursor, take)
        else:
            yield [cursor.parsed()]
        return
    found = False
    if opening and opening in b"{[":
        for index, name in enumerate(cursor.members()):
            wanted = name == keys[0] if name is not None else str(index) == keys[0]
            if wanted and not found:
                found = True
                yield from _runs_at(cursor, keys[1:], record_path, take)
            else:
                cursor.parsed()
    if not found:
        raise SourceError(
            f"The document has nothing at `{record_path}`.",
            code="E_RECORD_PATH",
            hint="Profile the source again, or correct the record path.",
        )


def _parsed(records: bytes, seam: bytes) -> list[Any]:
    return list(parse_document(b"[" + records + b"]"))


def _runs(cursor: JsonCursor, take: Callable[[bytes, bytes], T]) -> Iterator[T | list[Any]]:
    """Yield the items of the array at the cursor, most of them in runs."""
    seam: bytes | None = None
    misses = 0
    for _ in cursor.members():
        yield [cursor.parsed()]
        if misses > _TRIES:
            continue
        seam = seam or _find_seam(cursor)
        while seam:
            end = _last_seam(cursor, seam, len(cursor.data))
            # The last record at hand goes on behind it: then so does the run.
            if not end and cursor.fill():
                end = _last_seam(cursor, seam, len(cursor.data))
            if not end:
                break
            run = _run(cursor, seam, end, take)
            if run is None:
                misses += 1
                break
            yield run


def _find_seam(cursor: JsonCursor) -> bytes | None:
    """Return what stands between two objects here, with the first name of the next one."""
    match = _SEAM.match(cursor.data, cursor.position)
    return b"}" + match[0] if match and b"{" in match[0] else None


def _last_seam(cursor: JsonCursor, seam: bytes, end: int) -> int:
    """Return where the last seam before `end` begins, behind the comma that comes next; or 0."""
    between = cursor.data.find(b",", cursor.position)
    if between < 0 or cursor.data[cursor.position : between].strip(BLANKS):
        return 0
    return max(0, cursor.data.rfind(seam, between, end))


def _run(cursor: JsonCursor, seam: bytes, end: int, take: Callable[[bytes, bytes], T]) -> T | None:
    """Take all items up to a seam.

    A run cut in the wrong place, inside a string or a nested object, cannot be closed into a valid
    array: then an earlier seam is tried, and in the end there is no run.
    """
    begin = cursor.data.find(b",", cursor.position) + 1
    for _ in range(_TRIES):
        if not end:
            break
        try:
            run = take(cursor.data[begin : end + 1], seam)
        except ValueError:
            end = _last_seam(cursor, seam, end)
            continue
        cursor.position = end + 1
        return run
    return None


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
            raise too_long()
    if last := b"".join(parts):
        yield last


def too_long() -> SourceError:
    """Return the error for a line beyond the bound."""
    return SourceError(
        f"A line has more than {MAX_RECORD // 1024**2} MiB.",
        code="E_RECORD_TOO_LONG",
        hint="Check that this is NDJSON: one record a line.",
    )


def _rejected(number: int, reason: str, line: bytes) -> Rejected:
    return Rejected(number, reason, line.decode(errors="replace").strip())
