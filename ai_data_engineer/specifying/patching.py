"""Repairs: what is valid stays, and an answer takes the place of nothing but what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ai_data_engineer.spec.findings import Finding

LISTS = ("steps", "outputs", "expectations")


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
    for finding in findings:
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
        elif _id(step) not in removed | valid:
            result.append(step)
    return [*result, *new]


def _outputs(outputs: list[Any], patch: dict[str, Any], wrong: frozenset[int]) -> list[Any]:
    """Return the outputs with the wrong ones replaced; those that are new come last."""
    valid = {_id(item) for i, item in enumerate(outputs) if i not in wrong}
    written = {_id(item): item for item in _list(patch, "outputs") if _id(item) not in valid}
    if not wrong or not written:
        return outputs
    result = []
    for index, item in enumerate(outputs):
        if index not in wrong:
            result.append(item)
        elif _id(item) in written:
            result.append(written.pop(_id(item)))
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
    return str(item.get("id")) if isinstance(item, dict) else ""
