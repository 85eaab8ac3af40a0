"""Avro object container files: their header and blocks, expanded within limits.

Apache Avro 1.11, "Object Container Files". fastavro decodes the records; what a file claims about
sizes is checked here before it is believed.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.expanding import DECODERS, MEBIBYTE

MAGIC = b"Obj\x01"
MAX_BLOCK = 128 * MEBIBYTE
"""Most bytes of a block, expanded: it is in memory."""
_MAX_HEADER = 16 * MEBIBYTE
_SYNC = 16


@dataclass(frozen=True)
class Header:
    """What stands before the blocks."""

    schema: Any
    """The writer's schema, as JSON has it."""
    codec: str
    sync: bytes


def read_header(stream: BinaryIO) -> Header:
    """Read the header; raises SourceError `E_BROKEN_AVRO`, `E_COMPRESSION`."""
    if stream.read(len(MAGIC)) != MAGIC:
        raise broken_avro()
    entries: dict[str, bytes] = {}
    room = _MAX_HEADER
    while count := _long(stream):
        if count < 0:
            count = -count
            _long(stream)  # how many bytes follow
        for _ in range(count):
            key, value = _bytes(stream, room), _bytes(stream, room)
            room -= len(key) + len(value) + 1
            if room <= 0:
                raise broken_avro()
            entries[key.decode(errors="replace")] = value
    try:
        schema = json.loads(entries["avro.schema"])
    except (KeyError, ValueError, RecursionError):
        schema = None
    if schema is None:
        raise broken_avro()
    codec = entries.get("avro.codec", b"null").decode(errors="replace")
    if codec not in _CODECS:
        raise SourceError(
            "The Avro file is compressed by a codec that is not known.",
            code="E_COMPRESSION",
            hint=f"Write it with one of {', '.join(_CODECS)}.",
        )
    return Header(schema, codec, _exactly(stream, _SYNC))


def read_blocks(stream: BinaryIO, header: Header) -> Iterator[tuple[int, bytes]]:
    """Yield the number of records and the expanded bytes of each block.

    Raises SourceError `E_BROKEN_AVRO`, `E_EXPANSION`.
    """
    while first := stream.read(1):
        count = _long(stream, first)
        data = _bytes(stream, MAX_BLOCK)
        if _exactly(stream, _SYNC) != header.sync:
            raise broken_avro()
        data = _expanded(data, header.codec)
        # Each record takes a byte at least: those that take none are refused with their schema.
        if not 0 <= count <= len(data):
            raise broken_avro()
        yield count, data


def broken_avro() -> SourceError:
    """Return the error for a file that cannot be read."""
    return SourceError(
        "The Avro file is damaged or breaks off.",
        code="E_BROKEN_AVRO",
        hint="Write, copy or download it again.",
    )


def _long(stream: BinaryIO, first: bytes = b"") -> int:
    """Read a zig-zag number of variable length."""
    value = shift = 0
    while True:
        (byte,) = first or _exactly(stream, 1)
        first = b""
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return (value >> 1) ^ -(value & 1)
        shift += 7
        if shift > 63:
            raise broken_avro()


def _bytes(stream: BinaryIO, limit: int) -> bytes:
    size = _long(stream)
    if not 0 <= size <= limit:
        raise broken_avro()
    return _exactly(stream, size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise broken_avro()
    return data


def _expanded(data: bytes, codec: str) -> bytes:
    problem = None
    try:
        expanded = _CODECS[codec](data)
    except SourceError as error:
        problem = error
    except (zlib.error, OSError, EOFError, ValueError, MemoryError):
        problem = broken_avro()
    except Exception as error:
        # Of lzma, zstandard and cramjam, which share no base class.
        if type(error).__name__ not in ("LZMAError", "ZstdError", "DecompressionError"):
            raise
        problem = broken_avro()
    if problem is not None:
        raise problem from None
    return expanded


def _plain(data: bytes) -> bytes:
    return data


def _deflate(data: bytes) -> bytes:
    return _bounded(zlib.decompressobj(-15).decompress(data, MAX_BLOCK + 1))


def _snappy(data: bytes) -> bytes:
    import cramjam  # late: only this codec needs it

    body = data[:-4]  # behind it a CRC of what it expands to
    _check_size(_snappy_size(body))
    expanded = bytes(cramjam.snappy.decompress_raw(body))
    if zlib.crc32(expanded) != int.from_bytes(data[-4:], "big"):
        raise broken_avro()
    return expanded


def _snappy_size(data: bytes) -> int:
    """Return what the data claim to expand to, for the decoder makes room for it at once."""
    size = 0
    for place, byte in enumerate(data[:5]):
        size |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return size
    raise broken_avro()


def _member(codec: str) -> Callable[[bytes], bytes]:
    def expand(data: bytes) -> bytes:
        decoder = DECODERS[codec]()
        pieces = [decoder.decompress(data, MAX_BLOCK + 1)]
        size = len(pieces[0])
        while not (decoder.eof or decoder.needs_input) and size <= MAX_BLOCK:
            pieces.append(decoder.decompress(b"", MAX_BLOCK + 1))
            size += len(pieces[-1])
        if not decoder.eof and size <= MAX_BLOCK:
            raise broken_avro()
        return _bounded(b"".join(pieces))

    return expand


def _bounded(data: bytes) -> bytes:
    _check_size(len(data))
    return data


def _check_size(size: int) -> None:
    if size > MAX_BLOCK:
        raise SourceError(
            f"A block of the Avro file expands to more than {MAX_BLOCK // MEBIBYTE} MiB.",
            code="E_EXPANSION",
            hint="Write it with smaller blocks.",
        )


_CODECS: dict[str, Callable[[bytes], bytes]] = {
    "null": _plain,
    "deflate": _deflate,
    "snappy": _snappy,
    "zstandard": _member("zstd"),
    "bzip2": _member("bz2"),
    "xz": _member("xz"),
}


def uncompressed(header: Header, blocks: Iterator[tuple[int, bytes]]) -> BinaryIO:
    """Return the file as it would be with the codec `null`, for a decoder to read on as needed."""
    return cast(BinaryIO, io.BufferedReader(_Container(header, blocks), 256 * 1024))


class _Container(io.RawIOBase):
    def __init__(self, header: Header, blocks: Iterator[tuple[int, bytes]]) -> None:
        self._pieces = self._written(header, blocks)
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._ready = memoryview(piece)
        size = min(len(self._ready), len(buffer))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    @staticmethod
    def _written(header: Header, blocks: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
        schema = json.dumps(header.schema).encode()
        entries = {b"avro.codec": b"null", b"avro.schema": schema}
        yield MAGIC + _number(len(entries))
        for key, value in entries.items():
            yield _number(len(key)) + key + _number(len(value)) + value
        yield _number(0) + header.sync
        for count, data in blocks:
            if count:
                yield _number(count) + _number(len(data))
                yield data
                yield header.sync


def _number(value: int) -> bytes:
    value <<= 1  # zig-zag of what is not negative
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
