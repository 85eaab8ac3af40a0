"""A source: how its bytes become text, and the text typed rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import file_name, redact
from ai_data_engineer.io.batches import Batch
from ai_data_engineer.io.conversion import Conversion, OnError
from ai_data_engineer.io.expanding import ExpandingReader
from ai_data_engineer.io.opening import expand, open_source
from ai_data_engineer.io.rejects import Rejects
from ai_data_engineer.io.staging import Staged, stage

MAX_EXPANDED = 50 * 1024**3
"""Bytes that a compressed source may expand to."""
MAX_RATIO = 200
"""How many times its size a compressed source may expand to, from 64 MiB on."""
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
}


@dataclass(frozen=True)
class Source:
    """How a source is read: `read` takes its bytes, or with `by_address` its address."""

    id: str
    conversions: Mapping[str, Conversion]
    read: Callable[[BinaryIO], Iterator[Batch]] | None = None
    read_address: Callable[[str], Iterator[Batch]] | None = None
    on_error: OnError = "quarantine"
    file_column: str | None = None
    """Column that takes the name of the file each row came from."""

    def batches(self, uri: str) -> Iterator[Batch]:
        """Yield the records of every file that the address names, as text, in order.

        Raises SourceError for what cannot be read, when it is reached.
        """
        for address in expand(uri):
            batches = self._of_file(address)
            if self.file_column is None:
                yield from batches
                continue
            name = pl.lit(file_name(address)).alias(self.file_column)
            for batch in batches:
                yield replace(batch, rows=batch.rows.with_columns(name))

    def _of_file(self, address: str) -> Iterator[Batch]:
        if self.read_address is not None:
            yield from self.read_address(address)
        elif self.read is not None:
            with _named(redact(address)), open_source(address) as stored:
                yield from self.read(_expanded(stored, address))

    def stage(self, uri: str, directory: Path, rejects: Rejects) -> Staged:
        """Write the typed rows below `directory`; what does not convert goes to the rejects."""
        return stage(
            self.batches(uri),
            self.conversions,
            directory,
            on_error=self.on_error,
            source_id=self.id,
            rejects=rejects,
        )


@contextmanager
def _named(place: str) -> Iterator[None]:
    """The readers know a stream and its lines, not its name: add it to their errors."""
    try:
        yield
    except SourceError as error:
        if place in error.location:
            raise
        located = f"{place}, {error.location}" if error.location else place
        told = SourceError(error.message, code=error.code, location=located, hint=error.hint)
    else:
        return
    raise told


def _expanded(stored: BinaryIO, address: str) -> BinaryIO:
    """Return the bytes decompressed; compression is told by content, so either form can come."""
    start = cast(io.BufferedReader, stored).peek(6)
    for magic, compression in _MAGIC.items():
        if start.startswith(magic):
            raw = cast(io.RawIOBase, stored)
            reader = ExpandingReader(raw, compression, redact(address), MAX_EXPANDED, MAX_RATIO)
            return io.BufferedReader(reader)
    return stored
