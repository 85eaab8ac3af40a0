"""Cuts the first records of a source into a small file of the same format and encoding.

Workbooks of every kind become `.xlsx`, which their reader tells by content.

A project reads its sample with the very options it reads the source with, so preamble, header,
quotes, namespaces and byte order mark stay as they are.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import local_path, redact
from ai_data_engineer.io.batches import Batch
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.io.fixed_width_reader import read_fixed_width
from ai_data_engineer.io.opening import LITTLE, open_source
from ai_data_engineer.io.parquet_reader import broken_parquet
from ai_data_engineer.packaging.avro_sampling import cut_avro
from ai_data_engineer.packaging.json_sampling import cut_json
from ai_data_engineer.packaging.sheet_sampling import cut_sheet
from ai_data_engineer.packaging.xml_sampling import cut_xml
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.dialect import WORKBOOKS, Dialect
from ai_data_engineer.sources.location import locate
from ai_data_engineer.sources.parquet_head import head_as_file
from ai_data_engineer.spec.spec import Source

MIB = 1024**2
_PREFIXES = (MIB // 4, 2 * MIB, 8 * MIB)
"""A sample is looked for in the first 256 KiB, then 2 MiB, then 8 MiB."""
_MAX_RATIO = 200
_SUFFIXES = {"fixed_width": "txt"}


@dataclass(frozen=True)
class Sample:
    """A file for the bundle's `sample/` folder."""

    name: str
    data: bytes


def cut_sample(source: Source, rows: int) -> Sample:
    """Return the first `rows` records of a source, uncompressed.

    Of a glob the first file is cut, or of text the first with a record. Fewer records come back
    where they do not fit into 8 MiB. Raises SourceError when not even one does.
    """
    name = f"{source.id}.{_SUFFIXES.get(source.format, source.format)}"
    first, *_ = files = locate(source.uri, load_settings())
    if source.format == "parquet":
        return Sample(name, _cut_parquet(first, source, rows))
    if source.format == "avro":
        return Sample(name, cut_avro(first, source, rows))
    if source.format in WORKBOOKS:
        return Sample(f"{source.id}.xlsx", cut_sheet(first, source, rows))
    for file in files:
        found = _cut_file(file, source, rows)
        if found.records:
            break
    return Sample(name, found.data)


@dataclass(frozen=True)
class _Cut:
    data: bytes
    records: int
    complete: bool
    """Whether as many records as asked for were found."""


def _cut_file(file: str, source: Source, rows: int) -> _Cut:
    for size in _PREFIXES:
        data, whole = _prefix(file, source, size)
        found = _cut(source, data, rows, whole=whole)
        if found.complete or whole:
            break
    if not found.records and not whole:
        raise SourceError(
            "No record ends within the first 8 MiB.",
            code="E_RECORD_TOO_LONG",
            location=redact(file),
            hint="Check that the quote character or the record path is right.",
        )
    return found


def _prefix(uri: str, source: Source, size: int) -> tuple[bytes, bool]:
    """Return the first decompressed bytes, and whether these are all there are."""
    with open_source(
        uri, compression=source.compression, max_ratio=_MAX_RATIO, ahead=LITTLE
    ) as stream:
        data = stream.read(size + 1)
    return data[:size], len(data) <= size


def _cut(source: Source, data: bytes, rows: int, *, whole: bool) -> _Cut:
    match source.format:
        case "csv" | "fixed_width":
            return _cut_table(source, data, rows, whole=whole)
        case "ndjson":
            return _cut_lines(data, source.encoding or "utf-8", rows, whole=whole)
        case "json":
            cut, records = cut_json(
                data, source.encoding or "utf-8", source.record_path or "", rows
            )
        case _:
            cut, records = cut_xml(data, source.record_path or "", rows)
    return _Cut(cut, records, records >= rows)


