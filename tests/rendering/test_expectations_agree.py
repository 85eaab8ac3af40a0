"""Our expectations against Great Expectations: the same verdict on the same rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import polars.selectors as cs
import pytest

from ai_data_engineer.rendering.quality import expectation_code
from ai_data_engineer.rendering.runtime import expectations as runtime
from ai_data_engineer.rendering.suite import suite_kwargs
from ai_data_engineer.spec.code import lit
from ai_data_engineer.spec.expectations import EXPECTATIONS
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.spec import Expectation
from ai_data_engineer.types import LogicalType

FULL = pl.DataFrame(
    {
        "id": [1, 2, 3, 3, None],
        "price": [1.5, 2.0, -1.0, None, 10.0],
        "cost": [1.0, 2.0, 3.0, None, None],
        "code": ["A1", "B22", "a1", None, "A1"],
        "paid": [True, False, None, True, True],
        "day": [dt.date(2024, 1, d) for d in (1, 2, 3, 4)] + [None],
        "seen": [dt.datetime(2024, 1, d, tzinfo=dt.UTC) for d in (1, 2, 3, 4)] + [None],
        "amount": [Decimal("1.10"), Decimal("2.20"), None, Decimal("3.30"), Decimal("4.40")],
        "empty": pl.Series([None] * 5, dtype=pl.Int64),
    },
    schema_overrides={"amount": pl.Decimal(10, 2)},
)
FRAMES = {"full": FULL, "one row": FULL.head(1), "no row": FULL.head(0)}
SCHEMA = Schema({n: Column(LogicalType.from_polars(t)) for n, t in FULL.schema.items()})

RULES: list[tuple[str, dict[str, Any]]] = [
    ("expect_table_row_count_to_be_between", {"min_value": 1}),
    ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 4}),
    ("expect_table_row_count_to_equal", {"value": 5}),
    ("expect_table_column_count_to_equal", {"value": 9}),
    ("expect_table_column_count_to_equal", {"value": 3}),
    ("expect_table_columns_to_match_set", {"column_set": ["id", "price"]}),
    ("expect_table_columns_to_match_set", {"column_set": ["id"], "exact_match": False}),
    ("expect_table_columns_to_match_set", {"column_set": list(reversed(FULL.columns))}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": FULL.columns}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": FULL.columns[::-1]}),
    ("expect_column_to_exist", {"column": "id"}),
    ("expect_column_values_to_not_be_null", {"column": "id"}),
    ("expect_column_values_to_not_be_null", {"column": "id", "mostly": 0.8}),
    ("expect_column_values_to_not_be_null", {"column": "empty"}),
    ("expect_column_values_to_be_null", {"column": "empty"}),
    ("expect_column_values_to_be_null", {"column": "id", "mostly": 0.1}),
    ("expect_column_values_to_be_unique", {"column": "id"}),
    ("expect_column_values_to_be_unique", {"column": "id", "mostly": 0.5}),
    ("expect_column_values_to_be_unique", {"column": "price"}),
    ("expect_column_values_to_be_unique", {"column": "empty"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "code"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["code", "paid"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "empty"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "empty"], "mostly": 0.5}),
    ("expect_column_values_to_be_between", {"column": "price", "min_value": 0}),
    ("expect_column_values_to_be_between", {"column": "price", "min_value": 0, "mostly": 0.75}),
    ("expect_column_values_to_be_between", {"column": "price", "min_value": -1, "strict_min": True}),
    ("expect_column_values_to_be_between", {"column": "id", "min_value": 1, "max_value": 3}),
    ("expect_column_values_to_be_between", {"column": "empty", "min_value": 1}),
    ("expect_column_values_to_be_between", {"column": "day", "min_value": "2024-01-02"}),
    ("expect_column_values_to_be_between", {"column": "day", "max_value": "2024-01-04"}),
    ("expect_column_values_to_be_between", {"column": "seen", "min_value": "2024-01-01T00:00:00Z"}),
    ("expect_column_values_to_be_between", {"column": "seen", "max_value": "2024-01-02T00:00:00Z"}),
    ("expect_column_values_to_be_between", {"column": "amount", "min_value": 1.1}),
    ("expect_column_values_to_be_between", {"column": "amount", "max_value": 4}),
    ("expect_column_values_to_be_in_set", {"column": "code", "value_set": ["A1", "B22", "a1"]}),
    ("expect_column_values_to_be_in_set", {"column": "code", "value_set": ["A1"], "mostly": 0.5}),
    ("expect_column_values_to_be_in_set", {"column": "code", "value_set": ["A1"], "mostly": 0.6}),
    ("expect_column_values_to_be_in_set", {"column": "id", "value_set": [1, 2, 3.0]}),
    ("expect_column_values_to_be_in_set", {"column": "paid", "value_set": [True]}),
    ("expect_column_values_to_be_in_set", {"column": "paid", "value_set": [True, False]}),
    ("expect_column_values_to_not_be_in_set", {"column": "code", "value_set": ["B22"]}),
    ("expect_column_values_to_not_be_in_set", {"column": "code", "value_set": ["Z"]}),
    ("expect_column_values_to_match_regex", {"column": "code", "regex": "^[A-Z][0-9]+$"}),
    ("expect_column_values_to_match_regex", {"column": "code", "regex": "[0-9]"}),
    ("expect_column_values_to_match_regex", {"column": "code", "regex": "^[A-Z]", "mostly": 0.7}),
    ("expect_column_values_to_not_match_regex", {"column": "code", "regex": "^a"}),
    ("expect_column_values_to_not_match_regex", {"column": "code", "regex": "x"}),
    ("expect_column_value_lengths_to_be_between", {"column": "code", "min_value": 2}),
    ("expect_column_value_lengths_to_be_between", {"column": "code", "max_value": 2}),
    ("expect_column_value_lengths_to_equal", {"column": "code", "value": 2}),
    ("expect_column_min_to_be_between", {"column": "price", "min_value": -1}),
    ("expect_column_min_to_be_between", {"column": "price", "min_value": -1, "strict_min": True}),
    ("expect_column_min_to_be_between", {"column": "empty", "min_value": 0}),
    ("expect_column_max_to_be_between", {"column": "price", "max_value": 10, "min_value": 0}),
    ("expect_column_max_to_be_between", {"column": "day", "max_value": "2024-01-03"}),
    ("expect_column_mean_to_be_between", {"column": "price", "min_value": 3, "max_value": 3.2}),
    ("expect_column_mean_to_be_between", {"column": "empty", "min_value": 0}),
    ("expect_column_sum_to_be_between", {"column": "id", "min_value": 9, "max_value": 9}),
    ("expect_column_sum_to_be_between", {"column": "empty", "min_value": 0}),
    ("expect_column_unique_value_count_to_be_between", {"column": "id", "max_value": 3}),
    ("expect_column_unique_value_count_to_be_between", {"column": "empty", "max_value": 3}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "price", "column_B": "cost"}),
    (
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "price", "column_B": "cost", "or_equal": True, "mostly": 0.5},
    ),
    (
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "id", "column_B": "empty", "mostly": 0.1},
    ),
]  # fmt: skip


def ours(frame: pl.DataFrame, rules: list[tuple[str, dict[str, Any]]]) -> list[bool]:
    names = {"pl": pl, "dt": dt, "Decimal": Decimal, **vars(runtime)}
    compiled = [
        eval(  # our own code
            expectation_code(Expectation(on="rows", type=t, kwargs=k), f"rows_{n}", SCHEMA), names
        )
        for n, (t, k) in enumerate(rules)
    ]
    measured = pl.collect_all(runtime.measures(frame.lazy(), compiled))
    return [holds for *_, holds in runtime.conclude(compiled, measured)]


def theirs(frame: pl.DataFrame, rules: list[tuple[str, dict[str, Any]]]) -> list[bool]:
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    suite = gx.ExpectationSuite(
        name="all",
        expectations=[
            {
                "type": t,
                "kwargs": suite_kwargs(Expectation(on="rows", type=t, kwargs=k)),
                "severity": "critical",
                "meta": {"rule": str(n)},
            }
            for n, (t, k) in enumerate(rules)
        ],
    )
    assert len(suite.expectations) == len(rules)
    # Great Expectations compares decimals with floats as arrow does: not at all.
    frame = frame.with_columns(cs.decimal().cast(pl.Float64))
    batch = (
        context.data_sources.add_pandas("p")
        .add_dataframe_asset("a")
        .add_batch_definition_whole_dataframe("b")
        .get_batch({"dataframe": frame.to_pandas(use_pyarrow_extension_array=True)})
    )
    results = batch.validate(suite, result_format="BOOLEAN_ONLY").results
    by_rule = {r.expectation_config.meta["rule"]: r.success for r in results}
    return [by_rule[str(n)] for n in range(len(rules))]


def test_every_expectation_of_the_table_is_compared() -> None:
    assert {t for t, _ in RULES} == set(EXPECTATIONS)


@pytest.mark.bundle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FRAMES)
def test_great_expectations_gives_the_same_verdict(name: str) -> None:
    frame = FRAMES[name]

    mine, gx = ours(frame, RULES), theirs(frame, RULES)

    different = [(r, m, g) for r, m, g in zip(RULES, mine, gx, strict=True) if m != g]
    assert different == []


def test_a_value_of_another_type_is_refused() -> None:
    from ai_data_engineer.errors import SpecError

    rule = Expectation(
        on="rows",
        type="expect_column_values_to_be_between",
        kwargs={"column": "day", "min_value": "soon"},
    )
    with pytest.raises(
        SpecError, match="E_TYPE expectation rows_1: A value of an expectation is not a date"
    ):
        expectation_code(rule, "rows_1", SCHEMA)


def test_a_regex_is_a_literal_whatever_it_holds() -> None:
    text = '"); import os; ("'
    rule = Expectation(
        on="rows",
        type="expect_column_values_to_match_regex",
        kwargs={"column": "code", "regex": text},
    )
    assert lit(text) in expectation_code(rule, "rows_1", SCHEMA)
