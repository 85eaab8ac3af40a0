"""NDJSON and JSON documents as pieces of work for several threads, each of which yields a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import msgspec
import orjson
import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import Batch, Field
from ai_data_engineer.io.json_columns import JsonColumns, joined
from ai_data_engineer.io.json_cursor import MAX_RECORD, parse_document
from ai_data_engineer.io.json_marks import has_lone_surrogates
from ai_data_engineer.io.json_paths import is_extended
from ai_data_engineer.io.json_reader import (
    BATCH,
    BLANKS,
    iter_json_records,
    runs_of_records,
    too_long,
)
from ai_data_engineer.io.records import as_record, to_batches
from ai_data_engineer.io.text_stream import utf8_chunks

BLOCK = 2 * 1024 * 1024
"""Bytes of a document that are read at a time; of lines, which are held once only, four times
that: the columns of a small piece cost as many calls as those of a large one."""
_LEARNT_BYTES = 256 * 1024
_LEARNT_LINES = 200


class _Anything(msgspec.Struct):
    """An object whose members are checked and passed over."""


_checker = msgspec.json.Decoder(list[_Anything])


def ndjson_pieces(
    stream: BinaryIO, *, columns: Sequence[Field], encoding: str = "utf-8"
) -> Iterator[Callable[[], Batch]]:
    """Yield the work of reading NDJSON, to be done in any thread: the batches of `read_ndjson`.

    Raises what `read_ndjson` raises.
    """
    reader = JsonColumns(columns)
    first_line = 1
    for block in _blocks(utf8_chunks(stream, encoding, chunk_size=4 * BLOCK)):
        if first_line == 1:
            reader.learn(block[:_LEARNT_BYTES].split(b"\n")[:_LEARNT_LINES])
        yield partial(reader.read, block, first_line)
        first_line += block.count(b"\n")


def json_pieces(
    stream: BinaryIO, *, record_path: str = "", columns: Sequence[Field], encoding: str = "utf-8"
) -> Iterator[Callable[[], Batch]]:
    """Yield the work of reading a JSON document: the batches of `read_json`, which see.

    Raises what `read_json` raises.
    """
    if is_extended(record_path):
        records = iter_json_records(stream, record_path, encoding=encoding)
        yield from (partial(_same, batch) for batch in to_batches(records, columns, BATCH))
        return
    reader = JsonColumns(columns)
    has_learnt = False
    number = 1
    chunks = utf8_chunks(stream, encoding, chunk_size=BLOCK)
    for run in runs_of_records(chunks, record_path, _Run.checked):
        if isinstance(run, _Run):
            if not has_learnt:
                reader.learn((run.lines() or b"").split(b"\n", _LEARNT_LINES)[:-1])
                has_learnt = True
            yield partial(_read_run, run, number, reader, columns)
            number += run.records
        else:
            yield partial(_batch, run, number, columns)
            number += len(run)
    if number == 1:
        yield partial(_batch, [], 1, columns)


@dataclass(frozen=True)
class _Run:
    """Objects of an array with commas between them, in strict JSON."""

    text: bytes
    seam: bytes
    """What stands between two of them, with their braces and often the first key."""
    records: int

    @classmethod
    def checked(cls, text: bytes, seam: bytes) -> _Run:
        """Check the JSON; raises ValueError."""
        text = text.strip(BLANKS)
        whole = b"[" + text + b"]"
        try:
            records = len(_checker.decode(whole))
            # Polars looks through the text faster than Python does.
            decoded = pl.Series([text], dtype=pl.Binary()).cast(pl.String())
        except (msgspec.DecodeError, RecursionError, pl.exceptions.ComputeError):
            raise ValueError("not an array of objects") from None
        if decoded.str.contains("\\u", literal=True).item() and has_lone_surrogates(text):
            orjson.loads(whole)
        return cls(text, seam, records)

    def lines(self) -> bytes | None:
        """Return the objects on a line each; broken ones, or None, where no seam parts them all."""
        shorter = self.seam[: self.seam.rfind(b"{") + 1]
        return self._parted_at(self.seam) or self._parted_at(shorter)

    def _parted_at(self, seam: bytes) -> bytes | None:
        behind = seam[seam.rfind(b"{") :]
        # No raw nought stands in valid JSON. Nothing moves: that is twice as fast.
        apart = self.text.replace(seam, (b"}\0" + behind).rjust(len(seam)))
        if apart.count(b"\0") != self.records - 1:
            return None
        for blank in (b"\n", b"\r"):
            if blank in apart:
                apart = apart.replace(blank, b" ")
        return apart.replace(b"\0", b"\n") + b"\n"


def _read_run(run: _Run, first: int, reader: JsonColumns, columns: Sequence[Field]) -> Batch:
    if lines := run.lines():
        if (batch := reader.read_usual(lines, first)) is not None:
            return batch
        reader.learn(lines.split(b"\n"))
    try:
        records = parse_document(b"[" + run.text + b"]")
    except ValueError:
        raise SourceError(
            "A record is nested too deeply.",
            code="E_TOO_DEEP",
            location=f"records {first} to {first + run.records - 1}",
            hint="Flatten it, or choose another record path.",
        ) from None
    return _batch(records, first, columns)


def _same(batch: Batch) -> Batch:
    return batch


def _batch(records: list[Any], first: int, columns: Sequence[Field]) -> Batch:
    numbered = ((number, as_record(value)) for number, value in enumerate(records, first))
    return joined(to_batches(numbered, columns, BATCH))


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the text in blocks of whole lines, each closed by a line feed; one if it is empty."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if end:
            yield b"".join((*parts, chunk[:end]))
            parts, size = [], 0
        parts.append(chunk[end:])
        size += len(chunk) - end
        if size > MAX_RECORD:
            raise too_long()
    yield b"".join(parts) + b"\n"
