"""The expectations as Great Expectations' own suite files."""

from __future__ import annotations

from typing import Any

from ai_data_engineer.spec.spec import Expectation, PipelineSpec


def suites(spec: PipelineSpec) -> dict[str, dict[str, Any]]:
    """Return a suite for each place that has expectations: id → the file's content as JSON.

    A suite and its file are named after the place; each rule carries its name in `meta.rule`.
    Great Expectations would give each rule a random id; there is none, so the bytes stay the same.
    """
    return {
        place: {
            "name": place,
            "expectations": [
                {
                    "type": expectation.type,
                    "kwargs": suite_kwargs(expectation),
                    "severity": expectation.severity,
                    "meta": {
                        "rule": rule,
                        **({"notes": expectation.note} if expectation.note else {}),
                    },
                }
                for rule, expectation in expectations
            ],
            "meta": {"great_expectations_version": "1.24.1"},
        }
        for place, expectations in expectations_by_place(spec).items()
    }


def expectations_by_place(spec: PipelineSpec) -> dict[str, list[tuple[str, Expectation]]]:
    """Return place → (name of the rule, expectation), both in the order of the spec."""
    places: dict[str, list[tuple[str, Expectation]]] = {}
    for expectation in spec.expectations:
        rules = places.setdefault(expectation.on, [])
        rules.append((f"{expectation.on}_{len(rules) + 1}", expectation))
    return places


def suite_kwargs(expectation: Expectation) -> dict[str, Any]:
    """Return the kwargs as Great Expectations needs them to mean what a spec means."""
    kwargs = dict(expectation.kwargs)
    if expectation.type.startswith("expect_column_pair_"):
        # Its default judges rows with one value missing, and then fails on its own null.
        kwargs["ignore_row_if"] = "either_value_is_missing"
    return kwargs
