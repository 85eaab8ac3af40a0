"""What is known of a table after some pieces: its columns, its bad records, its repeated rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ai_data_engineer.io.batches import Batch, Rejected
from ai_data_engineer.profiling.full.column_state import ColumnState, draw_tags
from ai_data_engineer.profiling.full.distinct import Hashes
from ai_data_engineer.profiling.full.observing import (
    ColumnPlan,
    Observed,
    count_values,
    hash_values,
    observe,
)
from ai_data_engineer.profiling.full.pieces import Piece
from ai_data_engineer.profiling.full.sorted_runs import SortedRuns
from ai_data_engineer.profiling.profile import RejectedRecord

MOST_LISTED = 100
"""Bad records that are listed one by one; all are counted."""


@dataclass(frozen=True)
class Plan:
    """What a worker must know of a table."""

    columns: tuple[ColumnPlan, ...]
    hashes_rows: bool
    groups: tuple[tuple[str, ...], ...]
    """Columns that may identify a record together."""


@dataclass(frozen=True)
class Part:
    """What a worker found in a piece."""

    rows: int
    columns: list[pl.DataFrame | Observed]
    row_hashes: Hashes | None
    """In the order of the rows."""
    group_hashes: list[Hashes]
    rejected: list[Rejected]
    padded: list[int]
    """Lines of rows that lacked cells."""
    unread: Counter[str]
    """Fields that no column asks for."""


class TableState:
    """Merges the parts of a table. Close it: it has temporary files."""

    def __init__(
        self,
        columns: Sequence[ColumnState],
        *,
        groups: Sequence[tuple[str, ...]] = (),
        counts_repeated: bool = True,
    ) -> None:
        self.columns = list(columns)
        self.rows = 0
        self.pieces = 0
        self.rejected = 0
        self.padded = 0
        self.first_padded: int | None = None
        """Line of the first row that lacked cells, in the first file with one."""
        self.reasons: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.listed: list[RejectedRecord] = []
        self.file: str | None = None
        """The file that is being read, where there are several."""
        self._row_hashes = SortedRuns() if counts_repeated else None
        self._digest = hashlib.sha256()
        self._groups = {group: SortedRuns() for group in groups}

    def __enter__(self) -> TableState:
        return self

    def __exit__(self, *_: object) -> None:
        for column in self.columns:
            column.close()
        for runs in (self._row_hashes, *self._groups.values()):
            if runs is not None:
                runs.close()

    def work(self, piece: Piece) -> Callable[[], Part]:
        """Return what a worker is to do with a piece."""
        plan = Plan(
            tuple(column.plan() for column in self.columns),
            self._row_hashes is not None,
            tuple(self._groups),
        )
        number = self.pieces
        self.pieces += 1
        return lambda: examine(piece(), plan, number)

    def merge(self, part: Part) -> None:
        """Take in what a worker found."""
        self.rows += part.rows
        for column, found in zip(self.columns, part.columns, strict=True):
            column.merge(found)
        if self._row_hashes is not None and part.row_hashes is not None:
            self._digest.update(part.row_hashes.data)
            self._row_hashes.add(np.sort(part.row_hashes))
        for group, hashes in zip(list(self._groups), part.group_hashes, strict=False):
            self._groups[group].add(np.sort(hashes))
        self._merge_rejected(part.rejected)
        if part.padded:
            self.padded += len(part.padded)
            self.first_padded = self.first_padded or part.padded[0]
        self.unread.update(part.unread)

    def repeated_rows(self) -> int:
        """Return how many records repeat an earlier one whole, cell by cell as they stand."""
        if self._row_hashes is None:
            return 0
        return self._row_hashes.count - self._row_hashes.distinct()

    def digest(self) -> str:
        """Return the sha256 over a hash of each record, in their order."""
        return self._digest.hexdigest()

    def keys_of_several(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of columns that differ from record to record."""
        return tuple(group for group, runs in self._groups.items() if runs.distinct() == self.rows)

    def _merge_rejected(self, rejected: Sequence[Rejected]) -> None:
        self.rejected += len(rejected)
        self.reasons.update(record.reason for record in rejected)
        for record in rejected[: MOST_LISTED - len(self.listed)]:
            self.listed.append(
                RejectedRecord(line=record.line, reason=record.reason, file=self.file)
            )


def examine(batch: Batch, plan: Plan, number: int) -> Part:
    """Find out what a piece adds; `number` is the piece's own."""
    rows = batch.rows
    tags = draw_tags(rows.height, number)
    found = [_examine_column(rows[column.name], column, tags) for column in plan.columns]
    cells = rows.select(column.name for column in plan.columns)
    return Part(
        rows.height,
        found,
        _row_hashes(cells) if plan.hashes_rows else None,
        [_row_hashes(cells.select(group)) for group in plan.groups],
        batch.rejected,
        batch.padded,
        batch.unread,
    )


def _examine_column(
    values: pl.Series, plan: ColumnPlan, tags: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> pl.DataFrame | Observed:
    return count_values(values) if plan.is_counted else observe(values, plan, tags)


def _row_hashes(rows: pl.DataFrame) -> Hashes:
    nested = [name for name, dtype in rows.schema.items() if dtype.is_nested()]
    if nested:
        rows = rows.with_columns(pl.Series(name, hash_values(rows[name])) for name in nested)
    return rows.hash_rows().to_numpy()
