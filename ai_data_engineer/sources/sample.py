"""The beginning of a source, within the budget, whatever its size."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from pydantic import ByteSize

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import redact
from ai_data_engineer.io.archives import MEMBER, expanded_size
from ai_data_engineer.io.expanding import ExpandingReader
from ai_data_engineer.io.opening import LITTLE, open_source
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.dialect import Compression
from ai_data_engineer.sources.location import locate
from ai_data_engineer.sources.magic import sniff_compression

TAIL_BYTES = 64 * 1024
GLANCE_BYTES = 64 * 1024
_NOT_IN_ORDER = (b"PAR1",)
"""How files begin of which another reader fetches what it needs: Parquet."""


@dataclass(frozen=True)
class Sample:
    """What was read of one file."""

    uri: str
    place: str
    """Its address without credentials, for messages."""
    compression: Compression
    data: bytes
    """The beginning, expanded."""
    complete: bool
    """Whether `data` is all there is."""
    size: int
    """Bytes as stored; those read where the server does not say."""
    size_is_known: bool
    stored_read: int
    """Bytes as stored that `data` came of."""
    tail: bytes = b""
    """The last bytes as stored, of a file that is neither complete nor compressed."""

    @property
    def is_packed(self) -> bool:
        """Whether the file lies in an archive, and is compressed by that alone."""
        return MEMBER in self.uri and self.compression == "none"

    def without_a_record(self) -> SourceError:
        """Return the error for a sample that ends before its first record does."""
        return SourceError(
            f"The first record goes on behind the {len(self.data):,} bytes that are read.",
            code="E_RECORD_TOO_LONG",
            location=self.place,
            hint="Check for a quote that is not closed, or raise MAX_PROFILE_BYTES.",
        )


def read_samples(uri: str, settings: Settings) -> list[Sample]:
    """Read the first of the files that an address names, and a glance at each of the others.

    Raises what `locate` and `read_sample` raise.
    """
    first, *others = locate(uri, settings)
    return [
        read_sample(first, settings),
        *(read_sample(file, settings, budget=GLANCE_BYTES) for file in others),
    ]


def read_sample(uri: str, settings: Settings, *, budget: int | None = None) -> Sample:
    """Read at most `budget` bytes of one file (`MAX_PROFILE_BYTES`), and 64 KiB from its end.

    Raises:
        SourceError: `E_TOO_LARGE`, `E_EMPTY`, and what `open_source` raises.
        TransientError: The network may answer later.
    """
    place = redact(uri)
    budget = budget or int(settings.max_profile_bytes)
    with open_source(uri, ahead=LITTLE) as stored:
        size = accepted_size(stored, settings, place)
        head = cast(io.BufferedReader, stored).peek(16)
        if not head:
            raise SourceError(
                "The file is empty.", code="E_EMPTY", location=place, hint="Check how it was made."
            )
        compression = sniff_compression(head)
        if head.startswith(_NOT_IN_ORDER):
            budget = min(budget, GLANCE_BYTES)
        if compression == "none":
            data = stored.read(budget)
            read = len(data)
            complete = read >= size if size is not None else not stored.read(1)
            tail = b"" if complete or not stored.seekable() else _tail(stored, size or 0)
        else:
            data, complete, read = _expand(stored, compression, place, settings, budget)
            tail = b""
    # A web server may not say how large a file is.
    return Sample(
        uri, place, compression, data, complete, size or read, size is not None, read, tail
    )


@contextmanager
def reopened(sample: Sample, settings: Settings) -> Iterator[BinaryIO]:
    """Open the whole of a sampled file again, for formats that do not lie in order.

    Raises what `open_source` raises.
    """
    if sample.complete:
        yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, io.BytesIO(sample.data))))
        return
    with open_source(
        sample.uri,
        compression=sample.compression,
        max_expanded=int(settings.max_expanded_size),
        max_ratio=settings.max_expansion_ratio,
        random_access=True,
        ahead=LITTLE,
    ) as stream:
        yield stream


def accepted_size(stored: BinaryIO, settings: Settings, place: str) -> int | None:
    """Return a file's size, None when its server does not say; the stream is at its beginning.

    Of a file in an archive it is the expanded one. Raises SourceError `E_TOO_LARGE` when it is over
    `MAX_FILE_SIZE`.
    """
    most = settings.max_file_size
    if (size := expanded_size(stored)) is not None:
        most = settings.max_expanded_size
    elif stored.seekable():
        size = stored.seek(0, os.SEEK_END)
        stored.seek(0)
    else:
        return None
    if size > most:
        limit = most.human_readable(separator=" ")
        raise SourceError(
            f"The file has {ByteSize(size).human_readable(separator=' ')}, the limit is {limit}.",
            code="E_TOO_LARGE",
            location=place,
            hint="Raise MAX_FILE_SIZE, or split the file.",
        )
    return size


def _tail(stored: BinaryIO, size: int) -> bytes:
    stored.seek(max(0, size - TAIL_BYTES))
    return stored.read()


def _expand(
    stored: BinaryIO, compression: Compression, place: str, settings: Settings, budget: int
) -> tuple[bytes, bool, int]:
    """Return the beginning, whether it is all, and the stored bytes that it came of."""
    expanding = ExpandingReader(
        cast(io.RawIOBase, stored),
        compression,
        place,
        int(settings.max_expanded_size),
        settings.max_expansion_ratio,
    )
    pieces: list[bytes] = []
    length = 0
    while length <= budget:
        piece = expanding.read(min(256 * 1024, budget + 1 - length))
        if not piece:
            return b"".join(pieces), True, stored.tell()
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)[:budget], False, stored.tell()
