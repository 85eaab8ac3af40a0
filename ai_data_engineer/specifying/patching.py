"""Repairs: what is valid stays, and an answer takes the place of nothing but what is wrong.

Unless the mend needs more: a column is missing where it is used and was dropped by a valid step
before; a step of another name is taken by valid ones. `patched` is the first, `rewritten` the
second; who calls them takes the one that leaves less wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.spec import PipelineSpec

LISTS = ("steps", "outputs", "expectations")
_TEARING = ("E_UNKNOWN_INPUT", "E_CYCLE", "E_DUPLICATE_ID")
"""Errors that leave steps before them unused."""


@dataclass(frozen=True)
class Wrong:
    """The places that findings are about: items of the lists by position, and other fields."""

    items: dict[str, frozenset[int]]
    fields: frozenset[str]
    everything: bool
    """A finding is about the document as a whole, such as a field that is missing."""

    def at(self, part: str) -> frozenset[int]:
        """Return the positions in a list that findings are about."""
        return self.items.get(part, frozenset())


def wrong_places(document: dict[str, Any], findings: Iterable[Finding]) -> Wrong:
    """Return what the findings' pointers lead to."""
    items: dict[str, set[int]] = {part: set() for part in LISTS}
    fields: set[str] = set()
    everything = False
    findings = tuple(findings)
    is_torn = any(finding.code in _TEARING for finding in findings)
    for finding in findings:
        if is_torn and finding.code == "E_UNUSED_STEP":
            continue  # that is what came of it: nothing is wrong with the step
        _, _, path = finding.pointer.partition("/")
        part, *below = path.split("/")
        listed = document.get(part)
        if part in LISTS and isinstance(listed, list):
            inside = below and below[0].isdigit() and int(below[0]) < len(listed)
            items[part] |= {int(below[0])} if inside else set(range(len(listed)))
        elif part and part in document:
            fields.add(part)
        else:
            everything = True
    return Wrong({k: frozenset(v) for k, v in items.items()}, frozenset(fields), everything)


