"""Text read as numbers: marks, units and signs taken away."""

from __future__ import annotations

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.spec.code import Code, code, lit, null_unless
from ai_data_engineer.spec.dateformat import escape_pattern
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.gating import (
    extracted,
    gated,
    null_tokens,
    raw,
    replaced,
    trimmed,
    without,
)
from ai_data_engineer.types import LogicalType

_EXPONENT = "(?:[eE][+-]?[0-9]+)?"


def read_number(column: Code, to: LogicalType, parse: Parse) -> Code:
    """Return text as an int64, float64 or decimal. Raises ValueError where one mark is both."""
    pattern = number_pattern(to, parse)
    if parse.prefix or parse.suffix or parse.negative:
        column = _without_affixes(_signed(column, parse), parse)
        parse = parse.model_copy(update={"trim": False, "null_tokens": ()})
    text = (extracted if to.name == "decimal" else gated)(column, pattern, parse)
    if parse.thousands_mark:
        text = replaced(text, parse.thousands_mark, "", every=True)
    if parse.decimal_mark != "." and to.name != "int64":
        text = replaced(text, parse.decimal_mark, ".")
    match to.name:
        case "int64":
            return code("{text}.cast(pl.Int64, strict=False)", text=text)
        case "float64":
            number = code("{text}.cast(pl.Float64, strict=False)", text=text)
            return null_unless(number, "x.is_finite()")
        case _:
            return code(
                "{text}.cast(pl.Decimal(37, {kept}), strict=False)"
                '.round({scale}, mode="half_away_from_zero").cast({dtype}, strict=False)',
                text=text,
                kept=lit(read_scale(to)),
                scale=lit(to.scale),
                dtype=dtype(to),
            )


def number_pattern(to: LogicalType, parse: Parse) -> str:
    """Return the pattern of a number's whole text, and in a group what is read of a decimal.

    Raises ValueError where one mark is both.
    """
    if parse.thousands_mark == parse.decimal_mark:
        raise ValueError(
            "`thousands_mark` and `decimal_mark` (a point unless it is given) are the same"
        )
    whole, mark = "[0-9]+", escape_pattern(parse.decimal_mark)
    if parse.thousands_mark:
        whole = f"(?:{_groups(parse.thousands_mark)}|[0-9]+)"
    match to.name:
        case "int64":
            return f"^[+-]?{whole}$"
        case "float64":
            return f"^[+-]?(?:{whole}(?:{mark}[0-9]*)?|{mark}[0-9]+){_EXPONENT}$"
        case _:
            kept = read_scale(to)
            return f"^([+-]?(?:{whole}(?:{mark}[0-9]{{0,{kept}}})?|{mark}[0-9]{{1,{kept}}}))[0-9]*$"


def read_scale(to: LogicalType) -> int:
    """Return how many digits behind the mark are read of a decimal.

    One beyond the scale decides the rounding; those behind it cannot. 37 digits leave room for the
    one that rounding may add, which polars would raise for.
    """
    return min(to.scale + 1, 37)


def _groups(mark: str) -> str:
    """Return the pattern of digits in groups of three, or with commas of two before the last."""
    mark = escape_pattern(mark)
    groups = f"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+"
    if mark == ",":
        groups += f"|[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}"
    return groups


def _signed(column: Code, parse: Parse) -> Code:
    """Return the trimmed text with the sign before the number, however it was written."""
    text = without(trimmed(column, parse), [t for t in null_tokens(parse) if t])
    match parse.negative:
        case "typographic":
            return replaced(text, "\u2212", "-")
        case None:
            return text
    pattern = negative_pattern(parse)
    return code('{text}.str.replace({pattern}, "-${{1}}")', text=text, pattern=raw(pattern))


def negative_pattern(parse: Parse) -> str:
    """Return the pattern of a text that is negative by its end or by parentheses; the rest of it
    is its one group.
    """
    if parse.negative == "behind":
        return r"^([^+-]*)-$"
    prefix, suffix = (
        escape_pattern((affix or "").strip(TRIMMED)) for affix in (parse.prefix, parse.suffix)
    )
    return rf"^(?:{prefix})?[ \t]*\(([^()+-]*)\)[ \t]*(?:{suffix})?$"


def _without_affixes(text: Code, parse: Parse) -> Code:
    """Take prefix and suffix away, with the blanks between them and the number."""
    if prefix := (parse.prefix or "").strip(TRIMMED):
        # The sign may stand on either side of a currency: -$5 and $-5.
        pattern = raw(f"^([+-]?){escape_pattern(prefix)}[ \\t]*")
        text = code('{text}.str.replace({pattern}, "${{1}}")', text=text, pattern=pattern)
    if suffix := (parse.suffix or "").strip(TRIMMED):
        text = code(
            "{text}.str.strip_suffix({suffix}).str.strip_chars_end({blanks})",
            text=text,
            suffix=lit(suffix),
            blanks=lit(" \t"),
        )
    return text
