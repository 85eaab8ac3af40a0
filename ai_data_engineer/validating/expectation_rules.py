"""The rules an expectation must keep to mean something where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from ai_data_engineer.spec.expectations.on_sample import REFUSED
from ai_data_engineer.spec.expectations.registry import (
    ExpectationType,
    KwargError,
    all_expectations,
)
from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Expectation
from ai_data_engineer.validating.schema_gate import report_violations


def check_expectation(
    expectation: Expectation, places: Iterable[str], schemas: Mapping[str, Schema], at: Findings
) -> None:
    """Add what is wrong with one expectation; `places` are the ids it may stand on."""
    kind = all_expectations().get(expectation.type)
    if kind is None:
        _refuse(expectation.type, at.at("type"))
        return
    known = len(at.items)
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
        if len(at.items) == known:
            _check_meaning(expectation, kind, schema, at.at("kwargs"))


def _refuse(name: str, at: Findings) -> None:
    if name in REFUSED:
        at.error("E_UNKNOWN_EXPECTATION", f"`{name}` is refused. {REFUSED[name]}")
        return
    at.error(
        "E_UNKNOWN_EXPECTATION",
        f"There is no expectation `{name[:80]}` here.",
        nearest(name, all_expectations()),
    )


def _check_kwargs(kind: ExpectationType, kwargs: Mapping[str, Any], at: Findings) -> None:
    if "row_condition" in kwargs:
        at.at("row_condition").error(
            "E_UNKNOWN_FIELD",
            "A condition would be code for pandas.",
            "Filter in a step, and expect it on that step.",
        )
        kwargs = {k: v for k, v in kwargs.items() if k not in ("row_condition", "condition_parser")}
    report_violations(Draft202012Validator(kind.schema).iter_errors(dict(kwargs)), at)
    if kind.one_of and all(kwargs.get(name) is None for name in kind.one_of):
        at.error("E_MISSING_FIELD", f"It needs {' or '.join(f'`{n}`' for n in kind.one_of)}.")
    _check_bounds(kwargs, at)


def _check_bounds(kwargs: Mapping[str, Any], at: Findings) -> None:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None or high is None:
        return
    try:
        if low > high:
            at.at("max_value").error("E_OUT_OF_RANGE", "`max_value` is below `min_value`.")
    except TypeError:
        at.at("max_value").error("E_TYPE", "`min_value` and `max_value` are of different types.")


def _check_columns(
    expectation: Expectation, kind: ExpectationType, schema: Schema, at: Findings
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
        if isinstance(names, list):
            schema.find_all([n for n in names if isinstance(n, str)], at.at(key))


def _check_meaning(
    expectation: Expectation, kind: ExpectationType, schema: Schema, at: Findings
) -> None:
    """Find what shows only when the rule is compiled: a value of another type, a bad regex."""
    if kind.compile is None:
        at.warning(
            "W_JUDGED_ON_SAMPLE",
            "Only Great Expectations judges this, and only on the sample: a run reports it as not "
            "judged.",
        )
        return
    try:
        kind.compile(expectation.kwargs, schema)
    except KwargError as error:
        at.at(error.kwarg).error(error.code, error.message, error.hint)
