"""SQL scalar expressions: parsed by sqlglot, allow-listed by exact node type, typed, emitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

from ai_data_engineer.spec.code import Code
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import LogicalType


@dataclass(frozen=True)
class Compiled:
    """An expression that has been checked against a schema."""

    polars: Code
    """Python source of the polars expression."""
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
    raise NotImplementedError
