"""What an expression must never be able to say."""

import ast

import pytest

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import INT64, STRING

SYNTAX, REFUSED = "E_EXPRESSION_SYNTAX", "E_EXPRESSION_NOT_ALLOWED"
FUNCTION, COLUMN, TYPE, LARGE = (
    "E_UNKNOWN_FUNCTION",
    "E_UNKNOWN_COLUMN",
    "E_TYPE",
    "E_EXPRESSION_TOO_LARGE",
)

ATTACKS = [
    ("(SELECT 1)", REFUSED),
    ("qty IN (SELECT qty FROM t)", REFUSED),
    ("EXISTS (SELECT 1)", REFUSED),
    ("qty = ANY (SELECT 1)", REFUSED),
    ("qty > ALL(SELECT 1)", REFUSED),
    ("ARRAY(SELECT 1)", REFUSED),
    ("SELECT qty", SYNTAX),
    ("qty FROM t", SYNTAX),
    ("qty AS other", SYNTAX),
    ("qty, name", SYNTAX),
    ("(qty, name)", REFUSED),
    ("qty UNION SELECT 1", SYNTAX),
    ("qty; DROP TABLE t", REFUSED),
    ("qty;", REFUSED),
    (";", REFUSED),
    ("DROP TABLE t", SYNTAX),
    ("CREATE TABLE t (a int)", SYNTAX),
    ("INSERT INTO t VALUES (1)", SYNTAX),
    ("COPY t TO 'x'", SYNTAX),
    ("ATTACH 'x'", SYNTAX),
    ("PRAGMA version", SYNTAX),
    ("SET x = 1", SYNTAX),
    ("qty -- all of them", REFUSED),
    ("qty /* all */ + 1", REFUSED),
    ("/*+ hint */ qty", REFUSED),
    ("{# jinja #} qty", REFUSED),
    ("{{ qty }}", REFUSED),
    ("{% if qty %}", SYNTAX),
    ("${HOME}", REFUSED),
    ("read_csv('/etc/passwd')", FUNCTION),
    ("read_text('x')", FUNCTION),
    ("getenv('HOME')", FUNCTION),
    ("eval('1')", FUNCTION),
    ("__import__('os')", FUNCTION),
    ("pl.col('x')", REFUSED),
    ("name.str.upper()", REFUSED),
    ('"upper"(name)', FUNCTION),
    ("current_setting('x')", FUNCTION),
    ("UNNEST(tags)", FUNCTION),
    ("generate_series(1, 9)", FUNCTION),
    ("list_transform(tags, x -> x)", REFUSED),
    ("x -> x + 1", REFUSED),
    ("COLUMNS('.*')", FUNCTION),
    ("*", REFUSED),
    ("name.*", REFUSED),
    ("count(*)", REFUSED),
    ("count(DISTINCT name)", REFUSED),
    ("sum(qty) OVER ()", REFUSED),
    ("row_number() OVER (ORDER BY qty)", REFUSED),
    ("sum(qty) FILTER (WHERE qty > 0)", REFUSED),
    ("string_agg(name ORDER BY name)", REFUSED),
    ("?", REFUSED),
    (":name", REFUSED),
    ("@name", REFUSED),
    ("$1", COLUMN),
    ("$$name$$", COLUMN),
    ("INTERVAL '1 day'", REFUSED),
    ("INTERVAL 1 day", REFUSED),
    ("day + INTERVAL 7 day", REFUSED),
    ("now()", REFUSED),
    ("current_date", REFUSED),
    ("CURRENT_TIMESTAMP()", REFUSED),
    ("random()", REFUSED),
    ("uuid()", REFUSED),
    ("upper(text => name)", REFUSED),
    ("upper(name := 'x')", REFUSED),
    ("[1, 2]", REFUSED),
    ("{'a': 1}", REFUSED),
    ("tags[1]", REFUSED),
    ("name COLLATE nocase", REFUSED),
    ("name SIMILAR TO 'a'", REFUSED),
    ("name GLOB 'a*'", REFUSED),
    ("name LIKE ANY ('a', 'b')", REFUSED),
    ("qty & 1", REFUSED),
    ("qty ^ 2", REFUSED),
    ("~qty", REFUSED),
    ("at AT TIME ZONE 'UTC'", REFUSED),
    ("CAST(name AS regclass)", TYPE),
    ("CAST(name AS date FORMAT 'x')", REFUSED),
    ("CAST(name AS STRUCT<a int>)", REFUSED),
    ("name::int[]", TYPE),
    ("X'1F'", SYNTAX),
    ("0x1F", SYNTAX),
    ("1_000", SYNTAX),
    ("5e", SYNTAX),
    ("N'text'", REFUSED),
    ("'a' 'b'", REFUSED),
    ("'open", SYNTAX),
    ('"open', SYNTAX),
    ("((qty)", SYNTAX),
    ("qty)", SYNTAX),
    ("", SYNTAX),
    (" \n ", SYNTAX),
    ("qty IN ()", TYPE),
    ("qty IN tags", REFUSED),
    ("IF qty THEN 1", SYNTAX),
    ("regexp_matches(name, '(a{1000}){1000}')", TYPE),
    ("regexp_matches(name, email)", TYPE),
    ("repeat(name, 1000000000)", TYPE),
    ("lpad(name, 1000000000)", TYPE),
    ("(" * 1000 + "qty" + ")" * 1000, LARGE),
    ("NOT " * 900 + "paid", LARGE),
    ("-" * 1 + " -" * 900 + "qty", LARGE),
    ("upper(" * 300 + "name" + ")" * 300, LARGE),
    ("CASE WHEN paid THEN " * 60 + "1" + " END" * 60, LARGE),
    ("qty" + " + 1" * 900, LARGE),
    ("qty" + " + 1" * 100, LARGE),
    ("name" + " " * 4000, LARGE),
    ("qty IN (" + "1, " * 1300 + "1)", LARGE),
    ("name::" + "list<" * 100 + "int" + ">" * 100, LARGE),
]


