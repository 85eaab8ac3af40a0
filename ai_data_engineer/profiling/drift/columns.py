"""What changed in one column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ai_data_engineer.profiling.drift.document import Change, Measure, Severity
from ai_data_engineer.profiling.drift.measures import (
    Point,
    distance,
    distance_bound,
    share_difference,
    shares_differ,
    stability_bound,
    stability_index,
)
from ai_data_engineer.profiling.profile import ColumnProfile, ValueCount
from ai_data_engineer.types import LogicalType

SMALL_SHARE = 0.01
"""A difference of two shares below this is never told."""
MODERATE_PSI, LARGE_PSI = 0.1, 0.25
"""Siddiqi's bounds: below 0.1 no change, above 0.25 a large one."""
MODERATE_KS, LARGE_KS = 0.1, 0.25
_OTHER = "\0other"


def column_changes(
    one: ColumnProfile, other: ColumnProfile, rows: int, other_rows: int
) -> Iterator[Change]:
    """Yield what changed from one profile of a column to another.

    `rows` and `other_rows` are the records that were read for them.
    """
    present, other_present = rows - one.null_count, other_rows - other.null_count
    yield from _nulls(one, other, rows, other_rows)
    if not present or not other_present:
        return
    yield from _meaning(one, other)
    if one.type != other.type:
        yield _retyped(one, other)
        return
    yield from _parsing(one, other)
    if one.could_be_key and not other.is_unique:
        yield _change("D_KEY", "critical", other, "It was a candidate key; now values repeat.")
    elif not (one.is_unique and other.is_unique):
        yield from _distribution(one, other, present, other_present)
    yield from _range(one, other)


def _change(
    code: str,
    severity: Severity,
    column: ColumnProfile,
    message: str,
    measure: Measure | None = None,
    value: float | None = None,
) -> Change:
    return Change(
        code=code,
        severity=severity,
        column=column.source_name or column.name,
        message=message,
        measure=measure,
        value=None if value is None else round(value, 4),
    )


def _nulls(
    one: ColumnProfile, other: ColumnProfile, rows: int, other_rows: int
) -> Iterator[Change]:
    counts = (one.null_count, rows, other.null_count, other_rows)
    difference = share_difference(*counts)
    if other_rows and other.null_count == other_rows and one.null_count < rows:
        yield _change("D_NULLS", "critical", other, "No value is left.", "share", difference)
    elif abs(difference) >= SMALL_SHARE and shares_differ(*counts):
        first, second = one.null_count / rows, other.null_count / other_rows
        severity: Severity = "warning" if difference > 0 else "info"
        message = f"Missing values went from {first:.1%} to {second:.1%}."
        yield _change("D_NULLS", severity, other, message, "share", difference)
    elif other.null_count and not one.null_count and not one.nullable:
        message = f"{other.null_count:,} values are missing; before, none was."
        yield _change("D_NULLS", "warning", other, message, "share", difference)


def _meaning(one: ColumnProfile, other: ColumnProfile) -> Iterator[Change]:
    if other.pii and other.pii != one.pii:
        message = f"It now seems to hold personal data ({other.pii})."
        yield _change("D_PERSONAL_DATA", "warning", other, message)
    if one.semantic and one.semantic != other.semantic:
        message = (
            f"Its values were of the kind {one.semantic}, now {other.semantic or 'none known'}."
        )
        yield _change("D_MEANING", "info", other, message)


def _retyped(one: ColumnProfile, other: ColumnProfile) -> Change:
    severity: Severity = "info" if _still_reads(one.type, other.type) else "critical"
    return _change("D_TYPE", severity, other, f"The type went from {one.type} to {other.type}.")


def _still_reads(before: LogicalType, after: LogicalType) -> bool:
    """Whether values of the second type convert to the first without a loss."""
    if before.name == "string":
        return not after.is_nested
    if before.name == "float64":
        return after.is_numeric
    if before.name == "decimal" and after.name == "decimal":
        whole, other_whole = before.precision - before.scale, after.precision - after.scale
        return after.scale <= before.scale and other_whole <= whole
    return before.name == "decimal" and after.name == "int64"


def _parsing(one: ColumnProfile, other: ColumnProfile) -> Iterator[Change]:
    before, after = one.parse, other.parse
    if before.date_format != after.date_format:
        message = f"Dates were written {before.date_format or 'as ISO 8601'}, now "
        message += f"{after.date_format or 'as ISO 8601'}."
        yield _change("D_PARSE", "critical", other, message)
    if (before.decimal_mark, before.thousands_mark) != (after.decimal_mark, after.thousands_mark):
        marks = [f"{p.decimal_mark!r} and {p.thousands_mark!r}" for p in (before, after)]
        message = f"Decimal and thousands marks went from {marks[0]} to {marks[1]}."
        yield _change("D_PARSE", "critical", other, message)
    if (before.prefix, before.suffix) != (after.prefix, after.suffix):
        yield _change("D_PARSE", "critical", other, "The unit around its numbers has changed.")
    tokens = {*after.true_tokens, *after.false_tokens} - {*before.true_tokens, *before.false_tokens}
    if tokens and one.type.name == "boolean":
        message = "True and false are written in other words."
        yield _change("D_PARSE", "critical", other, message)
    if new := set(after.null_tokens) - set(before.null_tokens) - {""}:
        message = f"{len(new)} further text(s) stand for a missing value."
        severity: Severity = "info" if one.type.name == "string" else "warning"
        yield _change("D_PARSE", severity, other, message)


