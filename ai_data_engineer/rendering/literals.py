"""JSON values of a spec as literals of a column's type."""

from __future__ import annotations

import datetime as dt
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
    except (ValueError, TypeError, InvalidOperation):
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
            return lit(int(value))
        case "int64" | "float64", int() | float():
            return lit(value)
        case "decimal", int() | float() | str():
            return lit(Decimal(str(value)))
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
