"""Decompression in bounded memory: gzip, zstd, bz2 and xz, of several members, within limits."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from ai_data_engineer.errors import SourceError

CHUNK = 64 * 1024
MEBIBYTE = 1024**2
RATIO_MATTERS_FROM = 64 * MEBIBYTE
"""Up to here any expansion ratio is fine: small files of zeros are no bombs."""
_ZSTD_SLICE = 1024
"""zstandard cannot bound its output; a slice of 1 KiB expands to 32 MiB at most."""


class _Decoder(Protocol):
    """One compressed member, as the standard library's bz2 and lzma shape it."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


class _Zstd:
    def __init__(self) -> None:
        import zstandard  # late: only sources that are compressed so need it

        window = 128 * MEBIBYTE  # what `zstd --ultra -22` uses
        self._decoder: Any = zstandard.ZstdDecompressor(max_window_size=window).decompressobj()
        self._pending = b""

    @property
    def eof(self) -> bool:
        return bool(self._decoder.eof)

    @property
    def needs_input(self) -> bool:
        return not self._pending

    @property
    def unused_data(self) -> bytes:
        return bytes(self._decoder.unused_data) + self._pending

    def decompress(self, data: bytes, max_length: int) -> bytes:
        data = self._pending + data
        self._pending = data[_ZSTD_SLICE:]
        return bytes(self._decoder.decompress(data[:_ZSTD_SLICE]))


DECODERS: dict[str, Callable[[], _Decoder]] = {
    "gzip": _Gzip,
    "zstd": _Zstd,
    "bz2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=256 * MEBIBYTE),
}


class ExpandingReader(io.RawIOBase):
    """Reads compressed bytes and gives expanded ones; see `open_source` for what is raised."""

    def __init__(
        self,
        stored: io.RawIOBase,
        compression: str,
        place: str,
        max_expanded: int | None,
        max_ratio: int | None,
    ) -> None:
        if compression not in DECODERS:
            raise SourceError(
                f"Unknown compression `{compression}`.",
                code="E_COMPRESSION",
                location=place,
                hint=f"Use one of none, {', '.join(DECODERS)}.",
            )
        self._stored = stored
        self._compression = compression
        self._place = place
        self._max_expanded = max_expanded
        self._max_ratio = max_ratio
        self._decoder = DECODERS[compression]()
        self._ready = b""
        self._bytes_in = 0
        self._bytes_out = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as bytes are ready; 0 is the end."""
        if not self._ready:
            self._ready = self._expand()
        data = self._ready[: len(buffer)]
        self._ready = self._ready[len(data) :]
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close this and the stored stream."""
        if not self.closed:
            self._stored.close()
        super().close()

    def _expand(self) -> bytes:
        """Return the next expanded bytes, none at the end."""
        while True:
            if self._decoder.eof:
                data = self._next_member()
                if not data:
                    return b""
                self._decoder = DECODERS[self._compression]()
            elif self._decoder.needs_input:
                data = self._read()
                if not data:
                    raise SourceError(
                        "The compressed file breaks off.",
                        code="E_TRUNCATED",
                        location=self._place,
                        hint="Copy or download it again.",
                    )
            else:
                data = b""
            if out := self._decode(data):
                self._check_limits(len(out))
                return out

    def _read(self) -> bytes:
        data = self._stored.read(CHUNK) or b""
        self._bytes_in += len(data)
        return data

    def _next_member(self) -> bytes:
        """Return the first bytes behind the member that ended; zero padding is passed over."""
        data = self._decoder.unused_data.lstrip(b"\0")
        while not data:
            read = self._read()
            if not read:
                return b""
            data = read.lstrip(b"\0")
        return data

    def _decode(self, data: bytes) -> bytes:
        try:
            return self._decoder.decompress(data, CHUNK)
        except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError, MemoryError):
            pass
        except Exception as problem:
            if type(problem).__name__ != "ZstdError":
                raise
        raise SourceError(
            f"The {self._compression} data are damaged.",
            code="E_CORRUPT",
            location=self._place,
            hint="Copy or download it again, or check the compression.",
        ) from None

    def _check_limits(self, added: int) -> None:
        self._bytes_out += added
        over = self._max_expanded is not None and self._bytes_out > self._max_expanded
        bomb = (
            self._max_ratio is not None
            and self._bytes_out > RATIO_MATTERS_FROM
            and self._bytes_out > self._max_ratio * self._bytes_in
        )
        if over or bomb:
            limit = f"{self._max_expanded} bytes" if over else f"{self._max_ratio} times its size"
            raise SourceError(
                f"The compressed file expands to more than {limit}.",
                code="E_EXPANSION",
                location=self._place,
                hint="Raise the limit if the file is what you expect, or expand it yourself.",
            )
