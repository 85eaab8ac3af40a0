from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.specifying.prompt.wire import (
    read_wire,
    repair_schema,
    to_wire,
    wire_schema,
)
from ai_data_engineer.validating.schema_gate import check_schema

KNOWN_TO_ALL = {"type", "enum", "items", "properties", "required", "description", "nullable"}
FILTER = {"id": "paid", "op": "filter", "inputs": ["orders"], "where": "status = 'paid'"}


def words(schema: dict[str, Any]) -> Iterator[str]:
    yield from schema
    for inner in [*schema.get("properties", {}).values(), schema.get("items")]:
        yield from words(inner) if inner else ()


@pytest.mark.parametrize("schema", [wire_schema(), repair_schema()], ids=["first", "repair"])
def test_a_schema_is_in_words_that_all_services_know_and_small(schema: dict[str, Any]) -> None:
    assert set(words(schema)) <= KNOWN_TO_ALL
    assert len(json.dumps(schema)) < 2500
    steps = schema["properties"]["steps"]["items"]["properties"]
    assert steps["op"]["enum"] == list(all_operators())


def test_no_object_of_a_schema_is_without_properties() -> None:
    def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if schema.get("type") == "object":
            yield schema
        for inner in [*schema.get("properties", {}).values(), schema.get("items")]:
            yield from objects(inner) if inner else ()

    assert all(found["properties"] for found in objects(wire_schema()))


@pytest.mark.parametrize(
    "step",
    [
        {**FILTER},
        {"id": "paid", "op": "filter", "inputs": "orders", "where": "status = 'paid'"},
        {"id": "paid", "op": "filter", "inputs": ["orders"], "params": {"where": "status = 'paid'"}},
        {
            "id": "paid",
            "op": "filter",
            "inputs": ["orders"],
            "params": '{"where": "status = \'paid\'"}',
        },
        {
            "id": "paid",
            "op": "filter",
            "inputs": ["orders"],
            "params": json.dumps('{"where": "status = \'paid\'"}'),
        },
        {**FILTER, "params": ""},
        {**FILTER, "params": None, "note": None},
        {**FILTER, "params": {"id": "other", "inputs": ["other"]}},
    ],
    ids=[
        "laid flat", "one input", "an object", "JSON text", "text of a text", "empty text", "nulls",
        "names of its own",
    ],
)  # fmt: skip
def test_a_step_is_read_however_its_parameters_stand(step: dict[str, Any]) -> None:
    assert read_wire({"steps": [step]}) == {"steps": [FILTER]}


@pytest.mark.parametrize(
    "params", ["not JSON", "[1]", "7", '{"where": ', [1], 7, "[" * 100_000, "9" * 5000]
)
def test_parameters_that_cannot_be_read_are_left_for_the_schema_gate(params: Any) -> None:
    step = {"id": "paid", "op": "filter", "inputs": ["orders"], "params": params}

    document = read_wire({"steps": [step], "outputs": []})

    assert document["steps"] == [step]
    findings = check_schema(document)[1]
    assert "/steps/0/params" in {finding.pointer for finding in findings}


def test_nulls_are_dropped_where_nothing_is_said_and_kept_where_they_are_values() -> None:
    step = {
        "id": "named", "op": "map_values", "inputs": ["orders"],
        "params": {"column": "status", "mapping": {"?": None}, "into": None},
    }  # fmt: skip
    figures = {
        "id": "sums", "op": "aggregate", "inputs": ["named"],
        "params": {"figures": [{"name": "n", "function": "count", "column": None}]},
    }  # fmt: skip

    document = read_wire({"steps": [step, figures], "schedule": None, "sources": None})

    assert document == {
        "steps": [
            {
                "id": "named", "op": "map_values", "inputs": ["orders"],
                "column": "status", "mapping": {"?": None},
            },
            {
                "id": "sums", "op": "aggregate", "inputs": ["named"],
                "figures": [{"name": "n", "function": "count"}],
            },
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        {"on": "a", "type": "expect_column_to_exist", "kwargs": {"column": "x"}},
        {"on": "a", "type": "expect_column_to_exist", "kwargs": '{"column": "x"}'},
        {"on": "a", "type": "expect_column_to_exist", "column": "x"},
        {"on": "a", "type": "expect_column_to_exist", "kwargs": {"column": "x"}, "severity": None},
    ],
    ids=["an object", "JSON text", "laid flat", "nulls"],
)
def test_an_expectation_is_read_however_its_kwargs_stand(rule: dict[str, Any]) -> None:
    read = {"on": "a", "type": "expect_column_to_exist", "kwargs": {"column": "x"}}
    assert read_wire({"expectations": [rule]}) == {"expectations": [read]}


@pytest.mark.parametrize("steps", [None, 7, "x", ["x"], [None], [[FILTER]], [{"id": 1}], {}])
def test_what_is_no_step_does_not_stop_the_reading(steps: Any) -> None:
    read_wire({"steps": steps, "outputs": [None, 3], "expectations": "?"})


def test_what_is_one_object_in_place_of_a_list_is_a_list_of_it() -> None:
    assert read_wire({"steps": FILTER})["steps"] == [FILTER]


def test_unknown_keys_stay_for_the_schema_gate() -> None:
    assert read_wire({"stages": [1], "steps": []}) == {"stages": [1], "steps": []}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["steps", "id", "op", "inputs", "params", "kwargs", "on", "x"]), inner
        )
    ),
)


@given(
    json_values
    | st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("steps", "outputs", "expectations", "remove"), json_values)
    )
)
def test_nothing_is_raised_for_any_json_and_what_was_asked_is_not_changed(answer: Any) -> None:
    before = json.dumps(answer)
    read_wire(answer)
    assert json.dumps(answer) == before


def test_a_document_goes_to_the_wire_and_back() -> None:
    document = {"steps": [FILTER], "expectations": []}
    assert to_wire(document)["steps"][0]["params"] == {"where": "status = 'paid'"}
    assert read_wire(to_wire(document)) == document
