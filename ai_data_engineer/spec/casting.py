"""Casts: the one meaning of "this text, or this value, as that type".

Every function returns the source of a polars expression. Text is gated by an ASCII pattern before
it is converted, because what engines accept differs: a value either has exactly the written form
or it becomes null. `docs/semantics.md` states the rules for users.
"""

from __future__ import annotations

import math

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.code import Code, code, lit, null_unless
from ai_data_engineer.spec.date_words import folded
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.gating import null_tokens, stripped, trimmed, without
from ai_data_engineer.spec.moment_text import read_moment
from ai_data_engineer.spec.number_text import read_number
from ai_data_engineer.types import INT64, STRING, LogicalType

PLAIN = Parse()


def parse_text(column: Code, to: LogicalType, parse: Parse = PLAIN) -> Code:
    """Return the String expression `column` read as `to`: null where missing or not convertible.

    Lists and structs arrive natively typed, so they pass unchanged. Raises ValueError for a
    `parse` that cannot be followed, such as a date format without a day for a date.
    """
    match to.name:
        case "list" | "struct":
            return column
        case "string":
            return _string(column, parse)
        case "binary":
            return code("{text}.cast(pl.Binary)", text=_string(column, parse))
        case "boolean":
            return _boolean(column, parse)
        case "int64" | "float64" | "decimal":
            return read_number(column, to, parse)
        case _:
            return read_moment(column, to, parse)


def is_missing(column: Code, parse: Parse = PLAIN) -> Code:
    """Return whether the String expression `column` is null or, when trimmed, a null token.

    For natively typed values (lists, structs) ask `.is_null()` instead.
    """
    tokens = null_tokens(parse)
    if not tokens:
        return code("{column}.is_null()", column=column)
    return code(
        "({column}.is_null() | {trimmed}.is_in({tokens}))",
        column=column,
        trimmed=stripped(column),
        tokens=lit(tokens),
    )


def can_cast(from_type: LogicalType, to: LogicalType, parse: Parse = PLAIN) -> bool:
    """Return whether `cast_value` knows how to make `to` out of `from_type`.

    An integer becomes a date or datetime only by `parse.date_format`.
    """
    if from_type == to:
        return True
    if from_type.is_nested or to.is_nested:
        if from_type.item is None or to.item is None:
            return False
        return can_cast(from_type.item, to.item, parse)
    if from_type == INT64 and to.name in ("date", "datetime"):
        return parse.date_format is not None
    return to.name in _TARGETS[from_type.name]


_TARGETS: dict[str, frozenset[str]] = {
    source: frozenset(targets.split())
    for source, targets in {
        "string": "boolean int64 float64 decimal string date time datetime binary",
        "boolean": "int64 float64 decimal string",
        "int64": "boolean float64 decimal string",
        "float64": "int64 decimal string",
        "decimal": "int64 float64 decimal string",
        "date": "datetime string",
        "time": "string",
        "datetime": "date time string",
        "binary": "",
    }.items()
}


def cast_value(column: Code, from_type: LogicalType, to: LogicalType, parse: Parse = PLAIN) -> Code:
    """Return the typed expression `column` as another type: null where it does not convert.

    Raises ValueError for a pair that `can_cast` refuses.
    """
    if not can_cast(from_type, to, parse):
        raise ValueError(f"{from_type} cannot become {to}")
    if from_type == STRING:
        return parse_text(column, to, parse)
    if from_type == to:
        return column
    if to.item is not None and from_type.item is not None:
        item = cast_value(Code("pl.element()"), from_type.item, to.item, parse)
        return code("{column}.list.eval({item})", column=column, item=item)
    match from_type.name, to.name:
        case ("int64", "date" | "datetime"):
            return parse_text(code("{column}.cast(pl.String)", column=column), to, parse)
        case ("int64", "boolean"):
            zero_or_one = null_unless(column, "x.is_in([0, 1])")
            return code("{value}.cast(pl.Boolean)", value=zero_or_one)
        case ("boolean", "decimal"):
            template = "{column}.cast(pl.Int64).cast({dtype}, strict=False)"
        case ("float64", "decimal"):
            return _float_to_decimal(column, to)
        case ("decimal", "decimal") if from_type.scale > to.scale:
            if from_type.precision == 38:
                # Rounding may add a digit, and polars raises where there is no room for it.
                room = LogicalType("decimal", 37, min(from_type.scale, 37))
                column = _non_strict(column, room)
            return _non_strict(_rounded(column, to.scale), to)
        case ("date", "string"):
            template = '{column}.dt.strftime("%Y-%m-%d")'
        case ("time", "string"):
            template = '{column}.dt.strftime("%H:%M:%S%.f")'
        case ("datetime", "string"):
            template = '{column}.dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")'
        case ("datetime", "date"):
            template = "{column}.dt.date()"
        case ("datetime", "time"):
            template = "{column}.dt.time()"
        case ("float64" | "int64" | "decimal", "int64" | "decimal"):
            template = "{column}.cast({dtype}, strict=False)"
        case _:
            template = "{column}.cast({dtype})"
    return Code(template.format(column=column, dtype=dtype(to)))


def _float_to_decimal(column: Code, to: LogicalType) -> Code:
    """Round, and bring what is too large to the first value that is: polars raises for a float
    beyond a decimal's digits, where a decimal beyond them becomes null.
    """
    fits = LogicalType("decimal", min(to.precision, 37), min(to.scale, 37))
    bound = float(10 ** (fits.precision - fits.scale))
    if int(bound * 10.0**fits.scale) < 10**fits.precision:
        bound = math.nextafter(bound, math.inf)
    clipped = code(
        "{rounded}.clip({low}, {high})",
        rounded=_rounded(column, fits.scale),
        low=lit(-bound),
        high=lit(bound),
    )
    room = LogicalType("decimal", fits.precision + 1, fits.scale)
    fitted = _non_strict(_non_strict(clipped, room), fits)
    return fitted if fits == to else _non_strict(fitted, to)


def _rounded(column: Code, scale: int) -> Code:
    return code(
        '{column}.round({scale}, mode="half_away_from_zero")', column=column, scale=lit(scale)
    )


def _non_strict(column: Code, to: LogicalType) -> Code:
    return code("{column}.cast({dtype}, strict=False)", column=column, dtype=dtype(to))


def _string(column: Code, parse: Parse) -> Code:
    tokens = null_tokens(parse)
    if parse.trim or not tokens:
        return without(trimmed(column, parse), tokens)
    return code(
        "pl.when({trimmed}.is_in({tokens}).not_()).then({column})",
        trimmed=stripped(column),
        tokens=lit(tokens),
        column=column,
    )


def _boolean(column: Code, parse: Parse) -> Code:
    true, false = (
        folded(parse.true_tokens or ("true",)),
        folded(parse.false_tokens or ("false",)),
    )
    tokens = [t for t in null_tokens(parse) if t.lower() in (*true, *false)]
    text = code("{text}.str.to_lowercase()", text=without(trimmed(column, parse), tokens))
    # A word that stands for both is false.
    known = null_unless(text, f"x.is_in({lit(list(dict.fromkeys([*true, *false])))})")
    return code("{known}.is_in({false}).not_()", known=known, false=lit(false))
