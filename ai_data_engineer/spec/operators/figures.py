"""Figures of a group of rows: what `aggregate` and `pivot` compute."""

from __future__ import annotations

from typing import Literal

from ai_data_engineer.spec.code import Code, code, col
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.checking import column_of
from ai_data_engineer.spec.operators.writing import atom
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import BOOLEAN, FLOAT64, INT64, LogicalType

Function = Literal[
    "sum", "mean", "min", "max", "mode", "count", "count_distinct", "count_null", "median", "std",
    "variance", "any", "all",
]  # fmt: skip
NUMBERS = ("int64", "float64", "decimal")
ORDERED = (*NUMBERS, "string", "boolean", "date", "time", "datetime")
TYPES: dict[str, tuple[str, ...]] = {
    "sum": NUMBERS,
    "mean": NUMBERS,
    "median": NUMBERS,
    "std": NUMBERS,
    "variance": NUMBERS,
    "quantile": NUMBERS,
    "min": ORDERED,
    "max": ORDERED,
    "mode": ORDERED,
    "list": ORDERED,
    "join_text": ("string",),
    "count_distinct": (*ORDERED, "binary"),
    "any": ("boolean",),
    "all": ("boolean",),
}
ADVICE = {
    "sum": "Put a `cast` step before, or use count.",
    "any": "Derive a boolean before, or use count.",
    "all": "Derive a boolean before, or use count.",
    "join_text": "Derive a text before, such as `cast(n as string)`.",
}
METHODS = {
    "sum": Code("sum()"),
    "mean": Code("mean()"),
    "median": Code("median()"),
    "std": Code("std()"),
    "variance": Code("var()"),
    "min": Code("min()"),
    "max": Code("max()"),
    "any": Code("any()"),
    "all": Code("all()"),
    "first": Code("first()"),
    "mode": Code("drop_nulls().mode().min()"),
}
COUNTS = ("count", "count_distinct", "count_null")
SHOWN = ("min", "max", "mode", "first", "last", "list", "join_text")
"""Figures that are values of the column itself, with whatever personal data these hold."""
NEVER_NULL = ("sum", *COUNTS, "any", "all", "list", "join_text")


def check_figure(
    function: str, column: str | None, schema: Schema, findings: Findings
) -> Column | None:
    """Return the column that a figure gives, or None after adding what is wrong with it.

    `findings` stands where the column is named.
    """
    if column is None:
        if function == "count":
            return Column(INT64, nullable=False)
        findings.error("E_PARAMETERS", f"`{function}` needs a column.", "Name one.")
        return None
    found = column_of(
        schema, column, findings, types=TYPES.get(function, ()), advice=ADVICE.get(function, "")
    )
    if found is None:
        return None
    return Column(
        result_type(function, found.type),
        nullable=function not in NEVER_NULL or (function == "sum" and found.type == INT64),
        pii=found.pii if function in SHOWN else None,
    )


def result_type(function: str, of: LogicalType) -> LogicalType:
    """Return the type of a figure: sums of decimals keep their scale, means are floats."""
    if function == "sum" and of.name == "decimal":
        return LogicalType("decimal", precision=38, scale=of.scale)
    if function == "list":
        return LogicalType("list", item=of)
    if function in COUNTS:
        return INT64
    if function in ("mean", "median", "quantile", "std", "variance"):
        return FLOAT64
    return BOOLEAN if function in ("any", "all") else of


def figure(
    function: str,
    column: str | None,
    where: Code | None,
    schema: Schema,
    *,
    distinct: bool = False,
) -> Code:
    """Return a figure over the rows of a group for which `where` is true (not: false or null).

    `distinct` takes each value once.
    """
    if column is None:
        if where is None:
            return Code("pl.len().cast(pl.Int64)")
        return code("{where}.sum().cast(pl.Int64)", where=atom(where))
    values = values_of(column, where, distinct=distinct)
    match function:
        case "count" | "count_null":
            method = Code("count()" if function == "count" else "null_count()")
            return code("{values}.{method}.cast(pl.Int64)", values=values, method=method)
        case "count_distinct":
            return code("{values}.drop_nulls().n_unique().cast(pl.Int64)", values=values)
        case "sum" if schema[column].type == INT64:
            return exact_sum(values, Code("sum()"))
    return code("{values}.{method}", values=values, method=METHODS[function])


def values_of(column: str, where: Code | None, *, distinct: bool = False) -> Code:
    """Return the values of the rows for which `where` is true, each once if distinct."""
    values = col(column)
    if where is not None:
        values = code("{values}.filter({where})", values=values, where=where)
    return code("{values}.unique()", values=values) if distinct else values


def exact_sum(integers: Code, method: Code) -> Code:
    """Return a sum of int64 that is null where it does not fit: in 64 bits polars would wrap."""
    return code(
        "{integers}.cast(pl.Int128).{method}.cast(pl.Int64, strict=False)",
        integers=integers,
        method=method,
    )
