"""Functions over columns of text: the engines must agree with polars, value for value."""

import polars as pl
import pytest

from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import INT64, STRING
from tests.spec.expressions.conftest import evaluate

TEXTS = [
    "Ann Lee", "o'neil SMITH-jones", "", " \t padded \r\n", "straße", "née", "ÀÉÎ", "日本 語", "a,b,,c",
    "x%y_z!", "\\d+", "50%", "a\nb", "👨‍👩‍👧 family", "e\u0301tude", "7", "ααΣ x", None,
]  # fmt: skip
NUMBERS = [0, 1, 2, -3, 5, 2**40, None, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
FRAME = pl.DataFrame({"t": TEXTS, "n": NUMBERS}, schema={"t": pl.String, "n": pl.Int64})
SCHEMA = Schema({"t": Column(STRING), "n": Column(INT64)})


@pytest.mark.parametrize(
    "expression",
    [
        "upper(t)",
        "lower(replace(t, 'Σ', 's'))",
        "title(replace(t, 'Σ', 's'))",
        "trim(t)",
        "trim(t, 'a7 ')",
        "trim(t, '')",
        "ltrim(t)",
        "rtrim(t)",
        "ltrim(t, 'xA]^-')",
        "length(t)",
        "substring(t, 2)",
        "substring(t, n)",
        "substring(t, 2, n)",
        "substring(t, n, 2)",
        "left(t, n)",
        "right(t, n)",
        "right(t, 3)",
        "lpad(t, 6, '*')",
        "rpad(t, 6)",
        "lpad(t, 0)",
        "t || '-' || t",
        "concat(t, 'x')",
        "split_part(t, ',', 2)",
        "split_part(t, ',', -1)",
        "split_part(t, 'a', 1)",
        "split(t, ',')",
        "split(t, '日')",
        "split(t, '\\d')",
        "starts_with(t, 'a')",
        "ends_with(t, t)",
        "contains(t, '%')",
        "strpos(t, 'e')",
        "strpos(t, '語')",
        "replace(t, 'a', '$1')",
        "replace(t, '\\d', '\\\\')",
        "reverse(t)",
        "repeat(t, 3)",
        "repeat(t, 0)",
        r"regexp_matches(t, '(?i)[a-z]$')",
        r"regexp_matches(t, '^\s*$')",
        "regexp_matches(t, 'a\nb')",
        r"regexp_replace(t, '\s*$', '$1\\\0')",
        r"regexp_replace(t, '(\w)(\W)?', '\2\1')",
        r"regexp_replace(t, '[%''\\]', '#')",
        r"regexp_extract(t, '\w*')",
        r"regexp_extract(t, '\p{L}+')",
        r"regexp_extract(t, '(a)|(\s*)', 1)",
        r"regexp_extract(t, '^(.)(.)?', 2)",
        r"regexp_extract(t, '^(.)(.*)', 2)",
        r"regexp_extract(t, '(.)(.)?(.)?(.)?(.)?(.)?(.)?(.)?(.)?(.)?(.)?', 11)",
        "t LIKE '%a%'",
        "t LIKE 'a_b'",
        "t LIKE '50!%' ESCAPE '!'",
        "t LIKE '%\\d%'",
        "t LIKE ''",
        "t ILIKE '%LEE'",
        "t ILIKE 'À%'",
        "t NOT LIKE '_%'",
    ],
)
def test_every_engine_gives_the_same_text(expression):
    assert len(evaluate(expression, SCHEMA, FRAME)) == len(FRAME)
