"""Expectations of texts: length, regular expressions, LIKE patterns."""

from __future__ import annotations

import re
from collections.abc import Callable

from ai_data_engineer.spec.code import Code, code, join, lit
from ai_data_engineer.spec.expectations.kwargs import (
    BOUNDS,
    COLUMN,
    COUNT,
    COUNT_BETWEEN,
    FLAG,
    MOSTLY,
    STRICT,
    TEXT,
    between,
    negated,
    values,
)
from ai_data_engineer.spec.expectations.registry import KwargError, Kwargs, register
from ai_data_engineer.spec.expressions.errors import ExpressionError
from ai_data_engineer.spec.expressions.patterns import like
from ai_data_engineer.spec.expressions.typed import Typed, literal
from ai_data_engineer.spec.regex import RegexError, parse
from ai_data_engineer.types import INT64, STRING, LogicalType

Test = Callable[[Code, Kwargs, LogicalType], Code]


def _length(value: Code) -> Code:
    return code("{value}.str.len_chars()", value=value)


def _lengths_between(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return between(_length(value), kwargs, INT64)


def _length_is(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return code("{length} == {value}", length=_length(value), value=lit(kwargs["value"]))


def _contains(value: Code, key: str, regex: str) -> Code:
    """Accept what is in our dialect and compiles in Python too, as Great Expectations may want."""
    try:
        written = parse(regex).polars
        re.compile(regex)
    except RegexError as error:
        raise KwargError(key, error.message, code="E_REGEX", hint=error.hint) from None
    except (re.error, OverflowError, RecursionError):
        message = "The regular expression does not compile in Python, nor in Great Expectations."
        raise KwargError(key, message, code="E_REGEX") from None
    return code("{value}.str.contains({regex})", value=value, regex=lit(written))


def _regex(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return _contains(value, "regex", kwargs["regex"])


def _any_regex(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return _joined([_contains(value, "regex_list", r) for r in kwargs["regex_list"]], "any")


def _regexes(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    tests = [_contains(value, "regex_list", r) for r in kwargs["regex_list"]]
    return _joined(tests, kwargs.get("match_on", "any"))


def _like(value: Code, kwargs: Kwargs, key: str, pattern: str) -> Code:
    try:
        test = like(
            Typed(value, STRING),
            literal(pattern, STRING),
            kwargs.get("escape") or "",
            ignore_case=False,
        )
    except ExpressionError as error:
        raise KwargError(key, error.message, code="E_INVALID_VALUE", hint=error.hint) from None
    return test.expr


def _like_one(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    return _like(value, kwargs, "like_pattern", kwargs["like_pattern"])


def _likes(value: Code, kwargs: Kwargs, kind: LogicalType) -> Code:
    key = "like_pattern_list"
    tests = [_like(value, kwargs, key, pattern) for pattern in kwargs[key]]
    return _joined(tests, kwargs.get("match_on", "any"))


def _joined(tests: list[Code], match_on: str) -> Code:
    return join(
        (code("({test})", test=test) for test in tests), " | " if match_on == "any" else " & "
    )


_TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
_MATCH_ON = {"match_on": {"enum": ["any", "all"]}}
_ESCAPE = {"escape": {"type": ["string", "null"], "minLength": 1, "maxLength": 1}}


def _register(
    name: str,
    properties: dict[str, object],
    test: Test,
    *,
    on_pandas: bool = True,
    **example: object,
) -> None:
    register(
        name,
        {**COLUMN, **properties, **MOSTLY},  # type: ignore[dict-item]
        values(test),
        {"column": "code", **example},
        optional=("match_on", "escape", *STRICT, "mostly"),
        one_of=tuple(k for k in BOUNDS if k in properties),
        wants="string",
        on_pandas=on_pandas,
    )


_register(
    "expect_column_value_lengths_to_be_between",
    {**COUNT_BETWEEN, "strict_min": FLAG, "strict_max": FLAG},
    _lengths_between,
    max_value=20,
)
_register("expect_column_value_lengths_to_equal", {"value": COUNT}, _length_is, value=8)
_register("expect_column_values_to_match_regex", {"regex": TEXT}, _regex, regex="^[A-Z]{2}[0-9]+$")
_register("expect_column_values_to_not_match_regex", {"regex": TEXT}, negated(_regex), regex="^X")
_register(
    "expect_column_values_to_match_regex_list",
    {"regex_list": _TEXTS, **_MATCH_ON},
    _regexes,
    regex_list=["^[A-Z]", "[0-9]$"],
    match_on="all",
)
_register(
    "expect_column_values_to_not_match_regex_list",
    {"regex_list": _TEXTS},
    negated(_any_regex),
    regex_list=["^X", "^TEST"],
)
# Great Expectations has these for databases alone; there a test compares them with DuckDB's LIKE.
_register(
    "expect_column_values_to_match_like_pattern",
    {"like_pattern": TEXT, **_ESCAPE},
    _like_one,
    on_pandas=False,
    like_pattern="DE%",
)
_register(
    "expect_column_values_to_not_match_like_pattern",
    {"like_pattern": TEXT, **_ESCAPE},
    negated(_like_one),
    on_pandas=False,
    like_pattern="TEST%",
)
_register(
    "expect_column_values_to_match_like_pattern_list",
    {"like_pattern_list": _TEXTS, **_MATCH_ON, **_ESCAPE},
    _likes,
    on_pandas=False,
    like_pattern_list=["DE%", "AT%"],
)
_register(
    "expect_column_values_to_not_match_like_pattern_list",
    {"like_pattern_list": _TEXTS, **_ESCAPE},
    negated(_likes),
    on_pandas=False,
    like_pattern_list=["TEST%", "%_old"],
)
