"""Patterns made at random mean on polars and DuckDB what the dialect says."""

import duckdb
import polars as pl
import pytest
from hypothesis import assume, event, given, reject
from hypothesis import strategies as st

from ai_data_engineer.spec.regex import Regex, RegexError, parse, replacement
from tests.spec.regex import oracle

LETTERS = "aAbkK\u212asS\u017fzZéÉßẞσςΣİıiI\u0390\u1fd3µμΜ𐐨𐐀"
OTHERS = "0\u0663_ -.,\n\r\t\v\f\x85\u00a0\u2028\u0301\0$^[]&~\\😀"
CHARACTERS = LETTERS + OTHERS
FEW = "abA1 \n😀"
"""So few that patterns often match."""
TEXTS = st.text(FEW, max_size=8) | st.text(CHARACTERS, max_size=8)

_SIGNS = frozenset("\\.+*?()|[]{}^$-&~")
_CHARACTER = st.sampled_from(FEW) | st.sampled_from(CHARACTERS).map(
    lambda character: f"\\{character}" if character in _SIGNS else character
)
_ESCAPE = st.sampled_from(
    [*("\\d", "\\w", "\\s", "\\D", "\\W", "\\S"), "\\n", "\\v", "\\x41", "\\x{1F600}", "\\u00e9"]
)
_PROPERTY = st.sampled_from(["(?-i:\\p{L})", "(?-i:\\P{Lu})", "(?-i:[^\\p{N}_])", "(?-i:\\pP)"])
_RANGE = st.sampled_from(["a-z", "A-Z", "0-9", "α-ω", "À-ɏ", " -~", "\\x{10400}-\\x{1044F}", "k-s"])
_CLASS = st.builds(
    lambda negated, members, hyphen: f"[{negated}{''.join(members)}{hyphen}]",
    st.sampled_from(["", "^"]),
    st.lists(_CHARACTER | _ESCAPE | _RANGE, min_size=1, max_size=3),
    st.sampled_from(["", "-"]),
)
_PLACE = st.sampled_from(["^", "$", "\\b", "\\B", "\\A", "\\z"])
_QUANTIFIER = st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??", "{1,2}?"])
_FLAGS = st.sampled_from(["(?i)", "(?s)", "(?m)", "(?im)", "(?-i)", "(?s-m)"])
_OPENINGS = st.sampled_from(["(", "(", "(?:", "(?i:", "(?m-i:", "(?s:"])


def _around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = st.builds("{}{})".format, _OPENINGS, inner)
    return st.one_of(
        grouped,
        st.builds("{}{}".format, _CHARACTER | _CLASS | _ESCAPE | grouped, _QUANTIFIER),
        st.lists(inner | _FLAGS | _PLACE, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
    )


PATTERNS = st.recursive(
    _CHARACTER | _CLASS | _ESCAPE | _PROPERTY | _PLACE | st.sampled_from([".", ""]),
    _around,
    max_leaves=8,
)


@st.composite
def regexes(draw: st.DrawFn) -> Regex:
    try:
        regex = parse(draw(PATTERNS))
    except RegexError as error:
        event(error.message.split(": ")[-1].partition(", char")[0])
        reject()
    assume(regex.groups < 9)
    return regex


@st.composite
def with_replacement(draw: st.DrawFn) -> tuple[Regex, str]:
    regex = draw(regexes())
    groups = [f"\\{n}" for n in range(regex.groups + 1)]
    return regex, "".join(draw(st.lists(st.sampled_from([*groups, "1", "$", "{x}", "\\\\"]))))


def expected_replacement(by: str, groups: tuple[str | None, ...]) -> str:
    out, signs = "", iter(by)
    for sign in signs:
        named = next(signs) if sign == "\\" else None
        out += sign if named is None else "\\" if named == "\\" else groups[int(named)] or ""
    return out


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@given(case=with_replacement(), texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_engines_give_what_the_dialect_says(
    case: tuple[Regex, str], texts: list[str], database: duckdb.DuckDBPyConnection
) -> None:
    regex, by = case
    written = replacement(by, regex.groups)
    numbers = range(regex.groups + 1)
    expected = []
    for text in texts:
        first = oracle.first(regex, text)
        expected.append(
            (
                first is not None,
                oracle.replaced(regex, text, lambda groups: expected_replacement(by, groups)),
                *((first.groups[n] if first else None) for n in numbers),
            )
        )

    column = pl.Series("t", texts)
    polars = [
        column.str.contains(regex.polars),
        column.str.replace_all(regex.polars, written.polars),
        *(column.str.extract(regex.polars, n) for n in numbers),
    ]
    assert list(zip(*polars, strict=True)) == expected

    groups = "".join(f", regexp_extract(t, {_sql(regex.duckdb)}, {n})" for n in numbers)
    query = (
        f"SELECT regexp_matches(t, {_sql(regex.duckdb)}), "
        f"regexp_replace(t, {_sql(regex.duckdb)}, {_sql(written.duckdb)}, 'g'){groups} "
        "FROM unnest(?) AS _(t)"
    )
    found = database.execute(query, [texts]).fetchall()
    assert found == [(m, r, *(g or "" for g in rest)) for m, r, *rest in expected]


@given(regex=regexes(), text=TEXTS)
def test_engines_split_in_the_same_places(
    regex: Regex, text: str, database: duckdb.DuckDBPyConnection
) -> None:
    assume(not regex.can_be_empty)
    parts = oracle.parts(regex, text)

    assert pl.Series([text]).str.split(regex.polars, literal=False).to_list() == [parts]
    query = f"SELECT string_split_regex(t, {_sql(regex.duckdb)}) FROM unnest(?) AS _(t)"
    assert database.execute(query, [[text]]).fetchall() == [(parts,)]


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
