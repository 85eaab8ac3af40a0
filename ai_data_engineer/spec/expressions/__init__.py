"""SQL scalar expressions: parsed by sqlglot, allow-listed by exact node type, typed, emitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.code import Code
from ai_data_engineer.spec.expressions.coercion import coerce
from ai_data_engineer.spec.expressions.compiler import Compiler
from ai_data_engineer.spec.expressions.errors import ExpressionError, place
from ai_data_engineer.spec.expressions.grammar import parse, too_deep
from ai_data_engineer.spec.expressions.typed import NULL, Emit, Typed
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import BOOLEAN, FLOAT64, INT64, LogicalType


@dataclass(frozen=True)
class Compiled:
    """An expression that has been checked against a schema."""

    polars: Code
    """Python source of the polars expression."""
    sql: Emit
    """Builds its SQL for an engine."""
    type: LogicalType
    nullable: bool
    columns: frozenset[str]
    """Names of the columns it reads."""


@overload
def compile_expression(text: str, schema: Schema) -> Compiled: ...
@overload
def compile_expression(
    text: str, schema: Schema, findings: Findings, expect: LogicalType | None = None
) -> Compiled | None: ...
def compile_expression(
    text: str, schema: Schema, findings: Findings | None = None, expect: LogicalType | None = None
) -> Compiled | None:
    """Parse, check and type an expression over the columns of `schema`.

    With `findings`, what is wrong is added there and None comes back; without, SpecError is raised.
    `expect` is the type that the place wants (a condition wants boolean).
    """
    try:
        part = _compiled(text, schema, expect)
    except ExpressionError as error:
        where = place(text, error.start)
        message = f"{error.message.removesuffix('.')} ({where})." if where else error.message
        if findings is None:
            raise SpecError(message, code=error.code, hint=error.hint) from error
        findings.error(error.code, message, error.hint)
        return None
    source = part.expr if part.is_literal else part.code
    return Compiled(source, part.sql, part.type, part.nullable, part.columns)


def _compiled(text: str, schema: Schema, expect: LogicalType | None) -> Typed:
    try:
        part = Compiler(schema).compile(parse(text)).done
    except RecursionError as error:
        raise too_deep() from error
    if expect is not None:
        return _expected(part, expect)
    if part.type == NULL:
        raise ExpressionError(
            "E_TYPE", "NULL alone has no type.", "Write CAST(NULL AS string), or another type."
        )
    return part


def _expected(part: Typed, expect: LogicalType) -> Typed:
    if part.type == expect or part.type == NULL or (part.type, expect) == (INT64, FLOAT64):
        return coerce(part, expect)
    hint = ""
    if expect == BOOLEAN:
        hint = "A condition compares: `amount > 100`, `status = 'paid'`, `name IS NOT NULL`."
    raise ExpressionError("E_TYPE", f"This must be {expect}, but it is {part.type}.", hint)
