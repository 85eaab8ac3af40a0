"""Writes `docs/semantics.md`: `python -m ai_data_engineer.spec.semantics_doc [--check]`.

The rules that hold everywhere stand in `semantics.md.in` beside this module; functions come from
their registry, operators from their models, so neither can be added without being documented.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ai_data_engineer.spec.expressions.registry import Function, all_functions
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.operators.registry import all_operators

TARGET = Path(__file__).parents[2] / "docs" / "semantics.md"
RULES = Path(__file__).with_name("semantics.md.in")
_GROUPS = {
    "text": "Text",
    "numbers": "Numbers",
    "dates": "Dates and times",
    "conditions": "Choices",
    "lists": "Lists",
}


def rendered() -> str:
    """Return the document."""
    return "\n".join([RULES.read_text(encoding="utf-8"), *_functions(), *_operators(), *_parts()])


def _functions() -> list[str]:
    lines = [
        "## Functions",
        "",
        "Names take any case. Null in is null out unless the meaning says otherwise. Arguments in "
        "*italics* must be written out; they cannot be columns.",
    ]
    functions = {f.name: f for f in all_functions().values()}.values()
    for group, title in _GROUPS.items():
        lines += ["", f"### {title}", "", "| function | gives | meaning | example |"]
        lines += ["|---|---|---|---|"]
        lines += [_function_row(f) for f in functions if f.group == group]
    return [*lines, ""]


def _function_row(function: Function) -> str:
    shown = []
    for param in function.params:
        name = f"*{param.name}*" if param.constant else param.name
        shown.append(name if param.default is ... else f"[{name}]")
    call = f"**{function.name}**({', '.join(shown)}{', …' if function.variadic else ''})"
    meaning = function.meaning
    if function.aliases:
        meaning += f" Also {', '.join(f'`{a}`' for a in function.aliases)}."
    examples = "<br>".join(
        f"`{_escaped(text)}` → `{_escaped(_value(value))}`" for text, value in function.examples
    )
    returns = function.returns.replace("<", "&lt;")
    return f"| {call} | {returns} | {_cell(meaning)} | {examples} |"


def _value(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return "'" + value.replace("'", "''") + "'"
        case dt.datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case list():
            return f"[{', '.join(map(_value, value))}]"
    return str(value)


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _operators() -> list[str]:
    effects = {
        "keeps": "Every row comes out or is set aside.",
        "removes": "Rows go on purpose, and are counted.",
        "reshapes": "Rows out are other rows than rows in.",
    }
    lines = [
        "## Operators",
        "",
        "Every step has an `id`, its `inputs` and perhaps a `note`; what else it takes:",
    ]
    for op, model in all_operators().items():
        lines += ["", f"### {op}", "", _paragraph(model.__doc__ or ""), "", effects[model.rows]]
        lines += _parameters(model, [n for n in model.model_fields if n not in Step.model_fields])
    return [*lines, ""]


def _parts() -> list[str]:
    """Return the objects that parameters of steps hold, in the order in which they first occur."""
    waiting: list[type[BaseModel]] = list(all_operators().values())
    parts: dict[type[BaseModel], None] = {}
    for model in waiting:
        for field in model.model_fields.values():
            found = [part for part in _objects(field.annotation) if part not in parts]
            parts.update(dict.fromkeys(found))
            waiting += found
    lines = ["## Parts of steps", "", "Objects that stand in parameters above."]
    for part in parts:
        lines += ["", f"### {_title(part)}", "", _paragraph(part.__doc__ or "")]
        lines += _parameters(part, list(part.model_fields))
    return [*lines, ""]


def _parameters(model: type[BaseModel], names: list[str]) -> list[str]:
    if not names:
        return []
    rows = [_field_row(model, name) for name in names]
    return ["", "| parameter | default | meaning |", "|---|---|---|", *rows]


def _paragraph(docstring: str) -> str:
    return "\n".join(line.strip() for line in docstring.strip().splitlines())


def _field_row(model: type[BaseModel], name: str) -> str:
    field = model.model_fields[name]
    meaning = field.description or ""
    leaves = _leaves(field.annotation)
    choices = [leaf for leaf in leaves if isinstance(leaf, str)]
    if choices:
        shown = ", ".join(f"`{v}`" if v.strip() else f"U+{ord(v):04X}" for v in choices)
        meaning += f" Or {shown}." if int in leaves else f" One of {shown}."
    for part in _objects(field.annotation):
        meaning += f" See [{_title(part)}](#{_title(part).lower().replace(' ', '-')})."
    return f"| `{field.alias or name}` | {_default(field)} | {_cell(meaning)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*needed*"
    default = field.get_default(call_default_factory=True)
    if default is None or default in ([], {}, ()):
        return ""
    return f"`{_cell(json.dumps(default, ensure_ascii=False))}`"


def _objects(annotation: Any) -> list[type[BaseModel]]:
    return [a for a in _leaves(annotation) if isinstance(a, type) and issubclass(a, BaseModel)]


def _leaves(annotation: Any) -> list[Any]:
    """Return what an annotation is made of, in order: types, and the values of a Literal."""
    if get_origin(annotation) is Annotated:
        return _leaves(get_args(annotation)[0])
    inner = get_args(annotation)
    return [leaf for part in inner for leaf in _leaves(part)] if inner else [annotation]


def _title(part: type[BaseModel]) -> str:
    """Return `Window figure` for WindowFigure."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda m: f" {m[0].lower()}", part.__name__)


def main(arguments: Sequence[str]) -> int:
    """Write the document, or with `--check` say whether it is stale; returns the exit code."""
    text = rendered()
    if "--check" in arguments:
        fresh = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        if not fresh:
            print(
                "docs/semantics.md is stale: run `python -m ai_data_engineer.spec.semantics_doc`.",
                file=sys.stderr,
            )
        return 0 if fresh else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