def _cut_table(source: Source, data: bytes, rows: int, *, whole: bool) -> _Cut:
    dialect = source.dialect or Dialect()
    encoding = source.encoding or "utf-8"
    starts: list[int] = []
    for batch in _batches(source, data, dialect.footer_lines if whole else 0):
        lines = [*batch.rows["__line"].to_list(), *(r.line for r in batch.rejected)]
        starts.extend(sorted(lines))
        if len(starts) > rows:
            break
    if len(starts) <= rows and whole:
        return _Cut(data, len(starts), complete=True)
    # Where the next record begins, this one has ended; the last one of a prefix may be torn.
    kept = min(rows, len(starts) - 1)
    if kept < 1:
        return _Cut(data, 0, complete=False)
    # The reader drops as many lines at the end as the file has behind its last record.
    lines_kept = starts[kept] - 1 + dialect.footer_lines
    return _Cut(_first_lines(data, encoding, lines_kept), kept, complete=kept == rows)


def _batches(source: Source, data: bytes, footer_lines: int) -> Iterator[Batch]:
    dialect = source.dialect or Dialect()
    width = len(dialect.column_starts) or len(source.columns)
    names = [f"c{n}" for n in range(width)]
    encoding = source.encoding or "utf-8"
    stated = dialect.model_copy(update={"footer_lines": footer_lines})
    if source.format == "fixed_width":
        options = stated.fixed_width_options()
        return read_fixed_width(io.BytesIO(data), columns=names, encoding=encoding, **options)
    options = stated.csv_options()
    return read_csv(io.BytesIO(data), columns=names, encoding=encoding, **options)


def _cut_lines(data: bytes, encoding: str, rows: int, *, whole: bool) -> _Cut:
    """Cut one-line records; lines without any text are none."""
    ends = list(_line_ends(data, encoding))
    begins = [0, *ends]
    text = [
        e
        for b, e in itertools.pairwise(begins)
        if data[b:e].strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe")
    ]
    if len(text) < rows and whole:
        return _Cut(data, len(text), complete=True)
    if not text:
        return _Cut(data, 0, complete=False)
    kept = min(rows, len(text))
    return _Cut(data[: text[kept - 1]], kept, complete=kept == rows)


def _first_lines(data: bytes, encoding: str, count: int) -> bytes:
    end = next(itertools.islice(_line_ends(data, encoding), count - 1, None), len(data))
    return data[:end]


def _line_ends(data: bytes, encoding: str) -> Iterator[int]:
    """Yield the offset behind each physical line's end: LF, CRLF or CR, in any encoding."""
    feed, ret = _line_end_bytes(data, encoding)
    width, position = len(feed), 0
    while position + width <= len(data):
        feed_at, ret_at = _find(data, feed, position, width), _find(data, ret, position, width)
        at = min(x for x in (feed_at, ret_at, len(data)) if x >= 0)
        if at == len(data):
            return
        position = at + width
        if at == ret_at and data[position : position + width] == feed:
            position += width
        yield position


def _find(data: bytes, unit: bytes, start: int, width: int) -> int:
    """Find a code unit at a place where one can begin."""
    at = data.find(unit, start)
    while at >= 0 and at % width:
        at = data.find(unit, at + 1)
    return at


def _line_end_bytes(data: bytes, encoding: str) -> tuple[bytes, bytes]:
    """Return LF and CR as the encoding writes them, without a byte order mark."""
    name = encoding.lower().replace("_", "-")
    if name in ("utf-16", "utf-32"):
        big = data.startswith((b"\xfe\xff", b"\0\0\xfe\xff"))
        name += "-be" if big else "-le"
    if name == "utf-8-sig":
        name = "utf-8"
    return "\n".encode(name), "\r".encode(name)


def _cut_parquet(uri: str, source: Source, rows: int) -> bytes:
    import polars as pl

    with head_as_file(uri, rows) as file:
        path = str(local_path(file))
        try:
            lazy = pl.scan_parquet(path, glob=False, hive_partitioning=False)
            frame = lazy.head(rows).collect()
        except pl.exceptions.PolarsError:
            frame = None
    if frame is None:
        raise broken_parquet(redact(uri))
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
