"""What a cell of a workbook holds, and how it is written as text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

Kind = Literal["date", "time", "datetime", "duration"]


class CellError:
    """What stands in a cell whose formula failed: `#N/A`, `#REF!` and the like."""


CELL_ERROR = CellError()

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | CellError | None
"""The value of a cell; None: there is none."""

_EXACT = 2**53
_DAY_MS = 86_400_000
_LAST_SERIAL = 2_958_466  # the day behind 9999-12-31
_BUILT_IN: dict[int, Kind] = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "date"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), "time"),
    22: "datetime",
    46: "duration",
}
"""ECMA-376 part 1, 18.8.30, those of East Asian languages too."""
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)


def number_kind(number_format: int, code: str | None) -> Kind | None:
    """Return what a number format makes of a number; None: it stays one."""
    if code is None:
        return _BUILT_IN.get(number_format)
    plain = _LITERAL.sub("", code).partition(";")[0].lower()
    if plain.strip() in ("general", "@") or re.search(r"[#?]|0+e", plain):
        return None
    if _ELAPSED.search(plain):
        return "duration"
    has_time = re.search(r"[hs]", plain) is not None
    has_date = re.search(r"[yd]", plain) is not None or ("m" in plain and not has_time)
    if has_date and has_time:
        return "datetime"
    return "date" if has_date else "time" if has_time else None


def number(text: str) -> int | float:
    """Return a number as it was meant: what is stored as `3.0` or `1.1000000000000001` too.

    Raises ValueError.
    """
    if text.isdecimal() and len(text) < 16:
        return int(text)
    value = float(text)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def moment(serial: float, kind: Kind, *, from_1904: bool) -> Cell:
    """Return the date or time that a serial number of days stands for, to the millisecond.

    Day 60 of the 1900 system, 29 February 1900, never was. What is no date stays a number.
    """
    if not 0 <= serial < _LAST_SERIAL:
        return serial
    milliseconds = round(serial * _DAY_MS)
    if kind == "duration":
        return dt.timedelta(milliseconds=milliseconds)
    days, rest = divmod(milliseconds, _DAY_MS)
    if kind == "time" and not days:
        return (dt.datetime.min + dt.timedelta(milliseconds=rest)).time()
    if from_1904:
        first = dt.datetime(1904, 1, 1)
    else:
        first = dt.datetime(1899, 12, 30) if days > 59 else dt.datetime(1899, 12, 31)
    try:
        value = first + dt.timedelta(days=days, milliseconds=rest)
    except OverflowError:
        return serial
    return value.date() if kind == "date" and not rest else value


def cell_text(cell: Cell) -> str | None:
    """Return a cell as text: dates as ISO 8601, `true`, `false`; None where there is no value."""
    match cell:
        case None | CellError():
            return None
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case dt.timedelta():
            return _duration(cell)
        case _:
            return str(cell)


def _duration(value: dt.timedelta) -> str:
    seconds, rest = divmod(value // dt.timedelta(milliseconds=1), 1000)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{rest:03}" if rest else text


def column_letters(index: int) -> str:
    """Return the letters of a column, counted from 0: `A`, …, `Z`, `AA`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the number of a column, counted from 0; raises ValueError."""
    if not (0 < len(letters) < 4 and letters.isascii() and letters.isalpha()):
        raise ValueError(letters)
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1
