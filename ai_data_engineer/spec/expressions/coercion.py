"""Which types meet, and how one becomes the other without being asked to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Context, Decimal

from ai_data_engineer.parsing import TRIMMED
from ai_data_engineer.spec.casting import cast_value
from ai_data_engineer.spec.expressions.errors import ExpressionError
from ai_data_engineer.spec.expressions.typed import NULL, Typed, decimal_of, derived, literal
from ai_data_engineer.spec.sql.casting import cast_sql
from ai_data_engineer.types import DATE, DATETIME, FLOAT64, INT64, STRING, LogicalType


def type_error(message: str, hint: str = "") -> ExpressionError:
    """Return an E_TYPE; the compiler adds the place."""
    return ExpressionError("E_TYPE", message, hint)


def name_of(kind: LogicalType) -> str:
    """Return a type as messages name it."""
    return "NULL" if kind == NULL else str(kind)


def common_type(parts: Sequence[Typed], what: str) -> LogicalType:
    """Return the one type for values that stand side by side (branches, list items, both sides of
    a comparison); `what` names the place in the error. NULL where all of them are NULL.

    A text literal becomes a date, time or datetime beside one.
    """
    found = NULL
    # Literals last: they adapt to what stands beside them, text ones only to dates and times.
    for part in sorted(parts, key=lambda p: p.is_literal + (p.is_literal and p.type == STRING)):
        if not (found.is_temporal and part.is_literal and part.type == STRING):
            found = _meet(found, part, what)
    return found


def _meet(found: LogicalType, part: Typed, what: str) -> LogicalType:
    kind = part.type
    if found in (kind, NULL):
        return kind
    if kind == NULL:
        return found
    if found.is_numeric and kind.is_numeric:
        if found.name == "decimal" and part.is_literal:
            kind = _decimal_beside(part)
        return numeric_type(found, kind)
    if {found, kind} == {DATE, DATETIME}:
        return DATETIME
    hint = "Use CAST to bring both to one type."
    if kind.is_temporal or found.is_temporal:
        hint = "Compare dates with dates: DATE '2024-01-31', or to_date(text, '%d.%m.%Y')."
    raise type_error(f"{name_of(found)} and {name_of(kind)} do not go together in {what}.", hint)


def _decimal_beside(part: Typed) -> LogicalType:
    if part.digits is None or part.type.name == "decimal":
        return part.type
    try:
        return decimal_of(part.digits)
    except ValueError:
        return FLOAT64


def numeric_type(a: LogicalType, b: LogicalType) -> LogicalType:
    """Return the type that holds both: float64 beside any float64, else the wider decimal."""
    if a == b:
        return a
    if FLOAT64 in (a, b):
        return FLOAT64
    a, b = as_decimal(a), as_decimal(b)
    scale = max(a.scale, b.scale)
    whole = max(a.precision - a.scale, b.precision - b.scale)
    if whole + scale > 38:
        return FLOAT64
    return LogicalType("decimal", precision=whole + scale, scale=scale)


def as_decimal(kind: LogicalType) -> LogicalType:
    """Return the decimal that holds an integer type; a decimal as it is."""
    return LogicalType("decimal", precision=19, scale=0) if kind == INT64 else kind


def coerce(part: Typed, to: LogicalType) -> Typed:
    """Return the part as `to`, to which `common_type` found a way."""
    if part.type == to:
        return part.done
    if part.is_literal:
        return _literal_as(part, to)
    if part.type == NULL:
        return replace(part, type=to)
    part = part.done
    return derived(
        cast_value(part.expr, part.type, to),
        to,
        part,
        sql=lambda d: cast_sql(d, part.sql(d), part.type, to),
    )


def _literal_as(part: Typed, to: LogicalType) -> Typed:
    match part.value, to.name:
        case None, _:
            return literal(None, to)
        case str(), "date" | "time" | "datetime":
            return literal(read_temporal(part.value, to), to)
        case _, "float64":
            return literal(float(part.digits or 0), FLOAT64, part.digits)
        case _, "decimal" if part.digits is not None:
            return literal(part.value, to, _at_scale(part.digits, to.scale))
        case dt.date(), "datetime":
            midnight = dt.datetime.combine(part.value, dt.time(), dt.UTC)
            return literal(midnight, DATETIME)
    raise type_error(f"{name_of(part.type)} does not become {to} here.", "Use CAST.")


def _at_scale(number: Decimal, scale: int) -> Decimal:
    # The default context of Python's decimals holds 28 digits, ours 38.
    return number.quantize(Decimal((0, (1,), -scale)), context=Context(prec=76))


_TIME = r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?"
_DATE = r"(\d{4})-(\d{2})-(\d{2})"


def read_temporal(text: str, to: LogicalType) -> dt.date | dt.time | dt.datetime:
    """Read a literal: `2024-01-31`, `13:45[:10[.5]]`, or both with `T` or a blank between them and
    perhaps `Z` or an offset. Raises ExpressionError.
    """
    text = text.strip(TRIMMED)
    forms = {
        "date": _DATE,
        "time": _TIME,
        "datetime": rf"{_DATE}(?:[T ]{_TIME}(?:Z|[+-]\d\d:?\d\d)?)?",
    }
    try:
        if re.fullmatch(forms[to.name], text, re.ASCII) is None:
            raise ValueError
        match to.name:
            case "date":
                return dt.date.fromisoformat(text)
            case "time":
                return dt.time.fromisoformat(text)
            case _:
                moment = dt.datetime.fromisoformat(text)
                utc = dt.UTC
                return moment.astimezone(utc) if moment.tzinfo else moment.replace(tzinfo=utc)
    except (ValueError, OverflowError):
        examples = {"date": "2024-01-31", "time": "13:45:00", "datetime": "2024-01-31 13:45:00"}
        raise type_error(
            f"'{text[:40]}' is not a {to.name}.", f"Write it as '{examples[to.name]}'."
        ) from None
