"""Mechanical mending of a proposed spec: what needs no judgement is not worth another question."""

from __future__ import annotations

import difflib
import re
from typing import Any

from ai_data_engineer.spec.operators.registry import all_operators


def mend(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with identifiers in order and near-miss operators named right.

    Column names are left to the findings: there, a near miss may well be another column.
    """
    steps = document.get("steps")
    if not isinstance(steps, list):
        return document
    ids = _new_ids(document)
    mended = {**document, "steps": [_mend_step(step, ids) for step in steps]}
    if isinstance(name := mended.get("name"), str):
        mended["name"] = identifier(name)
    for key, place in (("outputs", "input"), ("expectations", "on")):
        if isinstance(items := document.get(key), list):
            mended[key] = [_renamed(item, place, ids) for item in items]
    return mended


def identifier(text: str) -> str:
    """Return the nearest identifier: lower case, digits, underscores, beginning with a letter."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return (plain if plain[:1].isalpha() else f"p_{plain}".rstrip("_"))[:63]


def _new_ids(document: dict[str, Any]) -> dict[str, str]:
    lists = [document.get(key) for key in ("steps", "outputs")]
    found = [
        item["id"]
        for listed in lists
        if isinstance(listed, list)
        for item in listed
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]
    return {old: identifier(old) for old in found}


def _mend_step(step: Any, ids: dict[str, str]) -> Any:
    if not isinstance(step, dict):
        return step
    step = _renamed(step, "id", ids)
    if isinstance(op := step.get("op"), str) and op not in all_operators():
        close = difflib.get_close_matches(identifier(op), all_operators(), n=1, cutoff=0.85)
        step = {**step, "op": close[0] if close else op}
    if isinstance(inputs := step.get("inputs"), str):
        step = {**step, "inputs": [inputs]}
    if isinstance(inputs := step.get("inputs"), list):
        step = {**step, "inputs": [ids.get(i, i) if isinstance(i, str) else i for i in inputs]}
    return step


def _renamed(item: Any, place: str, ids: dict[str, str]) -> Any:
    if not isinstance(item, dict):
        return item
    renamed = {
        k: (ids.get(v, v) if k in (place, "id") and isinstance(v, str) else v)
        for k, v in item.items()
    }
    return {k: v for k, v in renamed.items() if v is not None}
