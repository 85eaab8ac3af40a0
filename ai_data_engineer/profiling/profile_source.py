"""Measure a source: from its address to its `FileProfile`."""

from __future__ import annotations

from collections.abc import Sequence

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import without_credentials
from ai_data_engineer.profiling.child_tables import with_parent_key
from ai_data_engineer.profiling.delimited import (
    beginning_of_lines,
    is_table,
    sample_delimited,
)
from ai_data_engineer.profiling.encoding import Encoding, detect_encoding
from ai_data_engineer.profiling.parquet_structure import sample_parquet
from ai_data_engineer.profiling.profile import FileProfile, ProfileWarning, Records
from ai_data_engineer.profiling.sample_digest import sample_digest
from ai_data_engineer.profiling.sampled_records import sample_json, sample_ndjson, sample_xml
from ai_data_engineer.profiling.sampled_table import SampledTable
from ai_data_engineer.profiling.table import TableProfile, profile_table
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.sources.dialect import Dialect, Format
from ai_data_engineer.sources.formats import identify, is_named_json
from ai_data_engineer.sources.location import file_name, source_name
from ai_data_engineer.sources.magic import refuse_known_binary
from ai_data_engineer.sources.sample import Sample, read_samples

_UNSURE = 0.5


def profile_source(uri: str, *, settings: Settings | None = None) -> FileProfile:
    """Profile a path, glob, `s3://…` or `https://…` address in sampled mode.

    Reads at most `MAX_PROFILE_BYTES` and 64 KiB from the end of a file. Of a glob the first file
    is profiled, and the beginning of each other one is checked to be alike.

    Raises:
        SourceError: The source cannot be profiled; the code says why.
        TransientError: The network may answer later.
    """
    settings = settings or load_settings()
    samples = read_samples(uri, settings)
    first = samples[0]
    format_, encoding = _format(first)
    for other in samples[1:]:
        _check_alike(other, first, format_)
    sampled = _sampled_table(first, format_, encoding, settings)
    table = profile_table(sampled.taken.rows, sampled.sources)
    return FileProfile(
        uri=without_credentials(uri),
        name=source_name(uri),
        format=sampled.format or format_,
        compression=first.compression,
        encoding=sampled.encoding,
        encoding_confidence=sampled.encoding_confidence,
        dialect=_dialect(sampled, table),
        record_path=sampled.record_path,
        record_path_alternatives=sampled.record_path_alternatives,
        record_kinds=sampled.record_kinds,
        child_tables=with_parent_key(sampled.child_tables, table.columns, table.candidate_keys),
        size_bytes=sum(sample.size for sample in samples),
        bytes_read=sum(len(sample.data) for sample in samples),
        digest=sample_digest(samples, settings),
        records=_records(samples, sampled, table),
        columns=table.columns,
        candidate_keys=table.candidate_keys,
        record_schema=table.record_schema,
        warnings=(*_warnings(samples, encoding), *sampled.warnings, *table.warnings),
    )


def _format(sample: Sample) -> tuple[Format, Encoding | None]:
    """Return format and encoding; raises SourceError for what is no data or not read."""
    if sample.is_parquet:
        return "parquet", None
    refuse_known_binary(sample.data, location=sample.place)
    encoding = detect_encoding(sample.data, location=sample.place)
    if encoding.name == "utf-8" and sample.data.isascii() and not sample.tail.isascii():
        # The first other letter may come late; the tail begins behind its first line end.
        encoding = detect_encoding(sample.tail.partition(b"\n")[2] or b" ", location=sample.place)
    name, text = file_name(sample.place), beginning_of_lines(sample, encoding)
    format_ = identify(text, name, location=sample.place)
    if format_ == "csv" and is_named_json(name) and not is_table(text):
        format_ = "json"  # a document that is one value, or a broken one
    return format_, encoding


def _sampled_table(
    sample: Sample, format_: Format, encoding: Encoding | None, settings: Settings
) -> SampledTable:
    try:
        if encoding is None:
            return sample_parquet(sample, settings.csv_max_rows)
        match format_:
            case "ndjson":
                return sample_ndjson(sample, encoding, settings.json_max_objs)
            case "json":
                return sample_json(sample, encoding, settings.json_max_objs)
            case "xml":
                return sample_xml(sample, encoding, settings.xml_max_records)
            case _:
                return sample_delimited(sample, encoding, settings.csv_max_rows)
    except SourceError as error:
        if sample.place in error.location:
            raise
        # The readers know a stream and its lines, not its name.
        place = f"{sample.place}, {error.location}" if error.location else sample.place
        raise SourceError(error.message, code=error.code, location=place, hint=error.hint) from None


def _check_alike(other: Sample, first: Sample, format_: Format) -> None:
    found, _ = _format(other)
    if (found, other.compression) != (format_, first.compression):
        raise SourceError(
            f"This file is {found} ({other.compression} compression), the first one of the glob "
            f"is {format_} ({first.compression}).",
            code="E_MIXED_FILES",
            location=other.place,
            hint="Name files of one kind.",
        )


def _dialect(sampled: SampledTable, table: TableProfile) -> Dialect | None:
    if sampled.dialect is None:
        return None
    return sampled.dialect.model_copy(
        update={
            "decimal_mark": table.decimal_mark,
            "thousands_mark": table.thousands_mark,
            "null_tokens": table.null_tokens,
        }
    )


def _records(samples: Sequence[Sample], sampled: SampledTable, table: TableProfile) -> Records:
    first, taken = samples[0], sampled.taken
    exact = len(samples) == 1 and (first.complete or sampled.total is not None)
    in_first = float(taken.counted if sampled.total is None else sampled.total)
    if sampled.total is None and not first.complete:
        in_first *= first.size / first.stored_read
    scale = sum(sample.size for sample in samples) / first.size
    return Records(
        read=taken.read,
        total=max(round(in_first * scale), taken.read),
        total_is_exact=exact,
        ragged=taken.ragged,
        rejected=len(taken.rejected),
        duplicate=table.duplicate_records,
    )


def _warnings(samples: Sequence[Sample], encoding: Encoding | None) -> list[ProfileWarning]:
    found: list[ProfileWarning] = []
    if len(samples) > 1:
        found.append(warning("W_SEVERAL_FILES", f"{len(samples)} files."))
    if any(not sample.size_is_known for sample in samples):
        found.append(warning("W_SIZE_UNKNOWN"))
    if encoding is not None and encoding.damaged:
        found.append(warning("W_ENCODING_DAMAGED"))
    if encoding is not None and encoding.confidence < _UNSURE:
        found.append(warning("W_ENCODING_UNSURE", f"Found: {encoding.name}."))
    return found
