"""`run_report.json` and `run_report.md`: what a run read, did, judged and wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson

from ai_data_engineer.io.summary import summary


@dataclass(frozen=True)
class SourceReport:
    """A source: records = rows_out + rejected. `uri` is without credentials.

    `padded` records lacked cells at their end, which count as missing.
    `unread` are fields of JSON or XML records that no column asks for, and in how many records
    each stands: what a delivery has gained since the source was profiled.
    """

    id: str
    uri: str
    records: int
    rows_out: int
    rejected: int
    padded: int | None = None
    unread: Mapping[str, int] | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class StepReport:
    """A step and what it does to the number of rows.

    `effect` is `keeps` (in = out + rejected), `removes` (in = out + rejected + removed) or
    `reshapes`; `removed` is there only where rows go on purpose.
    """

    id: str
    op: str
    rows_in: int
    rows_out: int
    rejected: int
    effect: str
    removed: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class OutputReport:
    """An output: where it lies below the output directory, and how many rows this run gave it.

    `appended_before` is when its delivery had been appended, so that nothing was this time.
    """

    id: str
    path: str
    rows: int
    appended_before: str | None = None


@dataclass(frozen=True)
class ExpectationReport:
    """A judgement: `evaluated` values, of which `unexpected` were not as they should be.

    `rule` is its name in the suite. `success` is null where this run did not judge: what only
    Great Expectations can judge it judges on the sample, in the project's tests.
    """

    rule: str
    on: str
    type: str
    severity: str
    success: bool | None
    judged_by: Literal["polars", "great_expectations"]
    judged_on: Literal["all rows", "sample"]
    evaluated: int | None = None
    unexpected: int | None = None
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass
class RunReport:
    """A whole run. `started_at` is ISO 8601 in UTC, durations are seconds.

    `durations` are those of `compute`, `judge` and `publish`, as far as the run came; sources are
    read before. `error` is what stopped it.
    """

    name: str
    started_at: str
    engine: str = "polars"
    success: bool = False
    seconds: float = 0.0
    error: str | None = None
    durations: dict[str, float] = field(default_factory=dict)
    sources: list[SourceReport] = field(default_factory=list)
    steps: list[StepReport] = field(default_factory=list)
    outputs: list[OutputReport] = field(default_factory=list)
    expectations: list[ExpectationReport] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, without what is not known."""
        return {
            key: [_known(entry) for entry in value] if isinstance(value, list) else value
            for key, value in asdict(self).items()
            if value is not None
        }


def write_report(report: RunReport, directory: Path) -> None:
    """Write the report as JSON and as Markdown, each whole or not at all."""
    found = report.to_dict()
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    _write(directory / "run_report.json", orjson.dumps(found, default=str, option=options))
    _write(directory / "run_report.md", summary(found).encode())


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None or key == "success"}
