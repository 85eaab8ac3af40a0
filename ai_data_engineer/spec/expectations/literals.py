"""JSON values of a spec as literals of a column's type."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal, InvalidOperation

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.types import LogicalType


def typed_literal(value: object, kind: LogicalType) -> Code:
    """Return the Python literal that compares with a column of that type.

    Dates, times and datetimes are ISO text (a datetime without a zone is UTC), decimals text or
    numbers. Raises SpecError for a value that is not of the type.
    """
    try:
        return _typed(value, kind)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        raise SpecError(f"A value of an expectation is not a {kind}.", code="E_TYPE") from None


def _typed(value: object, kind: LogicalType) -> Code:
    match kind.name, value:
        case "boolean", bool():
            return lit(value)
        case _, bool():
            raise TypeError
        case "string", str():
            return lit(value)
        case "int64", float() if value.is_integer():
            return _typed(int(value), kind)
        case "int64", int():
            if not -(2**63) <= value < 2**63:
                raise ValueError
            return lit(value)
        case "int64" | "float64", int() | float():
            if not math.isfinite(value):
                raise ValueError
            return lit(value if abs(value) < 2**63 else float(value))
        case "decimal", int() | float() | str():
            number = Decimal(str(value))
            if not number.is_finite() or not _fits_a_decimal(number):
                raise ValueError
            return lit(number)
        case "date", str():
            return lit(dt.date.fromisoformat(value[:10]))
        case "time", str():
            return lit(dt.time.fromisoformat(value))
        case "datetime", str():
            moment = dt.datetime.fromisoformat(value)
            moment = moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
            naive = lit(moment.replace(tzinfo=None))
            return code("{naive}.replace(tzinfo=dt.UTC)", naive=naive)
    raise TypeError


def _fits_a_decimal(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return max(len(digits), len(digits) + exponent, -exponent) <= 38
