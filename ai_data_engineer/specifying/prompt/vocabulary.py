"""Operators, functions and expectations in as few words as a model needs, from their registries."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from ai_data_engineer.spec.expectations.registry import ExpectationType, all_expectations
from ai_data_engineer.spec.expressions.registry import Function, all_functions
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.operators.registry import all_operators

COLUMN = r"^([^*^_]|_([^_]|$))"
"""By this pattern a schema says that a text is the name of a column."""
_EXPRESSION_LENGTH = 4000
_EVIDENT = ("Column", "Text column", "How many", "Which", "Case to", "Remove blanks")
_OTHERWISE = ("left out", "empty")
_LONG = 200
_PLAIN = ("text", "column", "true|false", "integer", "number")
"""What a default shows by itself."""
_RANGE = {"min_value", "max_value", "strict_min", "strict_max"}
WELL_KNOWN = frozenset(
    ("coalesce", "nullif", "greatest", "least", "year", "quarter", "month", "day", "hour",
     "minute", "second", "upper", "lower", "trim", "ltrim", "rtrim", "length", "left", "right",
     "lpad", "rpad", "concat", "replace", "reverse", "repeat", "starts_with", "ends_with",
     "contains", "abs", "ceil", "floor", "sign", "mod", "power", "sqrt", "exp", "ln", "log10",
     "add_days", "add_months", "add_years", "last_day")
)  # fmt: skip
"""Functions that do here what they do wherever there is SQL: their names are enough."""


def operators(shown: Collection[str] = ()) -> Iterator[str]:
    """Yield the operators, each with its parameters, what they may be, and what they mean.

    Those in `shown` need no example.
    """
    for op, model in all_operators().items():
        schema = model.model_json_schema()
        lines = [f"{op}: {summary(op)}"]
        for name, about in _parameters(model, schema).items():
            meaning = _told(about.get("description", ""))
            declared = f" {_declared(name, about, schema)}"
            lines.append(f"{declared} - {meaning}" if meaning else declared)
        if op not in shown and model.examples and "{" in "".join(lines[1:]):
            lines.append(f" e.g. {json.dumps(model.examples[0])}")
        yield "\n".join(lines)


@cache
def operator_in_a_line(op: str) -> str:
    """Return what an operator does and takes, but for parameters that take long to say."""
    model = all_operators()[op]
    schema = model.model_json_schema()
    declared = {n: _declared(n, a, schema) for n, a in _parameters(model, schema).items()}
    required = schema["required"]
    params = ", ".join(d for n, d in declared.items() if n in required or len(d) <= _LONG)
    return f"{op}({params}): {_first_sentence(summary(op))}"


def summary(op: str) -> str:
    """Return what an operator does, and how many inputs it takes where that is not one."""
    model = all_operators()[op]
    said = (model.__doc__ or "").split("\n")[0]
    fewest, most = model.input_count
    if (fewest, most) == (1, 1):
        return said
    count = f"{fewest}" if fewest == most else f"{fewest} or {most}" if most else f"{fewest}+"
    return f"{said} ({count} inputs)"


def _parameters(model: type[Step], schema: dict[str, Any]) -> dict[str, Any]:
    return {n: about for n, about in schema["properties"].items() if n not in Step.model_fields}


def _declared(name: str, about: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return `name`, `name?` or `name=default`, and what it may be where that is not evident."""
    kind, default = _kind(about, schema), about.get("default")
    if name in schema.get("required", ()):
        mark = ""
    elif default in (None, "", {}) or isinstance(default, list):
        mark = "?"
    else:
        mark = f"={default if isinstance(default, str) else json.dumps(default)}"
        if kind in _PLAIN:
            return f"{name}{mark}"
    return f"{name}{mark}" if (name, kind) == ("column", "column") else f"{name}{mark}: {kind}"


