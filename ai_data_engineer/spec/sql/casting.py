"""Casts in SQL: for each text and value exactly what `spec.casting` makes of it in polars."""

from __future__ import annotations

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.casting import PLAIN, can_cast
from ai_data_engineer.spec.date_words import folded
from ai_data_engineer.spec.gating import null_tokens
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.gating import stripped, trimmed, without
from ai_data_engineer.spec.sql.moment_text import read_moment
from ai_data_engineer.spec.sql.number_text import read_number
from ai_data_engineer.types import BOOLEAN, INT64, STRING, LogicalType

_SECONDS_AND_FRACTION = "%H:%M:%S.%f"


def parse_sql(d: Dialect, text: Sql, to: LogicalType, parse: Parse = PLAIN) -> Sql:
    """Return text read as `to`: null where missing or not convertible.

    Raises ValueError for a `parse` that cannot be followed.
    """
    match to.name:
        case "list" | "struct":
            return text
        case "string":
            return _string(d, text, parse)
        case "binary":
            return d.encoded(_string(d, text, parse))
        case "boolean":
            return _boolean(d, text, parse)
        case "int64" | "float64" | "decimal":
            return read_number(d, text, to, parse)
        case _:
            return read_moment(d, text, to, parse)


def missing_sql(d: Dialect, text: Sql, parse: Parse = PLAIN) -> Sql:
    """Return whether text is null or, when trimmed, a null token."""
    tokens = null_tokens(parse)
    if not tokens:
        return d.is_null(text)
    is_token = d.is_in(stripped(d, text.copy()), [d.string(token) for token in tokens])
    return d.either(d.is_null(text), is_token)


def cast_sql(
    d: Dialect, value: Sql, from_type: LogicalType, to: LogicalType, parse: Parse = PLAIN
) -> Sql:
    """Return a value as another type: null where it does not convert.

    Raises ValueError for a pair that `can_cast` refuses.
    """
    if not can_cast(from_type, to, parse):
        raise ValueError(f"{from_type} cannot become {to}")
    if from_type == STRING:
        return parse_sql(d, value, to, parse)
    if from_type == to:
        return value
    if (inner := from_type.item) is not None and (wanted := to.item) is not None:
        return d.each(value, lambda item: cast_sql(d, item, inner, wanted, parse))
    match from_type.name, to.name:
        case "int64", "date" | "datetime":
            return parse_sql(d, d.cast(value, STRING), to, parse)
        case "int64", "boolean":
            zero_or_one = d.when(value, lambda x: d.is_in(x, [d.integer(0), d.integer(1)]))
            return d.cast(zero_or_one, BOOLEAN)
        case "boolean", "decimal":
            return d.try_cast(d.cast(value, INT64), to)
        case "float64" | "decimal", "int64":
            return d.without_fraction(value, from_type)
        case "float64", "decimal":
            room = _with_room(to)
            found = d.float_to_decimal(value, room)
            return found if room == to else d.try_cast(found, to)
        case "decimal", "decimal" if from_type.scale > to.scale and from_type.precision == 38:
            return d.try_cast(d.try_cast(value, _with_room(from_type)), to)
        case "int64" | "decimal", "decimal":
            return d.try_cast(value, to)
        case "decimal", "string":
            return d.decimal_text(value, from_type)
        case "float64", "string":
            return d.float_text(value)
        case "time", "string":
            return _without_noughts(d, d.formatted(d.on_first_day(value), _SECONDS_AND_FRACTION))
        case "datetime", "string":
            text = d.formatted(value, f"%Y-%m-%dT{_SECONDS_AND_FRACTION}")
            return d.joined(_without_noughts(d, text), d.string("Z"))
    return d.cast(value, to)


def _with_room(of: LogicalType) -> LogicalType:
    """Return a decimal in which rounding may add a digit."""
    return LogicalType("decimal", min(of.precision, 37), min(of.scale, 37))


def _without_noughts(d: Dialect, text: Sql) -> Sql:
    """Return a fraction of six digits in three or none where these are enough."""
    return d.rewritten(text, r"(?:\.000)?000\z", "")


def _string(d: Dialect, text: Sql, parse: Parse) -> Sql:
    tokens = null_tokens(parse)
    if parse.trim or not tokens:
        return without(d, trimmed(d, text, parse), tokens)
    is_token = d.is_in(stripped(d, text.copy()), [d.string(token) for token in tokens])
    return d.case((d.negate(is_token), text))


def _boolean(d: Dialect, text: Sql, parse: Parse) -> Sql:
    true, false = (
        folded(parse.true_tokens or ("true",)),
        folded(parse.false_tokens or ("false",)),
    )
    tokens = [t for t in null_tokens(parse) if t.lower() in (*true, *false)]
    word = d.lower(without(d, trimmed(d, text, parse), tokens))
    # A word that stands for both is false.
    meanings = {**dict.fromkeys(true, True), **dict.fromkeys(false, False)}
    return d.match(word, ((d.string(t), d.literal(m, BOOLEAN)) for t, m in meanings.items()))
