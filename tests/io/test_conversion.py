"""Conversion of text: plain text at less cost, the same values, the same rows set aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.batches import LINE
from ai_data_engineer.io.conversion import Conversion, Converted, OnError, convert
from ai_data_engineer.io.rejects import REASON
from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.casting import is_missing, parse_text
from ai_data_engineer.spec.code import col
from ai_data_engineer.spec.plain_text import read_plainly
from ai_data_engineer.types import LogicalType

PARSE = Parse(null_tokens=("", "NA", "-"))


def conversion(name: str, kind: str, *, required: bool = False) -> Conversion:
    to, text = LogicalType.parse(kind), col(name)
    plainly = read_plainly(text, to, PARSE)
    return Conversion(
        value=eval(parse_text(text, to, PARSE)),
        missing=eval(is_missing(text, PARSE)),
        type_name=kind,
        required=required,
        plainly=eval(plainly) if plainly else None,
    )


CONVERSIONS = {
    "id": conversion("id", "int64", required=True),
    "amount": conversion("amount", "decimal(7,2)"),
    "rate": conversion("rate", "float64"),
    "day": conversion("day", "date"),
    "paid": conversion("paid", "boolean"),
    "name": conversion("name", "string"),
}


def text(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    schema = {LINE: pl.Int64(), **dict.fromkeys(CONVERSIONS, pl.String())}
    numbered = [(line, *row) for line, row in enumerate(rows, 2)]
    return pl.DataFrame(numbered, schema=schema, orient="row")


def converted(rows: pl.DataFrame, on_error: OnError, conversions: Any = CONVERSIONS) -> Converted:
    return convert(rows, conversions, on_error=on_error, source_id="orders")


def test_only_columns_with_other_text_are_read_closely() -> None:
    rows = text(("1", "1.5", "2", "2024-01-05", "true", " a "), ("2", "", "", "", "", ""))
    unasked = {
        name: replace(conversion, value=pl.col("absent"))
        for name, conversion in CONVERSIONS.items()
        if conversion.plainly is not None
    }

    found = converted(rows, "quarantine", {**CONVERSIONS, **unasked})

    assert found.rejected is None
    assert found.rows.select("id", "rate", "paid", "name").rows() == [
        (1, 2.0, True, "a"),
        (2, None, None, None),
    ]


def test_text_that_is_not_plain_has_its_value_too() -> None:
    found = converted(text((" 7 ", "1.005", "1e3", " 2024-1-5", "TrUe", "NA")), "quarantine")
    assert found.rejected is None
    assert [str(value) for value in found.rows.row(0)] == [
        "7", "1.01", "1000.0", "2024-01-05", "True", "None"
    ]  # fmt: skip


def test_every_reason_is_told_in_the_order_of_the_columns() -> None:
    rows = text(
        ("1", "1", "1", "2024-01-05", "true", "a"),
        ("", "?", "inf", "2024-02-30", "NA", "b"),
        ("x", "-", "1", "", "maybe", "c"),
    )
    found = converted(rows, "quarantine")

    assert found.rows["id"].to_list() == [1]
    assert found.rejected is not None
    assert found.rejected.select(LINE, REASON, "name").rows() == [
        (3, "id: missing; amount: not a decimal(7,2); rate: not a float64; day: not a date", "b"),
        (4, "id: not a int64; paid: not a boolean", "c"),
    ]


CELL = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "NA", "na", "-", "1", "+1", " 1", "1 ", "01", "1.0", "1.005", "1e3", "1,000",
         "inf", "NaN", "9" * 20, "99999.995", "true", "TRUE", "True", "tRue", "false", "2024-01-05",
         "2024-1-5", "2024- 1-05", "2024-02-30", "+2024-1-05", "1\r", "\t1", "٣", "x"]
    ),
    st.text(st.sampled_from("0123456789.-+eE ,\t"), max_size=6),
)  # fmt: skip


@given(
    rows=st.lists(st.tuples(*[CELL] * len(CONVERSIONS)), max_size=30),
    on_error=st.sampled_from(["quarantine", "null", "fail"]),
)
def test_reading_plainly_changes_no_row_and_no_reason(
    rows: list[tuple[str | None, ...]], on_error: OnError
) -> None:
    closely = {name: replace(c, plainly=None) for name, c in CONVERSIONS.items()}
    assert outcome(text(*rows), on_error, CONVERSIONS) == outcome(text(*rows), on_error, closely)


def outcome(rows: pl.DataFrame, on_error: OnError, conversions: Any) -> tuple[Any, ...]:
    try:
        found = converted(rows, on_error, conversions)
    except SourceError as error:
        return (str(error),)
    rejected = None if found.rejected is None else found.rejected.rows()
    return found.rows.schema, found.rows.rows(), rejected
