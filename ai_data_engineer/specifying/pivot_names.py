"""Columns of a pivot that were left out, found from the profile of the source.

A spec is typed before it runs, so a pivot says its columns. Who writes one may not know the values
(a model is shown none): where a column comes unchanged from a source whose profile tells all its
values, these are filled in, and an assumption says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.checking import is_new
from ai_data_engineer.spec.operators.values import check

UNTOUCHED = (
    "filter", "sort", "limit", "top_n", "deduplicate", "drop_null", "select", "drop", "reorder",
    "sample", "quarantine", "window", "watermark",
)  # fmt: skip
"""Operators that leave the values of every column as they are."""
NAMED = ("cast", "parse_date", "derive")
"""Operators that change the columns they name and no others."""


def name_pivots(
    document: dict[str, Any], profiles: Mapping[str, FileProfile]
) -> tuple[dict[str, Any], set[str]]:
    """Return the document with the names of its pivots, and those that were found.

    `profiles` are those of the sources, by id.
    """
    steps = document.get("steps")
    if not isinstance(steps, list):
        return document, set()
    by_id = {s["id"]: s for s in steps if isinstance(s, dict) and isinstance(s.get("id"), str)}
    named, assumed, found = [], [], set()
    for step in steps:
        if isinstance(step, dict) and step.get("op") == "pivot" and not step.get("names"):
            column = _origin(step, str(step.get("column")), by_id, profiles)
            if names := _names(column, step.get("index")):
                step = {**step, "names": names}
                found |= set(names)
                assumed.append(
                    f"Pivot `{step.get('id')}`: `{step.get('column')}` has the values "
                    f"{', '.join(f'`{name}`' for name in names)}, as found in the source; "
                    "rows with another count for no column."
                )
        named.append(step)
    before = document.get("assumptions")
    assumptions = [*(before if isinstance(before, list) else []), *assumed]
    return {**document, "steps": named, **({"assumptions": assumptions} if assumed else {})}, found


def _origin(
    step: dict[str, Any],
    column: str,
    by_id: Mapping[str, dict[str, Any]],
    profiles: Mapping[str, FileProfile],
) -> ColumnProfile | None:
    """Return the profile of the column that a step's input has unchanged from a source."""
    current = _first_input(step)
    for _ in range(len(by_id) + 1):  # a cycle is found elsewhere
        if current in profiles:
            return next((c for c in profiles[current].columns if c.name == column), None)
        before = by_id.get(current)
        if before is None:
            return None
        changed = before.get("columns")
        if before.get("op") == "rename" and isinstance(changed, dict):
            old = [o for o, new in changed.items() if new == column]
            if not old and column in changed:
                return None
            column = old[0] if old else column
        elif before.get("op") in NAMED:
            if not isinstance(changed, dict | list) or column in changed:
                return None
        elif before.get("op") not in UNTOUCHED:
            return None
        current = _first_input(before)
    return None


def _first_input(step: dict[str, Any]) -> str:
    inputs = step.get("inputs")
    return str(inputs[0]) if isinstance(inputs, list) and inputs else ""


def _names(column: ColumnProfile | None, index: object) -> dict[str, Any]:
    """Return a name for each value, or nothing where the profile does not tell all of them."""
    if column is None or column.pii is not None or column.is_grouped:
        return {}
    if not column.top_values or column.distinct_count != len(column.top_values):
        return {}
    taken = list(index) if isinstance(index, list) else []
    names: dict[str, Any] = {}
    for value in sorted(column.top_values, key=lambda v: str(v.value)):
        name = str(value.value).strip()
        if name in (*taken, *names) or not is_new(name, (), Findings()):
            name = f"{column.name}_{name}"
        if value.value is None or name in (*taken, *names):
            return {}
        if not check(value.value, column.type, Findings()):
            return {}
        names[name] = value.value
    return names
