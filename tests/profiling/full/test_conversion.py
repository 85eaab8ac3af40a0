"""The fast casts read what the gated ones read, and nothing else."""

import random
import string

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.full.conversion import convert, fast_cast
from ai_data_engineer.profiling.types.conversion import read_texts
from ai_data_engineer.types import LogicalType

PLAIN = Parse()
DAY = Parse(date_format="%d.%m.%Y")
MOMENT = Parse(date_format="%Y-%m-%dT%H:%M:%S")
KINDS = [
    ("int64", PLAIN), ("float64", PLAIN), ("decimal(18,2)", PLAIN), ("decimal(38,0)", PLAIN),
    ("date", DAY), ("datetime", MOMENT), ("boolean", Parse(true_tokens=("yes",))),
    ("float64", Parse(decimal_mark=",", thousands_mark=".")), ("decimal(9,3)", Parse(prefix="$")),
    ("int64", Parse(null_tokens=("", "-1"))), ("time", PLAIN),
]  # fmt: skip
TRICKY = [
    "", " ", "1", "+1", " 7", "7\t", "-1", "1e3", "1E5", "1e400", "inf", "-inf", "NaN", "nan", "+",
    ".", ".5", "5.", "1_000", "0x1F", "٣", "9223372036854775808", "1.235", "1.2350", "1.23000",
    "0.005", "9" * 40, "1.e5", "1.234,5", "$1.5", "-$2", "yes", "YES", "true", "01.02.2024",
    "1.2.2024", "31.02.2024", "2024-01-01T00:00:00", "2024-01-01T24:00:00", "2024-1-1T1:00:00",
    "2024-01-01T00:00:60", "12:30:00",
]  # fmt: skip


@pytest.mark.parametrize(("written", "parse"), KINDS)
def test_values_are_those_of_the_gated_cast(written: str, parse: Parse) -> None:
    some = random.Random(7)
    made = [
        "".join(some.choices("0123456789+-.,eE T:$", k=some.randint(1, 12))) for _ in range(20_000)
    ]
    texts, kind = pl.Series(TRICKY + made), LogicalType.parse(written)

    found = convert(texts, kind, parse, is_native=False)

    expected = read_texts(texts, kind, parse)
    wrong = texts.filter(found.values.ne_missing(expected))
    assert wrong.to_list() == []


@given(st.lists(st.text(string.digits + "+-.eE \tinfa", max_size=10), max_size=20))
def test_any_text_is_read_as_by_the_gated_cast(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    for written in ("int64", "float64", "decimal(18,2)"):
        kind = LogicalType.parse(written)

        found = convert(column, kind, PLAIN, is_native=False)

        assert found.values.equals(read_texts(column, kind, PLAIN), null_equal=True)


def test_a_null_token_that_is_a_number_rules_out_the_fast_cast() -> None:
    assert fast_cast(LogicalType("int64"), Parse(null_tokens=("", "-999"))) is None
    assert fast_cast(LogicalType("int64"), Parse(null_tokens=("", "NA"))) is not None


@pytest.mark.parametrize(
    ("written", "texts", "lost"),
    [
        ("int64", ["1", "2.5", "99999999999999999999", "x"], ["2.5", "99999999999999999999"]),
        ("float64", ["0.1", "14.729000000000001", "1.23456789012345678901"],
         ["1.23456789012345678901"]),
        ("decimal(18,2)", ["1.10", "1.100", "1.101", "1e3"], ["1e3", "1.101"]),
    ],
)  # fmt: skip
def test_texts_whose_digits_the_type_loses(written: str, texts: list[str], lost: list[str]) -> None:
    found = convert(pl.Series(texts), LogicalType.parse(written), PLAIN, is_native=False)

    assert found.lost is not None
    assert found.lost.to_list() == lost


def test_missing_values_are_not_unparsed() -> None:
    column = pl.Series(["1", "", None, " NA ", "x"])

    found = convert(column, LogicalType("int64"), Parse(null_tokens=("", "NA")), is_native=False)

    assert found.missing.to_list() == [False, True, True, True, False]
    assert found.values.to_list() == [1, None, None, None, None]
    assert found.is_padded
