"""The nodes and functions that SQL may consist of, and the only way from a tree to text."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Sqlglot
from sqlglot.generator import Generator

MAX_NODES = 50_000
"""Nodes of one query; a longer one is a sign of an expression that repeats itself."""

NODES: frozenset[type[exp.Expr]] = frozenset(
    {
        # queries
        exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Subquery, exp.Where, exp.Group,
        exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Join, exp.Union, exp.Alias,
        exp.Star, exp.Distinct, exp.Window, exp.WindowSpec, exp.Filter, exp.IgnoreNulls,
        exp.LastValue, exp.Interval, exp.Var,
        # values
        exp.Column, exp.Identifier, exp.Literal, exp.ByteString, exp.Null, exp.Boolean, exp.Paren,
        exp.Neg, exp.Dot,
        exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.ColumnDef, exp.Anonymous,
        exp.Case, exp.If, exp.Lambda, exp.Array,
        # conditions
        exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ,
        exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Exists,
        exp.Like, exp.Escape,
        # arithmetic
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.DPipe,
    }
)  # fmt: skip


class UnknownSql(Exception):
    """A tree holds what no test has seen on the engine: a defect of an operator or function."""


def generate(tree: exp.Expr, dialect: str, functions: frozenset[str]) -> str:
    """Return a tree as SQL text; raises UnknownSql for what is not on the lists.

    `dialect` is sqlglot's name of the engine, `functions` are the engine's functions in use.
    """
    pretty = True
    for node in _checked(tree):
        if type(node) is exp.Anonymous and str(node.this).lower() not in functions:
            raise UnknownSql(f"function {node.this} ({dialect})")
        pretty = pretty and not _breaks_when_indented(node)
    return tree.sql(dialect=dialect, pretty=pretty, normalize_functions=False, max_text_width=90)


def _breaks_when_indented(node: exp.Expr) -> bool:
    """Say whether sqlglot would change a name or text while it indents the lines of a query.

    It keeps line ends of names and texts by a mark, which it takes for one wherever it stands; line
    ends of a type's text (the names of a struct's fields) it does not keep.
    """
    texts = [value for value in node.args.values() if isinstance(value, str)]
    lost = "\n" if type(node) is exp.DataType else Generator.SENTINEL_LINE_BREAK
    return any(lost in text for text in texts)


def _checked(tree: exp.Expr) -> Iterator[exp.Expr]:
    for number, node in enumerate(tree.walk()):
        if type(node) not in NODES:
            raise UnknownSql(f"node {type(node).__name__}")
        if number > MAX_NODES:
            raise UnknownSql("a query of too many nodes")
        yield node


def keywords(dialect: str) -> frozenset[str]:
    """Return the words of an engine that a name must be quoted for, in upper case."""
    tokenizer = Sqlglot.get_or_raise(dialect).tokenizer_class
    return frozenset(tokenizer.KEYWORDS)
