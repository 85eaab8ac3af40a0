"""One run: sources, steps, expectations and outputs are noted down, then computed in one pass.

Polars takes everything at once, so what several outputs share is computed once and in bounded
memory; expectations then judge the rows where they lie in files, before anything is published.
Every row is accounted for: read = kept + rejected at each source, in = out + rejected (+ removed on
purpose) at each step; a run whose counts do not add up is not published.
"""

from __future__ import annotations

import datetime as dt
import errno
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import polars as pl

from ai_data_engineer.errors import AdeError, ExpectationError, OutputError
from ai_data_engineer.io.addresses import redact
from ai_data_engineer.io.publishing import Publication
from ai_data_engineer.io.rejects import Rejects
from ai_data_engineer.io.report import (
    ExpectationReport,
    OutputReport,
    RunReport,
    SourceReport,
    StepReport,
    write_report,
)
from ai_data_engineer.io.work_folder import WorkFolder
from ai_data_engineer.rendering.runtime.expectations import Expectation, Verdict
from ai_data_engineer.rendering.runtime.judging import judge
from ai_data_engineer.rendering.runtime.reading import Source

INCOMPUTABLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    ArithmeticError,
    ValueError,
)
"""What is raised by a step that cannot be computed on the rows that there are."""
_FULL = re.compile(rf"\(os error ({errno.ENOSPC}|{errno.EDQUOT}|{errno.EFBIG})\)")
Effect = Literal["keeps", "removes", "reshapes"]
StepResult = pl.LazyFrame | tuple[pl.LazyFrame, pl.LazyFrame]


@dataclass
class Rows:
    """The rows behind a source or a step; `count` is known when they have been computed.

    `stored` are the same rows in files of the work folder, where something needs them there.
    """

    id: str
    frame: pl.LazyFrame
    count: int = 0
    stored: pl.LazyFrame | Path | None = None

    def counted(self, counted: pl.DataFrame) -> None:
        """Take the count from a frame with one value."""
        self.count = counted.item()


@dataclass
class _Step:
    id: str
    op: str
    effect: Effect
    inputs: list[Rows]
    kept: Rows
    rejects: Path | None = None
    rejected: int = 0

    def report(self) -> StepReport:
        """Return what was counted; raises AdeError when rows were lost or came from nowhere."""
        rows_in, rows_out = sum(rows.count for rows in self.inputs), self.kept.count
        removed = rows_in - rows_out - self.rejected
        if (self.effect == "keeps" and removed != 0) or (self.effect == "removes" and removed < 0):
            raise AdeError(
                f"The rows do not add up: {rows_in} in, {rows_out} out, {self.rejected} rejected.",
                code="E_ROW_COUNT",
                location=f"step `{self.id}`",
            )
        return StepReport(
            id=self.id,
            op=self.op,
            rows_in=rows_in,
            rows_out=rows_out,
            rejected=self.rejected,
            effect=self.effect,
            removed=removed if self.effect == "removes" else None,
        )


@dataclass
class _Rules:
    place: str
    rows: Rows
    expectations: Sequence[Expectation]


@dataclass
class _Output:
    id: str
    rows: Rows
    path: str
    staged: Path
    options: dict[str, Any]


