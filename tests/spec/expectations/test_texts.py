"""Tests of texts that Great Expectations does not judge on pandas, or judges value by value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.rendering.quality import expectation_code
from ai_data_engineer.rendering.runtime import expectations as runtime
from ai_data_engineer.rendering.runtime.judging import judge
from ai_data_engineer.spec.expectations.registry import KwargError
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.spec import Expectation
from ai_data_engineer.types import STRING

SCHEMA = Schema({"text": Column(STRING)})


def wrong(texts: list[str | None], kind: str, **kwargs: Any) -> int:
    """Return how many of the texts a rule does not expect."""
    expectation = Expectation(on="rows", type=f"expect_{kind}", kwargs={"column": "text", **kwargs})
    rule = eval(expectation_code(expectation, "rows_1", SCHEMA), {"pl": pl, **vars(runtime)})
    frame = pl.LazyFrame({"text": texts}, schema={"text": pl.String})
    [(_, _, unexpected, _)] = judge(frame, [rule])
    assert unexpected is not None
    return unexpected


MOMENTS = {
    "%Y-%m-%d": ["2024-02-29", "2023-02-29", "2024-2-9", "2024- 2-9", "2024-2- 9", "2024-13-01", "0000-01-01", "24-01-01", "2024-01-01 ", " 2024-01-01", "2024-04-31", "2024-001-01"],
    "%d.%m.%y": ["29.02.00", "29.02.68", "29.02.69", "29.02.71", "31.12.99", "1.1.1", "01.01.2024"],
    "%d %b %Y": ["29 FEB 2024", "29 feb 2023", "31 Sept 2024", "1 may 2024", "31 jun 2024"],
    "%A, %d %B %Y": ["Monday, 01 January 2024", "mon, 1 May 2024", "Friday, 30 february 2024"],
    "%Y%m%d": ["20240131", "2024131", "202411", "20241131", "2024113"],
    "%Y-%m-%dT%H:%M:%S": ["2024-01-01T23:59:59", "2024-01-01T24:00:00", "2024-01-01t1:2:3", "2024-01-01T23:59:60"],
    "%H:%M:%S.%f": ["12:00:00.1", "12:00:00.1234567", "12:00:00.", "1:1:1.000001"],
    "%I:%M %p": ["12:00 am", "00:00 AM", "13:00 pm", "1:5  PM", "1:5PM"],
    "%m-%d": ["02-29", "02-28", "1-1"],
    "100%% %Y": ["100% 2024", "100 2024"],
}  # fmt: skip


def reads(text: str, form: str) -> bool:
    try:
        dt.datetime.strptime(text, form)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("form", MOMENTS)
def test_a_moment_is_what_strptime_of_python_reads(form: str) -> None:
    ours = {
        text: wrong([text], "column_values_to_match_strftime_format", strftime_format=form) == 0
        for text in MOMENTS[form]
    }
    assert ours == {text: reads(text, form) for text in MOMENTS[form]}
    assert True in ours.values()


@given(st.text(alphabet="0123459- /", max_size=11))
def test_a_text_is_a_date_where_python_says_so(text: str) -> None:
    kind = "column_values_to_match_strftime_format"
    assert (wrong([text], kind, strftime_format="%Y-%m-%d") == 0) == reads(text, "%Y-%m-%d")


@pytest.mark.parametrize("form", ["%Y-%m-%d %z", "%s", "%Y %Y", "%"])
def test_a_format_that_cannot_be_judged_is_refused(form: str) -> None:
    with pytest.raises(KwargError, match=r"Use %Y, %y"):
        wrong([""], "column_values_to_match_strftime_format", strftime_format=form)


@pytest.mark.parametrize("pattern", ["A%", "%1", "A_", "%", "_", "a%b_c", "10!%", "a.c", "%B%", ""])
def test_like_is_the_like_of_sql(pattern: str) -> None:
    texts = ["A1", "a1", "", "A", "10%", "10x", "abc", "a.c", "aXXbYc", "A\nB", None]
    kwargs = {"like_pattern": pattern, "escape": "!"}
    theirs = duckdb.execute(
        "select count(*) from unnest($1::text[]) t(x) where not (x like $2 escape '!')",
        [texts, pattern],
    ).fetchone()

    assert theirs == (wrong(texts, "column_values_to_match_like_pattern", **kwargs),)


@pytest.mark.parametrize(
    ("kind", "kwargs", "unexpected"),
    [
        ("column_values_to_not_match_like_pattern", {"like_pattern": "A%"}, 2),
        ("column_values_to_match_like_pattern_list", {"like_pattern_list": ["A%", "%2"]}, 1),
        (
            "column_values_to_match_like_pattern_list",
            {"like_pattern_list": ["A%", "%2"], "match_on": "all"},
            2,
        ),
        ("column_values_to_not_match_like_pattern_list", {"like_pattern_list": ["A%", "%2"]}, 2),
    ],
)
def test_patterns_are_joined_as_their_type_says(
    kind: str, kwargs: dict[str, Any], unexpected: int
) -> None:
    assert wrong(["A1", "A2", "b", None], kind, **kwargs) == unexpected


def test_a_pattern_that_ends_in_its_escape_character_is_refused() -> None:
    with pytest.raises(KwargError, match="escape"):
        wrong([""], "column_values_to_match_like_pattern", like_pattern="a!", escape="!")
