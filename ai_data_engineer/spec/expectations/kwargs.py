"""JSON Schemas of kwargs that several types take, and the code that several types share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.code import Code, code, col, join, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.expectations.literals import typed_literal
from ai_data_engineer.spec.expectations.registry import Compile, KwargError, Kwargs, Rule
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import LogicalType

Properties = dict[str, dict[str, Any]]
"""Kwarg → its JSON Schema."""

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
COLUMN: Properties = {"column": TEXT}
PAIR: Properties = {"column_A": TEXT, "column_B": TEXT}
COLUMN_LIST: dict[str, Any] = {"type": "array", "items": TEXT, "minItems": 1}
FLAG: dict[str, Any] = {"type": "boolean"}
MOSTLY: Properties = {"mostly": {"type": "number", "minimum": 0, "maximum": 1}}
COUNT = {"type": "integer", "minimum": 0}
VALUE_SET: dict[str, Any] = {
    "type": "array",
    "items": {"type": ["string", "number", "boolean", "null"]},
    "minItems": 1,
}
BOUNDS = ("min_value", "max_value")
STRICT = ("strict_min", "strict_max")
_STRICTS = {"strict_min": FLAG, "strict_max": FLAG}
BETWEEN = {
    "min_value": {"type": ["string", "number", "null"]},
    "max_value": {"type": ["string", "number", "null"]},
    **_STRICTS,
}
"""Bounds of the column's own type."""
NUMBERS_BETWEEN = {
    "min_value": {"type": ["number", "null"]},
    "max_value": {"type": ["number", "null"]},
    **_STRICTS,
}
COUNT_BETWEEN = {
    "min_value": {"type": ["integer", "null"], "minimum": 0},
    "max_value": {"type": ["integer", "null"], "minimum": 0},
}
SHARE_BETWEEN = {
    "min_value": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    "max_value": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    **_STRICTS,
}


def rows(expected: Code, judged: Code | None, kwargs: Kwargs, *, apart: bool = False) -> Rule:
    """Return the rule that each judged row is as expected; `apart` as in the runtime's rules."""
    return Rule(
        "Rows",
        {"apart": _apart(apart), "expected": expected, "judged": judged, "mostly": mostly(kwargs)},
    )


def mostly(kwargs: Kwargs) -> Code | None:
    """Return the share of rows that must be good, unless it is all."""
    share = float(kwargs.get("mostly", 1))
    return None if share == 1 else lit(share)


def whole(holds_when: Code, *, apart: bool = False) -> Rule:
    """Return the rule that a condition holds over all rows at once."""
    return Rule("Whole", {"apart": _apart(apart), "holds_when": holds_when})


def _apart(apart: bool) -> Code | None:
    return lit(True) if apart else None


def values(test: Callable[[Code, Kwargs, LogicalType], Code]) -> Compile:
    """Return the rule of a test of each value of a column; missing values are not judged."""

    def compiled(kwargs: Kwargs, schema: Schema) -> Rule:
        value = col(kwargs["column"])
        expected = test(value, kwargs, schema[kwargs["column"]].type)
        return rows(expected, code("{value}.is_not_null()", value=value), kwargs)

    return compiled


def negated(
    test: Callable[[Code, Kwargs, LogicalType], Code],
) -> Callable[[Code, Kwargs, LogicalType], Code]:
    """Return the test that holds where the other does not."""
    return lambda *args: code("~({test})", test=test(*args))


def between(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    """Return the test against `min_value` and `max_value`, inclusive unless strict."""
    tests = []
    for key, strict, operators in (
        ("min_value", "strict_min", (">=", ">")),
        ("max_value", "strict_max", ("<=", "<")),
    ):
        if kwargs.get(key) is not None:
            operator = Code(operators[bool(kwargs.get(strict, False))])
            bound = literal(key, kwargs[key], kind)
            tests.append(code("({v} {op} {bound})", v=value, op=operator, bound=bound))
    if kind.name == "float64" and kwargs.get("max_value") is None:
        tests.append(not_nan(value))
    return join(tests, " & ")


def not_nan(value: Code) -> Code:
    """Return the test that a float is a number: for polars NaN is equal to itself and greatest."""
    return code("{value}.is_not_nan()", value=value)


def is_in(value: Code, key: str, members: Iterable[Any], kind: LogicalType) -> Code:
    """Return whether a value is one of those that the kwarg `key` lists."""
    listed = join(distinct_literals(key, members, kind))
    # The list is given the column's type: polars does not compare an integer with a float's list.
    return code(
        "{value}.is_in(pl.Series([{values}], dtype={dtype}).implode())",
        value=value,
        values=listed,
        dtype=dtype(kind),
    )


def distinct_literals(key: str, members: Iterable[Any], kind: LogicalType) -> list[Code]:
    """Return each value once, as literals of a type; missing values are left out."""
    return list(dict.fromkeys(literal(key, v, kind) for v in members if v is not None))


def literal(key: str, value: object, kind: LogicalType) -> Code:
    """Return a kwarg's value as a literal of a type; raises KwargError."""
    try:
        return typed_literal(value, kind)
    except SpecError as error:
        raise KwargError(key, error.message, code=error.code) from None
