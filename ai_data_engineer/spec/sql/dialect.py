"""What both SQL engines write alike, and the names of what they do not.

A `Dialect` builds syntax trees. Methods that raise NotImplementedError here are what the engines
differ in; each has one meaning, stated in its docstring and in `docs/semantics.md`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.moments import Moments
from ai_data_engineer.spec.sql.nodes import generate, keywords
from ai_data_engineer.types import FLOAT64, LogicalType

Sql = exp.Expr
"""A syntax tree. A node has one parent: build it anew, or `copy()` it, to use it twice."""
Value = str | int | float | bool | Decimal | dt.date | dt.datetime | dt.time | None

_ATOMS = (
    exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Anonymous, exp.Cast,
    exp.TryCast, exp.Case, exp.Identifier, exp.Window, exp.Subquery, exp.Dot,
)  # fmt: skip


class Dialect(Moments):
    """How one engine writes what the language means.

    `names` are all column names of the spec: some engines take `a` and `A` for one column, so
    `stored` tells the name under which the engine holds each.
    """

    name: ClassVar[str]
    """`duckdb` or `spark`, also sqlglot's name of it."""
    functions: ClassVar[frozenset[str]]
    """The engine's functions that may be called, in lower case."""
    types: ClassVar[dict[str, str]]
    """Head of a logical type → the engine's type."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.stored: Mapping[str, str] = self.stored_names(names)
        """Name of a column → its name in the engine, where that is another."""

    def stored_names(self, names: Iterable[str]) -> dict[str, str]:
        """Return the names that the engine cannot hold as they are, with those it holds."""
        return {}

    def text(self, tree: Sql) -> str:
        """Return a tree as SQL; raises UnknownSql for what is not allowed in one."""
        return generate(tree, self.name, self.functions)

    # --- names and values ---

    @cached_property
    def _keywords(self) -> frozenset[str]:
        return keywords(self.name)

    def identifier(self, name: str) -> exp.Identifier:
        """Return a name, quoted where it has to be."""
        plain = re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name.upper() not in self._keywords
        return exp.Identifier(this=name, quoted=not plain)

    def column(self, name: str, of: str | None = None) -> Sql:
        """Return a column, with `of` of that relation."""
        relation = None if of is None else self.identifier(of)
        return exp.Column(this=self.stored_as(name), table=relation)

    def stored_as(self, name: str) -> exp.Identifier:
        """Return the name of a column as the engine holds it."""
        return self.identifier(self.stored.get(name, name))

    def type_of(self, of: LogicalType) -> exp.DataType:
        """Return the engine's type that carries a logical type."""
        return exp.DataType.build(self.type_name(of), dialect=self.name)

    def type_name(self, of: LogicalType) -> str:
        """Return the engine's type as text."""
        if of.name == "decimal":
            return f"DECIMAL({of.precision}, {of.scale})"
        return self.types[of.name]

    def literal(self, value: Value, of: LogicalType) -> Sql:
        """Return a constant of exactly the type."""
        match value:
            case None:
                return exp.Null() if of.name == "null" else self.cast(exp.Null(), of)
            case bool():
                return exp.Boolean(this=value)
            case int() if of.name == "int64" and -(2**31) <= value < 2**31:
                return self.cast(_number(str(value)), of)
            case int() | float() | Decimal():
                digits = format(value, "f") if isinstance(value, Decimal) else repr(value)
                return self.cast(exp.Literal.string(digits), of)
            case str():
                return self.string(value)
            case dt.datetime():
                return self.cast(exp.Literal.string(f"{value.replace(tzinfo=None)}"), of)
            case dt.date() | dt.time():
                return self.cast(exp.Literal.string(value.isoformat()), of)
        raise TypeError(f"no SQL literal for {type(value).__name__}")

    def string(self, value: str) -> Sql:
        """Return a text constant."""
        raise NotImplementedError

    def float(self, value: float) -> Sql:
        """Return a float64 constant."""
        return self.literal(value, FLOAT64)

    def integer(self, value: int) -> Sql:
        """Return a small whole number as an argument or beside an int64, without a cast."""
        return _number(str(value))

    # --- what both write alike ---

    def call(self, function: str, *arguments: Sql) -> Sql:
        """Return a call of one of the engine's functions."""
        return exp.Anonymous(this=function, expressions=list(arguments))

    def cast(self, value: Sql, to: LogicalType) -> Sql:
        """Return a cast that cannot fail on the values that there are."""
        return exp.Cast(this=value, to=self.type_of(to))

    def try_cast(self, value: Sql, to: LogicalType) -> Sql:
        """Return a cast that gives null where the value does not fit."""
        return exp.TryCast(this=value, to=self.type_of(to), safe=True, requires_string=False)

    def case(self, *branches: tuple[Sql, Sql], otherwise: Sql | None = None) -> Sql:
        """Return `CASE WHEN … THEN … [ELSE …] END`."""
        ifs = [exp.If(this=condition, true=value) for condition, value in branches]
        return exp.Case(ifs=ifs, default=otherwise)

    def when(self, value: Sql, condition: Callable[[Sql], Sql]) -> Sql:
        """Return the value where a condition on it is true, else null."""
        return self.case((condition(value.copy()), value))

    def binary(self, node: type[exp.Binary], left: Sql, right: Sql) -> Sql:
        """Return `left ∘ right`, with parentheses where the sides need them."""
        return node(this=wrapped(left), expression=wrapped(right))

    def both(self, *conditions: Sql) -> Sql:
        """Return the conditions joined by AND."""
        return self._joined(exp.And, conditions)

    def either(self, *conditions: Sql) -> Sql:
        """Return the conditions joined by OR."""
        return self._joined(exp.Or, conditions)

    def _joined(self, node: type[exp.Binary], conditions: Sequence[Sql]) -> Sql:
        first, *rest = conditions
        for condition in rest:
            first = node(
                this=first if type(first) is node else wrapped(first), expression=wrapped(condition)
            )
        return first

    def negate(self, condition: Sql) -> Sql:
        """Return `NOT condition`."""
        return exp.Not(this=wrapped(condition))

    def is_null(self, value: Sql) -> Sql:
        """Return `value IS NULL`."""
        return exp.Is(this=wrapped(value), expression=exp.Null())

    def is_not_null(self, value: Sql) -> Sql:
        """Return `NOT value IS NULL`."""
        return exp.Not(this=self.is_null(value))

    def equal_or_both_null(self, left: Sql, right: Sql) -> Sql:
        """Return whether both are the same; null equals null."""
        return self.binary(exp.NullSafeEQ, left, right)

    def is_in(self, value: Sql, options: Sequence[Sql]) -> Sql:
        """Return `value IN (…)`."""
        return exp.In(this=wrapped(value), expressions=list(options))

    def coalesce(self, *values: Sql) -> Sql:
        """Return the first value that is not null."""
        return self.call("coalesce", *values)

    def joined(self, *texts: Sql) -> Sql:
        """Return texts joined; null where one is null."""
        first, *rest = texts
        for text in rest:
            first = exp.DPipe(
                this=first if type(first) is exp.DPipe else wrapped(first), expression=wrapped(text)
            )
        return first

    def match(self, value: Sql, branches: Iterable[tuple[Sql, Sql]]) -> Sql:
        """Return `CASE value WHEN … THEN … END`: null where no branch is equal to the value."""
        return exp.Case(this=value, ifs=[exp.If(this=key, true=found) for key, found in branches])

    def null_if(self, value: Sql, constant: Sql) -> Sql:
        """Return the value, null where it equals the constant."""
        return self.call("nullif", value, constant)

    def group(self, text: Sql, pattern: str, number: int) -> Sql:
        r"""Return a group (0: all) of a pattern's first match; empty text where there is none.

        The pattern is one that RE2 and Java read alike; `\z` is the end of the text, since Java's
        `$` also stands before a line end.
        """
        return self.call("regexp_extract", text, self.string(pattern), exp.Literal.number(number))

    def replaced(self, text: Sql, old: str, new: str) -> Sql:
        """Return a text with every `old` in it replaced to the letter."""
        return self.call("replace", text, self.string(old), self.string(new))

    # --- what they write differently ---

    def rewritten(self, text: Sql, pattern: str, template: str) -> Sql:
        r"""Return a text with the one match of an anchored pattern replaced by a template, in which
        `\1` to `\9` are groups; the text as it is where the pattern does not match.
        """
        raise NotImplementedError

    def lookup(self, key: Sql, entries: Mapping[str, Sql]) -> Sql:
        """Return the entry of a text, null where there is none.

        Unlike in a CASE, which engines write out, the key is worked out once.
        """
        raise NotImplementedError

    def trimmed(self, text: Sql, characters: str) -> Sql:
        """Return a text without any of the characters at its ends."""
        raise NotImplementedError

    def lower(self, text: Sql) -> Sql:
        """Return a text in small letters, as Unicode maps them."""
        raise NotImplementedError

    def encoded(self, text: Sql) -> Sql:
        """Return a text's bytes in UTF-8."""
        raise NotImplementedError

    def sha256(self, text: Sql) -> Sql:
        """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
        raise NotImplementedError

    def each(self, items: Sql, item: Callable[[Sql], Sql]) -> Sql:
        """Return a list with each item replaced by what `item` makes of it."""
        raise NotImplementedError

    def float_text(self, number: Sql) -> Sql:
        """Return a float64 in its shortest digits: `0.00001`, `2.5`, `1e+16`, `1.5e-7`, `NaN`."""
        raise NotImplementedError

    def truncated(self, number: Sql, of: LogicalType) -> Sql:
        """Return a float64 or decimal as int64 without its fraction; null where it does not fit."""
        raise NotImplementedError

    def float_to_decimal(self, number: Sql, to: LogicalType) -> Sql:
        """Return a float64 as a decimal; null where it does not fit.

        It is worked out as polars does, in float64: `round(number * 10 ** scale) / 10 ** scale`,
        half away from zero, then times `10 ** scale` again, which may leave a half of its own:
        that one goes to the even number.
        """
        raise NotImplementedError

    def decimal_text(self, number: Sql, of: LogicalType) -> Sql:
        """Return a decimal as text with all digits of its scale, and one before the point."""
        raise NotImplementedError

    def wide(self, integer: Sql) -> Sql:
        """Return an int64 as a type in which + - and * of two of them cannot overflow."""
        raise NotImplementedError

    def fail(self, message: Sql) -> Sql:
        """Return a call that stops the query with a text of ours."""
        raise NotImplementedError


def wrapped(tree: Sql) -> Sql:
    """Return the tree in parentheses unless it binds as tightly as a name."""
    return tree if isinstance(tree, _ATOMS) else exp.Paren(this=tree)


def _number(digits: str) -> Sql:
    if digits.startswith("-"):
        return exp.Paren(this=exp.Neg(this=exp.Literal.number(digits[1:])))
    return exp.Literal.number(digits)
