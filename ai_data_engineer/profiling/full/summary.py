"""From what was merged of a column to the fields of its profile."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ai_data_engineer.profiling.full import weighted
from ai_data_engineer.profiling.full.column_state import ColumnState
from ai_data_engineer.profiling.full.conversion import convert
from ai_data_engineer.profiling.full.observing import COUNT, VALUE, refused
from ai_data_engineer.profiling.profile import HistogramBin
from ai_data_engineer.profiling.statistics import LONGEST_VALUE, as_json, seconds
from ai_data_engineer.types import STRING, LogicalType


@dataclass(frozen=True)
class Summary:
    """What a column turned out to hold."""

    fields: dict[str, Any]
    """Fields of a ColumnProfile."""
    present: int
    """Values that are there: neither null nor a null token."""
    lost: list[str]
    """Texts whose digits the column's type loses."""
    is_padded: bool
    refused: dict[str, int] = field(default_factory=dict)
    """Texts that are not of the type, with their counts."""


def summarize(state: ColumnState) -> Summary:
    """Return the statistics of a column."""
    return _of_counts(state) if state.is_counted else _of_parts(state)


def texts_of(state: ColumnState, at_most: int) -> list[str]:
    """Return texts of a column as they stand in the file, drawn from all of it or all there are."""
    if not state.is_counted:
        sample = state.sample.values()
        return [] if sample is None else sample.drop_nulls().head(at_most).to_list()
    counts = state.counts().drop_nulls(VALUE)
    scale = max(1.0, int(counts[COUNT].sum()) / at_most)
    times = (counts[COUNT] / scale).ceil().cast(pl.UInt32)
    return counts[VALUE].repeat_by(times).explode().to_list() if len(counts) else []


def _of_counts(state: ColumnState) -> Summary:
    counts = state.counts()
    found = convert(counts[VALUE], state.kind, state.parse, is_native=state.is_native)
    missing = int(counts[COUNT].filter(found.missing).sum())
    counted = weighted.grouped(found.values, counts[COUNT])
    known = int(counted[COUNT].sum())
    fields: dict[str, Any] = {
        "null_count": missing,
        "unparsed_count": state.rows - missing - known,
        "distinct_count": counted.height,
    }
    if known:
        fields |= _exact(counted, state.kind, known)
    weights = counts[COUNT].to_numpy()
    no_type = refused(counts[VALUE], found, weights) if fields["unparsed_count"] else None
    return Summary(
        fields,
        state.rows - missing,
        [] if found.lost is None else found.lost.to_list(),
        found.is_padded,
        {} if no_type is None else dict(no_type.iter_rows()),
    )


def _exact(counted: pl.DataFrame, kind: LogicalType, known: int) -> dict[str, Any]:
    values = counted[VALUE]
    fields: dict[str, Any] = {}
    if kind == STRING:
        lengths = values.str.len_chars()
        longest = int(lengths.max())  # type: ignore[arg-type]
        fields |= {"min_length": lengths.min(), "max_length": longest}
        fields |= weighted.text_range(counted, longest)
        fields["shapes"] = weighted.shapes(counted)
        if longest > LONGEST_VALUE:
            return fields
    elif kind.name == "binary":
        return fields
    elif kind.name != "boolean":
        fields |= {"min": as_json(values[0]), "max": as_json(values[-1])}
    if kind.is_numeric:
        fields |= weighted.moment_fields(weighted.moments(counted))
        fields["quantiles"] = weighted.quantiles(counted)
        fields["histogram"] = weighted.histogram(
            counted, float(values[0]), float(values[-1]), counted.height, known
        )
    elif kind.is_temporal:
        fields["histogram"] = _of_moments(counted, values[[0, -1]], counted.height, known)
    fields["top_values"] = weighted.top_values(counted)
    return fields


def _of_parts(state: ColumnState) -> Summary:
    known = state.rows - state.missing - state.unparsed
    exact_keys = state.distinct_keys()
    distinct = state.sketch.estimate() if exact_keys is None else exact_keys
    is_exact = state.sketch.is_exact or exact_keys is not None
    fields: dict[str, Any] = {
        "null_count": state.missing,
        "unparsed_count": state.unparsed,
        "distinct_count": min(distinct, known),
        "distinct_is_exact": is_exact,
        "distinct_error": None if is_exact else round(state.sketch.error, 4),
    }
    if known:
        fields |= _range(state)
        fields |= _estimated(state, known, fields["distinct_count"])
    present = state.rows - state.missing
    return Summary(fields, present, state.lost, state.is_padded, dict(state.refused))


def _range(state: ColumnState) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if state.kind == STRING:
        fields |= {"min_length": state.shortest, "max_length": state.longest}
    if state.low is not None and (state.longest or 0) <= LONGEST_VALUE and _is_shown(state.kind):
        fields |= {"min": as_json(state.low), "max": as_json(state.high)}
    if state.kind.is_numeric:
        fields |= weighted.moment_fields(state.moments)
    return fields


def _is_shown(kind: LogicalType) -> bool:
    return kind.is_orderable and kind.name != "boolean"


def _estimated(state: ColumnState, known: int, distinct: int) -> dict[str, Any]:
    """Return what a sample of the values tells, which may be all of them."""
    sample = state.sample.values()
    if sample is None or state.kind.is_nested or state.kind.name == "binary":
        return {}
    found = convert(sample, state.kind, state.parse, is_native=state.is_native)
    ones = pl.repeat(1, len(sample), dtype=pl.Int64, eager=True)
    counted = weighted.grouped(found.values, ones)
    size = int(counted[COUNT].sum())
    if not size:
        return {}
    scale = known / size
    fields: dict[str, Any] = {"estimated_from": size if size < known else None}
    if state.kind == STRING:
        fields["shapes"] = weighted.shapes(counted, scale)
    if (state.longest or 0) <= LONGEST_VALUE:
        fields["top_values"] = weighted.top_values(counted, scale)
    if state.kind.is_numeric:
        fields["quantiles"] = weighted.quantiles(counted)
        low, high = float(state.low), float(state.high)
        if math.isfinite(low) and math.isfinite(high):
            fields["histogram"] = weighted.histogram(counted, low, high, distinct, known)
    elif state.kind.is_temporal and state.low is not None:
        ends = pl.Series([state.low, state.high], dtype=found.values.dtype)
        fields["histogram"] = _of_moments(counted, ends, distinct, known)
    return fields


def _of_moments(
    counted: pl.DataFrame, ends: pl.Series, distinct: int, total: int
) -> tuple[HistogramBin, ...]:
    low, high = seconds(ends)
    in_seconds = counted.with_columns(seconds(counted[VALUE]).alias(VALUE))
    return weighted.histogram(in_seconds, low, high, distinct, total)
