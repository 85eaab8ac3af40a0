"""Conditions over the columns: boolean expressions."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code
from ai_data_engineer.spec.expressions import Compiled, compile_expression
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import BOOLEAN


def check_condition(text: str, schema: Schema, findings: Findings) -> Compiled | None:
    """Return the compiled condition, or None after adding what is wrong with it."""
    return compile_expression(text, schema, findings, expect=BOOLEAN)


def condition(text: str, schema: Schema) -> Code:
    """Return a condition that has been checked, as polars code."""
    return _compiled(text, schema).polars


def sql_condition(text: str, schema: Schema, dialect: Dialect) -> Sql:
    """Return a condition that has been checked, as SQL."""
    return _compiled(text, schema).sql(dialect)


def _compiled(text: str, schema: Schema) -> Compiled:
    compiled = check_condition(text, schema, Findings())
    assert compiled is not None, "only called for a step without errors"
    return compiled
