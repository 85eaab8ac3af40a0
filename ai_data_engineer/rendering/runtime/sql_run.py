"""The run on a SQL engine: the queries of the project's script, each a table of the engine once.

Counts, rejects, violations, expectations and outputs are all taken from these tables. Sources are
read by the project's own readers, so text becomes values in one way on every engine.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import polars as pl

from ai_data_engineer.io.staging import Staged
from ai_data_engineer.rendering.runtime.accounting import (
    INCOMPUTABLE,
    AccountedRun,
    Effect,
    Rows,
    Step,
    failure,
    is_full,
    step_failed,
)
from ai_data_engineer.rendering.runtime.expectations import Expectation
from ai_data_engineer.rendering.runtime.reading import Source
from ai_data_engineer.rendering.runtime.sql_text import queries, quoted, uses

T = TypeVar("T")
ROW = "__row"
"""Column of a source's table: the row's number, from 0."""
REASON = "__reason"
"""Column of rejects and violations: a text of ours without any cell value."""


@dataclass(frozen=True)
class ReadRows:
    """What there is of a source that an engine has read by itself."""

    records: int
    rejected: pl.LazyFrame | None = None
    """Rows without a required value, with LINE and REASON; None where no value is required."""


class Engine(Protocol):
    """A SQL engine with tables by name."""

    name: str
    errors: tuple[type[BaseException], ...]
    """What it raises for a query that it cannot compute."""

    def read(
        self,
        source: Source,
        uri: str,
        paths: Mapping[str, tuple[str, ...]],
        columns: Mapping[str, pl.DataType],
    ) -> ReadRows | None:
        """Make a Parquet source a table without our reader, if the engine can and it means the
        same; `paths` say where each column lies in the files.
        """

    def load(self, name: str, rows: pl.LazyFrame, columns: Mapping[str, pl.DataType]) -> None:
        """Make rows a table; `columns` are the types that they have, besides ROW."""

    def create(self, name: str, query: str, *, kept: bool) -> None:
        """Make the result of a query a table; `kept` when it is used more than once."""

    def count(self, name: str) -> int:
        """Return the number of a table's rows."""

    def first(self, query: str) -> str | None:
        """Return the first value of a query's result, None when it has no rows."""

    def export(self, query: str, target: Path) -> list[Path]:
        """Write the result of a query as Parquet and return the files, in the order of the rows."""

    def drop(self, name: str) -> None:
        """Forget a table that no query will use again."""

    def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True)
