"""Publishing: outputs are prepared under partial names and take their places all at the end.

Until `commit` nothing that a reader looks at has changed; whatever happens before, no partial file
stays behind.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal, Self

import polars as pl

from ai_data_engineer.errors import OutputError
from ai_data_engineer.io.deliveries import Ledger
from ai_data_engineer.io.merging import check_columns, check_unique, combine_files, upserted
from ai_data_engineer.io.writing import parts_of, write_file, write_partitions

Format = Literal["parquet", "csv", "ndjson"]
Mode = Literal["overwrite", "append", "upsert"]
OLD = ".old.partial"
"""Ending of a folder's name while another takes its place."""


@dataclass(frozen=True)
class Prepared:
    """An output that waits for `commit`: `rows` are those that this run gives it."""

    id: str
    path: str
    rows: int
    appended_before: str | None = None
    """When this very delivery was appended, so that it is not now."""


@dataclass(frozen=True)
class _Move:
    partial: Path
    final: Path
    adds: bool = False
    """Files are added to a folder that stays."""
    ledger: Ledger | None = None
    delivery: Mapping[str, str] = field(default_factory=dict)

    def make(self, old: Path) -> None:
        """Give the output its place, and note down what has been appended."""
        if self.ledger is not None:
            parts = parts_of(self.partial) if self.partial.is_dir() else [(0, self.partial)]
            fresh = {str(part.relative_to(self.partial)): part for _, part in parts}
            self.ledger.begin(self.delivery, fresh)
        if self.adds:
            _add(self)
        else:
            _replace(self, old)
        if self.ledger is not None:
            self.ledger.end(self.delivery)


