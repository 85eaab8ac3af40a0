"""Text read as numbers in SQL: what `spec.number_text` does in polars."""

from __future__ import annotations

import math

from ai_data_engineer.parsing import TRIMMED, Parse
from ai_data_engineer.spec.dateformat import escape_pattern
from ai_data_engineer.spec.gating import null_tokens
from ai_data_engineer.spec.number_text import negative_pattern, number_pattern, read_scale
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.gating import admitted, trimmed, whole, without
from ai_data_engineer.types import FLOAT64, INT64, LogicalType


def read_number(d: Dialect, text: Sql, to: LogicalType, parse: Parse) -> Sql:
    """Return text as an int64, float64 or decimal. Raises ValueError where one mark is both."""
    pattern = number_pattern(to, parse)
    if parse.prefix or parse.suffix or parse.negative:
        text = _without_affixes(d, _signed(d, text, parse), parse)
    else:
        text = admitted(d, text, pattern, parse)
    digits = d.group(text, whole(pattern), 1 if to.name == "decimal" else 0)
    if parse.thousands_mark:
        digits = d.substituted(digits, parse.thousands_mark, "")
    if parse.decimal_mark != "." and to.name != "int64":
        digits = d.substituted(digits, parse.decimal_mark, ".")
    match to.name:
        case "int64":
            return d.try_cast(digits, INT64)
        case "float64":
            number = d.null_if(d.try_cast(digits, FLOAT64), d.double(math.inf))
            return d.null_if(number, d.double(-math.inf))
        case _:
            return d.try_cast(d.try_cast(digits, LogicalType("decimal", 37, read_scale(to))), to)


def _signed(d: Dialect, text: Sql, parse: Parse) -> Sql:
    """Return the trimmed text with the sign before the number, however it was written."""
    text = without(d, trimmed(d, text, parse), [t for t in null_tokens(parse) if t])
    match parse.negative:
        case "typographic":
            return d.rewritten(text, "^([^\u2212]*)\u2212", r"\1-")
        case None:
            return text
    return d.rewritten(text, whole(negative_pattern(parse)), r"-\1")


def _without_affixes(d: Dialect, text: Sql, parse: Parse) -> Sql:
    """Take prefix and suffix away, with the blanks between them and the number."""
    if prefix := (parse.prefix or "").strip(TRIMMED):
        text = d.rewritten(text, rf"^([+-]?){escape_pattern(prefix)}[ \t]*", r"\1")
    if suffix := (parse.suffix or "").strip(TRIMMED):
        text = d.rewritten(text, rf"[ \t]*(?:{escape_pattern(suffix)})?\z", "")
    return text
