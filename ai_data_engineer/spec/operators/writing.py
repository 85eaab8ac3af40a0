"""Pieces of polars code that several operators write."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterable, Mapping, Sequence

from ai_data_engineer.spec.code import Code, code, join, lit
from ai_data_engineer.spec.code import name as identifier
from ai_data_engineer.spec.code_tree import code_tree
from ai_data_engineer.spec.operators.base import SortKey


def names(columns: Iterable[str]) -> Code:
    """Return column names as arguments: `"a", "b"`."""
    return join(lit(c) for c in columns)


def atom(expression: Code) -> Code:
    """Return the expression in parentheses, where a method could not be called on it without."""
    (statement,) = code_tree(expression).body
    parsed = statement.value if isinstance(statement, ast.Expr) else statement
    if isinstance(parsed, ast.Call | ast.Attribute | ast.Name | ast.Subscript):
        return expression
    return code("({expression})", expression=expression)


def assign(columns: Mapping[str, Code]) -> Code:
    """Return named expressions as arguments of `with_columns`, `select` or `agg`.

    Keyword arguments where every name can be one, else `.alias("…")`.
    """
    if all(n.isidentifier() and n.isascii() and not _taken(n) for n in columns):
        return join(code("{n}={e}", n=identifier(n), e=e) for n, e in columns.items())
    return join(code("{e}.alias({n})", n=lit(n), e=atom(e)) for n, e in columns.items())


def _taken(name: str) -> bool:
    # `self` is the method's own first parameter.
    return keyword.iskeyword(name) or name == "self"


def with_columns(rows: Code, columns: Mapping[str, Code]) -> Code:
    """Return `rows.with_columns(…)`."""
    return code("{rows}.with_columns({columns})", rows=rows, columns=assign(columns))


def local(name: str, inputs: Sequence[Code]) -> Code:
    """Return a name for a local variable that none of the inputs has."""
    while name in inputs:
        name += "_"
    return identifier(name)


def either(descending: Sequence[bool]) -> Code:
    """Return one boolean where all agree, else the list of them."""
    return lit(descending[0]) if len(set(descending)) == 1 else lit(list(descending))


def sort(rows: Code, keys: Sequence[SortKey]) -> Code:
    """Return `rows.sort(…)`: nulls last, equal rows as they stood."""
    return code(
        "{rows}.sort({by}, {descending}nulls_last=True, maintain_order=True)",
        rows=rows,
        by=names(k.column for k in keys),
        descending=_descending(keys),
    )


def sorted_by(expression: Code, keys: Sequence[SortKey]) -> Code:
    """Return `expression.sort_by(…)`: nulls last, equal rows as they stood."""
    return code(
        "{expression}.sort_by({by}, {descending}nulls_last=True, maintain_order=True)",
        expression=atom(expression),
        by=names(k.column for k in keys),
        descending=_descending(keys),
    )


def _descending(keys: Sequence[SortKey]) -> Code:
    flags = [k.descending for k in keys]
    return code("descending={flags}, ", flags=either(flags)) if any(flags) else Code("")


def backwards(keys: Sequence[SortKey]) -> list[SortKey]:
    """Return the keys in the opposite direction."""
    return [SortKey(column=k.column, descending=not k.descending) for k in keys]


def within(partition: Sequence[str], keys: Sequence[SortKey]) -> list[SortKey]:
    """Return the keys that bring the rows of each partition together, in order."""
    apart = [SortKey(column=name) for name in partition]
    # Inside its partition a column is constant, so it orders nothing there.
    return [*apart, *(key for key in keys if key.column not in partition)]


def over(expression: Code, partition: Sequence[str]) -> Code:
    """Return `expression.over(…)`, or the expression where the partition is the whole table."""
    if not partition:
        return expression
    return code("{e}.over({by})", e=atom(expression), by=names(partition))
