"""SQL text of expressions: short and readable, without blow-up, of listed nodes and functions."""

import pytest
from sqlglot import exp

from ai_data_engineer.rendering.runtime.spark_engine import _MEANING
from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.expressions.registry import all_functions
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.duckdb import DuckDB
from ai_data_engineer.spec.sql.nodes import NODES, UnknownSql
from ai_data_engineer.spec.sql.spark import SETTINGS, Spark
from ai_data_engineer.types import FLOAT64, LogicalType

DIALECTS = [DuckDB, Spark]


def text(schema: Schema, dialect: type[Dialect], expression: str) -> str:
    where = dialect(schema)
    return " ".join(where.text(compile_expression(expression, schema).sql(where)).split())


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("price * 1.2", "price * 1.2e0"),
        ("qty % 3", "( qty % 3 + 3 ) % 3"),
        ("price / qty", "price / nullif(qty, 0)"),
        ("paid AND qty > 0 OR name IS NULL", "( paid AND qty > 0 ) OR name IS NULL"),
        ("price - (price - 1) - 2", "price - ( price - 1 ) - 2"),
        ("name IN ('a', 'b')", "name IN ('a', 'b')"),
        ("address.geo.lat", "( ( address ).geo ).lat"),
        ("CASE WHEN paid THEN 1.5 END", "CASE WHEN paid THEN 1.5e0 END"),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_sql_reads_like_sql_written_by_hand(schema, dialect, expression, expected) -> None:
    assert text(schema, dialect, expression) == expected


@pytest.mark.parametrize(
    "form",
    [
        "sqrt({} + 1)",
        "1 / ({} + 1)",
        "({} + 1.5) % 3",
        "round({} * 3, 2)",
        "ln(floor({}) + 2)",
        "power({}, 2)",
        "nullif({} + 1, 0)",
        "qty // (1 + {})",
        "qty % (1 + {})",
        "greatest({}, 1)",
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_nesting_does_not_repeat_what_is_nested(schema, dialect, form) -> None:
    nested = "qty" if form.startswith("qty") else "price"
    lengths = []
    for _ in range(10):
        nested = form.format(nested)
        lengths.append(len(text(schema, dialect, nested)))

    assert lengths[9] < 3 * lengths[4]


def test_a_lambda_takes_no_name_of_a_column(series) -> None:
    import polars as pl

    frame = pl.DataFrame({"x1": [4.0, None], "x1_": [9.0, 1.0]})
    schema = Schema({name: Column(FLOAT64) for name in frame.columns})

    values = series("round(sqrt(x1 + 12) / x1 + x1_ / x1, 1)", schema, frame)

    assert values.to_list() == [3.3, None]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_functions_of_numbers_on_the_list_are_used(schema, dialect) -> None:
    where = dialect(schema)
    used: set[str] = set()
    numbers = ("price", "cost", "total", "qty")
    for function in {f.name: f for f in all_functions().values()}.values():
        if function.group in ("numbers", "conditions") and function.name not in ("if", "nullif"):
            arguments = 2 if function.name in ("power", "mod", "greatest", "least") else 1
            for column in numbers:
                call = f"{function.name}({', '.join([column] * arguments)})"
                tree = compile_expression(call, schema).sql(where)
                used |= {node.this for node in tree.find_all(exp.Anonymous)}

    assert where.number_functions <= used  # type: ignore[attr-defined]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_not_listed_is_refused(dialect) -> None:
    where = dialect()

    with pytest.raises(UnknownSql, match="function read_csv"):
        where.text(where.call("read_csv", where.string("a.csv")))
    with pytest.raises(UnknownSql, match="node Placeholder"):
        where.text(where.both(where.column("a"), exp.Placeholder()))
    assert exp.Command not in NODES


@pytest.mark.parametrize("dialect", DIALECTS)
def test_types_keep_their_names(dialect) -> None:
    where = dialect()

    cast = where.text(where.cast(where.column("a"), LogicalType.parse("list<time>")))

    assert "TIMESTAMP" not in cast


@pytest.mark.parametrize("odd", ["line\nend", "a __SQLGLOT__LB__ b"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_and_texts_come_through_as_they_are(dialect, odd) -> None:
    where = dialect([odd])
    struct = LogicalType.parse(f'struct<"{odd}": int64>')
    quote = "`" if dialect is Spark else '"'

    select = exp.Select(expressions=[where.cast(where.column(odd), struct), where.string(odd)])
    written = where.text(select.from_("rows"))

    assert written.count(f"{quote}{odd}{quote}") == 2
    assert odd.replace("\n", "\\n") in written.split(quote)[-1]


def test_the_runtime_sets_spark_as_its_sql_needs_it() -> None:
    assert SETTINGS.items() <= _MEANING.items()
