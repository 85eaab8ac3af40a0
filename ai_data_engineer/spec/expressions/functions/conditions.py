"""Functions that choose among values of one type."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, join
from ai_data_engineer.spec.expressions.coercion import coerce, common_type, type_error
from ai_data_engineer.spec.expressions.registry import Build, Param, register
from ai_data_engineer.spec.expressions.typed import NULL, Typed, derived, literal
from ai_data_engineer.types import LogicalType

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
    parts = [
        code(
            "{verb}({c}).then({v})",
            verb=code("pl.when") if i == 0 else code(".when"),
            c=condition.done.code if not condition.is_literal else condition.expr,
            v=_branch(value),
        )
        for i, ((condition, _), value) in enumerate(zip(cases, chosen, strict=True))
    ]
    if not (last.is_literal and last.value is None):
        parts.append(code(".otherwise({v})", v=_branch(last)))
    conditions = [c for c, _ in cases]
    return derived(
        join(parts, ""), kind, *conditions, *values, nullable=any(v.nullable for v in values)
    )


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
        source = code("{a}.fill_null({b})", a=parts[0].expr, b=parts[1].expr)
    else:
        source = code("pl.coalesce({all})", all=join(_branch(p) for p in parts))
    return derived(source, kind, *parts, nullable=nullable)


def _nullif(value: Typed, other: Typed) -> Typed:
    kind, (a, b) = together([value, other], "nullif")
    if kind == NULL:
        return literal(None)
    if kind.is_nested:
        raise type_error("nullif compares numbers, texts, dates and booleans.")
    source = code("pl.when({a}.ne_missing({b})).then({a})", a=a.expr, b=b.expr)
    return derived(source, kind, a, b, nullable=True)


def _extreme(name: str, verb: str) -> Build:
    def build(*values: Typed) -> Typed:
        kind, parts = together(list(values), name)
        if kind == NULL:
            return literal(None)
        if not kind.is_orderable:
            raise type_error(f"{name} wants values with an order, not {kind}.")
        source = code(f"pl.{verb}_horizontal({{all}})", all=join(p.expr for p in parts))
        return derived(source, kind, *parts, nullable=all(p.nullable for p in parts))

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
