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
    "sum", "mean", "min", "max", "count", "count_distinct", "median", "std", "variance", "any",
    "all",
]  # fmt: skip
NUMBERS = ("int64", "float64", "decimal")
ORDERED = (*NUMBERS, "string", "boolean", "date", "time", "datetime")
TYPES: dict[str, tuple[str, ...]] = {
    "sum": NUMBERS,
    "mean": NUMBERS,
    "median": NUMBERS,
    "std": NUMBERS,
    "variance": NUMBERS,
    "min": ORDERED,
    "max": ORDERED,
    "count_distinct": (*ORDERED, "binary"),
    "any": ("boolean",),
    "all": ("boolean",),
}
ADVICE = {
    "sum": "Put a `cast` step before, or use count.",
    "any": "Derive a boolean before, or use count.",
    "all": "Derive a boolean before, or use count.",
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
    "last": Code("first()"),
}
NEVER_NULL = ("sum", "count", "count_distinct", "any", "all")


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
    shows = function in ("min", "max", "first", "last")
    return Column(
        result_type(function, found.type),
        nullable=function not in NEVER_NULL or (function == "sum" and found.type == INT64),
        pii=found.pii if shows else None,
    )


def result_type(function: str, of: LogicalType) -> LogicalType:
    """Return the type of a figure: sums of decimals keep their scale, means are floats."""
    if function == "sum" and of.name == "decimal":
        return LogicalType("decimal", precision=38, scale=of.scale)
    if function in ("count", "count_distinct"):
        return INT64
    if function in ("mean", "median", "std", "variance"):
        return FLOAT64
    return BOOLEAN if function in ("any", "all") else of


def figure(function: str, column: str | None, where: Code | None, schema: Schema) -> Code:
    """Return a figure over the rows of a group for which `where` is true (not: false or null)."""
    values = Code("pl.len()") if column is None else col(column)
    if function == "count" and column is None:
        if where is None:
            return Code("pl.len().cast(pl.Int64)")
        return code("{where}.sum().cast(pl.Int64)", where=atom(where))
    if where is not None:
        values = code("{values}.filter({where})", values=values, where=where)
    if function == "count":
        return code("{values}.count().cast(pl.Int64)", values=values)
    if function == "count_distinct":
        return code("{values}.drop_nulls().n_unique().cast(pl.Int64)", values=values)
    if function == "sum" and column is not None and schema[column].type == INT64:
        return exact_sum(values, Code("sum()"))
    return code("{values}.{method}", values=values, method=METHODS[function])


def exact_sum(integers: Code, method: Code) -> Code:
    """Return a sum of int64 that is null where it does not fit: in 64 bits polars would wrap."""
    return code(
        "{integers}.cast(pl.Int128).{method}.cast(pl.Int64, strict=False)",
        integers=integers,
        method=method,
    )
