import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot.tokens import Tokenizer

from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.specifying.offline.predicates import (
    Compared,
    Condition,
    Missing,
    OneOf,
    TextHas,
    identifier,
    literal,
    several,
)
from ai_data_engineer.specifying.offline.vocabulary import Field, Ref
from ai_data_engineer.types import BOOLEAN, INT64, STRING

WORDS = sorted({w for k in Tokenizer.KEYWORDS for w in k.lower().split() if w.isidentifier()})
FUNCTION_NAMES = ["year", "month", "left", "right", "replace", "contains", "round", "length"]


def ref(name: str) -> Ref:
    return Ref(name, Field(name, INT64), (("t", name),))


def plainly(condition: Condition) -> str:
    return condition.sql(lambda r: r.name)


@pytest.mark.parametrize("name", [*WORDS, *FUNCTION_NAMES])
def test_every_column_name_is_written_so_that_sql_reads_a_column(name: str) -> None:
    compiled = compile_expression(f"{identifier(name)} > 1", Schema({name: Column(INT64)}))
    assert compiled.columns == {name}


@given(st.text(min_size=1, max_size=20).filter(lambda s: s.isprintable()), st.text(max_size=20))
def test_no_name_and_no_text_leaves_its_place(name: str, text: str) -> None:
    schema = Schema({name: Column(STRING)})
    condition = f"{identifier(name)} = {literal(text)}"
    compiled = compile_expression(condition, schema)
    assert compiled.type == BOOLEAN
    assert compiled.columns == {name}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3, "3"),
        (-2.50, "-2.5"),
        (1e15, "1000000000000000"),
        (True, "TRUE"),
        ("it's", "'it''s'"),
        (dt.date(2024, 2, 29), "DATE '2024-02-29'"),
        (dt.datetime(2024, 2, 29, 7, 5), "TIMESTAMP '2024-02-29 07:05:00'"),
    ],
)
def test_values_are_written_as_sql(value: object, written: str) -> None:
    assert literal(value) == written  # type: ignore[arg-type]


A, B = Compared(ref("a"), ">", 1), Compared(ref("b"), "=", "x")


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        (several([A, B], "AND"), "a > 1 AND b = 'x'"),
        (several([A, several([A, B], "OR")], "AND"), "a > 1 AND (a > 1 OR b = 'x')"),
        (several([A, several([A, B], "AND")], "OR"), "a > 1 OR (a > 1 AND b = 'x')"),
        (several([A, B.negated()], "AND"), "a > 1 AND (b <> 'x' OR b IS NULL)"),
        (several([A, B], "AND").negated(), "a <= 1 OR b <> 'x' OR a IS NULL OR b IS NULL"),
        (OneOf(ref("a"), (1, 2)).negated(), "a NOT IN (1, 2) OR a IS NULL"),
        (Missing(ref("a")).negated(), "a IS NOT NULL"),
    ],
)
def test_conditions_bracket_what_an_or_holds_together(condition: Condition, written: str) -> None:
    assert plainly(condition) == written


@pytest.mark.parametrize(
    "condition",
    [A, B, OneOf(ref("a"), (1, 2)), Missing(ref("a")), TextHas(ref("a"), "CONTAINS", "x")],
)
def test_denied_twice_is_said_once(condition: Condition) -> None:
    assert condition.negated().negated() == condition
