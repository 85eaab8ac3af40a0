"""From the checked tree to typed polars source: one handler for each node type."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlglot import exp

from ai_data_engineer.spec.casting import can_cast, cast_value
from ai_data_engineer.spec.code import Code, code, col, join, lit
from ai_data_engineer.spec.expressions.arithmetic import arithmetic, negate
from ai_data_engineer.spec.expressions.casts import cast_type
from ai_data_engineer.spec.expressions.coercion import (
    coerce,
    common_type,
    name_of,
    read_temporal,
    type_error,
)
from ai_data_engineer.spec.expressions.comparison import (
    bound_argument,
    comparable,
    compare,
    invert,
    order_type,
)
from ai_data_engineer.spec.expressions.errors import ExpressionError
from ai_data_engineer.spec.expressions.folding import fold
from ai_data_engineer.spec.expressions.functions.conditions import choose
from ai_data_engineer.spec.expressions.functions.dates import PARTS
from ai_data_engineer.spec.expressions.functions.text import join_texts
from ai_data_engineer.spec.expressions.patterns import like
from ai_data_engineer.spec.expressions.refusals import (
    UNREPEATABLE,
    unknown_function,
    unrepeatable,
)
from ai_data_engineer.spec.expressions.registry import all_functions
from ai_data_engineer.spec.expressions.typed import (
    AND,
    NULL,
    OR,
    Typed,
    derived,
    literal,
)
from ai_data_engineer.spec.findings import nearest
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.casting import cast_sql
from ai_data_engineer.spec.sql.dialect import Dialect, Sql, wrapped
from ai_data_engineer.types import BOOLEAN, DATETIME, INT64, STRING


class Compiler:
    """Compiles trees over one schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def compile(self, node: exp.Expr) -> Typed:
        """Return the typed source of a node; raises ExpressionError with the place."""
        try:
            return fold(_HANDLERS[type(node)](self, node))
        except ExpressionError as error:
            if error.start is None:
                raise ExpressionError(error.code, error.message, error.hint, node) from error
            raise

    def _sides(self, node: exp.Expr) -> tuple[Typed, Typed]:
        return self.compile(node.this), self.compile(node.expression)

    # --- names and literals ---

    def _column(self, node: exp.Column) -> Typed:
        names = [n for key in ("catalog", "db", "table", "this") if (n := node.args.get(key))]
        first = self._find(names[0], qualified=len(names) > 1)
        column = self.schema[first]
        part = Typed(
            col(first),
            column.type,
            nullable=column.nullable,
            columns=frozenset({first}),
            emit=lambda d: d.column(first),
        )
        for name in names[1:]:
            part = _field(part, name)
        return part

    def _find(self, identifier: exp.Identifier, *, qualified: bool) -> str:
        name = str(identifier.this)
        if name in self.schema:
            return name
        if not identifier.args.get("quoted"):
            if name.lower() in UNREPEATABLE:
                raise unrepeatable(name)
            fits = [n for n in self.schema if n.lower() == name.lower()]
            if len(fits) == 1:
                return fits[0]
            if fits:
                raise ExpressionError(
                    "E_UNKNOWN_COLUMN",
                    f"`{name}` may be any of {', '.join(f'`{n}`' for n in fits)}.",
                    "Write the name in double quotes, exactly as it is.",
                    identifier,
                )
        hint = nearest(name, self.schema)
        if qualified:
            hint += " A name before a point is a column that holds a struct."
        elif identifier.args.get("quoted"):
            hint += " A text stands in single quotes."
        raise ExpressionError(
            "E_UNKNOWN_COLUMN", f"There is no column `{name}` here.", hint, identifier
        )

    def _literal(self, node: exp.Literal) -> Typed:
        if node.is_string:
            return literal(str(node.this))
        text = str(node.this)
        if not re.fullmatch(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", text):
            raise ExpressionError(
                "E_EXPRESSION_SYNTAX", f"`{text[:40]}` is not a number.", node=node
            )
        if text.isdigit():
            if int(text) > 2**63 - 1:
                raise type_error("The number is too large for int64.")
            return literal(int(text))
        number = float(text)
        if number == float("inf"):
            raise type_error("The number is too large for float64.")
        return literal(number, digits=Decimal(text))

    def _boolean(self, node: exp.Boolean) -> Typed:
        return literal(bool(node.this))

    def _null(self, node: exp.Null) -> Typed:
        return literal(None)

    def _paren(self, node: exp.Paren) -> Typed:
        return self.compile(node.this)

    # --- operators ---

    def _arithmetic(self, node: exp.Expr) -> Typed:
        return arithmetic(_SIGNS[type(node)], *self._sides(node))

    def _negate(self, node: exp.Neg) -> Typed:
        if type(node.this) is exp.Literal and node.this.this == str(2**63):
            return literal(-(2**63))
        return negate(self.compile(node.this))

    def _join_texts(self, node: exp.DPipe) -> Typed:
        parts: list[exp.Expr] = [node.expression]
        first = node.this
        while type(first) is exp.DPipe:
            parts.append(first.expression)
            first = first.this
        return join_texts([self.compile(p) for p in (first, *reversed(parts))], "`||`")

    def _logic(self, node: exp.And | exp.Or) -> Typed:
        word = "AND" if type(node) is exp.And else "OR"
        left, right = (self._condition(p, word) for p in (node.this, node.expression))
        return _joined(type(node), left, right)

    def _condition(self, node: exp.Expr, word: str) -> Typed:
        part = self.compile(node)
        if part.type == NULL:
            return coerce(part, BOOLEAN)
        if part.type != BOOLEAN:
            raise ExpressionError(
                "E_TYPE",
                f"{word} wants a condition, not {name_of(part.type)}.",
                "Write a comparison, such as `amount > 0` or `name IS NOT NULL`.",
                node,
            )
        return part

    def _negation(self, node: exp.Not) -> Typed:
        if type(node.this) is exp.Is and type(node.this.expression) is exp.Null:
            part = _or_text(self.compile(node.this.this))
            return derived(
                code("{x}.is_not_null()", x=part.expr),
                BOOLEAN,
                part,
                nullable=False,
                sql=lambda d: d.is_not_null(part.done.sql(d)),
            )
        return invert(self._condition(node.this, "NOT"))

    def _comparison(self, node: exp.Expr) -> Typed:
        return compare(_SIGNS[type(node)], *self._sides(node))

    def _distinct(self, node: exp.NullSafeEQ | exp.NullSafeNEQ) -> Typed:
        left, right = comparable(*self._sides(node), "IS DISTINCT FROM")
        if left.is_literal:
            # polars 2.1 now and then loses the length of a literal that the method is called on.
            left, right = right, left
        verb = Code("ne_missing" if type(node) is exp.NullSafeNEQ else "eq_missing")
        source = code("{a}.{verb}({b})", a=left.expr, verb=verb, b=right.argument)
        return derived(
            source,
            BOOLEAN,
            left,
            right,
            nullable=False,
            sql=lambda d: d.binary(type(node), left.beside(d), right.beside(d)),
        )

    def _is(self, node: exp.Is) -> Typed:
        if type(node.expression) is exp.Null:
            part = _or_text(self.compile(node.this))
            return derived(
                code("{x}.is_null()", x=part.expr),
                BOOLEAN,
                part,
                nullable=False,
                sql=lambda d: d.is_null(part.done.sql(d)),
            )
        if type(node.expression) is not exp.Boolean:
            raise type_error("IS is followed by NULL, TRUE, FALSE or DISTINCT FROM.")
        part = self._condition(node.this, "IS TRUE")
        source = code("{x}.eq_missing({v})", x=part.expr, v=lit(bool(node.expression.this)))
        truth = bool(node.expression.this)
        return derived(
            source,
            BOOLEAN,
            part,
            nullable=False,
            sql=lambda d: d.binary(exp.Is, part.sql(d), exp.Boolean(this=truth)),
        )

    def _between(self, node: exp.Between) -> Typed:
        parts = [self.compile(node.args[k]) for k in ("this", "low", "high")]
        kind = order_type(parts, "BETWEEN")
        value, low, high = (coerce(p, kind) for p in parts)
        if value.is_literal:
            # polars 2.1 takes one null bound for a null result there.
            sides = (compare(">=", value, low), compare("<=", value, high))
            return _joined(exp.And, *map(fold, sides))
        source = code(
            "{x}.is_between({a}, {b})", x=value.expr, a=bound_argument(low), b=bound_argument(high)
        )

        def sql(d: Dialect) -> Sql:
            first, last = wrapped(low.beside(d)), wrapped(high.beside(d))
            return exp.Between(this=wrapped(value.beside(d)), low=first, high=last)

        return derived(source, BOOLEAN, value, low, high, sql=sql)

    def _in(self, node: exp.In) -> Typed:
        parts = [self.compile(node.this), *(self.compile(e) for e in node.expressions)]
        if len(parts) == 1:
            raise type_error("IN wants at least one value in its parentheses.")
        kind = common_type(parts, "IN")
        if kind.is_nested:
            raise type_error(f"IN compares plain values, not {kind}.")
        if any(p.type == NULL for p in parts):
            raise type_error(
                "NULL equals nothing, so IN cannot look for it.", "Write `… OR x IS NULL`."
            )
        value, *options = (coerce(p, kind) for p in parts)

        def sql(d: Dialect) -> Sql:
            return d.is_in(value.beside(d), [o.beside(d) for o in options])

        if all(o.is_literal for o in options):
            values = [o.digits if kind.name == "decimal" else o.value for o in options]
            source = code("{x}.is_in({v})", x=value.expr, v=lit(values))
            return derived(source, BOOLEAN, value, *options, sql=sql)
        tests = [fold(compare("==", value, o)) for o in options]
        source = join((t.operand(OR + 1) for t in tests), " | ")
        return derived(source, BOOLEAN, *tests, rank=OR, sql=sql)

    def _like(self, node: exp.Like | exp.ILike | exp.Escape) -> Typed:
        escape = ""
        inner: exp.Expr = node
        if type(node) is exp.Escape:
            mark = self.compile(node.expression).value
            if not isinstance(mark, str) or len(mark) != 1:
                raise type_error("ESCAPE is followed by one character.")
            escape, inner = mark, node.this
        if type(inner) not in (exp.Like, exp.ILike):
            raise type_error("ESCAPE belongs to LIKE.")
        text, pattern = self._sides(inner)
        found = like(text, pattern, escape, ignore_case=type(inner) is exp.ILike)
        return invert(found) if inner.args.get("negate") else found

    # --- choices, casts and calls ---

    def _case(self, node: exp.Case) -> Typed:
        base = node.this
        cases = []
        for branch in node.args["ifs"]:
            if base is None:
                condition = self._condition(branch.this, "WHEN")
            else:
                condition = compare("==", self.compile(base), self.compile(branch.this))
            cases.append((condition, self.compile(branch.args["true"])))
        default = node.args.get("default")
        return choose(cases, None if default is None else self.compile(default))

    def _cast(self, node: exp.Cast | exp.TryCast) -> Typed:
        to = cast_type(node.args["to"])
        part = self.compile(node.this).done
        if part.type in (to, NULL):
            return coerce(part, to)
        if part.is_literal and isinstance(part.value, str) and to.is_temporal:
            return literal(read_temporal(part.value, to), to)
        if not can_cast(part.type, to):
            raise type_error(
                f"{name_of(part.type)} cannot become {to}.",
                "Moments counted since 1970 are read by from_epoch." if part.type == INT64 else "",
            )
        lossless = to in (STRING, DATETIME) and part.type != STRING
        return derived(
            cast_value(part.expr, part.type, to),
            to,
            part,
            nullable=part.nullable or not lossless,
            sql=lambda d: cast_sql(d, part.sql(d), part.type, to),
        )

    def _extract(self, node: exp.Extract) -> Typed:
        field = str(node.this.this).lower()
        field = {"isodow": "weekday", "doy": "day_of_year", "isoyear": "iso_year"}.get(field, field)
        if field not in (*PARTS, "hour", "minute", "second", "epoch"):
            hint = "In `weekday` Monday is 1 and Sunday 7." if field in ("dow", "dayofweek") else ""
            raise type_error(
                f"EXTRACT knows no field `{field}`.", hint or nearest(field, list(PARTS))
            )
        return all_functions()[field].call([self.compile(node.expression)])

    def _position(self, node: exp.StrPosition) -> Typed:
        parts = [self.compile(node.this), self.compile(node.args["substr"])]
        return all_functions()["strpos"].call(parts)

    def _call(self, node: exp.Anonymous) -> Typed:
        if not isinstance(node.this, str):
            raise ExpressionError(
                "E_UNKNOWN_FUNCTION", "Functions are written without quotes.", node=node
            )
        name = node.this.lower()
        function = all_functions().get(name)
        if function is None:
            raise unknown_function(node.this)
        for index, argument in enumerate(node.expressions):
            if type(argument) is exp.Column:
                # Before it is looked for among the columns: date_trunc(month, day).
                function.check_column_may_stand_at(index)
        return function.call([self.compile(a) for a in node.expressions])


def _joined(node: type[exp.And | exp.Or], left: Typed, right: Typed) -> Typed:
    sign, rank = ("&", AND) if node is exp.And else ("|", OR)
    # Python knows that & binds tighter than |, readers may not.
    first = left.operand(rank if left.rank != AND else AND + (rank == OR))
    second = right.operand(AND + 1)
    source = Code(f"{left.expr if left.is_literal else first} {sign} {second}")

    def sql(d: Dialect) -> Sql:
        join = d.both if node is exp.And else d.either
        return join(left.sql(d), right.sql(d))

    return derived(source, BOOLEAN, left, right, rank=rank, sql=sql)


def _field(part: Typed, identifier: exp.Identifier) -> Typed:
    name = str(identifier.this)
    if part.type.name != "struct":
        raise ExpressionError(
            "E_TYPE",
            f"{name_of(part.type)} has no field `{name}`; only structs have fields.",
            "A column whose name holds a point is written in double quotes.",
            identifier,
        )
    fields = dict(part.type.fields)
    quoted = bool(identifier.args.get("quoted"))
    found = name if name in fields else None
    if found is None and not quoted:
        fits = [f for f in fields if f.lower() == name.lower()]
        found = fits[0] if len(fits) == 1 else None
    if found is None:
        raise ExpressionError(
            "E_UNKNOWN_COLUMN",
            f"The struct has no field `{name}`.",
            nearest(name, fields),
            identifier,
        )
    if found.startswith("^") or found == "*":
        raise type_error(
            f"The field `{found}` cannot be read: polars takes such a name for a pattern.",
            "The flatten step makes columns of a struct's fields.",
        )
    source = code("{s}.struct.field({f})", s=part.expr, f=lit(found))
    return derived(
        source,
        fields[found],
        part,
        nullable=True,
        # Without the parentheses, `a.b` may be a column of a relation.
        sql=lambda d: exp.Dot(this=exp.Paren(this=part.sql(d)), expression=d.identifier(found)),
    )


def _or_text(part: Typed) -> Typed:
    return coerce(part, STRING) if part.type == NULL else part


_SIGNS: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.IntDiv: "//",
    exp.Mod: "%",
    exp.EQ: "==",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_HANDLERS: dict[type[exp.Expr], Callable[[Compiler, Any], Typed]] = {
    **dict.fromkeys(
        (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod), Compiler._arithmetic
    ),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), Compiler._comparison),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ), Compiler._distinct),
    **dict.fromkeys((exp.And, exp.Or), Compiler._logic),
    **dict.fromkeys((exp.Like, exp.ILike, exp.Escape), Compiler._like),
    **dict.fromkeys((exp.Cast, exp.TryCast), Compiler._cast),
    exp.Column: Compiler._column,
    exp.Literal: Compiler._literal,
    exp.Boolean: Compiler._boolean,
    exp.Null: Compiler._null,
    exp.Paren: Compiler._paren,
    exp.Neg: Compiler._negate,
    exp.Not: Compiler._negation,
    exp.DPipe: Compiler._join_texts,
    exp.Is: Compiler._is,
    exp.In: Compiler._in,
    exp.Between: Compiler._between,
    exp.Case: Compiler._case,
    exp.Extract: Compiler._extract,
    exp.StrPosition: Compiler._position,
    exp.Anonymous: Compiler._call,
}
