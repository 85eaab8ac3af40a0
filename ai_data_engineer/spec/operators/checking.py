"""Checks that several operators make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import SortKey
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import LogicalType


def columns_of(
    schema: Schema,
    columns: Sequence[str],
    findings: Findings,
    *,
    types: Sequence[str] = (),
    advice: str = "",
) -> bool:
    """Check that columns exist, are named once, and are of one of the types (heads of them).

    Adds `E_UNKNOWN_COLUMN`, `E_DUPLICATE_COLUMN` or `E_TYPE` at each column's own index.
    """
    good = schema.find_all(columns, findings)
    good &= all_once(columns, findings)
    for index, name in enumerate(columns):
        if name in schema and not has_type(schema, name, types, findings.at(index), advice):
            good = False
    return good


def column_of(
    schema: Schema, column: str, findings: Findings, *, types: Sequence[str] = (), advice: str = ""
) -> Column | None:
    """Return the column, or add `E_UNKNOWN_COLUMN` or `E_TYPE` and return None."""
    found = schema.find(column, findings)
    if found is None or not has_type(schema, column, types, findings, advice):
        return None
    return found


def has_type(
    schema: Schema, column: str, types: Sequence[str], findings: Findings, advice: str = ""
) -> bool:
    """Check the head of a column's type against those allowed; none given allows all."""
    actual = schema[column].type
    if not types or actual.name in types:
        return True
    wanted = " or ".join([", ".join(types[:-1]), types[-1]]) if len(types) > 1 else types[0]
    findings.error("E_TYPE", f"`{column}` is {actual}; {wanted} is needed here.", advice)
    return False


def all_once(names: Sequence[str], findings: Findings) -> bool:
    """Check that no name is given twice; adds `E_DUPLICATE_COLUMN` at the second."""
    good = True
    for index, name in enumerate(names):
        if name in names[:index]:
            findings.at(index).error(
                "E_DUPLICATE_COLUMN", f"`{name}` is named twice.", "Name it once."
            )
            good = False
    return good


def is_new(name: str, taken: Iterable[str], findings: Findings) -> bool:
    """Check that a new column's name is free and one a column may have."""
    if not re.match(r"[^*^_]|_([^_]|$)", name):
        findings.error(
            "E_COLUMN_NAME",
            f"A column cannot be called `{name}`.",
            "A name is not empty and does not begin with `*`, `^` or `__`.",
        )
        return False
    if name in taken:
        findings.error(
            "E_DUPLICATE_COLUMN", f"There is already a column `{name}`.", "Choose another name."
        )
        return False
    return True


def order_of(schema: Schema, keys: Sequence[SortKey], findings: Findings) -> bool:
    """Check that the columns to order by exist, are named once, and have an order."""
    good = True
    for index, key in enumerate(keys):
        at = findings.at(index, "column")
        good &= orderable(schema, key.column, at)
        if any(k.column == key.column for k in keys[:index]):
            at.error("E_DUPLICATE_COLUMN", f"`{key.column}` is named twice.", "Name it once.")
            good = False
    return good


def orderable(schema: Schema, column: str, findings: Findings) -> bool:
    """Check that a column exists and that its values have an order."""
    found = schema.find(column, findings)
    if found is not None and not found.type.is_orderable:
        findings.error("E_TYPE", f"`{column}` is {found.type}, which has no order.")
        return False
    return found is not None


def groupable(schema: Schema, column: str, findings: Findings) -> bool:
    """Check that a column exists and that rows can be grouped by it."""
    found = schema.find(column, findings)
    if found is not None and found.type.is_nested:
        findings.error(
            "E_TYPE",
            f"`{column}` is {found.type}; rows are not grouped by lists and structs.",
            "Flatten or explode it before.",
        )
        return False
    return found is not None


def all_groupable(schema: Schema, columns: Sequence[str], findings: Findings) -> bool:
    """Check that rows can be grouped by the columns, each named once."""
    good = all_once(columns, findings)
    for index, name in enumerate(columns):
        good &= groupable(schema, name, findings.at(index))
    return good


def nullable(column: Column) -> Column:
    """Return the column as one that may hold nulls."""
    return replace(column, nullable=True)


def retyped(column: Column, to: LogicalType, *, nullable: bool | None = None) -> Column:
    """Return the column with another type."""
    return replace(column, type=to, nullable=column.nullable if nullable is None else nullable)
