"""Cuts the first records of an Avro file into one of its own, with its schema."""

from __future__ import annotations

import io
from contextlib import suppress
from itertools import islice

import fastavro

from ai_data_engineer.io.avro_blocks import broken_avro, read_header
from ai_data_engineer.io.avro_reader import read_records
from ai_data_engineer.io.opening import open_source
from ai_data_engineer.spec.spec import Source

_SYNC = bytes(range(16))
"""The same records give the same bytes."""


def cut_avro(uri: str, source: Source, rows: int) -> bytes:
    """Return a file with the first `rows` records; raises what `read_avro` raises."""
    with open_source(uri, compression=source.compression) as stream:
        header = read_header(stream)
        records = list(islice(read_records(stream, header), rows))
    buffer = io.BytesIO()
    with suppress(Exception):  # fastavro raises whatever an odd schema leads to
        fastavro.writer(buffer, header.schema, records, codec="deflate", sync_marker=_SYNC)
        return buffer.getvalue()
    raise broken_avro()
