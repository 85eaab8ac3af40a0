"""Which parts of a specification a change of its source concerns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ai_data_engineer.profiling.drift import Change
from ai_data_engineer.spec.spec import PipelineSpec, Source


def touched(spec: PipelineSpec, source: Source, change: Change) -> list[str]:
    """Return the ids of the steps that a change concerns, in the order of the specification.

    Of a column: the steps that name it, before another step gives it another name. Of the source
    as a whole: the steps that take from it.
    """
    below = _below(spec, source.id)
    if change.column is None:
        return [step.id for step in spec.steps if source.id in step.inputs]
    names = {change.column}
    names |= {c.name for c in source.columns if change.column in (c.name, c.source_name)}
    # A column that was renamed is looked for under its former name as well.
    names |= {
        c.name
        for c in source.columns
        if change.code == "D_COLUMN_RENAMED" and f"`{c.source_name}`" in change.message
    }
    words = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))
    return [
        step.id
        for step in spec.steps
        if step.id in below and any(words.search(text) for text in _texts(step.to_dict()))
    ]


def _below(spec: PipelineSpec, source: str) -> set[str]:
    """Return the ids of the steps that rows of a source reach."""
    reached, before = {source}, 0
    while len(reached) != before:
        before = len(reached)
        reached |= {step.id for step in spec.steps if reached.intersection(step.inputs)}
    return reached - {source}


def _texts(step: dict[str, object]) -> Iterator[str]:
    for field, value in step.items():
        if field not in ("id", "op", "inputs", "note"):
            yield json.dumps(value, ensure_ascii=False)
