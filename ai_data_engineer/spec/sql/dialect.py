"""What both SQL engines write alike, and the names of what they do not.

A `Dialect` builds syntax trees. Methods that raise NotImplementedError here are what the engines
differ in; each has one meaning, stated in its docstring and in `docs/semantics.md`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.regex import Regex
from ai_data_engineer.spec.sql.conversions import Conversions
from ai_data_engineer.spec.sql.lists import Lists
from ai_data_engineer.spec.sql.moments import Moments
from ai_data_engineer.spec.sql.nodes import generate, keywords
from ai_data_engineer.spec.sql.numbers import Numbers
from ai_data_engineer.spec.sql.texts import Texts
from ai_data_engineer.types import FLOAT64, LogicalType

Sql = exp.Expr
"""A syntax tree. A node has one parent: build it anew, or `copy()` it, to use it twice."""
Build = Callable[[], Sql]
"""Builds a tree anew at each call."""
Value = str | int | float | bool | Decimal | dt.date | dt.datetime | dt.time | None

MAX_REPEATED = 12
"""Nodes up to which a value is written out again wherever it is used."""

_SUM, _TIGHTEST = 2, 4
_RANKS: dict[type[exp.Expr], int] = {
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), 1),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is), 1),
    **dict.fromkeys((exp.Add, exp.Sub), _SUM),
    **dict.fromkeys((exp.Mul, exp.Div, exp.IntDiv, exp.Mod), 3),
}
"""How tightly operators bind, in both engines alike."""
RUNS_OF_LETTERS = r"[\pL\pN]+|[^\pL\pN]+"
"""Pattern of words and of what stands between them, for both engines."""

LIKE_ESCAPE = "!"

MONDAY = dt.date(1, 1, 1)
"""The day that days are counted from."""

_ATOMS = (
    exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Anonymous, exp.Cast,
    exp.TryCast, exp.Case, exp.Identifier, exp.Window, exp.Subquery, exp.Dot,
)  # fmt: skip


class Dialect(Conversions, Lists, Moments, Numbers, Texts):
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
        names = frozenset(names)
        self.stored: Mapping[str, str] = self.stored_names(names)
        """Name of a column → its name in the engine, where that is another."""
        self._taken = frozenset(name.casefold() for name in names)
        self._bound = 0

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
            case float() if of.name == "float64" and math.isfinite(value):
                return _number(repr(value) if "e" in repr(value) else f"{value!r}e0")
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

    def double(self, value: float) -> Sql:
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

    def let(self, value: Sql, body: Callable[[Build], Sql]) -> Sql:
        """Return a body that uses a value more than once: short ones are written out each time,
        others are the one item of a list that a lambda maps. So nesting never repeats a value.
        """
        if sum(1 for _ in value.walk()) <= MAX_REPEATED:
            return body(value.copy)
        return self.list_item(self.mapped(self.list_of(value), self.function(body)), 1)

    def function(self, body: Callable[[Build], Sql]) -> exp.Lambda:
        """Return a lambda of one argument, whose name no column and no other lambda around has."""
        self._bound += 1
        name = f"x{self._bound}"
        while name in self._taken:
            name += "_"
        try:
            result = body(lambda: exp.Column(this=exp.Identifier(this=name)))
        finally:
            self._bound -= 1
        return exp.Lambda(this=result, expressions=[exp.Identifier(this=name)])

    def when(self, value: Sql, condition: Callable[[Sql], Sql]) -> Sql:
        """Return the value where a condition on it is true, else null."""
        return self.let(value, lambda x: self.case((condition(x()), x())))

    def null_if(self, value: Sql, other: Sql) -> Sql:
        """Return the value, null where it equals the other."""
        # DuckDB repeats the first argument of NULLIF when it binds it.
        return self.let(value, lambda x: self.call("nullif", x(), other))

    def binary(self, node: type[exp.Binary], left: Sql, right: Sql) -> Sql:
        """Return `left ∘ right`, with parentheses where the sides need them."""
        rank = _RANKS.get(node, _TIGHTEST)
        leads = _RANKS.get(type(left), 0)
        # a + b + c and a * b * c are read from the left; other products show their order.
        plain = leads > rank or (leads == rank and (rank == _SUM or type(left) is node is exp.Mul))
        bare = _RANKS.get(type(right), 0) > rank
        return node(
            this=left if plain else wrapped(left), expression=right if bare else wrapped(right)
        )

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
                this=first if type(first) is node else _condition(first),
                expression=_condition(condition),
            )
        return first

    def negate(self, condition: Sql) -> Sql:
        """Return `NOT condition`."""
        return exp.Not(this=wrapped(condition))

    def minus(self, number: Sql) -> Sql:
        """Return `-number`, in parentheses."""
        return exp.Paren(this=exp.Neg(this=wrapped(number)))

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

    def aggregate(
        self,
        function: str,
        value: Sql,
        *arguments: Sql,
        where: Sql | None = None,
        distinct: bool = False,
    ) -> Sql:
        """Return `function([DISTINCT] value, …) [FILTER (WHERE …)]`."""
        first = exp.Distinct(expressions=[value]) if distinct else value
        return self.filtered(self.call(function, first, *arguments), where)

    def filtered(self, aggregate: Sql, where: Sql | None) -> Sql:
        """Return an aggregate of the rows for which a condition is true."""
        if where is None:
            return aggregate
        return exp.Filter(this=aggregate, expression=exp.Where(this=where))

    def truncated(self, moment: Sql, every: str) -> Sql:
        """Return the beginning of a datetime's or date's hour, day, week, … as a datetime."""
        return self.call("date_trunc", exp.Literal.string(every), moment)

    def match(self, value: Sql, branches: Iterable[tuple[Sql, Sql]]) -> Sql:
        """Return `CASE value WHEN … THEN … END`: null where no branch is equal to the value."""
        return exp.Case(this=value, ifs=[exp.If(this=key, true=found) for key, found in branches])

    def group(self, text: Sql, pattern: str, number: int) -> Sql:
        r"""Return a group (0: all) of a pattern's first match; empty text where there is none.

        The pattern is one that RE2 and Java read alike; `\z` is the end of the text, since Java's
        `$` also stands before a line end.
        """
        return self.call("regexp_extract", text, self.string(pattern), exp.Literal.number(number))

    def substituted(self, text: Sql, old: str, new: str) -> Sql:
        """Return a text with every `old` in it replaced to the letter."""
        return self.call("replace", text, self.string(old), self.string(new))

    # --- what they write differently ---

    def quantile(
        self, value: Sql, q: float, *, where: Sql | None = None, distinct: bool = False
    ) -> Sql:
        """Return a quantile of a group's float64 values, linear between two of them."""
        raise NotImplementedError

    def mode(self, value: Sql, *, where: Sql | None = None) -> Sql:
        """Return the most frequent value of a group that is not null, of several the smallest."""
        raise NotImplementedError

    def gathered(
        self,
        value: Sql,
        of: LogicalType,
        *,
        by: Sql | None = None,
        where: Sql | None = None,
        distinct: bool = False,
    ) -> Sql:
        """Return a group's values of a type that are not null as a list, empty where none is.

        They stand in the order of `by`, or in their own.
        """
        raise NotImplementedError

    # --- texts ---

    def bounded(self, number: Sql, least: int) -> Sql:
        """Return a number between `least` and 2³¹ − 1, whichever of the three is in the middle."""
        most = 2**31 - 1
        if isinstance(number, exp.Literal) and least <= int(number.this) <= most:
            return number
        return self.let(
            number,
            lambda x: self.case(
                (self.binary(exp.LT, x(), self.integer(least)), self.integer(least)),
                (self.binary(exp.GT, x(), self.integer(most)), self.integer(most)),
                otherwise=x(),
            ),
        )

    def upper(self, text: Sql) -> Sql:
        """Return a text in upper case."""
        return self.call("upper", text)

    def title(self, text: Sql) -> Sql:
        """Return a text with the first letter of every run of letters and digits in upper case."""

        def capital(piece: Sql) -> Sql:
            first = self.upper(self.call("left", piece.copy(), self.integer(1)))
            return self.joined(first, self.call("substring", piece, self.integer(2)))

        pieces = self.found_all(self.call("lower", text), RUNS_OF_LETTERS)
        return self.list_as_text(self.each(pieces, capital), "")

    def like(self, text: Sql, pattern: str) -> Sql:
        """Return `text LIKE pattern`; LIKE_ESCAPE stands before what stands for itself."""
        found = exp.Like(this=wrapped(text), expression=self.string(pattern))
        # Spark's own escape character is the backslash, unless it is told another.
        if LIKE_ESCAPE in pattern or "\\" in pattern:
            return exp.Escape(this=found, expression=exp.Literal.string(LIKE_ESCAPE))
        return found

    # --- regular expressions ---

    def pattern(self, regex: Regex) -> Sql:
        """Return a regular expression as the engine reads it."""
        raise NotImplementedError

    def extracted(self, text: Sql, regex: Regex, group: int) -> Sql:
        """Return one group of the first match, or for 0 the match as a whole.

        Null without a match, and for a group that can be passed by where it takes nothing; both
        engines give an empty text.
        """
        capture = regex.captures[group]
        # DuckDB takes no number above 9.
        counted, number = (regex.capturing(group), 1) if group > 9 else (regex, group)

        def taken(text: Sql) -> Sql:
            return self.call("regexp_extract", text, self.pattern(counted), self.integer(number))

        if capture.empty_is_null:
            return self.null_if(taken(text), self.string(""))
        return self.let(text, lambda x: self.case((self.matches(x(), regex), taken(x()))))

    # --- lists ---

    def joined_from(self, texts: Sql, position: int, separator: str) -> Sql:
        """Return the texts of a list from a position on, joined; null where there are none."""
        reached = self.binary(exp.GTE, self.list_length(texts.copy()), self.integer(position))
        rest = self.list_slice(texts, self.integer(position))
        return self.case((reached, self.list_as_text(rest, separator)))

    def each(self, items: Sql, item: Callable[[Sql], Sql]) -> Sql:
        """Return a list with each item replaced by what `item` makes of it."""
        return self.mapped(items, self.function(lambda x: item(x())))

    def is_nan(self, number: Sql) -> Sql:
        """Return whether a float64 is not a number; null for null."""
        return self.binary(exp.EQ, number, self.cast(exp.Literal.string("NaN"), FLOAT64))

    def is_finite(self, number: Sql) -> Sql:
        """Return whether a float64 is neither infinite nor NaN."""
        raise NotImplementedError

    def last_known(self, value: Sql) -> Sql:
        """Return the last value of a window's frame that is not null, to be put `over` one."""
        raise NotImplementedError

    def to_zone(self, moment: Sql, zone: str) -> Sql:
        """Return what clocks show in a time zone at a datetime, as a datetime."""
        raise NotImplementedError

    def interval(self, unit: str) -> exp.Interval:
        """Return the interval of one hour, day, week, month, quarter or year."""
        count, unit = {"quarter": ("3", "month"), "week": ("7", "day")}.get(unit, ("1", unit))
        return exp.Interval(this=exp.Literal.string(count), unit=exp.Var(this=unit.upper()))

    def day_number(self, date: Sql) -> Sql:
        """Return how many days a date is behind 1 January of the year 1, a Monday."""
        raise NotImplementedError

    def date_of_day(self, number: Sql) -> Sql:
        """Return the date with such a number."""
        raise NotImplementedError

    def count_up_to(self, numbers: Sequence[int], limit: Sql) -> Sql:
        """Return how many of some constants are not greater than an int64."""
        small = self.function(lambda number: self.binary(exp.LTE, number(), limit))
        return self.list_length(self.kept(self.list_of(*map(self.integer, numbers)), small))

    def sha256(self, text: Sql) -> Sql:
        """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits in lower case."""
        raise NotImplementedError

    def fail(self, message: Sql) -> Sql:
        """Return a call that stops the query with a text of ours."""
        raise NotImplementedError


def wrapped(tree: Sql) -> Sql:
    """Return the tree in parentheses unless it binds as tightly as a name."""
    return tree if isinstance(tree, _ATOMS) else exp.Paren(this=tree)


def _condition(tree: Sql) -> Sql:
    """Return a side of AND or OR: comparisons stand bare."""
    return tree if _RANKS.get(type(tree)) == 1 or isinstance(tree, exp.In) else wrapped(tree)


def _number(digits: str) -> Sql:
    if digits.startswith("-"):
        return exp.Paren(this=exp.Neg(this=exp.Literal.number(digits[1:])))
    return exp.Literal.number(digits)
