"""From records of JSON or XML to the table of their columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE, Field, Rejected
from ai_data_engineer.io.records import TEXT_KEY, Numbered, to_batch
from ai_data_engineer.profiling.encodings.encoding import Encoding
from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.profile import ProfileWarning, RecordKinds, ValueCount
from ai_data_engineer.profiling.records.child_tables import find_child_tables
from ai_data_engineer.profiling.records.record_kinds import find_kinds
from ai_data_engineer.profiling.records.record_structure import (
    MAX_COLUMNS,
    FoundColumn,
    find_columns,
)
from ai_data_engineer.profiling.sampled_table import SampledTable, Taken, rejection_warnings
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.sources.sample import Sample


def thins_out(table: SampledTable, seen: int, share: float) -> bool:
    """Whether fewer records follow than the share looked at has: others may lie behind them."""
    return table.taken.counted * share < 0.5 * seen


def until_it_breaks_off(records: Iterator[Numbered], stream: io.BytesIO) -> Iterator[Numbered]:
    """Yield the whole records of a document that the end of the sample cuts.

    A document that breaks before its reader has come to that end is broken by itself.
    """
    try:
        yield from records
    except SourceError as error:
        cut_here = stream.tell() == len(stream.getbuffer())
        if not cut_here or error.code not in ("E_BROKEN_JSON", "E_BROKEN_XML"):
            raise


@dataclass(frozen=True)
class RecordForm:
    """How records lie in a document, and what their parts are called."""

    each: str
    """Path of each record."""
    record_path: str | None = None
    alternatives: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of values whose key in the record is none that the document gave."""
    is_xml: bool = False
    """A value that is a list in one record and single in another is a list."""

    def source_name(self, path: Sequence[str]) -> str:
        """Return the name of a value as found."""
        first, *rest = path
        inner = [self.names.get(key, key) for key in rest] if self.is_xml else rest
        return ".".join((self.names.get(first, first), *inner))

    def readable_name(self, path: Sequence[str]) -> str:
        """Return what the safe name is made of: the text of an element needs no name of its own."""
        return self.source_name([key for key in path if key != TEXT_KEY] or ["text"])


def record_table(
    records: Iterable[Numbered],
    sample: Sample,
    encoding: Encoding,
    max_records: int,
    form: RecordForm,
    *,
    cut: bool = False,
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
    found = find_columns(whole, repeated=form.is_xml)
    if not found:
        raise _no_records(len(kept) - len(whole), sample.place)
    names = safe_names([form.readable_name(column.path) for column in found])
    named = list(zip(names, found, strict=True))
    fields = [Field(name, c.path, c.type.to_polars() if c.type else None) for name, c in named]
    batch = to_batch(kept, fields)
    taken = Taken(batch.rows.drop(LINE), batch.rejected, counted)
    kinds = _record_kinds(whole, named)
    return SampledTable(
        taken,
        [
            # In XML everything is text, and says as little about its type as a cell of a CSV.
            ColumnSource(
                name,
                form.source_name(column.path),
                column.path,
                frozenset() if form.is_xml else column.kinds,
            )
            for name, column in named
        ],
        encoding=encoding.name,
        encoding_confidence=encoding.confidence,
        record_path=form.record_path,
        record_path_alternatives=form.alternatives,
        record_kinds=kinds,
        child_tables=find_child_tables(whole, named, form.each, "" if form.is_xml else "/*"),
        warnings=[
            *_warnings(found, form.alternatives, kinds),
            *_mixed_content(whole if form.is_xml else ()),
            *rejection_warnings(taken),
        ],
    )


def _record_kinds(
    records: Sequence[dict[str, Any]], named: Sequence[tuple[str, FoundColumn]]
) -> RecordKinds | None:
    kinds = find_kinds(records)
    column = next((name for name, c in named if kinds and c.path == (kinds.field,)), None)
    if kinds is None or column is None:
        return None
    counts = tuple(ValueCount(value=value, count=count) for value, count in kinds.counts)
    return RecordKinds(column=column, counts=counts)


def _warnings(
    found: Sequence[FoundColumn], alternatives: Sequence[str], kinds: RecordKinds | None
) -> list[ProfileWarning]:
    warnings = []
    if kinds is not None:
        counts = ", ".join(f"{kind.count:,}" for kind in kinds.counts)
        detail = f"`{kinds.column}` tells them apart: {counts} records."
        warnings.append(warning("W_MIXED_RECORDS", detail))
    if alternatives:
        others = ", ".join(path or "the top" for path in alternatives)
        warnings.append(warning("W_RECORD_PATHS", f"Others: {others}."))
    if len(found) == MAX_COLUMNS:
        warnings.append(warning("W_TOO_MANY_COLUMNS"))
    return warnings


def _mixed_content(elements: Sequence[dict[str, Any]]) -> list[ProfileWarning]:
    return [warning("W_MIXED_CONTENT")] if any(map(_has_mixed_content, elements)) else []


def _has_mixed_content(value: Any) -> bool:
    """Whether an XML element in a record has both text and elements of its own."""
    if isinstance(value, list):
        return any(map(_has_mixed_content, value))
    if not isinstance(value, dict):
        return False
    elements = [key for key in value if key != TEXT_KEY and not key.startswith("@")]
    return bool(TEXT_KEY in value and elements) or any(map(_has_mixed_content, value.values()))


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
