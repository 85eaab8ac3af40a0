"""The columns of an Avro file and its first records."""

from __future__ import annotations

import io
from contextlib import closing
from itertools import islice
from typing import BinaryIO, cast

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.avro_blocks import read_blocks, read_header
from ai_data_engineer.io.avro_reader import read_avro
from ai_data_engineer.io.avro_schema import AvroSchema
from ai_data_engineer.io.batches import LINE, Field
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.sampled_table import SampledTable, Taken
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.sources.sample import Sample


def sample_avro(sample: Sample, max_records: int) -> SampledTable:
    """Read the schema, count the records of the blocks in the sample, and take the first ones.

    Raises:
        SourceError: `E_NO_ROWS`, `E_RECORD_TOO_LONG` when the sample ends before its first block
            does, and what `read_avro` raises.
    """
    columns = AvroSchema(read_header(_stream(sample)).schema).columns()
    counted = _count(sample)
    if not counted and not sample.complete:
        raise sample.without_a_record()
    if not counted:
        raise SourceError(
            "The file has a schema and no record.",
            code="E_NO_ROWS",
            location=sample.place,
            hint="Check how the file was made.",
        )
    found = [".".join(column.path) for column in columns]
    names = safe_names(found)
    fields = [Field(name, column.path) for name, column in zip(names, columns, strict=True)]
    size = min(max_records, counted)
    with closing(read_avro(_stream(sample), columns=fields, batch_rows=size)) as batches:  # type: ignore[type-var]
        (batch,) = islice(batches, 1)
    sources = [
        ColumnSource(name, source, column.path, is_native=True)
        for name, source, column in zip(names, found, columns, strict=True)
    ]
    return SampledTable(Taken(batch.rows.drop(LINE), [], counted), sources)


def _stream(sample: Sample) -> BinaryIO:
    return cast(BinaryIO, io.BytesIO(sample.data))


def _count(sample: Sample) -> int:
    """Count the records of whole blocks."""
    stream = _stream(sample)
    counted = 0
    try:
        for records, _ in read_blocks(stream, read_header(stream)):
            counted += records
    except SourceError:
        cut_here = not sample.complete and stream.tell() == len(sample.data)
        if not cut_here:
            raise
    return counted
