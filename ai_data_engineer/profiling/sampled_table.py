"""Records of a sample as a table, whatever format they came in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from ai_data_engineer.io.batches import LINE, Batch, Rejected
from ai_data_engineer.profiling.profile import ChildTable, ProfileWarning, RecordKinds
from ai_data_engineer.profiling.table import ColumnSource
from ai_data_engineer.profiling.warning_codes import warning
from ai_data_engineer.sources.dialect import Dialect, Format, SheetLayout

WRONG_WIDTH = re.compile(r"\d+ cells? instead of")


@dataclass(frozen=True)
class Taken:
    """The first records of some batches, and how many there are in all of them."""

    rows: pl.DataFrame
    """Without the line numbers."""
    rejected: list[Rejected]
    counted: int
    """Rows and rejected records of all batches."""
    padded: list[int] = field(default_factory=list)
    """Lines of rows that lacked cells at their end."""

    @property
    def read(self) -> int:
        """Records taken: rows and rejected ones."""
        return self.rows.height + len(self.rejected)

    @property
    def ragged(self) -> int:
        """Records that have too many or too few cells."""
        return len(self.padded) + sum(1 for r in self.rejected if WRONG_WIDTH.match(r.reason))


@dataclass(frozen=True)
class SampledTable:
    """What a sample holds, ready for the statistics of its columns."""

    taken: Taken
    sources: Sequence[ColumnSource]
    encoding: str | None = None
    encoding_confidence: float | None = None
    dialect: Dialect | None = None
    record_path: str | None = None
    record_path_alternatives: tuple[str, ...] = ()
    record_kinds: RecordKinds | None = None
    child_tables: tuple[ChildTable, ...] = ()
    """Without their parents' keys."""
    format: Format | None = None
    """Where the records tell another one than the first lines did."""
    total: int | None = None
    """Records in the source where the format says so."""
    estimate: int | None = None
    """Records in the source, where they are neither counted nor to be told from the bytes read."""
    sheet: SheetLayout | None = None
    sheet_alternatives: tuple[str, ...] = ()
    warnings: list[ProfileWarning] = field(default_factory=list)


def take(batches: Iterator[Batch], limit: int, *, last_is_cut: bool) -> Taken:
    """Take the first `limit` records, rows and rejected ones in the order of their lines.

    `last_is_cut`: the sample ends inside the last record, which does not count.
    """
    frames: list[pl.DataFrame] = []
    rejected: list[Rejected] = []
    padded: list[int] = []
    taken = counted = 0
    for batch in batches:
        found = batch.rows.height + len(batch.rejected)
        counted += found
        room = limit + last_is_cut - taken
        if room <= 0 or not found:
            continue
        lines = sorted([*batch.rows[LINE].to_list(), *(r.line for r in batch.rejected)])
        last = lines[min(room, found) - 1]
        frames.append(batch.rows.filter(pl.col(LINE) <= last))
        rejected += [r for r in batch.rejected if r.line <= last]
        padded += [line for line in batch.padded if line <= last]
        taken += min(room, found)
    rows = pl.concat(frames) if frames else pl.DataFrame(schema={LINE: pl.Int64()})
    if last_is_cut and counted:
        counted -= 1
        cut = max([*rows[LINE].to_list(), *(r.line for r in rejected)])
        rows = rows.filter(pl.col(LINE) < cut)
        rejected = [r for r in rejected if r.line < cut]
        padded = [line for line in padded if line < cut]
    return Taken(rows.drop(LINE), rejected, counted, padded)


def rejection_warnings(taken: Taken) -> list[ProfileWarning]:
    """Return the warnings about rejected and padded records, with how many there are."""
    found: list[ProfileWarning] = []
    lines = {"W_REJECTED_ROWS": [r.line for r in taken.rejected], "W_SHORT_ROWS": taken.padded}
    for code, of_them in lines.items():
        if of_them:
            detail = f"{len(of_them)} of the {taken.read} read, the first at line {of_them[0]}."
            found.append(warning(code, detail))
    return found
