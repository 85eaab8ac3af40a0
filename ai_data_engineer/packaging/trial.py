"""A spec run on samples of its sources: quick, and nothing is written for good."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from ai_data_engineer.errors import AdeError, SourceError
from ai_data_engineer.io.access import check_access, own_place
from ai_data_engineer.io.isolation import isolated
from ai_data_engineer.io.rejects import Rejects
from ai_data_engineer.packaging.sampling import cut_sample
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.rendering.compiled import (
    CompiledPipeline,
    Counts,
    Judged,
    StepFailed,
    compiled_sources,
)
from ai_data_engineer.rendering.steps import Schemas
from ai_data_engineer.spec.spec import PipelineSpec

SECONDS = 60.0
"""Most time for the steps on the sample."""
MEMORY = 2 * 1024**3
"""Most memory for it, in bytes."""


@dataclass(frozen=True)
class Trial:
    """What came of it: records, rows and rejects of each source, and what the steps did."""

    sources: dict[str, Counts]
    reasons: dict[str, str]
    """For a source whose records were set aside the most frequent reason."""
    counts: dict[str, Counts]
    """Of each step."""
    expectations: list[Judged]
    empty: frozenset[str]
    """Sources and steps behind which there is no row."""


def try_apart(spec: PipelineSpec, schemas: Schemas, rows: int) -> Trial:
    """Do as `try_on_sample`, in a process that may die: a few steps can ask for all memory.

    Raises StepFailed `E_TOO_MUCH`, of no step in particular, where it takes more than SECONDS or
    MEMORY, or crashes; else what `try_on_sample` raises.
    """
    for source in spec.sources:
        check_access(source.uri)
    try:
        outcome = isolated(_outcome, spec, schemas, rows, seconds=SECONDS, memory=MEMORY)
    except SourceError:
        outcome = StepFailed(
            f"On the sample the steps take more than {SECONDS:.0f} s or {MEMORY // 1024**3} GiB, "
            "or crash.",
            code="E_TOO_MUCH",
            hint="Look for steps that multiply rows, as a join without keys, or lengthen texts.",
        )
    if isinstance(outcome, AdeError):
        raise outcome
    return outcome


def _outcome(spec: PipelineSpec, schemas: Schemas, rows: int) -> Trial | AdeError:
    try:
        return try_on_sample(spec, schemas, rows)
    except AdeError as error:
        return error


def try_on_sample(
    spec: PipelineSpec, schemas: Schemas, rows: int, profiles: Sequence[FileProfile] = ()
) -> Trial:
    """Read the first `rows` records of each source and run all steps and expectations on them.

    Raises SourceError for a source that cannot be read, StepFailed for a step that cannot be
    computed, SpecError for an expectation that cannot be told.
    """
    pipeline = CompiledPipeline(spec, schemas)
    tables, counts = {}, {}
    sources = compiled_sources(spec, profiles)
    with tempfile.TemporaryDirectory(prefix="ade-trial-") as folder, own_place(folder):
        work = Path(folder)
        with Rejects(work / "rejects.ndjson") as rejects:
            for source in spec.sources:
                sample = cut_sample(source, rows)
                place = work / sample.name
                place.write_bytes(sample.data)
                staged = sources[source.id].stage(str(place), work / source.id, rejects)
                tables[source.id] = staged.table.collect()
                counts[source.id] = Counts(staged.records, staged.rows, staged.rejected, 0)
            rejects.publish()
        ran = pipeline.run(tables)
        empty = frozenset(place for place, table in ran.tables.items() if table.is_empty())
        reasons = _reasons(rejects.path)
        return Trial(counts, reasons, ran.counts, ran.expectations, empty)


def _reasons(rejects: Path) -> dict[str, str]:
    counted: dict[str, Counter[str]] = {}
    with rejects.open("rb") as lines:
        for record in map(orjson.loads, lines):
            counted.setdefault(record["source"], Counter())[record["reason"]] += 1
    return {source: reasons.most_common(1)[0][0] for source, reasons in counted.items()}
