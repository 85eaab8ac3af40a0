"""Figures of a group of rows as SQL."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

PLAIN = {"min": "min", "max": "max", "any": "bool_or", "all": "bool_and"}
ON_FLOATS = {"mean": "avg", "std": "stddev_samp", "variance": "var_samp"}
NOTHING = {"any": False, "all": True}
"""What a group without values gives."""


def sql_figure(
    dialect: Dialect,
    function: str,
    column: str | None,
    of: LogicalType,
    where: Sql | None = None,
    *,
    distinct: bool = False,
) -> Sql:
    """Return a figure of the rows of a group for which `where` is true.

    `of` is the type of the column; `distinct` takes each value once.
    """
    if column is None:
        return dialect.aggregate("count", exp.Star(), where=where)
    value = dialect.column(column)
    match function:
        case "count":
            return dialect.aggregate("count", value, where=where, distinct=distinct)
        case "count_distinct":
            return dialect.aggregate("count", value, where=where, distinct=True)
        case "count_null":
            missing = dialect.is_null(value)
            both = missing if where is None else dialect.both(missing, where)
            return dialect.aggregate("count", exp.Star(), where=both)
        case "sum":
            return _sum(dialect, value, of, where, distinct=distinct)
        case "median":
            return dialect.quantile(floats(dialect, value, of), 0.5, where=where, distinct=distinct)
        case "mode":
            return dialect.mode(value, where=where)
    if function in ON_FLOATS:
        numbers = floats(dialect, value, of)
        return dialect.aggregate(ON_FLOATS[function], numbers, where=where, distinct=distinct)
    found = dialect.aggregate(PLAIN[function], value, where=where)
    if function in NOTHING:
        return dialect.coalesce(found, exp.Boolean(this=NOTHING[function]))
    return found


def floats(dialect: Dialect, value: Sql, of: LogicalType) -> Sql:
    """Return numbers of any type as float64."""
    return value if of == FLOAT64 else dialect.cast(value, FLOAT64)


def _sum(
    dialect: Dialect, value: Sql, of: LogicalType, where: Sql | None, *, distinct: bool
) -> Sql:
    summed = dialect.aggregate(
        "sum", dialect.wide(value) if of == INT64 else value, where=where, distinct=distinct
    )
    return exact_sum(dialect, summed, of)


def exact_sum(dialect: Dialect, summed: Sql, of: LogicalType) -> Sql:
    """Return a sum of `wide` integers, decimals or floats: 0 where there was nothing to add.

    A sum of int64 is null where it does not fit; one of decimals has 38 digits.
    """
    if of == INT64:
        return dialect.try_cast(dialect.coalesce(summed, dialect.integer(0)), INT64)
    if of.name == "decimal":
        to = LogicalType("decimal", precision=38, scale=of.scale)
        return dialect.cast(dialect.coalesce(summed, dialect.integer(0)), to)
    return dialect.coalesce(summed, dialect.literal(0.0, FLOAT64))
