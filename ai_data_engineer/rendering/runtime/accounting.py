"""What every run does, whatever computes it: it reads, accounts, judges, publishes and reports.

Every row is accounted for: read = kept + rejected at each source, in = out + rejected (+ removed on
purpose) at each step; a run whose counts do not add up is not published.
"""

from __future__ import annotations

import datetime as dt
import errno
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

import polars as pl

from ai_data_engineer.errors import AdeError, ExpectationError, OutputError
from ai_data_engineer.io.addresses import redact
from ai_data_engineer.io.deliveries import digests
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
from ai_data_engineer.io.staging import Staged
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
_POLARS_CARDINALITY = re.compile(r"join keys did not fulfill [1m]:[1m] validation")
Effect = Literal["keeps", "removes", "reshapes"]


@dataclass
class Rows:
    """The rows behind a source or a step; `count` is known when they have been computed."""

    id: str
    count: int = 0

    def counted(self, counted: pl.DataFrame) -> None:
        """Take the count from a frame with one value."""
        self.count = counted.item()


@dataclass
class Step:
    """A step of the run; `rejects` are the rows that it sets aside, with a `__reason`."""

    id: str
    op: str
    effect: Effect
    inputs: list[Rows]
    kept: Rows
    rejects: pl.LazyFrame | None = None
    rejected: int = 0
    seconds: float | None = None
    """How long it took, where it is computed by itself."""

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
            seconds=self.seconds,
        )


@dataclass
class Rules:
    """What must hold of the rows at a place; `stored` are these rows in files, once computed."""

    place: str
    rows: Rows
    expectations: Sequence[Expectation]
    stored: pl.LazyFrame | None = None


@dataclass
class Output:
    """What is to be published: `staged` is a Parquet file of its rows, once they are computed."""

    id: str
    rows: Rows
    path: str
    delivered_by: Sequence[str]
    options: dict[str, Any]
    staged: Path | None = None


