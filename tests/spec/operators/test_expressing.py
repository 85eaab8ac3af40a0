"""filter, derive, quarantine: operators that take SQL expressions."""

import pytest

from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.derive import Derive
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import STRING

T = {"a": "int64", "t": "string"}
ROWS = [(1, "x"), (-2, "y"), (None, "ž"), (4, None)]


def test_filter_keeps_rows_for_which_the_condition_is_true(run, table):
    assert run({"op": "filter", "where": "a > 0"}, table(T, ROWS)).rows == [ROWS[0], ROWS[3]]


@pytest.mark.parametrize(("where", "kept"), [("TRUE", ROWS), ("FALSE", []), ("NULL", [])])
def test_a_condition_may_be_a_constant(run, table, where, kept):
    assert run({"op": "filter", "where": where}, table(T, ROWS)).rows == kept
    away = run({"op": "quarantine", "where": where, "reason": "x"}, table(T, ROWS))
    assert away.rows == (ROWS if kept == [] else [])


def test_derived_columns_see_the_columns_as_they_come_in(run, table):
    result = run(
        {"op": "derive", "columns": {"b": "a + 1", "a": "a * 2", "c": "a - 1"}}, table(T, ROWS)
    )
    assert list(result.columns) == ["a", "t", "b", "c"]
    assert result.rows == [
        (2, "x", 2, 0),
        (-4, "y", -1, -3),
        (None, "ž", None, None),
        (8, None, 5, 3),
    ]


def test_a_derived_constant_stands_in_every_row(run, table):
    result = run({"op": "derive", "columns": {"c": "1", "d": "'x'"}}, table(T, ROWS))
    assert [row[2:] for row in result.rows] == [(1, "x")] * 4


def test_quarantine_sets_aside_only_what_is_surely_bad(run, table):
    params = {"op": "quarantine", "where": "a < 0", "reason": 'less than "nothing"\n{}'}
    result = run(params, table(T, ROWS))
    assert result.rows == [ROWS[0], ROWS[2], ROWS[3]]
    assert result.rejects == [(-2, "y", 'less than "nothing"\n{}')]


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"op": "filter", "where": "z > 0"}, "/where"),
        ({"op": "filter", "where": "a + 1"}, "/where"),
        ({"op": "derive", "columns": {"b": "z"}}, "/columns/b"),
        ({"op": "derive", "columns": {"b": "a +"}}, "/columns/b"),
        ({"op": "quarantine", "where": "t", "reason": "x"}, "/where"),
        (
            {
                "op": "aggregate",
                "figures": [{"name": "n", "function": "count", "where": "a"}],
            },
            "/figures/0/where",
        ),
    ],
)
def test_a_wrong_expression_is_found_where_it_stands(problems, table, params, place):
    assert [pointer for _, pointer in problems(params, table(T))] == [place]


@pytest.mark.parametrize(
    ("expression", "pii"),
    [("UPPER(email)", "email"), ("email", "email"), ("LENGTH(email)", None), ("'x'", None)],
)
def test_text_made_of_personal_data_is_personal_data(expression, pii):
    step = Derive(id="s", inputs=["a"], columns={"x": expression})
    schema = step.propagate([Schema({"email": Column(STRING, pii="email")})], Findings())
    assert schema is not None
    assert schema["x"].pii == pii
