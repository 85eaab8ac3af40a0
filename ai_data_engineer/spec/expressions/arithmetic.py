"""Numbers: + - * / // % and the sign, exact where the types are, null where there is no result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from ai_data_engineer.spec.code import Code, code, null_unless
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.expressions.coercion import (
    as_decimal,
    coerce,
    name_of,
    numeric_type,
    type_error,
)
from ai_data_engineer.spec.expressions.typed import (
    ATOM,
    INT64_MAX,
    NULL,
    PRODUCT,
    SUM,
    UNARY,
    Emit,
    Typed,
    decimal_of,
    derived,
    literal,
)
from ai_data_engineer.spec.sql.arithmetic import floor_divide, floor_modulo, modulo, null_if_zero
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

_WIDEST = 2**126
_NODES: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
_RANKS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "//": PRODUCT, "%": PRODUCT}


def arithmetic(sign: str, left: Typed, right: Typed) -> Typed:
    """Return `left sign right`; raises ExpressionError for what are not numbers."""
    for part in (left, right):
        if not part.type.is_numeric and part.type != NULL:
            raise type_error(
                f"`{sign}` wants numbers, not {name_of(part.type)}.", _hint(sign, part)
            )
    if left.type == NULL or right.type == NULL:
        left, right = _typed_nulls(left, right)
    if sign == "/":
        return _divide(sign, left, right)
    if left.type == right.type == INT64:
        return _integers(sign, left, right)
    if numeric_type(left.type, right.type) == FLOAT64 and not _exact_beside(left, right):
        return _floats(sign, left, right)
    if sign in ("//", "%"):
        return _floats(sign, left, right)
    return _decimals(sign, left, right)


def negate(part: Typed) -> Typed:
    """Return the number with the other sign."""
    if part.type == NULL:
        return part
    if not part.type.is_numeric:
        raise type_error(f"`-` wants a number, not {name_of(part.type)}.")
    if part.is_literal and not isinstance(part.value, str | None):
        digits = None if part.digits is None else part.digits.copy_negate()
        return literal(-part.value, part.type, digits)  # type: ignore[operator]
    if part.type == INT64:
        return _integers("-", literal(0), part)
    source = code("-{x}", x=part.operand(UNARY))

    def sql(d: Dialect) -> Sql:
        if part.type == FLOAT64:
            return d.minus(part.sql(d))
        return d.minus_decimal(part.sql(d), part.type)

    return replace(part, code=source, rank=UNARY, emit=sql)


def _hint(sign: str, part: Typed) -> str:
    if part.type.name in ("date", "datetime"):
        return "Use date_add(day, 7, 'day') or date_diff('day', start, end)."
    if part.type.name == "string" and sign == "+":
        return "Texts are joined with || or concat(a, b); CAST(text AS float64) makes a number."
    return f"Use CAST({part.type.name} AS float64)." if part.type.name == "string" else ""


def _typed_nulls(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    kind = right.type if left.type == NULL else left.type
    kind = INT64 if kind == NULL else kind
    return coerce(left, kind), coerce(right, kind)


def _binary(sign: str, left: Typed, right: Typed) -> Code:
    rank = _RANKS[sign]
    # Of two bare values Python would make a number before polars saw them.
    first = left.expr if left.is_literal and right.is_literal else left.operand(rank)
    return Code(f"{first} {sign} {right.operand(rank + 1)}")


def _sql(node: type[exp.Binary], left: Typed, right: Typed) -> Emit:
    return lambda d: d.binary(node, left.beside(d), right.beside(d))


def _divisor(part: Typed) -> Typed:
    """Return the divisor with null for zero, so that the result is null too."""
    if part.is_literal:
        return literal(None, part.type) if part.value == 0 else part
    source = null_unless(part.expr, "x != 0")
    return derived(
        source, part.type, part, nullable=True, sql=lambda d: null_if_zero(d, part.sql(d))
    )


def _divide(sign: str, left: Typed, right: Typed) -> Typed:
    left, right = (
        coerce(p, FLOAT64) if p.type.name == "decimal" else p.done for p in (left, right)
    )
    right = _divisor(right)
    source, rank = _quotient(sign, left, right)
    return derived(source, FLOAT64, left, right, rank=rank, sql=_sql(exp.Div, left, right))


def _quotient(sign: str, left: Typed, right: Typed) -> tuple[Code, int]:
    """Return the source of a division of float64, and how tightly it binds.

    Where a divisor is one value for many rows, polars multiplies by its inverse, so that 49 / 49 is
    not 1; it divides by a column.
    """
    if _has_exact_inverse(right):
        return _binary(sign, left, right), PRODUCT
    column = Code(f"(x.is_not_null() * {coerce(right, FLOAT64).operand(0)})")
    return code(
        "{a}.pipe(lambda x: {division})", a=left.expr, division=Code(f"x {sign} {column}")
    ), ATOM


def _has_exact_inverse(part: Typed) -> bool:
    value = part.value
    return not isinstance(value, int | float) or abs(math.frexp(value)[0]) == 0.5


def _floats(sign: str, left: Typed, right: Typed) -> Typed:
    left, right = (
        coerce(p, FLOAT64) if p.type.name == "decimal" else p.done for p in (left, right)
    )
    if sign in _NODES:
        result = _binary(sign, left, right)
        sql = _sql(_NODES[sign], left, right)
        return derived(result, FLOAT64, left, right, rank=_RANKS[sign], sql=sql)
    right = _divisor(right)
    if left.type == right.type == INT64:
        left = coerce(left, FLOAT64)

    def divided(d: Dialect) -> Sql:
        if sign == "%":
            return modulo(d, left.beside(d), right.beside(d))
        return d.floor(d.binary(exp.Div, left.beside(d), right.beside(d)))

    source, rank = _quotient(sign, left, right)
    return derived(source, FLOAT64, left, right, rank=rank, sql=divided)


def _integers(sign: str, left: Typed, right: Typed) -> Typed:
    """Compute in 128 bits where 64 may not do; the cast back makes null of what does not fit."""
    if sign == "%":
        # polars already gives null for % 0, and the result is never larger than the divisor.
        left, right = left.done, _divisor(right.done) if right.is_literal else right.done
        nullable = not right.is_literal or right.value is None or left.nullable
        result = _binary(sign, left, right)
        rest = _divided(floor_modulo, left, right)
        return derived(result, INT64, left, right, rank=PRODUCT, nullable=nullable, sql=rest)
    sides = left, right
    bound = _bound(sign, left, right)
    if bound > _WIDEST:
        left, right = left.done, right.done
        bound = _bound(sign, left, right)
    if sign == "//":
        left, right = left.done, _divisor(right.done) if right.is_literal else right.done
        bound = left.bound
        if right.is_literal and right.value != -1:
            bound = min(bound, INT64_MAX)
    sides = left, right
    wide = bound > INT64_MAX or left.wide or right.wide
    if wide and not (left.wide or right.wide):
        side = left if not left.is_literal else right
        widened = replace(
            side,
            code=code("{x}.cast(pl.Int128)", x=side.expr),
            emit=lambda d: d.wide(side.sql(d)),
            rank=ATOM,
            is_literal=False,
        )
        left, right = (widened, right) if side is left else (left, widened)
    nullable = left.nullable or right.nullable or (sign == "//" and not right.is_literal)
    if sign == "//":
        divided = _divided(floor_divide, *sides)
        plain = wide or (isinstance(right.value, int) and right.value > 0)
        sql: Emit = divided if plain else lambda d: d.cast(divided(d), INT64)
    else:
        sql = _sql(_NODES[sign], left, right)
    return derived(
        _binary(sign, left, right),
        INT64,
        left,
        right,
        rank=_RANKS[sign],
        nullable=nullable,
        wide=wide,
        bound=bound,
        sql=sql,
    )


def _divided(operation: Callable[[Dialect, Sql, int | Sql], Sql], a: Typed, b: Typed) -> Emit:
    """Return the SQL of `//` or `%`; where the divisor is null, so is the result."""

    def sql(d: Dialect) -> Sql:
        if b.is_literal:
            value = b.value
            return operation(d, a.sql(d), value) if isinstance(value, int) else b.sql(d)
        return operation(d, a.sql(d), null_if_zero(d, b.sql(d)))

    return sql


def _bound(sign: str, left: Typed, right: Typed) -> int:
    return left.bound * right.bound if sign == "*" else left.bound + right.bound


def _exact_beside(left: Typed, right: Typed) -> bool:
    """Whether one side is a decimal and the other a number written out, such as 1.5."""
    for one, other in ((left, right), (right, left)):
        if one.type.name == "decimal" and other.is_literal and other.digits is not None:
            try:
                return decimal_of(other.digits).precision <= 19
            except ValueError:
                return False
    return False


def _decimals(sign: str, left: Typed, right: Typed) -> Typed:
    """Compute exactly: the scale of a product is the sum of the scales."""
    left, right = _as_decimal(left), _as_decimal(right)
    a, b = left.type, right.type
    if sign == "*":
        scale = a.scale + b.scale
        precision = a.precision + b.precision
    else:
        scale = max(a.scale, b.scale)
        precision = max(a.precision - a.scale, b.precision - b.scale) + scale + 1
    if precision > 38:
        left, right = _narrowed(sign, left, right)
        scale = min(scale, left.type.scale + right.type.scale)
        precision = 38
    if sign == "*" and scale > max(left.type.scale, right.type.scale):
        # polars keeps the larger scale of the two, so one of them is widened first.
        side, other = (right, left) if left.is_literal else (left, right)
        widened = derived(
            code("{x}.cast({t})", x=side.atom, t=dtype(LogicalType("decimal", 38, scale))),
            side.type,
            side,
            sql=side.sql,
        )
        left, right = (widened, other) if side is left else (other, widened)
    kind = LogicalType("decimal", precision, scale)
    result = _binary(sign, left, right)

    def sql(d: Dialect) -> Sql:
        if sign == "*":
            return d.product((left.sql(d), left.type), (right.sql(d), right.type), kind)
        return d.binary(_NODES[sign], left.sql(d), right.sql(d))

    return derived(result, kind, left, right, rank=_RANKS[sign], wide=True, sql=sql)


def _as_decimal(part: Typed) -> Typed:
    if part.is_literal and part.digits is not None:
        return literal(part.value, decimal_of(part.digits), part.digits)
    if part.is_literal:
        return coerce(part, as_decimal(part.type))
    return coerce(part, as_decimal(INT64)) if part.type == INT64 else part


def _narrowed(sign: str, left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Give way where a result could need more than 38 digits: larger operands become null."""
    a, b = left.type, right.type
    if sign == "*":
        first = max(38 - b.precision, min(a.precision, 19))
        second = 38 - first
        if _too_narrow(a, first) or _too_narrow(b, second):
            raise type_error(
                f"{a} * {b} could need more than 38 digits.",
                "CAST one side to fewer digits, such as decimal(18,2), or to float64.",
            )
        return fit(left, first), fit(right, second)
    scale = max(a.scale, b.scale)
    if 37 - scale < 6:
        raise type_error(
            f"{a} {sign} {b} could need more than 38 digits.",
            "CAST both sides to fewer digits, such as decimal(18,2), or to float64.",
        )
    return fit(left, 37 - scale + a.scale), fit(right, 37 - scale + b.scale)


def _too_narrow(kind: LogicalType, precision: int) -> bool:
    return precision < kind.precision and precision - kind.scale < 6


def fit(part: Typed, precision: int) -> Typed:
    """Return a decimal with at most so many digits: what needs more is null."""
    if part.type.precision <= precision:
        return part
    kind = LogicalType("decimal", precision, part.type.scale)
    cast = code("{x}.cast({t}, strict=False)", x=part.expr, t=dtype(kind))
    return derived(
        cast, kind, part, nullable=True, sql=lambda d: d.try_cast(part.done.sql(d), kind)
    )
