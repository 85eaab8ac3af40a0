"""From the bytes of JSON and XML to the table of their records."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import orjson

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.json_paths import KEY
from ai_data_engineer.io.json_reader import BLANKS, iter_json_records, numbered_records
from ai_data_engineer.io.records import Numbered
from ai_data_engineer.io.text_stream import utf8_chunks
from ai_data_engineer.io.xml_reader import iter_xml_records
from ai_data_engineer.profiling.encodings.encoding import Encoding
from ai_data_engineer.profiling.profile import ProfileWarning
from ai_data_engineer.profiling.records.json_structure import (
    JsonStructure,
    find_in_documents,
    find_records,
)
from ai_data_engineer.profiling.records.json_text import (
    check_depth_of_lines,
    close_off,
    parse_documents,
    repeated_names,
)
from ai_data_engineer.profiling.records.record_table import (
    RecordForm,
    record_table,
    thins_out,
    until_it_breaks_off,
)
from ai_data_engineer.profiling.records.xml_structure import (
    LOOKED_AT,
    XmlStructure,
    declared_encoding,
    find_record_path,
    refuse_doctype,
)
from ai_data_engineer.profiling.sampled_table import SampledTable
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.sources.sample import Sample

_PROLOGUE = 64 * 1024
_LOOKED_AT = 2 * 1024 * 1024
"""Bytes of a longer document in which its records are looked for."""
_LINES_LOOKED_AT = 50
_NAMES_LOOKED_AT = 256 * 1024
"""Bytes in which names that come twice are looked for."""


def sample_ndjson(sample: Sample, encoding: Encoding, max_records: int) -> SampledTable:
    """Read the first records of NDJSON.

    Lines that are pages of records, or rows below a line of names, are read as JSON documents one
    behind another.

    Raises:
        SourceError: `E_BROKEN_JSON` when no line is a record, `E_TOO_DEEP`.
    """
    text = _utf8(sample, encoding)
    check_depth_of_lines(text, location=sample.place)
    lines = _first_lines(text)
    structure = find_in_documents(lines, as_lines=True) if len(lines) > 1 else None
    if structure is not None:
        return replace(_json_table(sample, encoding, max_records, structure, text), format="json")
    records = _parsed_lines(sample, encoding, max_records)
    cut = not sample.complete and not sample.data.endswith(b"\n")
    try:
        table = record_table(records, sample, encoding, max_records, RecordForm("*"), cut=cut)
    except SourceError as error:
        if error.code == "E_BROKEN_JSON":
            parse_documents(text.lstrip().partition(b"\n")[0], location=sample.place)
        raise
    return replace(table, warnings=[*table.warnings, *_json_warnings(text)])


def _first_lines(text: bytes) -> list[Any]:
    """Return the first lines parsed, none where one of them is no JSON."""
    *whole, last = text[:_LOOKED_AT].split(b"\n", _LINES_LOOKED_AT)
    lines = whole if len(text) > _LOOKED_AT or len(whole) == _LINES_LOOKED_AT else [*whole, last]
    try:
        return [orjson.loads(line) for line in lines if line.strip()]
    except ValueError:
        return []


def sample_json(sample: Sample, encoding: Encoding, max_records: int) -> SampledTable:
    """Find the records and read the first of them.

    Raises:
        SourceError: `E_BROKEN_JSON`, `E_TOO_DEEP`, `E_NO_ROWS` for an empty array,
            `E_RECORD_TOO_LONG` when the sample ends before the first value does.
    """
    text = _utf8(sample, encoding)
    looked_at = len(text) if sample.complete else min(len(text), _LOOKED_AT)
    structure = _json_structure(text[:looked_at], sample)
    table = None
    if not _may_go_on(structure):
        table = _json_table(sample, encoding, max_records, structure, text)
    if looked_at < len(text) and (
        table is None or thins_out(table, len(structure.records), looked_at / len(text))
    ):
        structure = _json_structure(text, sample)
        table = None
    if not sample.complete and _may_go_on(structure):
        raise SourceError(
            "The JSON holds one long list of plain values, which may be the first column of "
            f"several; {len(text):,} bytes are read and do not tell.",
            code="E_RECORD_TOO_LONG",
            location=sample.place,
            hint="Raise MAX_PROFILE_BYTES beyond the size of the file, or write records.",
        )
    return table or _json_table(sample, encoding, max_records, structure, text)


def _parsed_lines(sample: Sample, encoding: Encoding, max_records: int) -> Iterator[Numbered]:
    """Yield the record of each line; those behind the first ones, which only count, are empty."""
    lines = b"".join(utf8_chunks(io.BytesIO(sample.data), encoding.name)).split(b"\n")
    last = 0
    for last, record in islice(numbered_records(lines, 1), max_records):
        yield last, record
    for number, line in enumerate(islice(lines, last, None), last + 1):
        if line.strip(BLANKS):
            yield number, {}


def _utf8(sample: Sample, encoding: Encoding) -> bytes:
    return encoding.decode(sample.data).removeprefix("\ufeff").encode("utf-8", "replace")


def _json_structure(text: bytes, sample: Sample) -> JsonStructure:
    """Find the records in a document, or in the beginning of one that goes on."""
    if not sample.complete:
        text = close_off(text)
    if not text:
        raise sample.without_a_record()
    documents = parse_documents(text, location=sample.place)
    if len(documents) == 1:
        return find_records(documents[0])
    structure = find_in_documents(documents, as_lines=False)
    assert structure is not None
    return structure


def _may_go_on(structure: JsonStructure) -> bool:
    """Whether the records are made of lists that only the whole document has whole."""
    return structure.kind == "columns" or (
        structure.kind in ("values", "readings") and structure.path.count("/") > 0
    )


def _json_table(
    sample: Sample,
    encoding: Encoding,
    max_records: int,
    structure: JsonStructure,
    text: bytes,
) -> SampledTable:
    stream = io.BytesIO(sample.data)
    records = iter_json_records(stream, structure.path, encoding=encoding.name)
    if not sample.complete:
        records = until_it_breaks_off(records, stream)
    named = {f"column_{number}": name for number, name in enumerate(structure.names or (), 1)}
    form = RecordForm(
        structure.each,
        structure.path,
        structure.alternatives,
        {KEY: "key", f"{KEY}_2": "key_2", **named},
    )
    table = record_table(records, sample, encoding, max_records, form)
    warnings = _json_warnings(text)
    if structure.kind == "columns":
        warnings.append(warning("W_COLUMNS_OF_JSON"))
    if structure.kind == "rows" and not structure.names:
        warnings.append(warning("W_NO_HEADER"))
    return replace(table, warnings=[*table.warnings, *warnings])


def _json_warnings(text: bytes) -> list[ProfileWarning]:
    looked_at = text if len(text) <= _NAMES_LOOKED_AT else close_off(text[:_NAMES_LOOKED_AT])
    repeated = repeated_names(looked_at)
    detail = f"{repeated:,} of the objects looked at."
    return [warning("W_DUPLICATE_NAMES", detail)] if repeated else []


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
    structure = find_record_path(sample.data, location=sample.place, is_whole=sample.complete)
    table = _xml_table(sample, encoding, max_records, structure)
    size = len(sample.data)
    if size > LOOKED_AT and thins_out(table, structure.records, LOOKED_AT / size):
        structure = find_record_path(sample.data, location=sample.place, looked_at=size)
        table = _xml_table(sample, encoding, max_records, structure)
    return table


def _xml_table(
    sample: Sample, encoding: Encoding, max_records: int, structure: XmlStructure
) -> SampledTable:
    stream = io.BytesIO(sample.data)
    records = iter_xml_records(stream, structure.path, qualified=structure.qualified.keys())
    if not sample.complete:
        records = until_it_breaks_off(records, stream)
    form = RecordForm(
        structure.path, structure.path, structure.alternatives, structure.qualified, is_xml=True
    )
    table = record_table(records, sample, encoding, max_records, form)
    if structure.is_spreadsheet:
        return replace(table, warnings=[*table.warnings, warning("W_SPREADSHEET_XML")])
    return table
