"""Rules judged over rows that lie in a file: the same verdicts in less memory."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ai_data_engineer.rendering.runtime import judging
from ai_data_engineer.rendering.runtime.expectations import (
    Expectation,
    InOrder,
    OnSample,
    Rows,
    Unique,
    Values,
    Whole,
    conclude,
    measures,
    passes,
)

CRITICAL: dict[str, Any] = {"type": "expect", "severity": "critical"}
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 5),
        st.none() | st.sampled_from(["a", "b", ""]),
        st.none() | st.sampled_from([0.0, -0.0, float("nan"), 1.5]),
    ),
    max_size=20,
)
KEYS = [
    Unique(rule="id", columns=("id",), **CRITICAL),
    Unique(rule="share", columns=("share",), mostly=0.5, **CRITICAL),
    Unique(rule="two", columns=("id", "text"), **CRITICAL),
    Unique(rule="full", columns=("id", "text"), ignore_row_if="any_value_is_missing", **CRITICAL),
    Unique(rule="all", columns=("id", "text", "share"), ignore_row_if="never", **CRITICAL),
]


@pytest.mark.parametrize("at_once", [1, 2, 1_000_000])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_repeated_keys_are_counted_as_by_grouping_all_rows(
    monkeypatch: pytest.MonkeyPatch, at_once: int, rows: list[tuple[Any, ...]]
) -> None:
    monkeypatch.setattr(judging, "HASHES_AT_ONCE", at_once)
    schema = {"id": pl.Int64, "text": pl.String, "share": pl.Float64}
    table = pl.LazyFrame(rows, schema=schema, orient="row")

    grouped = conclude(KEYS, pl.collect_all(measures(table, KEYS)))

    assert list(judging.judge(table, KEYS)) == list(grouped)


def test_keys_of_lists_repeat_too() -> None:
    table = pl.LazyFrame({"tags": [[1, 2], [1], [1, 2], None]})
    rule = Unique(rule="tags", columns=("tags",), **CRITICAL)
    [verdict] = judging.judge(table, [rule])
    assert verdict == (rule, 3, 2, False)


def test_rules_share_a_pass_unless_one_needs_a_whole_column() -> None:
    rules: list[Expectation] = [
        Rows(rule="a", expected=pl.col("x") > 0, **CRITICAL),
        Whole(rule="median", holds_when=pl.col("x").median() > 0, apart=True, **CRITICAL),
        Whole(rule="b", holds_when=pl.col("x").max() > 0, **CRITICAL),
        InOrder(rule="order", column="x", **CRITICAL),
        Values(rule="few", column="x", holds_when=pl.len() < 9, **CRITICAL),
        Unique(rule="key", columns=("x",), **CRITICAL),
        OnSample(rule="json", **CRITICAL),
    ]

    assert [[rule.rule for rule in together] for _, together in passes(rules)] == [
        ["a", "b"],
        ["median"],
        ["order"],
        ["few", "key"],
    ]
    verdicts = judging.judge(pl.LazyFrame({"x": [1, 3, 2]}), rules)
    assert [(rule.rule, holds) for rule, _, _, holds in verdicts] == [
        ("a", True),
        ("median", True),
        ("b", True),
        ("order", False),
        ("few", True),
        ("key", True),
        ("json", None),
    ]