class AccountedRun:
    """A run whose rows an engine computes: a subclass notes down what is asked for, computes it in
    `_compute`, and leaves counts and tables where this class looks for them.

    A context: its work folder, inside the output folder, goes with it.
    """

    engine = "polars"

    def __init__(self, name: str, output: Path) -> None:
        self.output = output
        self.verdicts: dict[str, bool | None] = {}
        """Name of a rule → whether it holds; None where only Great Expectations can say."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self._report = RunReport(name, now, self.engine)
        self._started = time.monotonic()
        self._uris: dict[str, str] = {}
        self._steps: list[Step] = []
        self._rules: list[Rules] = []
        self._outputs: list[Output] = []

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
        if error is not None and is_full(error):
            raise OutputError(
                "There is no space left; nothing was published.",
                location=str(self.output),
                hint="Free some: a run needs about three times the space of its sources.",
            ) from None

    def source(self, source: Source, uri: str) -> Rows:
        """Read a source; rows that do not parse go to the rejects."""
        raise NotImplementedError

    def step(
        self, step_id: str, function: Callable[..., Any], *inputs: Rows, op: str, effect: Effect
    ) -> Rows:
        """Note down a step; `effect` is what it does to the number of rows.

        `function` does it in polars; another engine has its own way to the same rows.
        """
        raise NotImplementedError

    def expect(self, place: str, rows: Rows, expectations: Sequence[Expectation]) -> None:
        """Note down what must hold of the rows at a place."""
        self._rules.append(Rules(place, rows, expectations))

    def write(
        self,
        output_id: str,
        rows: Rows,
        path: str,
        *,
        delivered_by: Sequence[str] = (),
        **options: Any,
    ) -> None:
        """Note down an output; for `options` see `Publication.prepare`.

        `delivered_by` are the sources whose files tell whether rows were appended before.
        """
        self._outputs.append(Output(output_id, rows, path, delivered_by, options))

    def finish(self, *, append_again: bool = False) -> dict[str, Any]:
        """Compute everything, judge it, publish it; returns the report.

        What was appended before is not appended once more, unless `append_again`.

        Raises ExpectationError when a critical expectation does not hold, AdeError when a step
        cannot be computed or rows do not add up; then no output is touched. The report is written
        in any of these cases, the rejects also where an expectation does not hold.
        """
        try:
            with self._timed("compute"):
                self._compute()
                self._count()
            with self._timed("judge"):
                self._judge()
            with self._timed("publish"):
                self._publish(append_again)
            self._report.success = True
        except AdeError as error:
            self._report.error = str(error)
            raise
        finally:
            self._report.seconds = _since(self._started)
            write_report(self._report, self.output)
        return self._report.to_dict()

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self._report.durations[phase] = _since(started)

    def _compute(self) -> None:
        """Compute all rows; raises AdeError with `E_STEP`."""
        raise NotImplementedError

    def _stage(self, source: Source, uri: str) -> Staged:
        """Read a source to its end into typed files; rows that do not parse go to the rejects."""
        started = time.monotonic()
        staged = source.stage(uri, self._work / "sources" / source.id, self._rejects)
        self._account(source.id, uri, staged, started)
        return staged

    def _account(self, source_id: str, uri: str, staged: Staged, started: float) -> None:
        """Report a source that has been read since a moment of the monotonic clock."""
        self._uris[source_id] = uri
        self._report.sources.append(
            SourceReport(
                id=source_id,
                uri=redact(uri),
                records=staged.records,
                rows_out=staged.rows,
                rejected=staged.rejected,
                padded=staged.padded or None,
                unread=staged.unread or None,
                seconds=_since(started),
            )
        )

    def _count(self) -> None:
        for step in self._steps:
            if step.rejects is not None:
                batches = step.rejects.collect_batches(chunk_size=10_000, maintain_order=True)
                for rows in batches:
                    step.rejected += rows.height
                    self._rejects.add_rows("step", step.id, rows)
            self._report.steps.append(step.report())

    def _judge(self) -> None:
        failed = []
        for rules in self._rules:
            for rule, judged, unexpected, holds in _verdicts(rules):
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
                hint="run_report.md says how many rows were not as expected.",
            )

    def _publish(self, append_again: bool) -> None:
        with Publication(self.output) as publication:
            for output in self._outputs:
                assert output.staged is not None, "computed by now"
                sources = [self._uris[source] for source in output.delivered_by]
                prepared = publication.prepare(
                    output.id,
                    output.staged,
                    output.path,
                    delivery=digests(sources) if sources else None,
                    again=append_again,
                    **output.options,
                )
                self._report.outputs.append(OutputReport(**asdict(prepared)))
            publication.commit()
        self._publish_rejects()

    def _publish_rejects(self) -> None:
        self._rejects.publish()
        (self._work / "rejects.ndjson").replace(self.output / "rejects.ndjson")


def _verdicts(rules: Rules) -> list[Verdict]:
    """Judge the rows at a place; raises AdeError, which quotes no cell as polars does."""
    assert rules.stored is not None, "computed by now"
    try:
        return list(judge(rules.stored, rules.expectations))
    except INCOMPUTABLE as error:
        if is_full(error):
            raise
        message = failure(str(error))
    raise step_failed(message, f"expectations on `{rules.place}`")


def step_failed(message: str, location: str) -> AdeError:
    """Return the error of a step that cannot be computed."""
    return AdeError(message, code="E_STEP", location=location, hint="Mend the rows or the step.")


def failure(text: str) -> str:
    """Return what may be said of an exception: our own reason, else nothing of its text.

    The exceptions of engines quote cells; those that rendered steps raise name the column only.
    """
    if said := re.search(r"E_SETTING ([A-Z][A-Z0-9_]*: [^\n]+)", text):
        return said[1]
    if said := re.search(r"E_PERIODS ([^\n\"']+)", text):
        return said[1]
    if said := re.search(r"E_CONVERSION ([^\n]+?: not an? [a-z0-9<>(), ]+)", text):
        return f"A value does not convert ({said[1].strip()})."
    if "E_CARDINALITY" in text or _POLARS_CARDINALITY.search(text):
        return "The cardinality of the join does not hold: a key or a range fits several rows."
    return "It cannot be computed on these rows."


def is_full(error: BaseException) -> bool:
    """Say whether the disk, a quota or a limit on files is what stopped the run."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return isinstance(error, pl.exceptions.PolarsError) and bool(_FULL.search(str(error)))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
