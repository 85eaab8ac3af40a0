"""The cardinality of a join as SQL: queries of what breaks it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import REASON, Relation, select, union_all

BROKEN = "E_CARDINALITY"
"""What a run says of it is the same on all engines: polars does not tell which input it is."""


def repeated_keys(
    sides: Sequence[tuple[str, Sequence[str]]], dialect: Dialect, *, missing_count: bool
) -> exp.Query:
    """Return a row for each key that repeats in a relation where it must not.

    A side is a relation and its keys; `missing_count`: missing keys are equal.
    """
    queries = []
    for rows, keys in sides:
        present = None
        if not missing_count:
            present = dialect.both(*(dialect.is_not_null(dialect.column(k)) for k in keys))
        query = select(
            dialect,
            rows,
            {REASON: dialect.string(BROKEN)},
            where=present,
            group_by=[dialect.column(key) for key in keys],
        )
        query.set("having", exp.Having(this=_several(dialect)))
        queries.append(query)
    return union_all(queries)


def several_matches(left: Relation, pairs: exp.From, dialect: Dialect) -> exp.Query:
    """Return a row for each row of the left, `l` in the pairs, that stands in several of them."""
    query = select(
        dialect,
        pairs,
        {REASON: dialect.string(BROKEN)},
        group_by=[dialect.column(part.column, "l") for part in left.order],
    )
    query.set("having", exp.Having(this=_several(dialect)))
    return query


def _several(dialect: Dialect) -> Sql:
    return dialect.binary(exp.GT, dialect.call("count", exp.Star()), dialect.integer(1))
