"""What holds for every operator: it is documented, shown by examples, and tried."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest

from ai_data_engineer.document import Document
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.spec.spec import PipelineSpec

OPERATORS = all_operators()
CORE = (
    "select drop rename reorder derive filter cast parse_date clean_text map_values fill_null "
    "drop_null deduplicate join union aggregate window sort limit top_n pivot unpivot split explode "
    "extract flatten mask hash quarantine sample surrogate_key split_rows set_intersect "
    "set_difference round bin clip_outliers date_spine wide_to_long transpose subtitle_rows "
    "split_dataset asof_join scd2 watermark"
)


def test_the_operators_of_the_design_are_there():
    assert set(OPERATORS) == set(CORE.split())


def parts(model: type[Document]) -> list[type[Document]]:
    """A step and the documents that its module defines for its fields."""
    module = inspect.getmodule(model)
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Document)
        and not issubclass(value, Step)
        and value.__module__ == model.__module__
    ]
    return [model, *own]


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_and_parameter_says_what_it_does(op):
    for model in parts(OPERATORS[op]):
        assert model.__doc__ not in (None, Document.__doc__, Step.__doc__)
        undescribed = [
            name
            for name, info in model.model_fields.items()
            if name not in ("op", *Step.model_fields) and not info.description
        ]
        assert undescribed == []


@pytest.mark.parametrize("op", OPERATORS)
def test_every_example_is_a_step_that_survives_json(op):
    model = OPERATORS[op]
    assert model.examples
    inputs = ["orders", "customers"][: model.input_count[0]]
    for example in model.examples:
        step = model.model_validate({"id": "s", "inputs": inputs, "op": op, **example})
        assert model.from_json(step.to_json()) == step


@pytest.mark.parametrize("op", OPERATORS)
def test_a_parameter_that_there_is_not_is_refused(op):
    model = OPERATORS[op]
    inputs = ["orders", "customers"][: model.input_count[0]]
    with pytest.raises(ValueError, match="Extra inputs"):
        model.model_validate(
            {"id": "s", "inputs": inputs, **model.examples[0], "code": "import os"}
        )


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_has_cases(op):
    cases = "".join(
        p.read_text() for p in Path(__file__).parent.glob("test_*.py") if p != Path(__file__)
    )
    assert f'"{op}"' in cases


def test_the_schema_of_a_spec_names_every_operator():
    schema = json.dumps(PipelineSpec.model_json_schema())
    for op in OPERATORS:
        assert f'"const": "{op}"' in schema


@pytest.mark.parametrize("name", ["", "*", "^a$", "__reason", "__row", "x" * 256])
def test_names_that_polars_or_a_step_would_misread_are_refused(name):
    with pytest.raises(ValueError, match="columns"):
        OPERATORS["select"].model_validate({"id": "s", "inputs": ["a"], "columns": [name]})


@pytest.mark.parametrize("name", ["_", "_a", "a*", "a^$", " ", "é", "😀", "1"])
def test_other_names_are_taken(name):
    step = OPERATORS["select"].model_validate({"id": "s", "inputs": ["a"], "columns": [name]})
    assert step.columns == [name]
