"""Numbers, dates and what number formats make of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ai_data_engineer.io.sheet_values import (
    CELL_ERROR,
    cell_text,
    column_index,
    column_letters,
    moment,
    number,
    number_kind,
)


@pytest.mark.parametrize(
    ("number_format", "code", "kind"),
    [
        (0, None, None),
        (2, None, None),
        (14, None, "date"),
        (22, None, "datetime"),
        (46, None, "duration"),
        (164, "yyyy-mm-dd", "date"),
        (164, "[$-409]d\\-mmm\\-yy;@", "date"),
        (164, "dd/mm/yyyy hh:mm", "datetime"),
        (164, "h:mm AM/PM", "time"),
        (164, "[h]:mm:ss", "duration"),
        (164, '#,##0.00" days"', None),
        (164, "[Red]0.00", None),
        (164, "0.00E+00", None),
        (164, "General", None),
        (164, '"Day "0', None),
        (164, "mmm yy", "date"),
    ],
)
def test_a_number_format_tells_dates_from_numbers(
    number_format: int, code: str | None, kind: str | None
) -> None:
    assert number_kind(number_format, code) == kind


@pytest.mark.parametrize(
    ("serial", "kind", "from_1904", "value"),
    [
        (45292, "date", False, dt.date(2024, 1, 1)),
        (45292.75, "datetime", False, dt.datetime(2024, 1, 1, 18)),
        (45292.25, "date", False, dt.datetime(2024, 1, 1, 6)),
        (43830, "date", True, dt.date(2024, 1, 1)),
        (1, "date", False, dt.date(1900, 1, 1)),
        (59, "date", False, dt.date(1900, 2, 28)),
        (61, "date", False, dt.date(1900, 3, 1)),
        (0.5, "time", False, dt.time(12)),
        (1.25, "duration", False, dt.timedelta(hours=30)),
        (-1, "date", False, -1),
        (1e12, "date", False, 1e12),
    ],
)
def test_serial_numbers_are_days(serial: float, kind: Any, from_1904: bool, value: Any) -> None:
    assert moment(serial, kind, from_1904=from_1904) == value


@pytest.mark.parametrize(
    ("stored", "value"),
    [("3", 3), ("3.0", 3), ("1.1000000000000001", 1.1), ("-2.5E-3", -0.0025), ("1e20", 1e20)],
)
def test_numbers_are_as_they_were_meant(stored: str, value: float) -> None:
    assert number(stored) == value
    assert type(number(stored)) is type(value)


@pytest.mark.parametrize("stored", ["", "x", "nan", "inf"])
def test_what_is_no_number_is_refused(stored: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        number(stored)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        (CELL_ERROR, None),
        (True, "true"),
        (2, "2"),
        (2.5, "2.5"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_a_cell_as_text(cell: Any, text: str | None) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (16383, "XFD")])
def test_columns_have_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters
    assert column_index(letters) == index
