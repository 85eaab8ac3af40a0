"""Expressions that an operator writes itself, so that it means exactly what the language means."""

from __future__ import annotations

from ai_data_engineer.spec.expressions import Compiled, compile_expression
from ai_data_engineer.spec.schema import Schema


def formula(text: str, schema: Schema) -> Compiled:
    """Return an expression of ours compiled over the columns of `schema`."""
    return compile_expression(text, schema)


def quoted(column: str) -> str:
    """Return a column's name as it stands in an expression, found exactly."""
    return '"' + column.replace('"', '""') + '"'
