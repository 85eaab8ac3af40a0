"""Whatever compiles runs: no exception, the promised type, no null that was ruled out."""

import re
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.spec.expressions import compile_expression
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.schema import Schema

# What an expression of each kind may be; {n} is any number, {t} a text, {c} a condition, {d} a date
# or datetime, {l} a list, {x} anything at all, so that some of them are refused.
FORMS: dict[str, list[str]] = {
    "n": [
        *(
            "0",
            "1",
            "-1",
            "7",
            "49",
            "-0.0",
            "0.1",
            "1e-320",
            "12345678901234567.25",
            "100000",
            "9223372036854775807",
            "1.5",
            "0.005",
            "1e300",
            "NULL",
        ),
        *("id", "qty", "price", "cost", "tax", "total", "address.geo.lat"),
        *("({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / {n})", "({n} // {n})"),
        *("({n} % {n})", "(-{n})", "CAST({n} AS {type})", "CAST({t} AS {type})"),
        *("abs({n})", "round({n})", "round({n}, 2)", "ceil({n})", "floor({n})", "trunc({n})"),
        *("sign({n})", "mod({n}, {n})", "power({n}, {n})", "sqrt({n})", "exp({n})", "ln({n})"),
        *("log10({n})", "greatest({n}, {n})", "least({n}, {n})", "coalesce({n}, {n})"),
        *("nullif({n}, {n})", "if({c}, {n}, {n})", "CASE WHEN {c} THEN {n} ELSE {n} END"),
        *("CASE {x} WHEN {x} THEN {n} END", "length({t})", "strpos({t}, 'n')", "list_length({l})"),
        "list_get(scores, -1)",
        *("list_get(scores, 1)", "year({d})", "quarter({d})", "week({d})", "weekday({d})"),
        *("day_of_year({d})", "hour({m})", "second({m})", "epoch({d})", "EXTRACT(month FROM {d})"),
        *("date_diff({unit}, {d}, {d})", "CAST({c} AS int64)"),
    ],
    "t": [
        *("''", "'a'", "'o''neil'", "' 7 '", "'1e999'", "'9.995'", "name", "email", "address.city"),
        *(
            "({t} || {t})",
            "concat({x}, {x})",
            "upper({t})",
            "lower({t})",
            "title({t})",
            "trim({t})",
        ),
        *("substring({t}, {n}, {n})", "substring({t}, {n})", "left({t}, {n})", "right({t}, {n})"),
        *(
            "lpad({t}, 9, '0')",
            "split_part({t}, ' ', -1)",
            "replace({t}, 'n', '$1')",
            "reverse({t})",
        ),
        *("repeat({t}, 3)", "regexp_replace({t}, '(n)', '\\1$')", "regexp_extract({t}, '.(.)', 1)"),
        *("array_to_string({l}, '-')", "CAST({x} AS string)", "strftime({d}, '%Y-%m-%d %j %b')"),
        *("coalesce({t}, {t})", "nullif({t}, {t})", "if({c}, {t}, {t})", "greatest({t}, {t})"),
    ],
    "c": [
        *("paid", "TRUE", "FALSE", "NULL", "({n} = {n})", "({n} <> {n})", "({n} < {n})"),
        *(
            "({t} = {t})",
            "({t} >= {t})",
            "({d} > {d})",
            "({d} = {d})",
            "({x} = {x})",
            "({c} = {c})",
        ),
        *("({c} AND {c})", "({c} OR {c})", "(NOT {c})", "({x} IS NULL)", "({x} IS NOT NULL)"),
        *("({x} IS NOT DISTINCT FROM {x})", "({c} IS NOT FALSE)", "({c} < {c})"),
        *("({x} IS DISTINCT FROM {x})", "({c} IS TRUE)", "({n} BETWEEN {n} AND {n})"),
        *("({d} NOT BETWEEN {d} AND {d})", "({t} IN ({t}, {t}))", "({n} NOT IN ({n}, {n}))"),
        *("({d} IN ('2024-01-31', {d}))", "({t} LIKE '%n_')", "({t} NOT ILIKE 'a%')"),
        *("starts_with({t}, {t})", "ends_with({t}, {t})", "contains({t}, {t})"),
        *("regexp_matches({t}, '^.n')", "list_contains({l}, {x})", "CAST({x} AS boolean)"),
    ],
    "d": [
        *(
            "day",
            "due",
            "at",
            "'2024-02-29'",
            "DATE '2024-02-29'",
            "TIMESTAMP '1999-12-31 23:59:59'",
        ),
        *("date_trunc({unit}, {d})", "date_add({d}, {n}, {unit})", "add_months({d}, {n})"),
        *("last_day({d})", "make_date({n}, {n}, {n})", "to_date({t}, '%d.%m.%Y')"),
        *("to_datetime({t}, '%Y-%m-%d %H:%M')", "from_epoch({n})", "CAST({d} AS date)"),
        *("CAST({x} AS datetime)", "coalesce({d}, {d})", "greatest({d}, {d})", "if({c}, {d}, {d})"),
    ],
    "m": ["at", "clock", "TIME '13:45'", "CAST({t} AS time)", "CAST({x} AS time)"],
    "l": ["tags", "scores", "split({t}, 'n')", "coalesce({l}, {l})", "if({c}, {l}, {l})"],
    "x": ["{n}", "{t}", "{c}", "{d}", "{m}", "{l}", "raw", "CAST({t} AS binary)", '"Order Date"'],
    "type": [
        "int64",
        "float64",
        "decimal(10,2)",
        "decimal(38,0)",
        "decimal(38,37)",
        "decimal(1,1)",
    ],
    "unit": ["'year'", "'quarter'", "'month'", "'week'", "'day'", "'hour'", "'second'"],
}


@st.composite
def expressions(draw: st.DrawFn, kind: str = "x", depth: int = 5) -> str:
    forms = FORMS[kind]
    if depth <= 0:
        plain = [f for f in forms if "{" not in f]
        forms = plain or [f for f in forms if f in ("{n}", "{t}")]
    form = draw(st.sampled_from(forms))
    return re.sub(r"\{(\w+)\}", lambda m: draw(expressions(m[1], depth - 1)), form)


@given(text=expressions())
def test_what_compiles_also_runs(
    series: Callable[[str], pl.Series], schema: Schema, text: str
) -> None:
    findings = Findings()
    if compile_expression(text, schema, findings) is None:
        assert findings.items
        assert findings.items[0].code.startswith("E_")
    else:
        series(text)


@given(
    text=st.text(max_size=60) | st.text(alphabet="()'\"abqty+-*/=<>,.;:%$[]{} \n0123", max_size=60)
)
def test_no_text_breaks_the_compiler(schema: Schema, text: str) -> None:
    findings = Findings()
    if compile_expression(text, schema, findings) is None:
        assert len(findings.items) == 1


@pytest.mark.parametrize("repeats", [1, 3])
def test_compiling_again_gives_the_same_source(schema: Schema, repeats: int) -> None:
    text = "coalesce(cost * 1.2, total) + qty"
    assert len({compile_expression(text, schema).polars for _ in range(repeats)}) == 1
