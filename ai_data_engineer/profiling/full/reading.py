"""Opening a file of any format for full mode: its pieces, and how many bytes went by."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO, cast

from ai_data_engineer.io.avro_reader import read_avro
from ai_data_engineer.io.batches import Field
from ai_data_engineer.io.expanding import ExpandingReader
from ai_data_engineer.io.fixed_width_reader import read_fixed_width
from ai_data_engineer.io.isolation import isolated_stream
from ai_data_engineer.io.json_pieces import json_pieces, ndjson_pieces
from ai_data_engineer.io.opening import open_source
from ai_data_engineer.io.parquet_reader import read_parquet
from ai_data_engineer.io.sheet_reader import read_sheet
from ai_data_engineer.io.xml_reader import read_xml
from ai_data_engineer.profiling.columns import ColumnSource
from ai_data_engineer.profiling.full.csv_pieces import csv_pieces
from ai_data_engineer.profiling.full.pieces import Piece, ready
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.settings import Settings

_BUFFER = 1024 * 1024
_PARQUET_SECONDS = 60.0
_PARQUET_MEMORY = 2 * 1024**3
"""A row group is decoded as a whole, and some of them at a time."""


class Counted(io.RawIOBase):
    """A stream that counts the bytes that are read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:  # noqa: D102
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: D102
        taken = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        self.count += taken
        return int(taken)


class OpenFile:
    """A file of the source that is being read."""

    def __init__(self, pieces: Iterator[Piece], stored: Counted | None, data: Counted | None):
        self.pieces = pieces
        self._stored = stored
        self._data = data

    @property
    def stored_read(self) -> int:
        """Bytes read as stored."""
        return self._stored.count if self._stored else 0

    @property
    def data_read(self) -> int:
        """Bytes read after decompression."""
        return self._data.count if self._data else 0


@contextlib.contextmanager
def open_pieces(
    uri: str,
    profile: FileProfile,
    columns: Sequence[ColumnSource],
    settings: Settings,
    *,
    is_first: bool = True,
) -> Iterator[OpenFile]:
    """Open one file for reading in pieces, as the profile says; raises what the readers raise.

    `is_first`: it is the file that the profile comes from; others must have the same header.
    """
    fields = _fields(profile, columns)
    if profile.format == "parquet":
        read = partial(read_parquet, columns=fields)
        batches = isolated_stream(read, uri, seconds=_PARQUET_SECONDS, memory=_PARQUET_MEMORY)
        with contextlib.closing(batches):
            yield OpenFile(ready(batches), None, None)
        return
    if profile.sheet is not None:
        # A workbook is no stream: its parts are looked for from its end.
        sheet = profile.sheet.model_dump(exclude={"name"})
        with open_source(uri, compression=profile.compression) as workbook:
            rows = read_sheet(workbook, columns=fields, sheet=profile.sheet.name, **sheet)
            yield OpenFile(ready(rows), None, None)
        return
    with open_source(uri) as opened:
        stored = Counted(opened)
        raw: io.RawIOBase = stored
        if profile.compression not in ("none", "zip"):
            raw = ExpandingReader(
                stored,
                profile.compression,
                profile.uri,
                int(settings.max_expanded_size),
                settings.max_expansion_ratio,
            )
        data = Counted(cast(BinaryIO, raw))
        stream = cast(BinaryIO, io.BufferedReader(data, _BUFFER))
        header = None if is_first else [column.source_name for column in columns]
        yield OpenFile(_pieces(stream, profile, fields, header), stored, data)


def _pieces(
    stream: BinaryIO, profile: FileProfile, fields: Sequence[Field], header: Sequence[str] | None
) -> Iterator[Piece]:
    encoding = profile.encoding or "utf-8"
    match profile.format:
        case "ndjson":
            return ndjson_pieces(stream, columns=fields, encoding=encoding)
        case "json":
            path = profile.record_path or ""
            return json_pieces(stream, record_path=path, columns=fields, encoding=encoding)
        case "xml":
            path = profile.record_path or ""
            return ready(read_xml(stream, record_path=path, columns=fields))
        case "avro":
            return ready(read_avro(stream, columns=fields))
    assert profile.dialect is not None
    names = [field.name for field in fields]
    if profile.format == "fixed_width":
        options = profile.dialect.fixed_width_options()
        return ready(
            read_fixed_width(stream, columns=names, encoding=encoding, header=header, **options)
        )
    return csv_pieces(stream, profile.dialect, names, encoding, header=header)


def _fields(profile: FileProfile, columns: Sequence[ColumnSource]) -> list[Field]:
    kinds = {column.name: column.type for column in profile.columns}
    return [
        Field(
            source.name,
            source.path or (source.source_name,),
            kinds[source.name].to_polars() if kinds[source.name].is_nested else None,
        )
        for source in columns
    ]