@pytest.mark.timeout(60)  # each takes milliseconds; what explodes takes for ever
@pytest.mark.parametrize(("text", "code"), ATTACKS, ids=[t[:40] for t, _ in ATTACKS])
def test_attack_is_refused(refuse, text: str, code: str) -> None:
    assert refuse(text).code == code


NASTY = [
    'a"b',
    "a'b",
    "a\\",
    "a\nb",
    "{a}",
    "{0.__class__}",
    "%s",
    '") or exit() #',
    "\u202egnp",
    "日本",
    "__result",
    "$(x)",
    "pl",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_a_column_name_stays_a_name(series, nasty: str) -> None:
    import polars as pl

    frame = pl.DataFrame({nasty: [1, None]})
    quoted = '"' + nasty.replace('"', '""') + '"'

    result = series(f"{quoted} * 0.5", Schema({nasty: Column(INT64)}), frame)

    assert result.to_list() == [0.5, None]


@pytest.mark.parametrize("nasty", NASTY)
def test_a_text_stays_a_text(series, nasty: str) -> None:
    import polars as pl

    frame = pl.DataFrame({"a": [nasty, "x"]})
    written = "'" + nasty.replace("'", "''") + "'"
    schema = Schema({"a": Column(STRING)})

    assert series(f"a = {written}", schema, frame).to_list() == [True, False]
    assert series(f"a || {written}", schema, frame).to_list() == [nasty * 2, "x" + nasty]
    assert series(f"a IN ({written})", schema, frame).to_list() == [True, False]
    assert series(f"contains(a, {written})", schema, frame).to_list() == [True, False]
    assert series(f"replace(a, {written}, '')", schema, frame).to_list() == ["", "x"]


@pytest.mark.parametrize("nasty", NASTY)
def test_the_source_is_one_expression_of_allowed_names(nasty: str) -> None:
    text = "coalesce(a, {t}) || {t}".replace("{t}", "'" + nasty.replace("'", "''") + "'")

    compiled = compile_expression(text, Schema({"a": Column(STRING)}))

    tree = ast.parse(compiled.polars, mode="eval")
    assert {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} <= {"pl", "dt", "Decimal"}


def test_without_findings_a_spec_error_is_raised() -> None:
    with pytest.raises(SpecError) as caught:
        compile_expression("qty; x", Schema())

    assert caught.value.code == "E_EXPRESSION_NOT_ALLOWED"


def test_one_refusal_is_one_finding() -> None:
    findings = Findings("/steps/1/where")

    compile_expression("a + b", Schema(), findings)

    assert [f.code for f in findings.items] == ["E_UNKNOWN_COLUMN"]
