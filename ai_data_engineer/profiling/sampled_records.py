"""From the bytes of JSON and XML to the table of their records."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Field, Rejected
from ai_data_engineer.io.json_reader import iter_json_records, iter_ndjson_records
from ai_data_engineer.io.records import TEXT_KEY, Numbered, to_batch
from ai_data_engineer.io.xml_reader import iter_xml_records
from ai_data_engineer.profiling.encoding import Encoding
from ai_data_engineer.profiling.json_structure import (
    check_depth,
    close_off,
    find_records,
    parse_json,
)
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.profile import ProfileWarning
from ai_data_engineer.profiling.record_structure import MAX_COLUMNS, FoundColumn, find_columns
from ai_data_engineer.profiling.sampled_table import SampledTable, Taken, rejection_warnings
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.profiling.xml_structure import (
    declared_encoding,
    find_record_path,
    refuse_doctype,
)
from ai_data_engineer.sources.sample import Sample

_PROLOGUE = 64 * 1024
_LOOKED_AT = 2 * 1024 * 1024
"""Bytes of a longer document in which its records are looked for."""


def sample_ndjson(sample: Sample, encoding: Encoding, max_records: int) -> SampledTable:
    """Read the first records of NDJSON.

    Raises:
        SourceError: `E_BROKEN_JSON` when no line is a record, `E_TOO_DEEP`.
    """
    check_depth(sample.data, location=sample.place)
    records = iter_ndjson_records(io.BytesIO(sample.data), encoding=encoding.name)
    cut = not sample.complete and not sample.data.endswith(b"\n")
    return _table(records, sample, encoding, max_records, cut=cut)


def sample_json(sample: Sample, encoding: Encoding, max_records: int) -> SampledTable:
    """Find the array of records and read the first of them.

    Raises:
        SourceError: `E_BROKEN_JSON`, `E_TOO_DEEP`, `E_NO_ROWS` for an empty array,
            `E_RECORD_TOO_LONG` when the sample ends before the first value does.
    """
    structure = find_records(_beginning(sample, encoding))
    stream = io.BytesIO(sample.data)
    records = iter_json_records(stream, structure.path, encoding=encoding.name)
    if not sample.complete:
        records = _until_it_breaks_off(records, stream)
    return _table(records, sample, encoding, max_records, structure.path, structure.alternatives)


def _beginning(sample: Sample, encoding: Encoding) -> Any:
    """Return the document, or the beginning of one that goes on behind the sample."""
    text = encoding.decode(sample.data).removeprefix("\ufeff").encode("utf-8", "replace")
    if sample.complete:
        return parse_json(text, location=sample.place)
    closed = close_off(text[:_LOOKED_AT]) or close_off(text)
    if not closed:
        raise sample.without_a_record()
    return parse_json(closed, location=sample.place)


def sample_xml(sample: Sample, encoding: Encoding, max_records: int) -> SampledTable:
    """Find the record element and read the first records.

    Raises:
        SourceError: `E_XML_DOCTYPE`, `E_BROKEN_XML`, `E_XML_LIMIT`, `E_ENCODING`.
    """
    beginning = encoding.decode(sample.data[:_PROLOGUE])
    refuse_doctype(beginning, location=sample.place)
    declared = declared_encoding(beginning, location=sample.place)
    if declared is not None and not encoding.is_marked:
        encoding = Encoding(declared, 1.0)
    structure = find_record_path(sample.data, location=sample.place)
    stream = io.BytesIO(sample.data)
    records = iter_xml_records(stream, structure.path)
    if not sample.complete:
        records = _until_it_breaks_off(records, stream)
    return _table(
        records,
        sample,
        encoding,
        max_records,
        structure.path,
        structure.alternatives,
        repeated=True,
    )


def _until_it_breaks_off(records: Iterator[Numbered], stream: io.BytesIO) -> Iterator[Numbered]:
    """Yield the whole records of a document that the end of the sample cuts.

    A document that breaks before its reader has come to that end is broken by itself.
    """
    try:
        yield from records
    except SourceError as error:
        cut_here = stream.tell() == len(stream.getbuffer())
        if not cut_here or error.code not in ("E_BROKEN_JSON", "E_BROKEN_XML"):
            raise


def _table(
    records: Iterable[Numbered],
    sample: Sample,
    encoding: Encoding,
    max_records: int,
    record_path: str | None = None,
    alternatives: tuple[str, ...] = (),
    *,
    cut: bool = False,
    repeated: bool = False,
) -> SampledTable:
    """Make the table; `cut` says that the last record is not whole."""
    kept: list[Numbered] = []
    counted = 0
    for record in records:
        counted += 1
        if counted <= max_records:
            kept.append(record)
    if cut and counted:
        counted -= 1
        del kept[counted:]
    whole = [record for _, record in kept if not isinstance(record, Rejected)]
    found = find_columns(whole, repeated=repeated)
    if not found:
        raise _no_records(len(kept) - len(whole), sample.place)
    names = safe_names([_dotted(column.path) for column in found])
    batch = to_batch(
        kept,
        [
            Field(name, column.path, column.type.to_polars() if column.type else None)
            for name, column in zip(names, found, strict=True)
        ],
    )
    taken = Taken(batch.rows.drop(LINE), batch.rejected, counted)
    return SampledTable(
        taken,
        [
            # In XML everything is text, and says as little about its type as a cell of a CSV.
            ColumnSource(
                name,
                ".".join(column.path),
                column.path,
                frozenset() if repeated else column.kinds,
            )
            for name, column in zip(names, found, strict=True)
        ],
        encoding=encoding.name,
        encoding_confidence=encoding.confidence,
        record_path=record_path,
        record_path_alternatives=alternatives,
        warnings=[*_warnings(found, alternatives), *rejection_warnings(taken)],
    )


def _dotted(path: Sequence[str]) -> str:
    """The text of an element needs no name of its own."""
    return ".".join(key for key in path if key != TEXT_KEY) or "text"


def _warnings(found: Sequence[FoundColumn], alternatives: Sequence[str]) -> list[ProfileWarning]:
    warnings = []
    if alternatives:
        warnings.append(warning("W_RECORD_PATHS", f"Others: {', '.join(alternatives)}."))
    if len(found) == MAX_COLUMNS:
        warnings.append(warning("W_TOO_MANY_COLUMNS"))
    return warnings


def _no_records(rejected: int, place: str) -> SourceError:
    if rejected:
        return SourceError(
            f"None of the first {rejected} records can be read.",
            code="E_BROKEN_JSON",
            location=place,
            hint="NDJSON holds one whole JSON object on each line.",
        )
    return SourceError(
        "There are no records, or none with a value.",
        code="E_NO_ROWS",
        location=place,
        hint="Check how the file was made.",
    )