class Tables:
    """What a run on SQL has to know of the tables besides the script."""

    scripts: Path
    """The folder that holds `duckdb.sql` and `spark.sql`."""
    columns: Mapping[str, Mapping[str, pl.DataType | type[pl.DataType]]]
    """Types behind the sources and those steps whose rows come out of an engine."""
    parquet: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Source of Parquet → where each of its columns lies in the files."""
    stored: Mapping[str, Mapping[str, str]]
    """Engine → name of a column → its name there, where that is another."""
    refused: Mapping[str, str]
    """Engine → why it cannot run this project."""


class SqlRun(AccountedRun):
    """Notes down what is to be computed; `start` makes the engine, given the work folder."""

    def __init__(
        self, name: str, output: Path, engine: str, tables: Tables, start: Callable[[Path], Engine]
    ) -> None:
        self.engine = engine
        super().__init__(name, output)
        self._columns = {
            place: pl.DataFrame(schema=types).schema for place, types in tables.columns.items()
        }
        self._parquet = tables.parquet
        self._stored = tables.stored.get(engine, {})
        text = (tables.scripts / f"{engine}.sql").read_text("utf-8")
        self._queries = queries(text, engine)
        self._uses = sum((uses(query, engine) for query in self._queries.values()), Counter())
        """How often each table will be used from here on."""
        self._start = start

    def __enter__(self) -> Self:
        """Make the work folder and start the engine; raises AdeError."""
        super().__enter__()
        try:
            self._sql = self._start(self._work)
        except BaseException as error:
            super().__exit__(type(error), error, None)
            raise
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Let go of the engine and the work folder."""
        try:
            self._sql.close()
        finally:
            super().__exit__(kind, error, trace)

    def source(self, source: Source, uri: str) -> Rows:
        """Read a source into typed files and make these a table of the engine."""
        if source.id in self._parquet and (rows := self._read_by_engine(source, uri)) is not None:
            return rows
        staged = self._stage(source, uri)
        columns = self._columns[source.id]
        numbered = staged.table.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
        stored = {name: self._stored.get(name, name) for name in columns}
        types = {stored[name]: dtype for name, dtype in columns.items()}
        load = partial(self._sql.load, source.id, numbered.rename(stored), types)
        self._computed(f"source `{source.id}`", load)
        shutil.rmtree(self._work / "sources" / source.id)
        return Rows(source.id, staged.rows)

    def _read_by_engine(self, source: Source, uri: str) -> Rows | None:
        started = time.monotonic()
        paths, columns = self._parquet[source.id], self._columns[source.id]
        read = partial(self._sql.read, source, uri, paths, columns)
        found = self._computed(f"source `{source.id}`", read)
        if found is None:
            return None
        rejected = 0
        if found.rejected is not None:
            for batch in found.rejected.collect_batches(chunk_size=10_000, maintain_order=True):
                rejected += batch.height
                self._rejects.add_rows("source", source.id, batch)
        kept = found.records - rejected
        self._account(
            source.id, uri, Staged(pl.LazyFrame(), found.records, kept, rejected), started
        )
        return Rows(source.id, kept)

    def step(
        self, step_id: str, function: Callable[..., Any], *inputs: Rows, op: str, effect: Effect
    ) -> Rows:
        """Note down a step; `effect` is what it does to the number of rows."""
        step = Step(step_id, op, effect, list(inputs), Rows(step_id))
        self._steps.append(step)
        return step.kept

    def expect(self, place: str, rows: Rows, expectations: Sequence[Expectation]) -> None:
        """Note down what must hold of the rows at a place."""
        super().expect(place, rows, expectations)
        self._uses[rows.id] += 1

    def _compute(self) -> None:
        for step in self._steps:
            started = time.monotonic()
            self._computed(f"step `{step.id}`", partial(self._run, step))
            step.seconds = round(time.monotonic() - started, 3)
        exported: dict[str, pl.LazyFrame] = {}
        for output in self._outputs:
            name, rows = f"_output__{output.id}", output.rows.id
            export = partial(self._table, self._queries[name], name, self._columns[rows])
            exported[rows] = self._computed(f"output `{output.id}`", export)
            output.staged = self._work / f"{output.id}.output.parquet"
            exported[rows].sink_parquet(output.staged, compression="zstd")
        for rules in self._rules:
            rows = rules.rows.id
            if rows not in exported:
                everything = f"SELECT * FROM {quoted(rows, self.engine)}"  # noqa: S608 - an id
                export = partial(self._table, everything, rows, self._columns[rows])
                exported[rows] = self._computed(f"expectations on `{rules.place}`", export)
            rules.stored = exported[rows]

    def _run(self, step: Step) -> None:
        """Compute a step: what it needs, whether it may go on, its rows, those set aside."""
        mine = [n for n in self._queries if _role(n)[1] == step.id and _role(n)[0] != "output"]
        for name in mine:
            query, role = self._queries[name], _role(name)[0]
            if role == "violations":
                if (reason := self._sql.first(query)) is not None:
                    raise _Violation(reason)
            elif role == "rejects":
                columns = {**self._columns[step.inputs[0].id], REASON: pl.String()}
                step.rejects = self._table(query, name, columns)
            else:
                self._sql.create(name, query, kept=name == step.id or self._uses[name] > 1)
        step.kept.count = self._sql.count(step.id)
        for name in mine:
            self._forget(self._queries[name])

    def _forget(self, query: str) -> None:
        """Drop the tables of a query that has been computed, where nothing else uses them."""
        used = uses(query, self.engine)
        for name in used.keys() & {*self._queries, *self._columns}:
            self._uses[name] -= used[name]
            if not self._uses[name]:
                self._sql.drop(name)

    def _table(self, query: str, name: str, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
        """Return the result of a query with the names and types of the language."""
        files = self._sql.export(query, self._work / f"{name}.exported")
        found = pl.scan_parquet(files, glob=False, hive_partitioning=False)
        shown = (
            pl.col(self._stored.get(column, column)).cast(dtype).alias(column)
            for column, dtype in columns.items()
        )
        return found.select(shown)

    def _computed(self, place: str, compute: Callable[[], T]) -> T:
        """Return what is computed; raises AdeError, which quotes no cell as engines do."""
        incomputable: tuple[type[BaseException], ...] = (*self._sql.errors, *INCOMPUTABLE)
        try:
            return compute()
        except _Violation as violation:
            full, message = False, violation.reason
        except incomputable as error:
            if is_full(error):
                raise
            said = f"{type(error).__name__}: {error}"
            full = "No space left on device" in said
            message = "Memory ran out." if "OutOfMemory" in said else failure(said)
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise step_failed(message, place)


class _Violation(Exception):
    """A step finds in its input what must stop the run."""

    def __init__(self, reason: str) -> None:
        told = failure(reason)
        self.reason = reason if told == failure("") else told


def _role(name: str) -> tuple[str, str]:
    """Return what a table is to which step: `_rejects__typed` are the rejects of `typed`."""
    if not name.startswith("_"):
        return "", name
    role, _, of = name[1:].partition("__")
    return role, of
