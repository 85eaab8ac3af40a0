"""Every function does what its examples in the registry say, on literals and on columns."""

import datetime as dt
import math
import re
from decimal import Decimal

import polars as pl
import pytest
from sqlglot import exp

from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.expressions.grammar import parse
from ai_data_engineer.spec.expressions.registry import Function, all_functions
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import LogicalType

FUNCTIONS = list({f.name: f for f in all_functions().values()}.values())
EXAMPLES = [(f, text, value) for f in FUNCTIONS for text, value in f.examples]


def same(value: object, expected: object) -> bool:
    if isinstance(expected, float) and isinstance(value, float):
        return math.isclose(value, expected)
    return value == expected and type(value) is type(expected)


@pytest.mark.parametrize(
    ("function", "text", "expected"), EXAMPLES, ids=[text for _, text, _ in EXAMPLES]
)
def test_example(series, function: Function, text: str, expected: object) -> None:
    frame = pl.DataFrame({"x": [0, 1]})

    result = series(text, Schema(), frame)

    assert same(result.to_list()[0], expected)
    assert len(result) == 2


def with_columns(function: Function, text: str) -> tuple[str, dict[str, object]] | None:
    """Put a column in the place of each literal argument that need not be written out."""
    call = parse(text)
    if type(call) is not exp.Anonymous:
        return None
    values: dict[str, object] = {}
    for i, argument in enumerate(call.expressions):
        param = function.params[min(i, len(function.params) - 1)]
        if not param.constant and (value := literal_of(argument)) is not None:
            argument.replace(exp.column(f"c{i}"))
            values[f"c{i}"] = value
    return (call.sql(), values) if values else None


def literal_of(node: exp.Expr) -> object:
    if type(node) is exp.Neg and (value := literal_of(node.this)) is not None:
        return -value  # type: ignore[operator]
    if type(node) is exp.Boolean:
        return bool(node.this)
    if type(node) is exp.Cast and type(node.this) is exp.Literal:
        kind = dt.date if node.to.this.value == "DATE" else dt.datetime
        value = kind.fromisoformat(node.this.this)
        return value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) else value
    if type(node) is not exp.Literal:
        return None
    if node.is_string:
        return str(node.this)
    return int(node.this) if node.this.isdigit() else float(node.this)


def types_of(values: dict[str, object]) -> Schema:
    return Schema(
        {n: Column(LogicalType.from_polars(pl.Series([v]).dtype)) for n, v in values.items()}
    )


COLUMN_EXAMPLES = [
    (function, *rewritten, expected)
    for function, text, expected in EXAMPLES
    if (rewritten := with_columns(function, text))
]


@pytest.mark.parametrize(
    ("function", "text", "values", "expected"),
    COLUMN_EXAMPLES,
    ids=[f"{text} {values}" for _, text, values, _ in COLUMN_EXAMPLES],
)
def test_example_over_columns(
    series, function: Function, text: str, values: dict[str, object], expected: object
) -> None:
    frame = pl.DataFrame({name: pl.Series([value, None]) for name, value in values.items()})

    result = series(text, types_of(values), frame)

    assert same(result.to_list()[0], expected)


NULLS_COUNT_FOR = {"coalesce", "concat_ws", "greatest", "least", "if", "nullif"}


@pytest.mark.parametrize(
    ("function", "text", "values"),
    [case[:3] for case in COLUMN_EXAMPLES if case[0].name not in NULLS_COUNT_FOR],
    ids=[text for f, text, _, _ in COLUMN_EXAMPLES if f.name not in NULLS_COUNT_FOR],
)
def test_null_in_is_null_out(
    series, function: Function, text: str, values: dict[str, object]
) -> None:
    frame = pl.DataFrame({name: pl.Series([value, None]) for name, value in values.items()})
    for name in values:
        one_null = frame.with_columns(pl.col(name).shift(1), pl.exclude(name).first())
        assert series(text, types_of(values), one_null)[0] is None


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_function_is_documented_and_checks_how_many_arguments_it_gets(refuse, function) -> None:
    assert function.meaning.endswith(".")
    assert function.examples

    finding = refuse(f"{function.name}()")

    assert finding.code == "E_TYPE"
    assert function.signature in finding.hint


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_names_take_any_case_and_aliases_mean_the_same(schema, function: Function) -> None:
    text, _ = function.examples[0]
    source = compile_expression(text, schema).polars
    for name in (function.name.upper(), *function.aliases):
        called = re.sub(rf"\b{function.name}\(", f"{name}(", text)
        assert compile_expression(called, schema).polars == source


def test_decimals_stay_exact(series) -> None:
    frame = pl.DataFrame({"m": pl.Series([Decimal("2.45"), None], dtype=pl.Decimal(5, 2))})
    schema = Schema({"m": Column(LogicalType.parse("decimal(5,2)"))})

    def values(text: str) -> list[object]:
        return series(text, schema, frame).to_list()

    assert values("round(m, 1)") == [Decimal("2.50"), None]
    assert values("round(-m, 1)") == [Decimal("-2.50"), None]
    assert values("abs(-m)") == [Decimal("2.45"), None]
    assert values("ceil(m)") == [Decimal("3.00"), None]
    assert values("floor(m)") == [Decimal("2.00"), None]
    assert values("trunc(-m)") == [Decimal("-2.00"), None]
    assert values("greatest(m, 2.5)") == [Decimal("2.50"), Decimal("2.50")]
    assert values("sign(-m)") == [-1, None]
