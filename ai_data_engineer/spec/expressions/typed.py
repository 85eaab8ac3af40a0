"""A part of an expression: its polars source and SQL, its type, and what is known of its value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    FLOAT64,
    INT64,
    STRING,
    LogicalType,
)

NULL = LogicalType("null")
"""The type of a bare NULL, until its surroundings give it one."""
TIME = LogicalType("time")

INT64_MAX = 2**63 - 1

# How tightly Python binds: a part is put in parentheses where its surroundings bind tighter.
COMPARISON, OR, AND, SUM, PRODUCT, UNARY, ATOM = range(7)

Emit = Callable[[Dialect], Sql]
"""Builds the SQL of a part anew at each call, since a node of a tree has one parent."""

Value = str | int | float | bool | Decimal | dt.date | dt.datetime | dt.time | None


@dataclass(frozen=True)
class Typed:
    """A typed part of an expression.

    `code` is its polars source, `emit` its SQL. `wide`: it computes in 128 bits (integers; also in
    SQL) or 38 digits (decimals; SQL has their own type) and still has to be cast to `type`.
    `bound`: the greatest magnitude of an integer. `digits`: a literal number as written, for use
    beside decimals.
    """

    code: Code
    type: LogicalType
    rank: int = ATOM
    nullable: bool = True
    columns: frozenset[str] = frozenset()
    is_literal: bool = False
    value: Value = None
    digits: Decimal | None = None
    wide: bool = False
    bound: int = 2**63
    emit: Emit | None = None

    def sql(self, dialect: Dialect) -> Sql:
        """Return the SQL of this part as it stands, for the engine."""
        if self.is_literal:
            value = self.digits if self.type.name == "decimal" else self.value
            return dialect.literal(value, self.type)
        if self.emit is None:
            raise NotImplementedError(f"SQL of {self.code}")
        return self.emit(dialect)

    def beside(self, dialect: Dialect) -> Sql:
        """Return the SQL of this part beside another one of its kind: numbers stand bare."""
        value = self.value
        if self.is_literal and self.type == INT64 and isinstance(value, int):
            return dialect.integer(value) if abs(value) < 2**31 else self.sql(dialect)
        return self.sql(dialect)

    @property
    def done(self) -> Typed:
        """This part in its own type: what does not fit is null."""
        if not self.wide:
            return self
        cast = code("{x}.cast({t}, strict=False)", x=self.atom, t=dtype(self.type))
        return replace(
            self,
            code=cast,
            emit=lambda d: (
                d.try_cast(self.sql(d), self.type) if self.type == INT64 else self.sql(d)
            ),
            rank=ATOM,
            wide=False,
            nullable=self.nullable or self.type == INT64,
            bound=min(self.bound, 2**63),
        )

    @property
    def expr(self) -> Code:
        """A polars expression that can be followed by a method."""
        if not self.is_literal:
            return self.done._at(ATOM)
        value = self.digits if self.type.name == "decimal" else self.value
        if self.type in (INT64,) or self.type.name == "decimal" or value is None:
            return code("pl.lit({v}, dtype={t})", v=lit(value), t=dtype(self.type))
        return code("pl.lit({v})", v=lit(value))

    def operand(self, rank: int) -> Code:
        """One side of a Python operator that binds with `rank`; literals stand bare."""
        if self.is_literal and self.value is not None:
            return lit(self.digits if self.type.name == "decimal" else self.value)
        return self.expr if self.is_literal else self._at(rank)

    @property
    def argument(self) -> Code:
        """An argument where polars takes a bare value as a value, never as a column's name."""
        return self.operand(0) if self.is_literal else self.done.code

    @property
    def atom(self) -> Code:
        """The source in a form that a method can follow, without the cast that `done` adds."""
        return self.expr if self.is_literal else self._at(ATOM)

    def _at(self, rank: int) -> Code:
        return self.code if self.rank >= rank else code("({x})", x=self.code)


def literal(value: Value, kind: LogicalType | None = None, digits: Decimal | None = None) -> Typed:
    """Return a literal; its type follows from the value unless it is given."""
    kind = kind or _type_of(value)
    bound = abs(value) if kind == INT64 and isinstance(value, int) else 2**63
    if isinstance(value, int | float) and digits is None and kind.is_numeric:
        digits = Decimal(str(value))
    return Typed(
        Code(""),
        kind,
        nullable=value is None,
        is_literal=True,
        value=value,
        digits=digits,
        bound=bound,
    )


def _type_of(value: Value) -> LogicalType:
    match value:
        case None:
            return NULL
        case bool():
            return BOOLEAN
        case int():
            return INT64
        case float():
            return FLOAT64
        case dt.datetime():
            return DATETIME
        case dt.date():
            return DATE
        case dt.time():
            return TIME
        case Decimal():
            return decimal_of(value)
        case str():
            return STRING


def decimal_of(value: Decimal) -> LogicalType:
    """Return the narrowest decimal that holds a number as written; raises ValueError for one of
    more than 38 digits.
    """
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    scale = max(-exponent, 0)
    precision = max(len(digits) + max(exponent, 0), scale, 1)
    if precision > 38:
        raise ValueError("a decimal has at most 38 digits")
    return LogicalType("decimal", precision=precision, scale=scale)


def derived(
    result: Code,
    kind: LogicalType,
    *parts: Typed,
    rank: int = ATOM,
    nullable: bool | None = None,
    wide: bool = False,
    bound: int = 2**63,
    sql: Emit | None = None,
) -> Typed:
    """Return a part made of others: it reads their columns and is null where one of them may be,
    unless `nullable` says otherwise. `sql` is what `result` is in polars.
    """
    return Typed(
        result,
        kind,
        rank=rank,
        nullable=any(p.nullable for p in parts) if nullable is None else nullable,
        columns=frozenset().union(*(p.columns for p in parts)),
        wide=wide,
        bound=bound,
        emit=sql,
    )
