"""Comparisons: which values have one, and how it is written."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.code import Code, code
from ai_data_engineer.spec.expressions.coercion import coerce, common_type, type_error
from ai_data_engineer.spec.expressions.typed import COMPARISON, NULL, UNARY, Typed, derived
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import BOOLEAN, INT64, STRING, LogicalType

_NODES: dict[str, type[exp.Binary]] = {
    "==": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def compare(sign: str, left: Typed, right: Typed) -> Typed:
    """Return a comparison of two values that have an order or, for = and <>, are comparable."""
    shown = {"==": "=", "!=": "<>"}.get(sign, sign)
    left, right = comparable(left, right, f"`{shown}`", ordered=sign not in ("==", "!="))
    if left.type == BOOLEAN and right.is_literal and sign in ("==", "!="):
        return left if right.value == (sign == "==") else invert(left)
    node = _NODES[sign]

    def sql(d: Dialect) -> Sql:
        return d.binary(node, left.beside(d), right.beside(d))

    first = left.expr if left.is_literal else left.operand(COMPARISON + 1)
    if left.is_literal and not right.is_literal:
        # `x < 1` reads better than `1 > x` turned round, and polars takes both.
        sign = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
        source = Code(f"{right.operand(COMPARISON + 1)} {sign} {left.operand(COMPARISON + 1)}")
    else:
        second = right.expr if left.is_literal else right.operand(COMPARISON + 1)
        source = Code(f"{first} {sign} {second}")
    return derived(source, BOOLEAN, left, right, rank=COMPARISON, sql=sql)


def invert(condition: Typed) -> Typed:
    """Return NOT a condition; null stays null."""
    source = code("~{x}", x=condition.expr if condition.is_literal else condition.operand(UNARY))
    return derived(source, BOOLEAN, condition, rank=UNARY, sql=lambda d: d.negate(condition.sql(d)))


def comparable(
    left: Typed, right: Typed, what: str, *, ordered: bool = False
) -> tuple[Typed, Typed]:
    """Return both sides in a form that can be compared; raises ExpressionError."""
    left, right = left.done, right.done
    kind = common_type([left, right], what)
    if kind == NULL or NULL in (left.type, right.type):
        if not what.startswith("IS"):
            raise type_error(
                f"{what} with NULL is never true.", "Write `x IS NULL` or `x IS NOT NULL`."
            )
        kind = BOOLEAN if kind == NULL else kind
        return coerce(left, kind), coerce(right, kind)
    if kind.is_nested or (ordered and not kind.is_orderable):
        raise type_error(f"{kind} has no place in {what}.")
    if kind.is_numeric and left.type != right.type:
        # polars compares unlike numbers by itself; only literals take the other's form.
        return _number_beside(left, kind), _number_beside(right, kind)
    return coerce(left, kind), coerce(right, kind)


def _number_beside(part: Typed, kind: LogicalType) -> Typed:
    if part.is_literal and not (part.type == INT64 and kind.name == "float64"):
        return coerce(part, kind)
    return coerce(part, kind) if "decimal" in (kind.name, part.type.name) else part


def order_type(parts: list[Typed], what: str) -> LogicalType:
    """Return the common type of values that must have an order."""
    kind = common_type(parts, what)
    if kind == NULL or any(p.type == NULL for p in parts):
        raise type_error(f"{what} with NULL is never true.", "Write `x IS NULL`.")
    if not kind.is_orderable:
        raise type_error(f"{what} wants values with an order, not {kind}.")
    return kind


def bound_argument(part: Typed) -> Code:
    """Return a bound of is_between()."""
    # is_between() takes a bare text for a column's name.
    return part.expr if part.type == STRING else part.argument