def _kind(about: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return what a JSON Schema allows, in a few words."""
    if "$ref" in about:
        name = about["$ref"].rpartition("/")[2]
        if name == "SortKey":
            return "order"
        return _kind(schema["$defs"][name], schema["$defs"][name] | {"$defs": schema["$defs"]})
    if "enum" in about:
        return "|".join(map(str, about["enum"]))
    if "const" in about:
        return str(about["const"])
    if options := [o for o in about.get("anyOf", ()) if o.get("type") != "null"]:
        plain = {str(o["type"]) for o in options if set(o) == {"type"}}
        if plain >= {"integer", "number", "string"}:
            return "value"
        return " or ".join(dict.fromkeys(_kind(option, schema) for option in options))
    if items := about.get("items"):
        return f"[{_kind(items, schema)}]"
    if fields := about.get("properties"):
        named = (
            _declared(n, v, {**about, "$defs": schema.get("$defs", {})}) for n, v in fields.items()
        )
        return f"{{{', '.join(named)}}}"
    for key, values in about.get("patternProperties", {}).items():
        return f"{{{'column' if key == COLUMN else 'name'}: {_kind(values, schema)}}}"
    if isinstance(values := about.get("additionalProperties"), dict):
        return f"{{text: {_kind(values, schema)}}}"
    if about.get("pattern") == COLUMN:
        return "column"
    if about.get("maxLength") == _EXPRESSION_LENGTH:
        return "expression"
    kind = str(about.get("type", "any"))
    return {"string": "text", "boolean": "true|false"}.get(kind, kind)


def _told(description: str) -> str:
    """Return what a parameter's name does not tell: `Columns to remove` adds nothing to it."""
    said = _first_sentence(description)
    what, _, otherwise = said.partition("; ")
    evident = len(what.split()) <= 5 and what.startswith(_EVIDENT)
    return otherwise if evident and (not otherwise or otherwise.startswith(_OTHERWISE)) else said


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[^.])\.(?:\s|$)", " ".join(text.split()), maxsplit=1)[0]


def _first_clause(text: str) -> str:
    """Return the text up to a colon, semicolon or full stop that stands in no parentheses."""
    found = re.match(r"(?:[^(]|\([^)]*\))*?(?=[:;.](?:\s|$)|$)", text)
    return found[0] if found else text


def functions() -> Iterator[str]:
    """Yield the functions by group, each as it is called, with what it gives where that helps."""
    entries = [f for name, f in all_functions().items() if name == f.name]
    for group, members in groupby(sorted(entries, key=lambda f: f.group), lambda f: f.group):
        yield f"{group}: {'; '.join(map(_function, members))}"


def function_names() -> str:
    """Return how the functions are called, without what they mean."""
    return ", ".join(f.signature for name, f in all_functions().items() if name == f.name)


def _function(function: Function) -> str:
    meaning = _first_clause(function.meaning)
    if function.name in WELL_KNOWN:
        return function.signature
    return f"{function.signature} {meaning[0].lower()}{meaning[1:]}"


def expectations() -> Iterator[str]:
    """Yield the expectations, those with the same kwargs together, and how nested ones look."""
    kinds = sorted(all_expectations().values(), key=lambda kind: (_kwargs(kind), kind.name))
    for kwargs, members in groupby(kinds, _kwargs):
        together = list(members)
        yield f"{kwargs}: {', '.join(kind.name for kind in together)}"
        if any(map(_is_nested, together[0].properties.values())):
            yield f" e.g. {json.dumps(together[0].example)}"


def _is_nested(about: Mapping[str, Any]) -> bool:
    inner = about.get("items") or {}
    kinds = [about, inner, *about.get("anyOf", ())]
    return "object" in (kind.get("type") for kind in kinds) or inner.get("type") == "array"


def expectation_names() -> str:
    """Return the expectations that a pipeline most often has."""
    return "\n".join(
        f"{name}({_kwargs(all_expectations()[name]).replace('range?', 'min_value?, max_value?')})"
        for name in (
            "expect_column_values_to_not_be_null", "expect_column_values_to_be_unique",
            "expect_compound_columns_to_be_unique", "expect_column_values_to_be_between",
            "expect_column_values_to_be_in_set", "expect_column_values_to_match_regex",
            "expect_table_row_count_to_be_between",
        )
    )  # fmt: skip


def _kwargs(kind: ExpectationType) -> str:
    """Return the kwargs in a canonical order: equal ones fall together."""
    # What may have one value only, and be left out, says nothing.
    names = {n for n, about in kind.properties.items() if "const" not in about}
    required = [_kwarg(n, kind) for n in kind.properties if n in kind.required]
    optional = {n for n in names if n not in kind.required}
    if names >= _RANGE:
        optional = optional - _RANGE | {"range"}
    return ", ".join([*required, *(_kwarg(n, kind) for n in sorted(optional))])


def _kwarg(name: str, kind: ExpectationType) -> str:
    choices = [json.dumps(v).strip('"') for v in kind.properties.get(name, {}).get("enum", ())]
    mark = "" if name in kind.required else "?"
    return f"{name}{mark}: {'|'.join(choices)}" if choices else f"{name}{mark}"
