"""From two profiles to what changed between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ai_data_engineer.profiling.drift.columns import SMALL_SHARE, column_changes
from ai_data_engineer.profiling.drift.document import Change, Drift, Severity, ranked
from ai_data_engineer.profiling.drift.matching import match
from ai_data_engineer.profiling.drift.measures import share_difference, shares_differ
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.sources.dialect import Dialect

_MANY = 2.0
"""Growth or shrinkage of the number of records that is worth a warning."""
_LARGE_SHARE = 0.2
"""Growth of the share of records that cannot be used or repeat which is critical."""
_FIXED_COLUMNS = ("csv",)
"""Formats whose readers want the columns as they were, in number and order."""
_DIALECT = ("delimiter", "quote", "escape", "header_row", "preamble_lines", "comment")


def compare(before: FileProfile, after: FileProfile) -> Drift:
    """Return what changed from one profile to another, worst first.

    Columns are matched by their name as found. Where either profile is sampled, what is said of
    values is said of the records read.
    """
    changes = [*_file_changes(before, after), *_columns(before, after), *_records(before, after)]
    return Drift(before=before.uri, after=after.uri, changes=ranked(changes))


def _file_changes(before: FileProfile, after: FileProfile) -> Iterator[Change]:
    for field, what in (
        ("format", "The format"),
        ("encoding", "The encoding"),
        ("record_path", "The place of the records"),
    ):
        one, other = getattr(before, field), getattr(after, field)
        if one != other and not (field == "encoding" and _is_ascii_alike(before, after)):
            message = f"{what} went from {one or 'none'} to {other or 'none'}."
            yield Change(code=f"D_{field.upper()}", severity="critical", message=message)
    if before.compression != after.compression:
        message = f"The compression went from {before.compression} to {after.compression}."
        yield Change(code="D_COMPRESSION", severity="info", message=message)
    if before.dialect is not None and after.dialect is not None:
        yield from _dialect(before.dialect, after.dialect)


def _is_ascii_alike(before: FileProfile, after: FileProfile) -> bool:
    """Whether the encodings differ by a byte order mark only, which readers pass over."""
    return {before.encoding, after.encoding} == {"utf-8", "utf-8-sig"}


def _dialect(before: Dialect, after: Dialect) -> Iterator[Change]:
    for field in _DIALECT:
        one, other = getattr(before, field), getattr(after, field)
        if one != other:
            message = f"{field} went from {one!r} to {other!r}."
            yield Change(code="D_DIALECT", severity="critical", message=message)


def _columns(before: FileProfile, after: FileProfile) -> Iterator[Change]:
    found = match(before, after)
    for one, other in found.renames:
        message = f"It seems to be the former `{one.source_name}` under another name."
        yield Change(
            code="D_COLUMN_RENAMED", severity="critical", column=other.source_name, message=message
        )
    for column in found.gone:
        yield Change(
            code="D_COLUMN_GONE",
            severity="critical",
            column=column.source_name,
            message="The column is gone.",
        )
    fixed: Severity = "critical" if after.format in _FIXED_COLUMNS else "info"
    for column in found.added:
        yield Change(
            code="D_COLUMN_ADDED",
            severity=fixed,
            column=column.source_name,
            message="The column is new.",
        )
    if found.kept != [name for name in found.new if name in found.old]:
        message = "The columns stand in another order."
        yield Change(code="D_COLUMN_ORDER", severity=fixed, message=message)
    if not before.records.read or not after.records.read:
        return  # nothing is known of the values of one of them
    for one, other in found.pairs:
        yield from column_changes(one, other, before.records.read, after.records.read)


def _records(before: FileProfile, after: FileProfile) -> Iterator[Change]:
    one, other = before.records, after.records
    if one.total and not other.total:
        message = f"There is no record left of {one.total:,}."
        yield Change(code="D_RECORDS", severity="critical", message=message)
    elif other.total and not one.total:
        message = f"There are {other.total:,} records where there was none: the types are new."
        yield Change(code="D_RECORDS", severity="warning", message=message)
    elif one.total and other.total:
        ratio = other.total / one.total
        if not 1 / _MANY < ratio < _MANY:
            about = "" if one.total_is_exact and other.total_is_exact else "about "
            yield Change(
                code="D_RECORDS",
                severity="warning",
                message=f"The number of records went from {about}{one.total:,} to {other.total:,}.",
                measure="ratio",
                value=round(ratio, 4),
            )
    counts: Sequence[tuple[str, int, int, str]] = (
        ("D_REJECTED", one.rejected, other.rejected, "records that cannot be used"),
        ("D_DUPLICATES", one.duplicate, other.duplicate, "records that repeat an earlier one"),
    )
    for code, first, second, what in counts:
        shares = (first, one.read, second, other.read)
        difference = share_difference(*shares)
        if difference >= SMALL_SHARE and shares_differ(*shares):
            yield Change(
                code=code,
                severity="critical" if difference >= _LARGE_SHARE else "warning",
                message=f"The share of {what} grew by {difference:.1%}.",
                measure="share",
                value=round(difference, 4),
            )
