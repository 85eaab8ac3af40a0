"""The full profile put together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl

from ai_data_engineer.errors import on_one_line
from ai_data_engineer.profiling.full.columns_full import FullColumn
from ai_data_engineer.profiling.full.table_state import TableState
from ai_data_engineer.profiling.keys import FEW_ROWS, KeyColumn, single_keys
from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile, ProfileWarning, Records
from ai_data_engineer.profiling.records.record_schema import record_schema
from ai_data_engineer.profiling.sampled_table import WRONG_WIDTH
from ai_data_engineer.profiling.warning_codes import WARNINGS, warning

_MOST_REASONS = 20
_MOST_NAMED = 5
_REPLACED = frozenset(
    {"W_DUPLICATE_ROWS", "W_NO_KEY", "W_REJECTED_ROWS", "W_SEVERAL_FILES", "W_SHORT_ROWS"}
)


def assemble(
    sampled: FileProfile, columns: Sequence[FullColumn], table: TableState, bytes_read: int
) -> FileProfile:
    """Return the full profile of what was read into the table."""
    measured = tuple(column.measured() for column in columns)
    records = _records(table)
    keys = _keys(measured, table)
    digest = hashlib.sha256(f"{sampled.digest} full {table.digest()}".encode())
    return sampled.model_copy(
        update={
            "mode": "full",
            "bytes_read": bytes_read or sampled.size_bytes,
            "digest": digest.hexdigest(),
            "records": records,
            "columns": measured,
            "candidate_keys": keys,
            "record_schema": record_schema(measured),
            "warnings": tuple(_warnings(sampled, columns, records, keys, table)),
        }
    )


def _records(table: TableState) -> Records:
    total = table.rows + table.rejected
    return Records(
        read=total,
        total=total,
        total_is_exact=True,
        ragged=table.padded
        + sum(n for reason, n in table.reasons.items() if WRONG_WIDTH.match(reason)),
        rejected=table.rejected,
        duplicate=table.repeated_rows(),
        rejected_reasons=dict(table.reasons.most_common(_MOST_REASONS)),
        rejects=tuple(table.listed),
    )


def _keys(columns: Sequence[ColumnProfile], table: TableState) -> tuple[tuple[str, ...], ...]:
    no_values = pl.Series(dtype=pl.Null)
    found = single_keys([KeyColumn(c, no_values, i) for i, c in enumerate(columns)])
    return found or table.keys_of_several()


def _warnings(
    sampled: FileProfile,
    columns: Sequence[FullColumn],
    records: Records,
    keys: tuple[tuple[str, ...], ...],
    table: TableState,
) -> list[ProfileWarning]:
    found = [w for w in sampled.warnings if w.column is None and w.code not in _REPLACED]
    if records.rejected:
        first = records.rejects[0]
        where = f"line {first.line}" + (f" of {first.file}" if first.file else "")
        detail = f"{records.rejected:,} of {records.read:,}, the first at {where}."
        found.append(warning("W_REJECTED_ROWS", detail))
    if table.padded:
        detail = f"{table.padded:,} of {records.read:,}, the first at line {table.first_padded}."
        found.append(warning("W_SHORT_ROWS", detail))
    if records.duplicate:
        message = f"{records.duplicate:,} of {records.read:,} records repeat earlier ones whole."
        found.append(ProfileWarning(code="W_DUPLICATE_ROWS", message=message))
    if records.read >= FEW_ROWS and not keys:
        found.append(ProfileWarning(code="W_NO_KEY", message=WARNINGS["W_NO_KEY"]))
    if unread := table.unread:
        names = ", ".join(on_one_line(name) for name in sorted(unread)[:_MOST_NAMED])
        found.append(warning("W_UNREAD_FIELDS", f"{len(unread)} of them: {names}."))
    for column in columns:
        name = column.profile.name
        found += column.warnings([w for w in sampled.warnings if w.column == name])
    return found
