"""Distances between values of a column: how far apart is still near enough."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import DATETIME, INT64, LogicalType

Tolerance = Annotated[int | float | str, Field(examples=[5, 0.5, "3d", "12h"])]
"""A number for numbers; for dates and datetimes text of a whole number and its unit: `3d` days,
`12h` hours, `30m` minutes, `45s` seconds."""
MICROSECONDS = {"d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000}


def check_tolerance(tolerance: Tolerance, of: LogicalType, findings: Findings) -> bool:
    """Return whether it is a distance of values of the type; adds `E_VALUE` where it is not."""
    match of.name:
        case "int64":
            good = isinstance(tolerance, int) and 0 <= tolerance < 2**63
            wanted = "a whole number, not negative"
        case "float64":
            good = not isinstance(tolerance, str) and 0 <= tolerance < float("inf")
            wanted = "a number, not negative"
        case "date":
            good = isinstance(tolerance, str) and bool(re.fullmatch(r"[0-9]{1,6}d", tolerance))
            wanted = "days, such as `3d`"
        case "datetime":
            good = isinstance(tolerance, str) and bool(re.fullmatch(r"[0-9]{1,6}[dhms]", tolerance))
            wanted = "text such as `3d`, `12h`, `30m` or `45s`"
        case _:
            findings.error(
                "E_TYPE",
                f"There is no tolerance for {of}.",
                "Leave it out, or cast to float64 or a date before.",
            )
            return False
    if not good:
        findings.error("E_VALUE", f"This is no distance of {of} values.", f"Give {wanted}.")
    return good


def number_of(tolerance: Tolerance, of: LogicalType) -> int | float:
    """Return the tolerance of numbers as a value of exactly their type."""
    assert not isinstance(tolerance, str), "only asked for a tolerance that has been checked"
    return int(tolerance) if of == INT64 else float(tolerance)


def sql_distance(dialect: Dialect, low: Sql, high: Sql, of: LogicalType) -> Sql:
    """Return how far one value lies above another: microseconds for dates and datetimes."""
    return dialect.binary(exp.Sub, sql_place(dialect, high, of), sql_place(dialect, low, of))


def sql_place(dialect: Dialect, value: Sql, of: LogicalType) -> Sql:
    """Return a value as a number that can be subtracted from others without overflow."""
    match of.name:
        case "int64":
            return dialect.wide(value)
        case "date":
            return dialect.microseconds(dialect.cast(value, DATETIME))
        case "datetime":
            return dialect.microseconds(value)
    return value


def sql_tolerance(dialect: Dialect, tolerance: Tolerance, of: LogicalType) -> Sql:
    """Return a tolerance that has been checked, in the unit of `sql_place`."""
    if isinstance(tolerance, str):
        microseconds = int(tolerance[:-1]) * MICROSECONDS[tolerance[-1]]
        return dialect.literal(microseconds, INT64)
    return dialect.literal(number_of(tolerance, of), of)
