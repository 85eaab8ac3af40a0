"""Expectations as polars code: each becomes one rule of the rendered `quality.py`.

The rules are instances of the classes in `runtime/expectations.py`; the semantics are those of
Great Expectations, and a test holds the two against each other.
"""

from __future__ import annotations

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.code import Code, code, join, lit
from ai_data_engineer.spec.expectations.registry import Rule, all_expectations
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Expectation


def expectation_code(expectation: Expectation, rule: str, schema: Schema) -> Code:
    """Return the constructor call of the rule; raises SpecError for one that cannot be told.

    `rule` is the name under which results are reported.
    """
    kind = all_expectations().get(expectation.type)
    if kind is None:
        raise SpecError(
            f"There is no expectation `{expectation.type[:80]}` here.",
            code="E_UNKNOWN_EXPECTATION",
            location=f"expectation {rule}",
        )
    try:
        compiled = kind.compile(expectation.kwargs, schema) if kind.compile else Rule("OnSample")
    except SpecError as error:
        error.location = f"expectation {rule}"
        raise
    arguments = {
        "rule": lit(rule),
        "type": lit(expectation.type),
        "severity": lit(expectation.severity),
        "kwargs": lit(dict(expectation.kwargs)),
        **compiled.arguments,
    }
    return code(
        "{name}({arguments})",
        name=Code(compiled.kind),
        arguments=join(
            code("{key}={value}", key=Code(k), value=v)
            for k, v in arguments.items()
            if v is not None
        ),
    )
