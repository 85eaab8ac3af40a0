"""Our expectations against Great Expectations: the same verdict on the same rows."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import polars.selectors as cs
import pytest

from ai_data_engineer.rendering.quality import expectation_code
from ai_data_engineer.rendering.runtime import expectations as runtime
from ai_data_engineer.rendering.runtime.judging import judge
from ai_data_engineer.rendering.suite import suite_kwargs
from ai_data_engineer.spec.code import lit
from ai_data_engineer.spec.expectations.registry import all_expectations
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
        "other": [1, 2, 2, 5, None],
        "rest": [98, 96, 95, None, None],
        "moment": ["2024-02-29", "2024-2- 1", "2023-02-29", None, "29/02/24"],
        "payload": ['{"id": 1}', "{}", "[1", None, "null"],
    },
    schema_overrides={"amount": pl.Decimal(10, 2)},
)
SCHEMA = Schema({n: Column(LogicalType.from_polars(t)) for n, t in FULL.schema.items()})
DAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
VALUES: dict[str, Callable[[random.Random], object]] = {
    "id": lambda r: r.randint(1, 40),
    "price": lambda r: r.choice([0.0, 1.5, 2.0, 10.0, r.gauss(5, 3)]),
    "cost": lambda r: r.choice([1.0, 2.0, 3.0, float("inf"), r.gauss(5, 3)]),
    "code": lambda r: r.choice(["A1", "B22", "a1", "", "É1", "x\n", " A1"]),
    "paid": lambda r: r.random() < 0.7,
    "day": lambda r: DAY.date() + dt.timedelta(days=r.randint(0, 5)),
    "seen": lambda r: DAY + dt.timedelta(hours=r.randint(0, 90)),
    "amount": lambda r: Decimal(r.randint(-100, 500)) / 100,
    "empty": lambda r: None,
    "other": lambda r: r.randint(1, 5),
    "rest": lambda r: r.randint(90, 99),
    "moment": lambda r: r.choice(["2024-01-31", "2024-1-31", "31/12/99", "2024-06-31", "", "x"]),
    "payload": lambda r: r.choice(["{}", "[", '{"id": "a"}', "1"]),
}


def random_rows(
    seed: int, *, rows: int = 60, nulls: float = 0.2, nans: float = 0.0
) -> pl.DataFrame:
    source = random.Random(seed)

    def cell(name: str) -> object:
        if source.random() < nulls:
            return None
        if source.random() < nans and FULL.schema[name] == pl.Float64:
            return float("nan")
        return VALUES[name](source)

    return pl.DataFrame(
        {name: [cell(name) for _ in range(rows)] for name in FULL.columns}, schema=FULL.schema
    )


FRAMES = {
    "full": FULL,
    "one row": FULL.head(1),
    "no row": FULL.head(0),
    "no value": FULL.select(pl.lit(None, dtype=t).alias(n) for n, t in FULL.schema.items()),
    "random": random_rows(1),
    "random, sorted": random_rows(3).sort("id", "other"),
    "random, two rows": random_rows(4, rows=2),
    "random with NaN": random_rows(5, nans=0.2),
}

RULES: list[tuple[str, dict[str, Any]]] = [
    ("expect_table_row_count_to_be_between", {"min_value": 1}),
    ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 4}),
    ("expect_table_row_count_to_equal", {"value": 5}),
    ("expect_table_column_count_to_equal", {"value": 13}),
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
    ("expect_table_row_count_to_be_between", {"min_value": 5, "strict_min": True}),
    ("expect_table_column_count_to_be_between", {"min_value": 13, "max_value": 13}),
    ("expect_table_column_count_to_be_between", {"max_value": 3}),
    ("expect_column_value_lengths_to_be_between", {"column": "code", "max_value": 3, "strict_max": True, "mostly": 0.8}),
    ("expect_column_values_to_be_between", {"column": "price", "max_value": 2, "strict_max": True, "mostly": 0.4}),
    ("expect_column_values_to_be_between", {"column": "cost", "min_value": 0, "max_value": 100, "mostly": 0.7}),
    ("expect_column_values_to_be_between", {"column": "cost", "min_value": -100, "mostly": 0.9}),
    ("expect_column_values_to_be_between", {"column": "day", "min_value": "2024-01-02", "max_value": "2024-01-04", "mostly": 0.5}),
    ("expect_column_values_to_be_in_set", {"column": "day", "value_set": ["2024-01-01", "2024-01-02"], "mostly": 0.3}),
    ("expect_column_values_to_be_in_set", {"column": "price", "value_set": [1.5, 2, 10, 0], "mostly": 0.5}),
    ("expect_column_values_to_match_regex_list", {"column": "code", "regex_list": ["^[A-Z]", "[0-9]$"]}),
    ("expect_column_values_to_match_regex_list", {"column": "code", "regex_list": ["^[A-Z]", "1$"], "match_on": "all", "mostly": 0.4}),
    ("expect_column_values_to_not_match_regex_list", {"column": "code", "regex_list": ["^B", "^z"], "mostly": 0.7}),
    ("expect_column_values_to_not_match_regex_list", {"column": "code", "regex_list": ["^y", "^z"]}),
    ("expect_column_values_to_match_strftime_format", {"column": "moment", "strftime_format": "%Y-%m-%d", "mostly": 0.5}),
    ("expect_column_values_to_match_strftime_format", {"column": "moment", "strftime_format": "%Y-%m-%d", "mostly": 0.51}),
    ("expect_column_values_to_match_strftime_format", {"column": "moment", "strftime_format": "%d/%m/%y", "mostly": 0.25}),
    ("expect_column_median_to_be_between", {"column": "price", "min_value": 1, "max_value": 2}),
    ("expect_column_median_to_be_between", {"column": "amount", "min_value": 2.75, "max_value": 2.75}),
    ("expect_column_median_to_be_between", {"column": "other", "min_value": 2, "strict_min": True}),
    ("expect_column_median_to_be_between", {"column": "empty", "min_value": 2}),
    ("expect_column_stdev_to_be_between", {"column": "price", "min_value": 4, "max_value": 5}),
    ("expect_column_stdev_to_be_between", {"column": "other", "min_value": 1, "max_value": 1.6}),
    ("expect_column_stdev_to_be_between", {"column": "amount", "max_value": 1.5}),
    ("expect_column_stdev_to_be_between", {"column": "empty", "min_value": 0}),
    ("expect_column_mean_to_be_between", {"column": "price", "min_value": -100}),
    ("expect_column_mean_to_be_between", {"column": "cost", "max_value": 100}),
    ("expect_column_mean_to_be_between", {"column": "amount", "min_value": 2.5, "max_value": 3}),
    ("expect_column_sum_to_be_between", {"column": "price", "min_value": -100}),
    ("expect_column_sum_to_be_between", {"column": "amount", "max_value": 11}),
    ("expect_column_min_to_be_between", {"column": "seen", "min_value": "2024-01-01T00:00:00Z"}),
    ("expect_column_min_to_be_between", {"column": "cost", "min_value": -100}),
    ("expect_column_max_to_be_between", {"column": "cost", "min_value": 1}),
    ("expect_column_max_to_be_between", {"column": "other", "max_value": 5, "strict_max": True}),
    ("expect_column_proportion_of_non_null_values_to_be_between", {"column": "id", "min_value": 0.8}),
    ("expect_column_proportion_of_non_null_values_to_be_between", {"column": "empty", "max_value": 0.5}),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "id", "min_value": 0.75, "max_value": 0.75}),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "code", "max_value": 0.6}),
    ("expect_column_proportion_of_unique_values_to_be_between", {"column": "empty", "max_value": 0.6}),
    ("expect_column_unique_value_count_to_be_between", {"column": "price", "min_value": 4, "max_value": 20, "strict_min": True}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "code", "value_set": ["A1"]}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "code", "value_set": ["A1"], "ties_okay": True}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "id", "value_set": [3, 1], "ties_okay": True}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "id", "value_set": [3, 1]}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "empty", "value_set": [3, 1]}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "code", "value_set": ["A1", "B22", "a1"]}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "other", "value_set": [1, 2, 3, 4, 5]}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "empty", "value_set": [1]}),
    ("expect_column_distinct_values_to_contain_set", {"column": "code", "value_set": ["A1", "a1"]}),
    ("expect_column_distinct_values_to_contain_set", {"column": "other", "value_set": [1, 1, 2]}),
    ("expect_column_distinct_values_to_contain_set", {"column": "empty", "value_set": [1]}),
    ("expect_column_distinct_values_to_equal_set", {"column": "code", "value_set": ["A1", "a1", "B22"]}),
    ("expect_column_distinct_values_to_equal_set", {"column": "other", "value_set": [1, 2, 3, 4, 5]}),
    ("expect_column_distinct_values_to_equal_set", {"column": "other", "value_set": [1, 2, 5]}),
    ("expect_column_quantile_values_to_be_between", {"column": "price", "quantile_ranges": {"quantiles": [0.1, 0.5, 0.9], "value_ranges": [[-5, 1], [1, 2], [None, 10]]}}),
    ("expect_column_quantile_values_to_be_between", {"column": "other", "quantile_ranges": {"quantiles": [0.25, 0.75], "value_ranges": [[1, 2], [2, 4]]}, "allow_relative_error": "linear"}),
    ("expect_column_quantile_values_to_be_between", {"column": "other", "quantile_ranges": {"quantiles": [0.25, 0.75], "value_ranges": [[1, 2], [2, 4]]}, "allow_relative_error": "higher"}),
    ("expect_column_quantile_values_to_be_between", {"column": "id", "quantile_ranges": {"quantiles": [0.37, 0.61], "value_ranges": [[2, 16], [3, 25]]}}),
    ("expect_column_quantile_values_to_be_between", {"column": "amount", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[2.2, 3.3]]}, "allow_relative_error": "midpoint"}),
    ("expect_column_quantile_values_to_be_between", {"column": "empty", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[None, 3.3]]}}),
    ("expect_column_values_to_be_increasing", {"column": "id"}),
    ("expect_column_values_to_be_increasing", {"column": "id", "strictly": True}),
    ("expect_column_values_to_be_increasing", {"column": "id", "strictly": True, "mostly": 0.7}),
    ("expect_column_values_to_be_increasing", {"column": "seen", "strictly": True}),
    ("expect_column_values_to_be_increasing", {"column": "price", "mostly": 0.4}),
    ("expect_column_values_to_be_increasing", {"column": "amount"}),
    ("expect_column_values_to_be_increasing", {"column": "empty"}),
    ("expect_column_values_to_be_decreasing", {"column": "other"}),
    ("expect_column_values_to_be_decreasing", {"column": "other", "mostly": 0.5}),
    ("expect_column_values_to_be_decreasing", {"column": "seen", "mostly": 0.5, "strictly": True}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "price", "threshold": 1.3, "double_sided": True}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "price", "threshold": 1.3, "double_sided": False}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "other", "threshold": 1, "double_sided": False, "mostly": 0.7}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "other", "threshold": -1, "double_sided": True, "mostly": 0.7}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "amount", "threshold": 1.8, "double_sided": True}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "empty", "threshold": 1.8, "double_sided": True}),
    ("expect_column_values_to_not_be_outliers", {"column": "price"}),
    ("expect_column_values_to_not_be_outliers", {"column": "price", "method": "iqr", "multiplier": 0.5, "mostly": 0.6}),
    ("expect_column_values_to_not_be_outliers", {"column": "other", "method": "std", "multiplier": 1}),
    ("expect_column_values_to_not_be_outliers", {"column": "amount", "method": "std", "multiplier": 2}),
    ("expect_column_values_to_not_be_outliers", {"column": "amount", "method": "iqr", "multiplier": 0.1, "mostly": 0.5}),
    ("expect_column_values_to_not_be_outliers", {"column": "other", "method": "std", "multiplier": 0}),
    ("expect_column_values_to_not_be_outliers", {"column": "empty"}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "id", "column_B": "other"}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "id", "column_B": "other", "mostly": 0.5}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "price", "column_B": "cost", "mostly": 0.2}),
    ("expect_column_pair_values_to_be_in_set", {"column_A": "code", "column_B": "paid", "value_pairs_set": [["A1", True], ["B22", False], ["a1", True]]}),
    ("expect_column_pair_values_to_be_in_set", {"column_A": "code", "column_B": "other", "value_pairs_set": [["A1", 1], ["B22", 2], ["a1", 2]], "mostly": 0.1}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "cost", "column_B": "price", "or_equal": True, "mostly": 0.4}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["id", "other", "rest"], "sum_total": 100}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["id", "other", "rest"], "sum_total": 100, "mostly": 0.6}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["id", "other", "rest"], "sum_total": 100, "ignore_row_if": "any_value_is_missing"}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["price", "other"], "sum_total": 2.5, "ignore_row_if": "any_value_is_missing", "mostly": 0.1}),
    ("expect_multicolumn_values_to_be_equal", {"column_list": ["id", "other"]}),
    ("expect_multicolumn_values_to_be_equal", {"column_list": ["id", "other"], "mostly": 0.5}),
    ("expect_multicolumn_values_to_be_equal", {"column_list": ["id", "other"], "ignore_row_if": "any_value_is_missing", "mostly": 0.5}),
    ("expect_multicolumn_values_to_be_equal", {"column_list": ["price", "cost"], "ignore_row_if": "never", "mostly": 0.4}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["id", "other"]}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["id", "other", "rest"], "mostly": 0.3}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["id", "rest"], "ignore_row_if": "never"}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["id", "rest"], "ignore_row_if": "any_value_is_missing"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "code"], "ignore_row_if": "any_value_is_missing"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "code"], "ignore_row_if": "never", "mostly": 0.6}),
]  # fmt: skip


def ours(frame: pl.DataFrame, rules: list[tuple[str, dict[str, Any]]]) -> list[bool | None]:
    names = {"pl": pl, "dt": dt, "Decimal": Decimal, **vars(runtime)}
    compiled = [
        eval(  # our own code
            expectation_code(Expectation(on="rows", type=t, kwargs=k), f"rows_{n}", SCHEMA), names
        )
        for n, (t, k) in enumerate(rules)
    ]
    grouped = pl.collect_all(runtime.measures(frame.lazy(), compiled))
    concluded = list(runtime.conclude(compiled, grouped))
    assert list(judge(frame.lazy(), compiled)) == concluded
    return [holds for *_, holds in concluded]


def theirs(frame: pl.DataFrame, rules: list[tuple[str, dict[str, Any]]]) -> list[bool | None]:
    """Return its verdicts; None where it fails on the way, whatever it is given."""
    # Great Expectations compares decimals with floats as arrow does: not at all.
    frame = frame.with_columns(cs.decimal().cast(pl.Float64))
    verdicts = great_expectations_says(frame.to_pandas(use_pyarrow_extension_array=True), rules)
    # On arrow's own null it fails here and there; plain pandas has NaN instead.
    numbers = frame.select(cs.numeric().cast(pl.Float64))
    if not numbers.select(pl.any_horizontal(cs.all().is_nan().any())).item():
        again = [n for n, verdict in enumerate(verdicts) if verdict is None]
        for n, verdict in zip(
            again,
            great_expectations_says(numbers.to_pandas(), [rules[n] for n in again]),
            strict=True,
        ):
            verdicts[n] = verdict
    return verdicts


def great_expectations_says(
    frame: Any, rules: list[tuple[str, dict[str, Any]]]
) -> list[bool | None]:
    # It looks for PySpark, whose own needs may be at odds with those of other packages.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pyspark", None)
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
    batch = (
        context.data_sources.add_pandas("p")
        .add_dataframe_asset("a")
        .add_batch_definition_whole_dataframe("b")
        .get_batch({"dataframe": frame})
    )
    results = batch.validate(suite, result_format="BOOLEAN_ONLY").results
    by_rule = {
        r.expectation_config.meta["rule"]: (
            bool(r.success) if r.exception_info.get("raised_exception") is False else None
        )
        for r in results
    }
    return [by_rule[str(n)] for n in range(len(rules))]


def test_every_expectation_that_both_judge_is_compared() -> None:
    both = {
        name
        for name, kind in all_expectations().items()
        if kind.compile is not None and kind.on_pandas({"column_list": []}, SCHEMA)
    }
    assert {t for t, _ in RULES} == both


@pytest.mark.bundle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FRAMES)
def test_great_expectations_gives_the_same_verdict(name: str) -> None:
    frame = FRAMES[name]

    mine, gx = ours(frame, RULES), theirs(frame, RULES)

    verdicts = list(zip(RULES, mine, gx, strict=True))
    assert [v for v in verdicts if v[2] is not None and v[1] != v[2]] == []
    assert "NaN" in name or None not in gx


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
    text = r'"\); import os; \("'
    rule = Expectation(
        on="rows",
        type="expect_column_values_to_match_regex",
        kwargs={"column": "code", "regex": text},
    )
    assert lit(text) in expectation_code(rule, "rows_1", SCHEMA)
