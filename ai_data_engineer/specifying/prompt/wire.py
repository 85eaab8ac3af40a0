"""The wire form: what a model writes, and how it becomes a spec's document.

A step is `id`, `op`, `inputs` and `params`. Services differ in which JSON Schema they take and
spend hidden budgets on large ones, so the schema is flat, and what depends on the operator is JSON
text in `params`: Gemini refuses an object without properties. The strict schema is checked here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.spec.spec import Expectation, Output

_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_STEP = ("id", "op", "inputs", "params", "note")
_RULE = ("on", "type", "kwargs", "severity", "note")


def wire_schema() -> dict[str, Any]:
    """Return the JSON Schema of an answer, in the words that all services know."""
    return _object(("assumptions", "name", "steps", "outputs"), **_parts())


def repair_schema() -> dict[str, Any]:
    """Return the JSON Schema of an answer that mends: what changes, and ids of steps that go."""
    return _object(("steps",), **_parts(), remove=_TEXTS)


def _parts() -> dict[str, Any]:
    return {
        "assumptions": _TEXTS,
        "name": _TEXT,
        "description": _TEXT,
        "steps": _list(
            ("id", "op", "inputs", "params"),
            id=_TEXT,
            op={"type": "string", "enum": list(all_operators())},
            inputs=_TEXTS,
            params={"type": "string", "description": "Parameters: a JSON object as text"},
        ),
        "outputs": _list(
            ("id", "input", "format", "path"),
            id=_TEXT,
            input=_TEXT,
            format=_choice(Output, "format"),
            path=_TEXT,
            mode=_choice(Output, "mode"),
            keys=_TEXTS,
            partition_by=_TEXTS,
        ),
        "expectations": _list(
            ("on", "type", "kwargs"),
            on=_TEXT,
            type=_TEXT,
            kwargs={"type": "string", "description": "A JSON object as text"},
            severity=_choice(Expectation, "severity"),
        ),
        "schedule": _object(("cron",), cron=_TEXT, timezone=_TEXT),
        "sources": _list(("id", "file_column"), id=_TEXT, file_column=_TEXT),
    }


def _choice(model: type[Output] | type[Expectation], field: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(get_args(model.model_fields[field].annotation))}


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _list(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(required, **properties)}


def read_wire(answer: Any) -> Any:
    """Return the document that an answer in the wire form says, whatever its shape.

    Parameters may be nested, as an object or its JSON text, or stand in the step itself; a single
    input may stand without its list; nulls are dropped where they stand for nothing said. What
    cannot be read is left as it is, for the schema gate to find. Nothing is raised for JSON.
    """
    if not isinstance(answer, dict):
        return answer
    document = _said(answer)
    for key, read in (("steps", _step), ("expectations", _rule), ("outputs", _part)):
        if isinstance(document.get(key), dict):
            document[key] = [document[key]]
        if isinstance(document.get(key), list):
            document[key] = [
                read(item) if isinstance(item, dict) else item for item in document[key]
            ]
    return document


def to_wire(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's steps with their parameters nested, as a model is shown them."""
    shown = dict(document)
    if isinstance(steps := document.get("steps"), list):
        shown["steps"] = [_nested(step) if isinstance(step, dict) else step for step in steps]
    return shown


def _nested(step: dict[str, Any]) -> dict[str, Any]:
    params = {k: v for k, v in step.items() if k not in _STEP}
    return {k: step[k] for k in _STEP if k in step} | ({"params": params} if params else {})


def _step(step: dict[str, Any]) -> dict[str, Any]:
    step = _laid_flat(_said(step), "params", _STEP)
    if isinstance(step.get("inputs"), str):
        step["inputs"] = [step["inputs"]]
    return {key: _without_nulls(value) for key, value in step.items()}


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    """Gather the kwargs of an expectation, which may stand beside `on` and `type`."""
    rule = _said(rule)
    kwargs = _object_in(rule.get("kwargs", {}))
    if kwargs is None:
        return rule
    beside = {k: v for k, v in rule.items() if k not in _RULE}
    return {k: v for k, v in rule.items() if k in _RULE} | {"kwargs": _said(beside | kwargs)}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    return _said(part)


def _laid_flat(item: dict[str, Any], key: str, own: tuple[str, ...]) -> dict[str, Any]:
    """Put the members of the object under `key` into the item; its own fields are not changed."""
    members = _object_in(item.get(key, {}))
    if members is None:
        return item
    rest = {k: v for k, v in item.items() if k != key}
    return rest | {k: v for k, v in _said(members).items() if k not in own or k not in rest}


def _object_in(value: Any) -> dict[str, Any] | None:
    """Return the object that a value is, or that it is the JSON text of; None: it is neither."""
    for _ in range(2):  # some models write the text of a text
        if not isinstance(value, str):
            break
        try:
            value = json.loads(value) if value.strip() else {}
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _said(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if value is not None}


def _without_nulls(value: Any) -> Any:
    """Drop what objects in a list (figures, keys to sort by) leave open.

    In an object of values a null says something: `map_values` maps to it.
    """
    if isinstance(value, list):
        return [_said(item) if isinstance(item, dict) else item for item in value]
    return value