def _distribution(
    one: ColumnProfile, other: ColumnProfile, present: int, other_present: int
) -> Iterator[Change]:
    if _shows_all_values(one) and _shows_all_values(other):
        yield from _categories(one, other, present, other_present)
    elif one.type.is_numeric and (before := _points(one)) and (after := _points(other)):
        value = distance(before, after)
        if value > max(MODERATE_KS, distance_bound(present, other_present)):
            message = f"Its values are distributed otherwise: distance {value:.2f} of at most 1."
            severity: Severity = "warning" if value > LARGE_KS else "info"
            yield _change("D_DISTRIBUTION", severity, other, message, "ks", value)
    elif one.shapes and other.shapes:
        counts = _counts(one.shapes, present), _counts(other.shapes, other_present)
        yield from _shifted(counts, other, "D_SHAPES", "Its values are written in other shapes")


def _shows_all_values(column: ColumnProfile) -> bool:
    return 0 < column.distinct_count <= len(column.top_values) or column.type.name == "boolean"


def _categories(
    one: ColumnProfile, other: ColumnProfile, present: int, other_present: int
) -> Iterator[Change]:
    counts = _counts(one.top_values, present), _counts(other.top_values, other_present)
    known = {v.value for v in one.top_values}
    if new := [v for v in other.top_values if v.value not in known]:
        share = sum(v.count for v in new) / other_present
        message = (
            f"{len(new)} value(s) came that were not there before, in {share:.1%} of the rows."
        )
        yield _change("D_CATEGORIES", "warning", other, message, "share", share)
    found = {v.value for v in other.top_values}
    often = [v for v in one.top_values if v.value not in found and v.count >= 0.05 * present]
    if often:
        share = sum(v.count for v in often) / present
        message = f"{len(often)} value(s) that stood in {share:.1%} of the rows are gone."
        yield _change("D_CATEGORIES", "warning", other, message, "share", -share)
    yield from _shifted(counts, other, "D_DISTRIBUTION", "Its values have other shares")


def _shifted(
    counts: tuple[Counter[object], Counter[object]], other: ColumnProfile, code: str, what: str
) -> Iterator[Change]:
    before, after = counts
    classes = len(before.keys() | after.keys())
    value = stability_index(before, after)
    if value > max(MODERATE_PSI, stability_bound(classes, before.total(), after.total())):
        message = f"{what}: stability index {value:.2f}."
        yield _change(
            code, "warning" if value > LARGE_PSI else "info", other, message, "psi", value
        )


def _counts(values: tuple[ValueCount, ...], present: int) -> Counter[object]:
    """Return each value's count and, as one, those of all that are not listed."""
    counts: Counter[object] = Counter({v.value: v.count for v in values})
    if (rest := present - counts.total()) > 0:
        counts[_OTHER] = rest
    return counts


def _points(column: ColumnProfile) -> list[Point]:
    """Return the distribution function from histogram, quantiles and range; values ascend."""
    if column.min is None or column.max is None:
        return []
    points: list[Point] = [(float(column.min), 0.0), (float(column.max), 1.0)]
    points += [(value, float(share)) for share, value in column.quantiles.items()]
    if total := sum(found.count for found in column.histogram):
        seen = 0
        for found in column.histogram[:-1]:
            seen += found.count
            points.append((found.high, seen / total))
    # Rounding may let a quantile and a bin disagree by a hair: shares never fall.
    ordered, highest = [], 0.0
    for value, share in sorted(points):
        highest = max(highest, share)
        ordered.append((value, highest))
    return ordered


def _range(one: ColumnProfile, other: ColumnProfile) -> Iterator[Change]:
    low, high, new_low, new_high = one.min, one.max, other.min, other.max
    if low is None or high is None or new_low is None or new_high is None:
        return
    if one.type.is_temporal:
        if str(new_high) < str(low):
            yield _change("D_RANGE", "warning", other, "All its moments lie before those before.")
        elif str(new_low) > str(high):
            yield _change("D_RANGE", "info", other, "All its moments lie behind those before.")
    elif one.type.is_numeric and not (one.is_unique and other.is_unique):
        width = float(high) - float(low)
        beyond = max(float(low) - float(new_low), float(new_high) - float(high))
        if 0 < width < beyond:  # every other sample goes a little beyond the one before
            message = f"Values lie beyond the former range, by up to {beyond / width:.1f} times it."
            yield _change("D_RANGE", "warning", other, message, "ratio", beyond / width)
        if float(low) >= 0 > float(new_low):
            yield _change("D_RANGE", "warning", other, "Values are negative; before, none was.")
