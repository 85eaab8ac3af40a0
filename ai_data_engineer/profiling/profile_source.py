"""Measure a source: from its address to its `FileProfile`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.addresses import without_credentials
from ai_data_engineer.profiling.archive_choice import choose_files
from ai_data_engineer.profiling.binary.avro_structure import sample_avro
from ai_data_engineer.profiling.binary.parquet_structure import sample_parquet
from ai_data_engineer.profiling.binary.sheet_structure import sample_workbook
from ai_data_engineer.profiling.columns import ColumnSource
from ai_data_engineer.profiling.encodings.encoding import Encoding, detect_encoding
from ai_data_engineer.profiling.full.progress import Observer
from ai_data_engineer.profiling.layout.delimited import (
    beginning_of_lines,
    is_table,
    sample_delimited,
)
from ai_data_engineer.profiling.layout.fixed_width import find_fixed_width, sample_fixed_width
from ai_data_engineer.profiling.profile import FileProfile, ProfileWarning, Records
from ai_data_engineer.profiling.records.child_tables import with_parent_key
from ai_data_engineer.profiling.records.sampled_records import (
    sample_json,
    sample_ndjson,
    sample_xml,
)
from ai_data_engineer.profiling.sample_digest import sample_digest
from ai_data_engineer.profiling.sampled_table import SampledTable
from ai_data_engineer.profiling.table import TableProfile, profile_table
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.settings import Settings, load_settings
from ai_data_engineer.sources.binary_formats import binary_format
from ai_data_engineer.sources.dialect import WORKBOOKS, Dialect, Format
from ai_data_engineer.sources.formats import identify, is_named_json
from ai_data_engineer.sources.location import file_name, located, source_name
from ai_data_engineer.sources.magic import refuse_known_binary
from ai_data_engineer.sources.sample import Sample, read_sample, read_samples
from ai_data_engineer.tracing import span

_UNSURE = 0.5
_NAMED = 10
"""Files that a warning names."""


@dataclass(frozen=True)
class Measured:
    """A source's profile, and the values it was made of."""

    profile: FileProfile
    values: dict[str, pl.Series]
    """Typed values by safe name: null where missing or not of the type."""
    sources: Sequence[ColumnSource]
    """Where each column comes from."""
    files: tuple[str, ...]
    """Addresses of the files."""


def profile_source(
    uri: str,
    *,
    settings: Settings | None = None,
    mode: Literal["sampled", "full"] = "sampled",
    progress: Observer | None = None,
) -> FileProfile:
    """Profile a path, glob, `s3://…` or `https://…` address.

    Sampled mode reads at most `MAX_PROFILE_BYTES` and 64 KiB from the end of a file. Of a glob the
    first file is profiled, and the beginning of each other one is checked to be alike. Full mode
    begins like that and then reads every record of every file.

    Args:
        uri: What to profile.
        settings: Limits and budgets; None: from the environment.
        mode: How much is read.
        progress: Full mode: told how far it has come; what it raises ends the profile.

    Raises:
        SourceError: The source cannot be profiled; the code says why.
        TransientError: The network may answer later.
    """
    settings = settings or load_settings()
    measured = measure_source(uri, settings=settings)
    if mode == "sampled":
        return measured.profile
    from ai_data_engineer.profiling.full.profile_full import profile_full

    return profile_full(measured.profile, measured.sources, measured.files, settings, progress)


def measure_source(uri: str, *, settings: Settings | None = None) -> Measured:
    """Profile a source as `profile_source` does, and keep the sample's values beside the profile.

    They are for questions across sources, and are not to be stored.
    """
    settings = settings or load_settings()
    with span("read sample") as made:
        samples = read_samples(uri, settings)
        digest = sample_digest(samples, settings)
        made.note(files=len(samples), bytes=sum(len(sample.data) for sample in samples))
    choice = choose_files(uri, samples, lambda sample: _format_and_columns(sample, settings))
    if choice.uri != uri:
        uri, samples = choice.uri, read_samples(choice.uri, settings)
    first = samples[0]
    with span("find table") as made:
        format_, encoding = _format(first, settings)
        for other in samples[1:]:
            _check_alike(other, first, format_, settings)
        sampled = _sampled_table(first, format_, encoding, settings)
        made.note(format=format_, records=sampled.taken.read)
    if not sampled.taken.read and len(samples) > 1:
        samples = _largest_first(samples, settings)
        first = samples[0]
        format_, encoding = _format(first, settings)
        sampled = _sampled_table(first, format_, encoding, settings)
    with span("measure columns") as made:
        table = profile_table(sampled.taken.rows, sampled.sources)
        made.note(columns=len(table.columns))
    profile = FileProfile(
        uri=without_credentials(uri),
        name=source_name(uri),
        format=sampled.format or format_,
        compression="zip" if first.is_packed else first.compression,
        encoding=sampled.encoding,
        encoding_confidence=sampled.encoding_confidence,
        dialect=_dialect(sampled, table),
        record_path=sampled.record_path,
        record_path_alternatives=sampled.record_path_alternatives,
        sheet=sampled.sheet,
        sheet_alternatives=sampled.sheet_alternatives,
        record_kinds=sampled.record_kinds,
        child_tables=with_parent_key(sampled.child_tables, table.columns, table.candidate_keys),
        size_bytes=sum(sample.size for sample in samples),
        bytes_read=sum(len(sample.data) for sample in samples),
        digest=digest,
        records=_records(samples, sampled, table),
        columns=table.columns,
        candidate_keys=table.candidate_keys,
        record_schema=table.record_schema,
        functional_dependencies=table.functional_dependencies,
        repeated_columns=table.repeated_columns,
        warnings=(
            *_warnings(samples, encoding, choice.others),
            *sampled.warnings,
            *table.warnings,
        ),
    )
    names = (column.name for column in table.columns)
    values = dict(zip(names, table.values, strict=True))
    return Measured(profile, values, sampled.sources, tuple(sample.uri for sample in samples))


