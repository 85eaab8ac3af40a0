"""The rules an expectation must keep to mean something where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ai_data_engineer.spec.expectations import EXPECTATIONS, ExpectationKind
from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Expectation


def check_expectation(
    expectation: Expectation, places: Iterable[str], schemas: Mapping[str, Schema], at: Findings
) -> None:
    """Add what is wrong with one expectation; `places` are the ids it may stand on."""
    kind = EXPECTATIONS.get(expectation.type)
    if kind is None:
        at.at("type").error(
            "E_UNKNOWN_EXPECTATION",
            f"There is no expectation `{expectation.type[:80]}` here.",
            nearest(expectation.type, EXPECTATIONS),
        )
        return
    _check_kwargs(kind, expectation.kwargs, at.at("kwargs"))
    places = list(places)
    if expectation.on not in places:
        at.at("on").error(
            "E_UNKNOWN_INPUT",
            f"No source, step or output has the id `{expectation.on}`.",
            nearest(expectation.on, places),
        )
    elif (schema := schemas.get(expectation.on)) is not None:
        _check_columns(expectation, kind, schema, at.at("kwargs"))


def _check_kwargs(kind: ExpectationKind, kwargs: Mapping[str, Any], at: Findings) -> None:
    for name in kwargs:
        if name not in kind.kwargs:
            at.at(name).error(
                "E_UNKNOWN_FIELD", f"It does not take `{name[:60]}`.", nearest(name, kind.kwargs)
            )
    for name in (*kind.columns, *kind.column_lists, *kind.required):
        if name not in kwargs:
            at.error("E_MISSING_FIELD", f"The field `{name}` is missing.")
    if kind.one_of and all(kwargs.get(name) is None for name in kind.one_of):
        at.error("E_MISSING_FIELD", f"It needs {' or '.join(f'`{n}`' for n in kind.one_of)}.")
    _check_bounds(kwargs, at)
    mostly = kwargs.get("mostly", 1)
    if isinstance(mostly, bool) or not isinstance(mostly, int | float) or not 0 <= mostly <= 1:
        at.at("mostly").error("E_OUT_OF_RANGE", "`mostly` is a share between 0 and 1.")
    for name, (fits, form) in _FORMS.items():
        if name in kwargs and not fits(kwargs[name]):
            at.at(name).error("E_WRONG_TYPE", f"`{name}` is {form}.")
    if isinstance(kwargs.get("regex"), str):
        _check_regex(kwargs["regex"], at.at("regex"))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value)


def _is_value(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _are_values(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_value, value))


_FORMS: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("column", "column_A", "column_B"), (_is_text, "the name of a column")),
    **dict.fromkeys(
        ("column_list", "column_set"), (_are_texts, "a list with at least one name of a column")
    ),
    **dict.fromkeys(("min_value", "max_value", "value"), (_is_value, "a number or a text")),
    **dict.fromkeys(
        ("strict_min", "strict_max", "exact_match", "or_equal"), (_is_flag, "true or false")
    ),
    "value_set": (_are_values, "a list with at least one value"),
    "regex": (_is_text, "a text"),
}
"""What a kwarg may be; what it must be for its column's type shows when it is rendered."""


def _check_bounds(kwargs: Mapping[str, Any], at: Findings) -> None:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None or high is None:
        return
    try:
        if low > high:
            at.at("max_value").error("E_OUT_OF_RANGE", "`max_value` is below `min_value`.")
    except TypeError:
        at.at("max_value").error("E_TYPE", "`min_value` and `max_value` are of different types.")


def _check_regex(regex: str, at: Findings) -> None:
    """Accept what both Python's `re` and polars' engine compile."""
    import polars as pl

    try:
        re.compile(regex)
        pl.select(pl.lit("").str.contains(regex))
    except (re.error, OverflowError, RecursionError, pl.exceptions.PolarsError):
        at.error(
            "E_REGEX",
            "This regular expression does not compile.",
            "Look-around and back-references are not available.",
        )


def _check_columns(
    expectation: Expectation, kind: ExpectationKind, schema: Schema, at: Findings
) -> None:
    for key in kind.columns:
        name = expectation.kwargs.get(key)
        if not isinstance(name, str):
            continue
        column = schema.find(name, at.at(key))
        if column is not None and not kind.fits(column.type):
            at.at(key).error(
                "E_TYPE", f"`{name}` is {column.type}, and this needs a {kind.wants} column."
            )
    for key in kind.column_lists:
        names = expectation.kwargs.get(key)
        if isinstance(names, list) and not kind.free_lists:
            schema.find_all([n for n in names if isinstance(n, str)], at.at(key))
