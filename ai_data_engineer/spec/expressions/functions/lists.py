"""Functions over lists."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.expressions.coercion import coerce, common_type, type_error
from ai_data_engineer.spec.expressions.functions.dates import MOST
from ai_data_engineer.spec.expressions.functions.text import as_text
from ai_data_engineer.spec.expressions.registry import Param, register
from ai_data_engineer.spec.expressions.typed import Typed, derived
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import BOOLEAN, INT64, STRING, LogicalType

_LIST = Param("list", "list")
_LARGEST = 10**18 - 1


def _item(values: Typed) -> LogicalType:
    if values.type.item is None:
        raise type_error("NULL is not a list.")
    return values.type.item


def _get(values: Typed, position: int) -> Typed:
    item = _item(values)
    if position == 0:
        raise type_error("Positions in a list count from 1, or from the end when negative.")
    source = code(
        "{l}.list.get({i}, null_on_oob=True)",
        l=values.expr,
        i=lit(position - 1 if position > 0 else position),
    )
    return derived(
        source, item, values, nullable=True, sql=lambda d: d.list_item(values.sql(d), position)
    )


def _contains(values: Typed, value: Typed) -> Typed:
    item = _item(values)
    element = Typed(Code("pl.element()"), item)
    if item.is_nested or common_type([element, value], "list_contains") != item:
        raise type_error(f"A {values.type} does not hold such values.", "Use CAST.")
    value = coerce(value, item)
    source = code("{l}.list.contains({v})", l=values.expr, v=value.expr)
    if value.nullable:
        source = code("pl.when({v}.is_not_null()).then({s})", v=value.expr, s=source)
    return derived(
        source,
        BOOLEAN,
        values,
        value,
        sql=lambda d: d.list_contains(values.sql(d), value.sql(d)),
    )


def _join(values: Typed, separator: str) -> Typed:
    item = _item(values)
    element = Typed(Code("pl.element()"), item)
    texts = values.expr
    if element.type != STRING:
        texts = code("{l}.list.eval({e})", l=texts, e=as_text(element, "array_to_string").code)
    source = code("{l}.list.join({s}, ignore_nulls=True)", l=texts, s=lit(separator))

    def sql(d: Dialect) -> Sql:
        def text(x: Sql) -> Sql:
            return as_text(Typed(Code(""), item, emit=lambda _: x), "array_to_string").sql(d)

        listed = values.sql(d) if item == STRING else d.each(values.sql(d), text)
        return d.list_join(listed, d.string(separator))

    return derived(source, STRING, values, sql=sql)


def _length(values: Typed) -> Typed:
    return derived(
        code("{l}.list.len().cast(pl.Int64)", l=values.expr),
        INT64,
        values,
        bound=2**32,
        sql=lambda d: d.cast(d.list_length(values.sql(d)), INT64),
    )


def _slice(values: Typed, start: Typed, length: Typed | None) -> Typed:
    _item(values)
    offset = code("{n}.clip(1) - 1", n=start.expr)
    source = code("{l}.list.slice({o})", l=values.expr, o=offset)
    if length is not None:
        most = code("{n}.clip(0)", n=length.expr)
        source = code("{l}.list.slice({o}, {n})", l=values.expr, o=offset, n=most)
        if length.nullable:
            # polars takes a null length for "to the end".
            source = code("pl.when({n}.is_not_null()).then({s})", n=length.expr, s=source)
    parts = (values, start) if length is None else (values, start, length)

    def sql(d: Dialect) -> Sql:
        return d.list_slice(values.sql(d), start.sql(d), None if length is None else length.sql(d))

    return derived(source, values.type, *parts, sql=sql)


def _numbers(start: Typed, end: Typed) -> Typed:
    # The greater of `end` and the least number keeps the difference within 64 bits.
    near = code(
        "pl.when(({a} >= {low}) & ({b} <= {high}) & ({b}.clip({low}) - {most} < {a})).then({b})",
        a=start.expr,
        b=end.expr,
        low=lit(-_LARGEST),
        high=lit(_LARGEST),
        most=lit(MOST),
    )
    source = code("pl.int_ranges({a}, {b} + 1)", a=start.expr, b=near)

    def sql(d: Dialect) -> Sql:
        low, high = (d.literal(n, INT64) for n in (-_LARGEST, _LARGEST))
        least = d.binary(exp.Sub, d.call("greatest", end.sql(d), low.copy()), d.integer(MOST))
        near = d.both(
            d.binary(exp.GTE, start.sql(d), low),
            d.binary(exp.LTE, end.sql(d), high),
            d.binary(exp.LT, least, start.sql(d)),
        )
        return d.case((near, d.whole_numbers(start.sql(d), end.sql(d))))

    kind = LogicalType("list", item=INT64)
    return derived(source, kind, start, end, nullable=True, sql=sql)


register(
    "lists",
    "list_length",
    (_LIST,),
    "int64",
    "The number of items, nulls included.",
    ("list_length(split('a,b', ','))", 2),
    build=_length,
    aliases=("cardinality", "array_length"),
)
register(
    "lists",
    "list_get",
    (_LIST, Param("position", "integer", constant=True)),
    "as the items",
    "The item at `position` (from 1; from the end when negative); null where there is none.",
    ("list_get(split('a,b', ','), 1)", "a"),
    ("list_get(split('a,b', ','), 5)", None),
    build=_get,
    aliases=("list_element",),
)
register(
    "lists",
    "list_contains",
    (_LIST, Param("value", "any")),
    "boolean",
    "Whether an item equals the value; null where the list or the value is null.",
    ("list_contains(split('a,b', ','), 'b')", True),
    build=_contains,
    aliases=("array_contains",),
)
register(
    "lists",
    "array_to_string",
    (_LIST, Param("separator", "text", constant=True)),
    "string",
    "The items as text, joined; nulls are left out.",
    ("array_to_string(split('a,b', ','), ' & ')", "a & b"),
    build=_join,
    aliases=("list_join",),
)
register(
    "lists",
    "list_slice",
    (_LIST, Param("start", "integer"), Param("length", "integer", default=None)),
    "as `list`",
    "The items from the position `start` (from 1; less counts as 1), at most `length` of them.",
    ("list_slice(split('a/b/c', '/'), 1, 2)", ["a", "b"]),
    ("list_slice(split('a/b/c', '/'), 3)", ["c"]),
    ("list_slice(split('a/b/c', '/'), 4)", []),
    build=_slice,
)
register(
    "lists",
    "number_range",
    (Param("start", "integer"), Param("end", "integer")),
    "list<int64>",
    "The whole numbers from `start` to `end`, both included; empty where `end` is less, null where "
    f"they would be more than {MOST} or have more than 18 digits. The explode step makes rows of "
    "them.",
    ("number_range(3, 5)", [3, 4, 5]),
    ("number_range(1, 0)", []),
    build=_numbers,
)
