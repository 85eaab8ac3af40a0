"""Functions over lists."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.expressions.coercion import coerce, common_type, type_error
from ai_data_engineer.spec.expressions.functions.text import as_text
from ai_data_engineer.spec.expressions.registry import Param, register
from ai_data_engineer.spec.expressions.typed import Typed, derived
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import BOOLEAN, INT64, STRING, LogicalType

_LIST = Param("list", "list")


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
