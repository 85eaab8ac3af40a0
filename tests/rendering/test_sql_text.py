"""A script of SQL taken apart again, whatever stands in its names and texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from ai_data_engineer.rendering.runtime.sql_text import queries, quoted, tokens, uses
from ai_data_engineer.rendering.sql_script import DIALECTS
from ai_data_engineer.spec.sql.relations import select

HOSTILE = "a\n\"`'') -- /* ( \\ \r\u2028,x"
SPEC_TEXT = st.text(max_size=20) | st.text("()'\"`\\-*/\n\r$;, ", max_size=20)


def script(engine: str, parts: dict[str, str]) -> str:
    body = ",\n".join(f"-- what ) it ' is\n{n} AS (\n  {q}\n)" for n, q in parts.items())
    return f"-- head (\nWITH\n{body}\nSELECT * FROM {next(iter(parts))};\n"


@pytest.mark.parametrize("engine", DIALECTS)
@given(name=SPEC_TEXT.filter(lambda t: "\0" not in t and t != ""), text=SPEC_TEXT)
def test_a_query_comes_out_as_it_went_in(engine: str, name: str, text: str) -> None:
    dialect = DIALECTS[engine]()
    query = select(dialect, "t", {name: dialect.column(name), "text": dialect.string(text)})
    written = query.sql(engine)

    assert queries(script(engine, {"one": written, "two": "SELECT 1"}), engine) == {
        "one": written,
        "two": "SELECT 1",
    }
    assert "".join(tokens(written, engine)) == written


@pytest.mark.parametrize("engine", DIALECTS)
def test_the_names_in_a_query_are_told_quoted_or_not(engine: str) -> None:
    dialect = DIALECTS[engine]()
    tables = [exp.Table(this=dialect.identifier(n)) for n in ("paid", "select", HOSTILE)]
    text = " ".join(table.sql(engine) for table in tables)

    assert {"paid", "select", HOSTILE} <= uses(text, engine).keys()
    assert quoted(HOSTILE, engine) == dialect.identifier(HOSTILE).sql(engine)


def test_a_comment_of_spark_goes_on_behind_a_backslash() -> None:
    text = "WITH\n-- note \\\na AS (SELECT 9),\nb AS (SELECT 1)\nSELECT 1"

    assert queries(text, "duckdb") == {"a": "SELECT 9", "b": "SELECT 1"}
    assert queries(text, "spark") == {"b": "SELECT 1"}


@pytest.mark.parametrize(
    "text", ["SELECT 1", "WITH a AS SELECT 1", "WITH a AS (SELECT (1)", "WITH a AS (SELECT ')'"]
)
def test_what_is_no_script_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a script of ours"):
        queries(text, "duckdb")