def _format(sample: Sample, settings: Settings) -> tuple[Format, Encoding | None]:
    """Return format and encoding; raises SourceError for what is no data or not read."""
    if (binary := binary_format(sample, settings)) is not None:
        return binary, None
    refuse_known_binary(sample.data, location=sample.place)
    encoding = detect_encoding(sample.data, location=sample.place)
    if encoding.name == "utf-8" and sample.data.isascii() and not sample.tail.isascii():
        # The first other letter may come late; the tail begins behind its first line end.
        encoding = detect_encoding(sample.tail.partition(b"\n")[2] or b" ", location=sample.place)
    name, text = file_name(sample.place), beginning_of_lines(sample, encoding)
    format_ = identify(text, name, location=sample.place)
    if format_ == "csv" and find_fixed_width(text) is not None:
        return "fixed_width", encoding
    if format_ == "csv" and is_named_json(name) and not is_table(text):
        format_ = "json"  # a document that is one value, or a broken one
    return format_, encoding


def _sampled_table(
    sample: Sample, format_: Format, encoding: Encoding | None, settings: Settings
) -> SampledTable:
    with located(sample.place):
        if format_ in WORKBOOKS:
            return sample_workbook(sample, settings)
        if format_ == "avro":
            return sample_avro(sample, settings.json_max_objs)
        if encoding is None:
            return sample_parquet(sample, settings.csv_max_rows)
        match format_:
            case "ndjson":
                return sample_ndjson(sample, encoding, settings.json_max_objs)
            case "json":
                return sample_json(sample, encoding, settings.json_max_objs)
            case "xml":
                return sample_xml(sample, encoding, settings.xml_max_records)
            case "fixed_width":
                return sample_fixed_width(sample, encoding, settings.csv_max_rows)
            case _:
                return sample_delimited(sample, encoding, settings.csv_max_rows)


def _check_alike(other: Sample, first: Sample, format_: Format, settings: Settings) -> None:
    found, _ = _format(other, settings)
    if (found, other.compression) != (format_, first.compression):
        raise SourceError(
            f"This file is {found} ({other.compression} compression), the first one of the glob "
            f"is {format_} ({first.compression}).",
            code="E_MIXED_FILES",
            location=other.place,
            hint="Name files of one kind.",
        )


def _largest_first(samples: Sequence[Sample], settings: Settings) -> list[Sample]:
    """Return the samples with the largest file's in front: one without records tells no types."""
    largest = max(samples, key=lambda sample: sample.size)
    others = [sample for sample in samples if sample is not largest]
    return [read_sample(largest.uri, settings), *others]


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
    in_first, exact = _total(first, sampled)
    scale = sum(sample.size for sample in samples) / first.size
    return Records(
        read=taken.read,
        total=max(round(in_first * scale), taken.read),
        total_is_exact=exact and len(samples) == 1,
        ragged=taken.ragged,
        rejected=len(taken.rejected),
        duplicate=table.duplicate_records,
    )


def _total(sample: Sample, sampled: SampledTable) -> tuple[float, bool]:
    """Return how many records a file has, and whether that is exact."""
    if sampled.total is not None:
        return sampled.total, True
    if sampled.estimate is not None:
        return sampled.estimate, False
    if sample.complete:
        return sampled.taken.counted, True
    return sampled.taken.counted * sample.size / sample.stored_read, False


def _format_and_columns(sample: Sample, settings: Settings) -> tuple[str, ...]:
    format_, encoding = _format(sample, settings)
    sampled = _sampled_table(sample, format_, encoding, settings)
    return format_, sample.compression, *(source.name for source in sampled.sources)


def _warnings(
    samples: Sequence[Sample], encoding: Encoding | None, others: Sequence[str]
) -> list[ProfileWarning]:
    found: list[ProfileWarning] = []
    if others:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        found.append(warning("W_OTHER_FILES", f"Others: {', '.join(others[:_NAMED])}{more}."))
    if len(samples) > 1:
        found.append(warning("W_SEVERAL_FILES", f"{len(samples)} files."))
    if any(not sample.size_is_known for sample in samples):
        found.append(warning("W_SIZE_UNKNOWN"))
    if encoding is not None and encoding.damaged:
        found.append(warning("W_ENCODING_DAMAGED"))
    if encoding is not None and encoding.confidence < _UNSURE:
        found.append(warning("W_ENCODING_UNSURE", f"Found: {encoding.name}."))
    return found
