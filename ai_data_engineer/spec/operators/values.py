"""Constants of a spec as values of a column's type."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal, InvalidOperation

from ai_data_engineer.spec.code import Code, Literal, code, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Value
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import BOOLEAN, FLOAT64, INT64, STRING, LogicalType

WRITTEN = {
    "boolean": "true or false",
    "int64": "a whole number of 64 bits",
    "float64": "a number",
    "decimal": "a number or text such as `1.50` that fits",
    "string": "text",
    "date": "text such as `2024-01-31`",
    "time": "text such as `23:59:00`",
    "datetime": "text such as `2024-01-31T23:59:00Z`",
}


def convert(value: Value, to: LogicalType) -> Literal:
    """Return the Python value of a constant; raises ValueError where the type has no such value."""
    kind = type(value)
    match to.name:
        case "boolean" if kind is bool:
            return value
        case "int64" if isinstance(value, int) and kind is int and -(2**63) <= value < 2**63:
            return value
        case "float64" if isinstance(value, int | float) and kind is not bool:
            if math.isfinite(value):
                return float(value)
        case "decimal" if kind is not bool:
            return _decimal(value, to)
        case "string" if kind is str:
            return value
        case "date" if isinstance(value, str):
            return dt.date.fromisoformat(value)
        case "time" if isinstance(value, str):
            return dt.time.fromisoformat(value).replace(tzinfo=None)
        case "datetime" if isinstance(value, str):
            moment = dt.datetime.fromisoformat(value)
            return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    raise ValueError(f"not {to}")


def _decimal(value: Value, to: LogicalType) -> Decimal:
    try:
        number = Decimal(str(value))
        exact = number.quantize(Decimal(1).scaleb(-to.scale))
    except InvalidOperation:
        raise ValueError(f"not {to}") from None
    if exact != number or len(exact.as_tuple().digits) > to.precision:
        raise ValueError(f"not {to}")
    return exact


def check(value: Value, to: LogicalType, findings: Findings) -> bool:
    """Return whether the constant is a value of the type; adds `E_VALUE` where it is not."""
    if to.name not in WRITTEN:
        findings.error("E_VALUE", f"There are no constants of type {to}.")
        return False
    try:
        convert(value, to)
    except (ValueError, OverflowError):
        findings.error("E_VALUE", f"This is not a value of type {to}.", f"Give {WRITTEN[to.name]}.")
        return False
    return True


def constant(value: Value | None, to: LogicalType) -> Code:
    """Return a constant of exactly the type as a polars expression."""
    written = lit(None if value is None else convert(value, to))
    if value is not None and to in (BOOLEAN, STRING, FLOAT64):
        return code("pl.lit({value})", value=written)
    return code("pl.lit({value}, dtype={dtype})", value=written, dtype=dtype(to))


def constant_sql(value: Value | None, to: LogicalType, dialect: Dialect) -> Sql:
    """Return a constant of exactly the type in SQL."""
    return dialect.literal(None if value is None else convert(value, to), to)


def common_type(values: list[Value]) -> LogicalType | None:
    """Return the one type that holds all constants; None where there is none."""
    kinds = {type(v) for v in values}
    if kinds == {bool}:
        return BOOLEAN
    if kinds == {int}:
        return INT64
    if kinds and kinds <= {int, float}:
        return FLOAT64
    return STRING if kinds == {str} else None
