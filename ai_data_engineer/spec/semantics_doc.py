"""Writes `docs/semantics.md`: `python -m ai_data_engineer.spec.semantics_doc [--check]`.

The rules that hold everywhere stand in `semantics.md.in` beside this module; functions come from
their registry, operators from their models, so neither can be added without being documented.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
    return "\n".join([RULES.read_text(encoding="utf-8"), *_functions(), *_operators()])


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
        fields = [n for n in model.model_fields if n not in Step.model_fields]
        if fields:
            lines += ["", "| parameter | needed | meaning |", "|---|---|---|"]
            lines += [_field_row(model, name) for name in fields]
    return [*lines, ""]


def _paragraph(docstring: str) -> str:
    return "\n".join(line.strip() for line in docstring.strip().splitlines())


def _field_row(model: type[Step], name: str) -> str:
    field = model.model_fields[name]
    needed = "yes" if field.is_required() else "no"
    return f"| `{field.alias or name}` | {needed} | {_cell(field.description or '')} |"


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