def split(document: dict[str, Any], wrong: Wrong) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the parts of a proposal that stay, and those that are asked for anew."""
    if wrong.everything:
        return {}, document
    kept: dict[str, Any] = {}
    failing: dict[str, Any] = {}
    for name, value in document.items():
        if name in LISTS and isinstance(value, list):
            right = _without(value, wrong.at(name))
            kept[name] = [item for item in right if isinstance(item, dict)]
            failing[name] = [item for i, item in enumerate(value) if i in wrong.at(name)]
        else:
            (failing if name in wrong.fields else kept)[name] = value
    return kept, {name: value for name, value in failing.items() if value != []}


def patched(document: dict[str, Any], patch: dict[str, Any], wrong: Wrong) -> dict[str, Any]:
    """Return the document with what is wrong replaced by its counterpart in the patch.

    Steps are told by their ids. New ones come in before the first that is wrong; a valid step that
    the patch writes again stays as it was.
    """
    if wrong.everything:
        return {**document, **{k: v for k, v in patch.items() if k != "remove"}}
    result = dict(document)
    result["steps"] = _steps(_list(document, "steps"), patch, wrong.at("steps"))
    outputs = _list(document, "outputs")
    result["outputs"] = _outputs(outputs, patch, wrong.at("outputs") | _orphans(document, result))
    if wrong.at("expectations"):
        kept = _without(_list(document, "expectations"), wrong.at("expectations"))
        again = [item for item in _list(patch, "expectations") if item not in kept]
        result["expectations"] = [*kept, *again]
    return result | {name: patch[name] for name in wrong.fields if name in patch}


def rewritten(document: dict[str, Any], patch: dict[str, Any], wrong: Wrong) -> dict[str, Any]:
    """Return the document with all that the patch writes or removes, what was valid too.

    What is about a step that goes, goes with it; so does a wrong one that nothing takes any more.
    """
    removed = set(map(str, _list(patch, "remove")))
    steps, outputs = _list(document, "steps"), _list(document, "outputs")
    gone = removed | {_id(step) for step in _list(patch, "steps")}
    places = {i for i, step in enumerate(steps) if _id(step) in gone}
    result = {**document, "steps": _steps(steps, patch, wrong.at("steps") | places)}
    gone = removed | {_id(output) for output in _list(patch, "outputs")}
    lost = _orphans(document, result)
    kept = [o for i, o in enumerate(outputs) if _id(o) not in gone and i not in lost]
    result["outputs"] = [*kept, *_list(patch, "outputs")]
    result["steps"] = _taken(result, patch, {_id(steps[i]) for i in wrong.at("steps")})
    lost_ids = set(map(_id, steps)) - set(map(_id, result["steps"]))
    rules = _without(_list(document, "expectations"), wrong.at("expectations"))
    again = [rule for rule in _list(patch, "expectations") if rule not in rules]
    result["expectations"] = [
        rule
        for rule in [*rules, *again]
        if not isinstance(rule, dict) or str(rule.get("on")) not in lost_ids
    ]
    for name in wrong.fields if not wrong.everything else patch.keys() - {*LISTS, "remove"}:
        if name in patch:
            result[name] = patch[name]
        elif name in removed or name not in PipelineSpec.model_fields:
            result.pop(name, None)
    return result


def _taken(document: dict[str, Any], patch: dict[str, Any], wrong: set[str]) -> list[Any]:
    """Return the steps without those that were wrong, were passed over and are taken by none."""
    steps = _list(document, "steps")
    written = set(map(_id, _list(patch, "steps")))
    if not written and not _list(patch, "outputs"):
        return steps
    taken = {str(o.get("input")) for o in _list(document, "outputs") if isinstance(o, dict)}
    taken |= {str(e.get("on")) for e in _list(document, "expectations") if isinstance(e, dict)}
    for step in steps:
        inputs = step.get("inputs") if isinstance(step, dict) else None
        taken |= set(map(str, inputs)) if isinstance(inputs, list) else set()
    return [s for s in steps if _id(s) not in wrong - written - taken]


def _steps(steps: list[Any], patch: dict[str, Any], wrong: frozenset[int]) -> list[Any]:
    valid = {_id(step) for i, step in enumerate(steps) if i not in wrong}
    removed = set(map(str, _list(patch, "remove")))
    written = {_id(step): step for step in _list(patch, "steps") if _id(step) not in valid}
    replaced = {_id(step) for i, step in enumerate(steps) if i in wrong} & written.keys()
    new = [step for name, step in written.items() if name not in replaced]
    result: list[Any] = []
    for index, step in enumerate(steps):
        if index not in wrong:
            result.append(step)
            continue
        result += new
        new = []
        if _id(step) in written:
            result.append(written[_id(step)])
        elif _id(step) and _id(step) not in removed | valid:
            result.append(step)
    return [*result, *new]


def _outputs(outputs: list[Any], patch: dict[str, Any], wrong: frozenset[int]) -> list[Any]:
    """Return the outputs with the wrong ones replaced; those that are new come last.

    A wrong one that is passed over stays, unless there are new ones to take its place.
    """
    valid = {_id(item) for i, item in enumerate(outputs) if i not in wrong}
    written = {_id(item): item for item in _list(patch, "outputs") if _id(item) not in valid}
    if not wrong or not written:
        return outputs
    has_new = bool(written.keys() - set(map(_id, outputs)))
    result = []
    for index, item in enumerate(outputs):
        if _id(item) in written and index in wrong:
            result.append(written.pop(_id(item)))
        elif index not in wrong or not has_new:
            result.append(item)
    return [*result, *written.values()]


def _orphans(before: dict[str, Any], after: dict[str, Any]) -> frozenset[int]:
    """Return the positions of outputs whose step was taken out."""
    lost = set(map(_id, _list(before, "steps"))) - set(map(_id, _list(after, "steps")))
    outputs = enumerate(_list(before, "outputs"))
    return frozenset(i for i, o in outputs if isinstance(o, dict) and str(o.get("input")) in lost)


def _list(document: dict[str, Any], name: str) -> list[Any]:
    value = document.get(name)
    return value if isinstance(value, list) else []


def _without(items: Sequence[Any], places: Collection[int]) -> list[Any]:
    return [item for i, item in enumerate(items) if i not in places]


def _id(item: object) -> str:
    """Return the id of an item; empty: it has none, so that nothing can speak of it."""
    found = item.get("id") if isinstance(item, dict) else None
    return "" if found is None else str(found)
