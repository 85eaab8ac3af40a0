"""One table of patterns and what they mean, on every engine."""

import duckdb
import polars as pl
import pytest

from ai_data_engineer.spec.regex import parse, replacement
from tests.spec.regex import oracle
from tests.spec.regex.cases import MEANING

FOUND = replacement("<\\0>", groups=0)


@pytest.mark.parametrize(("pattern", "text", "groups", "marked"), MEANING)
def test_polars(pattern, text, groups, marked):
    regex = parse(pattern)
    column = pl.Series([text])

    assert column.str.contains(regex.polars).item() == (groups is not None)
    assert column.str.replace_all(regex.polars, FOUND.polars).item() == marked
    for number, wanted in enumerate(groups or [None]):
        assert column.str.extract(regex.polars, number).item() == wanted


@pytest.mark.parametrize(("pattern", "text", "groups", "marked"), MEANING)
def test_duckdb(pattern, text, groups, marked):
    regex = parse(pattern).duckdb.replace("'", "''")
    numbers = range(len(groups or [None]))
    extracts = "".join(f", regexp_extract(t, '{regex}', {n})" for n in numbers)
    query = (
        f"SELECT regexp_matches(t, '{regex}'), regexp_replace(t, '{regex}', '{FOUND.duckdb}', 'g')"
        f"{extracts} FROM unnest(?) AS _(t)"
    )
    with duckdb.connect() as connection:
        found = connection.execute(query, [[text]]).fetchall()

    assert found == [(groups is not None, marked, *(g or "" for g in groups or [""]))]


@pytest.mark.parametrize(("pattern", "text", "groups", "marked"), MEANING)
def test_the_oracle_of_generated_patterns(pattern, text, groups, marked):
    regex = parse(pattern)
    first = oracle.first(regex, text)

    assert (None if first is None else list(first.groups)) == groups
    assert oracle.replaced(regex, text, lambda groups: f"<{groups[0]}>") == marked
