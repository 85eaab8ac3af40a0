"""The run on polars: sources, steps, expectations and outputs are noted down, then computed in one
pass.

Polars takes everything at once, so what several outputs share is computed once and in bounded
memory. Rows that expectations are about are written too: a judge reads them several times.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import polars as pl

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
from ai_data_engineer.rendering.runtime.reading import Source

StepResult = pl.LazyFrame | tuple[pl.LazyFrame, pl.LazyFrame]


class Run(AccountedRun):
    """Collects what is to be computed, computes it, and publishes when all of it went well.

    With `keep` the rows at every source and step stay in `tables`, for tests.
    """

    def __init__(self, name: str, output: Path, *, keep: bool = False) -> None:
        super().__init__(name, output)
        self.keep = keep
        self.tables: dict[str, pl.DataFrame] = {}
        self._frames: dict[str, pl.LazyFrame] = {}
        self._stored: dict[str, pl.LazyFrame] = {}
        """Source or step → its rows in files."""
        self._queries: list[tuple[pl.LazyFrame, Callable[[pl.DataFrame], None]]] = []

    def source(self, source: Source, uri: str) -> Rows:
        """Read a source to its end into typed files; rows that do not parse go to the rejects."""
        staged = self._stage(source, uri)
        self._stored[source.id] = staged.table
        return self._known(Rows(source.id, staged.rows), staged.table)

    def step(
        self,
        step_id: str,
        function: Callable[..., StepResult],
        *inputs: Rows,
        op: str,
        effect: Effect,
    ) -> Rows:
        """Note down a step; `effect` is what it does to the number of rows."""
        result = function(*(self._frames[rows.id] for rows in inputs))
        kept, rejected = result if isinstance(result, tuple) else (result, None)
        step = Step(step_id, op, effect, list(inputs), Rows(step_id))
        self._steps.append(step)
        self._queries.append((kept.select(pl.len()), step.kept.counted))
        if rejected is not None:
            path = self._work / f"{step_id}.rejects.parquet"
            self._sink(rejected, path)
            step.rejects = pl.scan_parquet(path, glob=False)
        return self._known(step.kept, kept)

    def write(self, output_id: str, rows: Rows, path: str, **options: Any) -> None:
        """Note down an output; for `options` see `Publication.prepare`."""
        super().write(output_id, rows, path, **options)
        staged = self._work / f"{output_id}.output.parquet"
        self._sink(self._frames[rows.id], staged, compression="zstd")
        self._outputs[-1].staged = staged
        self._stored.setdefault(rows.id, pl.scan_parquet(staged, glob=False))

    def _sink(
        self, frame: pl.LazyFrame, path: Path, *, compression: Literal["lz4", "zstd"] = "lz4"
    ) -> None:
        """Note down that rows are written."""
        sink = frame.sink_parquet(path, compression=compression, lazy=True)
        self._queries.append((sink, _nothing))

    def _known(self, rows: Rows, frame: pl.LazyFrame) -> Rows:
        self._frames[rows.id] = frame
        if self.keep:
            self._queries.append((frame, lambda table: self.tables.update({rows.id: table})))
        return rows

    def _compute(self) -> None:
        self._store_judged()
        try:
            results = pl.collect_all([query for query, _ in self._queries])
        except INCOMPUTABLE as error:
            if is_full(error):
                raise
            message = failure(str(error))
        else:
            for (_, take), result in zip(self._queries, results, strict=True):
                take(result)
            return
        raise step_failed(message, self._failing())

    def _store_judged(self) -> None:
        for rules in self._rules:
            rows = rules.rows.id
            if rows not in self._stored:
                path = self._work / f"{rows}.judged.parquet"
                self._sink(self._frames[rows], path)
                self._stored[rows] = pl.scan_parquet(path, glob=False)
            rules.stored = self._stored[rows]

    def _failing(self) -> str:
        """Return the first step that cannot be computed, found by computing one after the other."""
        for step in self._steps:
            try:
                self._frames[step.id].sink_parquet(self._work / "probe.parquet")
            except INCOMPUTABLE:
                return f"step `{step.id}`"
        return ""


def _nothing(_: pl.DataFrame) -> None:
    """A sink has no result."""