class Publication:
    """The outputs of one run below one directory. A context: what is not committed is discarded."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._moves: list[_Move] = []
        self._scraps: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.discard()

    def prepare(
        self,
        output_id: str,
        rows_file: Path,
        path: str,
        *,
        format: Format = "parquet",
        mode: Mode = "overwrite",
        keys: Sequence[str] = (),
        partition_by: Sequence[str] = (),
        delivery: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> Prepared:
        """Write a table under a partial name.

        Args:
            output_id: Names the output in errors and reports.
            rows_file: The rows as Parquet, in the order wanted. Where that is what is asked for,
                the file itself is moved.
            path: Below the directory; a folder when partitioned.
            format: Nested columns are JSON text in CSV; bytes are Base64 in CSV and NDJSON.
            mode: `append` puts the rows behind those that are there, or part files into the
                partitions; `upsert` first takes out those with the same keys.
            keys: Columns that identify a row, null being a value like any other; for upsert.
            partition_by: Columns whose values name the folders, `column=value`, percent-encoded;
                they are not in the files.
            delivery: The files that bring the rows, sha256 → address: what was appended before is
                not appended once more.
            again: Append it all the same.

        Raises:
            OutputError: `E_OUTPUT_PATH`, `E_OUTPUT_COLUMNS` when what is there has other columns,
                `E_DUPLICATE_KEYS`, `E_APPENDED` when a part of a delivery was appended before,
                `E_OUTPUT` when it cannot be written.
        """
        final = self._place(path, output_id)
        if mode == "upsert" and not keys:
            raise OutputError(
                "Upsert needs keys.",
                location=output_id,
                hint="Name the columns that identify a row.",
            )
        if mode == "upsert" and partition_by and format != "parquet":
            raise OutputError(
                f"Upsert into partitioned {format} is not possible.",
                location=output_id,
                hint="Write Parquet, or do without the partitions.",
            )
        with _mapped(output_id):
            final.parent.mkdir(parents=True, exist_ok=True)
            _bring_back(final)
            partial = self._scrap(final, ".partial")
        ledger = None
        if mode == "append" and delivery is not None:
            with _mapped(output_id):
                ledger = Ledger(final)
            if not again and (moment := ledger.when(delivery, output_id)) is not None:
                return Prepared(output_id, path, 0, moment)
        rows = pl.scan_parquet(rows_file, glob=False, hive_partitioning=False)
        count = int(rows.select(pl.len()).collect().item())
        if mode == "upsert":
            check_unique(rows, keys, output_id)
        exists = mode != "overwrite" and final.exists()
        if exists and final.is_dir() != bool(partition_by):
            kind = "a folder" if final.is_dir() else "a file"
            raise OutputError(
                f"`{path}` is {kind} already.",
                location=output_id,
                hint="Choose another path, or overwrite.",
            )
        with _mapped(output_id):
            if partition_by:
                adds = self._partition(
                    rows, partial, final, format, mode, keys, partition_by, output_id
                )
            else:
                adds = False
                if exists:
                    fresh = self._scrap(final, ".fresh.partial")
                    write_file(rows, fresh, format, header=mode != "append")
                    check_columns(final, rows.collect_schema(), format, output_id)
                    combine_files(final, fresh, partial, format, keys if mode == "upsert" else ())
                elif format == "parquet":
                    shutil.move(rows_file, partial)
                else:
                    write_file(rows, partial, format)
            self._moves.append(_Move(partial, final, adds, ledger, delivery or {}))
        return Prepared(output_id, path, count)

    def commit(self) -> None:
        """Give every output its place; raises OutputError."""
        while self._moves:
            move = self._moves[0]
            with _mapped(str(move.final)):
                move.make(self._scrap(move.final, OLD))
            self._moves.pop(0)
        self.discard()

    def discard(self) -> None:
        """Remove whatever is not in its place."""
        self._moves.clear()
        for scrap in self._scraps:
            _remove(scrap)
        self._scraps.clear()

    def _partition(
        self,
        rows: pl.LazyFrame,
        partial: Path,
        final: Path,
        format: Format,
        mode: Mode,
        keys: Sequence[str],
        partition_by: Sequence[str],
        output_id: str,
    ) -> bool:
        """Write the partitions; says whether they are added to those that are there."""
        adds = mode == "append" and final.exists()
        first = 0
        if adds:
            first = 1 + max((number for number, _ in parts_of(final)), default=-1)
        elif mode == "upsert" and final.exists() and parts_of(final):
            rows = upserted(final, rows, keys, partition_by, output_id)
        write_partitions(rows, partial, format, partition_by, first)
        return adds

    def _place(self, path: str, output_id: str) -> Path:
        pure = PurePosixPath(path)
        inside = not pure.is_absolute() and ".." not in pure.parts and bool(pure.parts)
        final = self._directory / path
        root = self._directory.resolve()
        if not inside or "\0" in path or not final.resolve().is_relative_to(root):
            raise OutputError(
                "The path of the output leaves the output directory.",
                code="E_OUTPUT_PATH",
                location=output_id,
                hint="Use a relative path without `..`, such as orders.parquet.",
            )
        return final

    def _scrap(self, final: Path, suffix: str) -> Path:
        scrap = final.with_name(final.name + suffix)
        _remove(scrap)  # of a run that was killed
        self._scraps.append(scrap)
        return scrap


def _replace(move: _Move, old: Path) -> None:
    """Put the new file or folder in the place of the old one, which comes back if that fails."""
    if move.final.is_dir() or (move.partial.is_dir() and move.final.exists()):
        move.final.replace(old)
        try:
            move.partial.replace(move.final)
        except OSError:
            old.replace(move.final)
            raise
    else:
        move.partial.replace(move.final)


def _bring_back(final: Path) -> None:
    """Undo what a run did that was killed when the old folder had gone and the new had not come."""
    old = final.with_name(final.name + OLD)
    if old.exists() and not final.exists():
        old.replace(final)


def _add(move: _Move) -> None:
    for _, part in parts_of(move.partial):
        place = move.final / part.relative_to(move.partial)
        place.parent.mkdir(parents=True, exist_ok=True)
        part.replace(place)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _mapped(place: str) -> Iterator[None]:
    try:
        yield
        return
    except OSError as problem:
        said = os.strerror(problem.errno) if problem.errno else "an error of the system"
    except pl.exceptions.PolarsError as problem:
        said = type(problem).__name__  # its text may quote values
    raise OutputError(
        f"The output cannot be written ({said}).",
        location=place,
        hint="Check permissions and space, and what lies at its path.",
    ) from None
