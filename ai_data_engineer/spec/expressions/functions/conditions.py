"""Functions that choose among values of one type."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, join
from ai_data_engineer.spec.expressions.coercion import coerce, common_type, type_error
from ai_data_engineer.spec.expressions.registry import Build, Param, register
from ai_data_engineer.spec.expressions.typed import NULL, Typed, derived, literal
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import FLOAT64, LogicalType

_VALUE = Param("value", "any")


def together(parts: list[Typed], what: str) -> tuple[LogicalType, list[Typed]]:
    """Return the parts in their one type; raises ExpressionError where there is none."""
    kind = common_type(parts, what)
    if kind == NULL:
        return NULL, parts
    return kind, [coerce(p, kind) for p in parts]


def choose(cases: list[tuple[Typed, Typed]], otherwise: Typed | None, what: str = "CASE") -> Typed:
    """Return the value behind the first condition that is true, else `otherwise`, else null."""
    last = literal(None) if otherwise is None else otherwise
    kind, values = together([*(v for _, v in cases), last], what)
    if kind == NULL:
        return literal(None)
    *chosen, last = values
    live: list[tuple[Typed, Typed]] = []
    for (condition, _), value in zip(cases, chosen, strict=True):
        if not condition.is_literal:
            live.append((condition, value))
        elif condition.value:
            last = value
            break
    if not live:
        return last
    parts = [
        code(
            "{verb}({c}).then({v})",
            verb=code("pl.when") if i == 0 else code(".when"),
            c=condition.done.code,
            v=_branch(value),
        )
        for i, (condition, value) in enumerate(live)
    ]
    if not (last.is_literal and last.value is None):
        parts.append(code(".otherwise({v})", v=_branch(last)))
    nullable = last.nullable or any(v.nullable for _, v in live)
    used = [part for pair in live for part in pair]

    def sql(d: Dialect) -> Sql:
        otherwise = None if last.is_literal and last.value is None else last.sql(d)
        return d.case(*((c.done.sql(d), v.sql(d)) for c, v in live), otherwise=otherwise)

    return derived(join(parts, ""), kind, *used, last, nullable=nullable, sql=sql)


def _branch(value: Typed) -> Code:
    return value.expr if value.is_literal else value.done.code


def _if(condition: Typed, then: Typed, otherwise: Typed | None) -> Typed:
    return choose([(condition, then)], otherwise, "if")


def _coalesce(*values: Typed) -> Typed:
    kind, parts = together(list(values), "coalesce")
    if kind == NULL:
        return literal(None)
    if len(parts) == 1:
        return parts[0]
    nullable = all(p.nullable for p in parts)
    if len(parts) == 2 and parts[1].is_literal and not parts[0].is_literal:
        filler = parts[1].expr if kind.name == "decimal" else parts[1].argument
        source = code("{a}.fill_null({b})", a=parts[0].expr, b=filler)
    else:
        source = code("pl.coalesce({all})", all=join(_branch(p) for p in parts))
    return derived(
        source,
        kind,
        *parts,
        nullable=nullable,
        sql=lambda d: d.coalesce(*(p.sql(d) for p in parts)),
    )


def _nullif(value: Typed, other: Typed) -> Typed:
    kind, (a, b) = together([value, other], "nullif")
    if kind == NULL:
        return literal(None)
    if kind.is_nested:
        raise type_error("nullif compares numbers, texts, dates and booleans.")
    if b.is_literal and not b.nullable:
        source = code("pl.when({a} != {b}).then({a})", a=a.expr, b=b.argument)
    else:
        # polars 2.1 now and then loses the length of a literal that the method is called on.
        source = code("pl.when({b}.ne_missing({a})).then({v})", a=a.argument, b=b.expr, v=a.expr)
    return derived(
        source, kind, a, b, nullable=True, sql=lambda d: d.null_if(a.sql(d), b.beside(d))
    )


def _extreme(name: str, verb: str) -> Build:
    def build(*values: Typed) -> Typed:
        kind, parts = together(list(values), name)
        if kind == NULL:
            return literal(None)
        if not kind.is_orderable:
            raise type_error(f"{name} wants values with an order, not {kind}.")
        source = code(f"pl.{verb}_horizontal({{all}})", all=join(p.expr for p in parts))

        def sql(d: Dialect) -> Sql:
            if len(parts) == 1:
                return parts[0].sql(d)
            if name == "greatest" and kind == FLOAT64:
                # NaN does not count while there is a number; to the engines it is the largest.
                return d.minus(d.call("least", *(d.minus(p.sql(d)) for p in parts)))
            return d.call(name, *(p.sql(d) for p in parts))

        nullable = all(p.nullable for p in parts)
        return derived(source, kind, *parts, nullable=nullable, sql=sql)

    return build


register(
    "conditions",
    "if",
    (Param("condition", "boolean"), Param("then", "any"), Param("otherwise", "any", default=None)),
    "the values' common type",
    "`then` where the condition is true, `otherwise` (or null) where it is false or null.",
    ("if(2 > 1, 'yes', 'no')", "yes"),
    ("if(NULL, 'yes', 'no')", "no"),
    build=_if,
    aliases=("iff",),
)
register(
    "conditions",
    "coalesce",
    (_VALUE,),
    "the values' common type",
    "The first value that is not null.",
    ("coalesce(NULL, 'a', 'b')", "a"),
    ("coalesce(1, 2.5)", 1.0),
    build=_coalesce,
    variadic=True,
    aliases=("ifnull", "nvl"),
)
register(
    "conditions",
    "nullif",
    (_VALUE, Param("other", "any")),
    "as `value`",
    "Null where both are equal, else the first.",
    ("nullif('-', '-')", None),
    ("nullif(5, 0)", 5),
    build=_nullif,
)
register(
    "conditions",
    "greatest",
    (_VALUE,),
    "the values' common type",
    "The largest value; nulls do not count.",
    ("greatest(1, 3, 2)", 3),
    ("greatest(1, NULL)", 1),
    build=_extreme("greatest", "max"),
    variadic=True,
)
register(
    "conditions",
    "least",
    (_VALUE,),
    "the values' common type",
    "The smallest value; nulls do not count.",
    ("least('b', 'a')", "a"),
    build=_extreme("least", "min"),
    variadic=True,
)
