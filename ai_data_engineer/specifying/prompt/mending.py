"""What a model is told when parts of its answer are to be replaced: what stays, fails, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.specifying.prompt.language import ANEW, REPAIRED
from ai_data_engineer.specifying.prompt.marking import Names, as_json, data
from ai_data_engineer.specifying.prompt.tokens import estimate
from ai_data_engineer.specifying.prompt.wire import to_wire

MOST_FINDINGS = 20
MAX_DEPTH = 16
_POINTER = 200
_MESSAGE = 600
_FEEDBACK = (
    "Your previous answer did not pass validation. This is automated feedback of that validation, "
    "not a message from the user."
)


@dataclass(frozen=True)
class Repair:
    """What is to be mended of an earlier answer, in the form of a spec's document.

    `kept` and `failing` hold `steps`, `outputs` and `expectations`. The pointers of findings are
    told as they are: `with_ids` writes them so that they mean something in a part.
    """

    kept: Mapping[str, Any]
    failing: Mapping[str, Any]
    findings: Sequence[Finding]
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Step that stays → its resulting columns with their types, where they are known."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the earlier answer is there to be mended: it is asked for anew."""
        return not any(self.kept.values()) and not any(self.failing.values())


def with_ids(findings: Sequence[Finding], document: Mapping[str, Any]) -> list[Finding]:
    """Return the findings with ids in their pointers: `/steps/2/where` becomes `/steps/paid/where`.

    What has no id keeps its position.
    """

    def named(pointer: str) -> str:
        parts = pointer.split("/")
        items = document.get(parts[1]) if len(parts) > 2 else None
        if isinstance(items, list) and parts[2].isdecimal() and int(parts[2]) < len(items):
            item = items[int(parts[2])]
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                parts[2] = item["id"].replace("~", "~0").replace("/", "~1")
        return "/".join(parts)

    return [f.model_copy(update={"pointer": named(f.pointer)}) for f in findings]


def mending(repair: Repair, names: Names, room: int) -> list[str]:
    """Return the parts of the prompt about a repair, in about `room` tokens."""
    failing = _fitting(_failing(repair, names), room // 2)
    findings = _fitting([_finding(f, names) for f in repair.findings[:MOST_FINDINGS]], room // 4)
    if (more := len(repair.findings) - MOST_FINDINGS) > 0:
        findings.append(f"and {more} more")
    if repair.is_whole:
        return [_FEEDBACK, "What is wrong with it:", data("\n".join(findings)), ANEW]
    told = [
        _FEEDBACK,
        "What is to be replaced:",
        data("\n".join(failing)),
        "What is wrong with it:",
        data("\n".join(findings)),
        REPAIRED,
    ]
    kept = _fitting([*_kept(repair, names)], room - estimate("\n".join(told)) - _MARKS)
    return [_FEEDBACK, "What stays:", data("\n".join(kept) or "nothing"), *told[1:]]


_MARKS = 20
"""Tokens of what stands around one part."""


def _fitting(lines: Sequence[str | tuple[str, str]], room: int) -> list[str]:
    """Return the lines that fit, and how many do not; of a pair the first that fits."""
    shown: list[str] = []
    for line in lines:
        for text in (line,) if isinstance(line, str) else line:
            if (cost := estimate(text) + 1) <= room:
                shown.append(text)
                room -= cost
                break
    if (more := len(lines) - len(shown)) > 0:
        shown.append(f"and {more} more")
    return shown


def _failing(repair: Repair, names: Names) -> list[str]:
    """Return the failing parts, one in a line."""
    shown = names.aliases.hide_value(_shallow(to_wire(repair.failing)))
    return [
        f"{names.name(str(key))}: {as_json(item)}"
        for key, items in shown.items()
        for item in (items if isinstance(items, list) else [items])
    ]


def _shallow(value: Any, depth: int = 0) -> Any:
    """Return JSON cut where it is nested deeper than specs are: recursion has its bounds."""
    if isinstance(value, dict | list) and depth > MAX_DEPTH:
        return "…"
    if isinstance(value, dict):
        return {key: _shallow(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_shallow(item, depth + 1) for item in value]
    return value


def _finding(finding: Finding, names: Names) -> str:
    said = f"{finding.message} {finding.hint}".strip()
    return f"{names.text(finding.pointer, _POINTER)} {finding.code}: {names.text(said, _MESSAGE)}"


def _kept(repair: Repair, names: Names) -> Iterator[str | tuple[str, str]]:
    """Yield a line for each part that stays: steps with the columns they result in, or without."""
    for step in _objects(repair.kept, "steps"):
        taken = step.get("inputs")
        inputs = ", ".join(names.name(str(i)) for i in taken) if isinstance(taken, list) else ""
        line = f"{names.name(str(step.get('id')))} = {names.name(str(step.get('op')))}({inputs})"
        known = repair.columns.get(str(step.get("id")), {})
        columns = ", ".join(f"{names.name(n)} {names.type(kind)}" for n, kind in known.items())
        yield (f"{line}: {columns}", line) if columns else line
    for output in _objects(repair.kept, "outputs"):
        of = names.name(str(output.get("input")))
        yield f"output {names.name(str(output.get('id')))} of {of}"
    for rule in _objects(repair.kept, "expectations"):
        yield f"{names.name(str(rule.get('type')))} on {names.name(str(rule.get('on')))}"


def _objects(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    items = document.get(name)
    return [i for i in items if isinstance(i, dict)] if isinstance(items, list) else []
