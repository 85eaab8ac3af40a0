"""The expectations as Great Expectations' own suite files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_data_engineer.spec.expectations.registry import all_expectations
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import Expectation, PipelineSpec

_STORES = {
    "expectations_store": ("ExpectationsStore", "expectations/"),
    "validation_definition_store": ("ValidationDefinitionStore", "validation_definitions/"),
    "checkpoint_store": ("CheckpointStore", "checkpoints/"),
    "validation_results_store": ("ValidationResultsStore", "uncommitted/validations/"),
}


def configuration() -> dict[str, Any]:
    """Return `gx/great_expectations.yml`: what `get_context(mode="file")` needs to load `gx/`.

    Without it Great Expectations writes its own, with random ids and a folder for everything.
    """
    return {
        "config_version": 4,
        "analytics_enabled": False,
        "stores": {
            name: {
                "class_name": kind,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": folder,
                    "suppress_store_backend_id": True,
                },
            }
            for name, (kind, folder) in _STORES.items()
        },
        "expectations_store_name": "expectations_store",
        "checkpoint_store_name": "checkpoint_store",
        "validation_results_store_name": "validation_results_store",
        "data_docs_sites": {},
    }


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


def not_comparable(spec: PipelineSpec, schemas: Mapping[str, Schema]) -> list[str]:
    """Return the rules that Great Expectations does not judge on pandas as they are meant here."""
    inputs = {output.id: output.input for output in spec.outputs}
    return [
        rule
        for place, expectations in expectations_by_place(spec).items()
        for rule, expectation in expectations
        if not all_expectations()[expectation.type].on_pandas(
            expectation.kwargs, schemas[place if place in schemas else inputs[place]]
        )
    ]


def suite_kwargs(expectation: Expectation) -> dict[str, Any]:
    """Return the kwargs as Great Expectations needs them to mean what a spec means."""
    kwargs = dict(expectation.kwargs)
    if expectation.type.startswith("expect_column_pair_"):
        # Its default judges rows with one value missing, and then fails on its own null.
        kwargs["ignore_row_if"] = "either_value_is_missing"
    return kwargs