class Run:
    """Collects what is to be computed, computes it, and publishes when all of it went well.

    A context: its work folder, inside the output folder, goes with it. With `keep` the rows at
    every source and step stay in `tables`, for tests.
    """

    def __init__(self, name: str, output: Path, *, keep: bool = False) -> None:
        self.output = output
        self.keep = keep
        self.tables: dict[str, pl.DataFrame] = {}
        self.verdicts: dict[str, bool | None] = {}
        """Name of a rule → whether it holds; None where only Great Expectations can say."""
        self._report = RunReport(name, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
        self._started = time.monotonic()
        self._steps: list[_Step] = []
        self._rules: list[_Rules] = []
        self._outputs: list[_Output] = []
        self._queries: list[tuple[pl.LazyFrame, Callable[[pl.DataFrame], None]]] = []

    def __enter__(self) -> Self:
        """Make the work folder; raises OutputError."""
        try:
            self._folder = WorkFolder(self.output)
        except OSError as error:
            problem = error.strerror
        else:
            self._work = self._folder.path
            self._rejects = Rejects(self._work / "rejects.ndjson")
            return self
        raise OutputError(f"Nothing can be written there ({problem}).", location=str(self.output))

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Remove the work folder; raises OutputError in place of an error of a full disk."""
        with suppress(OSError):  # what was not yet written does not matter any more
            self._rejects.discard()
        self._folder.remove()
        if error is not None and _is_full(error):
            raise OutputError(
                "There is no space left; nothing was published.",
                location=str(self.output),
                hint="Free some: a run needs about three times the space of its sources.",
            ) from None

    def source(self, source: Source, uri: str) -> Rows:
        """Read a source to its end into typed files; rows that do not parse go to the rejects."""
        started = time.monotonic()
        staged = source.stage(uri, self._work / "sources" / source.id, self._rejects)
        self._report.sources.append(
            SourceReport(
                id=source.id,
                uri=redact(uri),
                records=staged.records,
                rows_out=staged.rows,
                rejected=staged.rejected,
                padded=staged.padded or None,
                unread=staged.unread or None,
                seconds=_since(started),
            )
        )
        return self._kept(Rows(source.id, staged.table, staged.rows, staged.table))

    def step(
        self,
        step_id: str,
        function: Callable[..., StepResult],
        *inputs: Rows,
        op: str,
        effect: Effect,
    ) -> Rows:
        """Note down a step; `effect` is what it does to the number of rows."""
        result = function(*(rows.frame for rows in inputs))
        kept, rejected = result if isinstance(result, tuple) else (result, None)
        step = _Step(step_id, op, effect, list(inputs), Rows(step_id, kept))
        self._steps.append(step)
        self._queries.append((kept.select(pl.len()), step.kept.counted))
        if rejected is not None:
            step.rejects = self._work / f"{step_id}.rejects.parquet"
            self._sink(rejected, step.rejects)
        return self._kept(step.kept)

    def expect(self, place: str, rows: Rows, expectations: Sequence[Expectation]) -> None:
        """Note down what must hold of the rows at a place."""
        self._rules.append(_Rules(place, rows, expectations))

    def write(self, output_id: str, rows: Rows, path: str, **options: Any) -> None:
        """Note down an output; for `options` see `Publication.prepare`."""
        staged = self._work / f"{output_id}.output.parquet"
        self._outputs.append(_Output(output_id, rows, path, staged, options))
        self._sink(rows.frame, staged)
        if rows.stored is None:
            rows.stored = staged

    def finish(self) -> dict[str, Any]:
        """Compute everything, judge it, publish it; returns the report.

        Raises ExpectationError when a critical expectation does not hold, AdeError when a step
        cannot be computed or rows do not add up; then no output is touched. The report is written
        in any of these cases, the rejects also where an expectation does not hold.
        """
        try:
            self._store()
            self._compute()
            self._count()
            self._judge()
            self._publish()
            self._report.success = True
        finally:
            self._report.seconds = _since(self._started)
            write_report(self._report, self.output / "run_report.json")
        return self._report.to_dict()

    def _store(self) -> None:
        """See to it that rows to be judged are in files: a judge reads them several times."""
        for rules in self._rules:
            if rules.rows.stored is None:
                rules.rows.stored = self._work / f"{rules.rows.id}.judged.parquet"
                self._sink(rules.rows.frame, rules.rows.stored)

    def _sink(self, frame: pl.LazyFrame, path: Path) -> None:
        self._queries.append((frame.sink_parquet(path, compression="lz4", lazy=True), _nothing))

    def _kept(self, rows: Rows) -> Rows:
        if self.keep:
            self._queries.append((rows.frame, lambda table: self.tables.update({rows.id: table})))
        return rows

    def _compute(self) -> None:
        try:
            results = pl.collect_all([query for query, _ in self._queries])
        except INCOMPUTABLE as error:
            if _is_full(error):
                raise
            message = failure(str(error))
        else:
            for (_, take), result in zip(self._queries, results, strict=True):
                take(result)
            return
        raise AdeError(
            message, code="E_STEP", location=self._failing(), hint="Mend the rows or the step."
        )

    def _failing(self) -> str:
        """Return the first step that cannot be computed, found by computing one after the other."""
        for step in self._steps:
            try:
                step.kept.frame.sink_parquet(self._work / "probe.parquet")
            except INCOMPUTABLE:
                return f"step `{step.id}`"
        return ""

    def _count(self) -> None:
        for step in self._steps:
            if step.rejects is not None:
                rejected = pl.scan_parquet(step.rejects, glob=False)
                for rows in rejected.collect_batches(chunk_size=10_000, maintain_order=True):
                    step.rejected += rows.height
                    self._rejects.add_rows("step", step.id, rows)
            self._report.steps.append(step.report())

    def _judge(self) -> None:
        failed = []
        for rules in self._rules:
            for rule, judged, unexpected, holds in self._judged(rules):
                self.verdicts[rule.rule] = holds
                self._report.expectations.append(
                    ExpectationReport(
                        rule=rule.rule,
                        on=rules.place,
                        type=rule.type,
                        severity=rule.severity,
                        success=holds,
                        judged_by="great_expectations" if holds is None else "polars",
                        judged_on="sample" if holds is None else "all rows",
                        evaluated=judged,
                        unexpected=unexpected,
                        kwargs=dict(rule.kwargs),
                    )
                )
                if holds is False and rule.severity == "critical":
                    failed.append(f"{rule.rule} ({rule.type})")
        if failed:
            # Whoever mends the source needs to see what was set aside; outputs stay as they are.
            self._publish_rejects()
            raise ExpectationError(
                f"{', '.join(failed)} failed; nothing was published.",
                hint="run_report.json says how many rows were not as expected.",
            )

    def _judged(self, rules: _Rules) -> list[Verdict]:
        stored = rules.rows.stored
        rows = pl.scan_parquet(stored, glob=False) if isinstance(stored, Path) else stored
        assert rows is not None
        try:
            return list(judge(rows, rules.expectations))
        except INCOMPUTABLE as error:
            if _is_full(error):
                raise
            message = failure(str(error))
        raise AdeError(message, code="E_STEP", location=f"expectations on `{rules.place}`")

    def _publish(self) -> None:
        with Publication(self.output) as publication:
            for output in self._outputs:
                table = pl.scan_parquet(output.staged, glob=False)
                prepared = publication.prepare(output.id, table, output.path, **output.options)
                self._report.outputs.append(OutputReport(prepared.id, prepared.path, prepared.rows))
            publication.commit()
        self._publish_rejects()

    def _publish_rejects(self) -> None:
        self._rejects.publish()
        (self._work / "rejects.ndjson").replace(self.output / "rejects.ndjson")


def failure(text: str) -> str:
    """Return what may be said of an exception: our own reason, else nothing of its text.

    The exceptions of polars quote cells; those that rendered steps raise name the column only.
    """
    if said := re.search(r"E_SETTING ([A-Z][A-Z0-9_]*: [^\n]+)", text):
        return said[1]
    if said := re.search(r"E_CONVERSION ([^\n]+?: not an? [a-z0-9<>(), ]+)", text):
        return f"A value does not convert ({said[1].strip()})."
    return "It cannot be computed on these rows."


def _is_full(error: BaseException) -> bool:
    """Say whether the disk, a quota or a limit on files is what stopped the run."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return isinstance(error, pl.exceptions.PolarsError) and bool(_FULL.search(str(error)))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


def _nothing(_: pl.DataFrame) -> None:
    """A sink has no result."""
