"""The registry of expectation types: complete, and each with an example that works."""

from __future__ import annotations

import re
import sys

import pytest
from jsonschema import Draft202012Validator

from ai_data_engineer.spec.expectations.on_sample import REFUSED
from ai_data_engineer.spec.expectations.registry import all_expectations


@pytest.mark.bundle
@pytest.mark.filterwarnings("ignore")
def test_every_type_that_great_expectations_registers_is_judged_or_refused_by_name() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pyspark", None)
        from great_expectations.expectations.registry import (
            list_registered_expectation_implementations,
        )

    assert {*all_expectations(), *REFUSED} == set(list_registered_expectation_implementations())


@pytest.mark.parametrize("name", all_expectations())
def test_the_example_of_a_type_keeps_its_own_schema(name: str) -> None:
    kind = all_expectations()[name]
    Draft202012Validator.check_schema(kind.schema)
    assert list(Draft202012Validator(kind.schema).iter_errors(dict(kind.example))) == []
    assert not kind.one_of or set(kind.one_of) & set(kind.example)


def test_what_only_great_expectations_judges_is_little() -> None:
    alone = [name for name, kind in all_expectations().items() if kind.compile is None]
    assert alone == [
        "expect_column_kl_divergence_to_be_less_than",
        "expect_column_values_to_be_dateutil_parseable",
        "expect_column_values_to_be_json_parseable",
        "expect_column_values_to_match_json_schema",
    ]


def test_names_are_those_that_a_spec_may_hold() -> None:
    assert all(re.fullmatch(r"expect_[a-z_]+", name) for name in all_expectations())
