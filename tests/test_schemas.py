from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from ai_data_engineer.schemas import FOLDER, documents, rendered
from ai_data_engineer.spec.operators.registry import all_operators


def test_the_files_are_those_that_the_models_give() -> None:
    stale = [path.name for path, text in rendered().items() if path.read_text() != text]
    assert stale == [], "run `make schemas`"
    assert {path.name for path in FOLDER.iterdir()} == {path.name for path in rendered()}


@pytest.mark.parametrize("name", documents())
def test_each_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((FOLDER / f"{name}.schema.json").read_text()))


def test_every_operator_is_described_in_the_spec_schema() -> None:
    schema = json.loads((FOLDER / "pipeline-spec.schema.json").read_text())
    for op, model in all_operators().items():
        described = schema["$defs"][model.__name__]
        assert described["properties"]["op"]["const"] == op
        assert described["description"]
        assert described["additionalProperties"] is False
