"""Rows for the items of a list: what `explode` and `split_rows` share."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    as_they_are,
    carry_order,
    free_name,
    helper,
    select,
)
from ai_data_engineer.types import LogicalType


def sql_of_items(
    step_id: str, rows: Relation, column: str, of: LogicalType, values: Sql, dialect: Dialect
) -> StepSql:
    """Return a row for each item of a list, in the place of a column; for no item one with null."""
    order, carried = carry_order(dialect, rows, {column})
    others = {n: c for n, c in as_they_are(dialect, rows).items() if n != column}
    empty = dialect.binary(
        exp.EQ,
        dialect.coalesce(dialect.list_length(values.copy()), dialect.integer(0)),
        dialect.integer(0),
    )
    filled = dialect.case((empty, dialect.list_of(dialect.literal(None, of))), otherwise=values)
    item, place = (free_name(n, {*rows.hidden, *carried}) for n in ("__item", "__place"))
    unnested = {**others, **carried, item: dialect.unnest(filled)}
    shown = {n: dialect.item_of(item) if n == column else dialect.column(n) for n in rows.schema}
    hidden = {n: dialect.column(n) for n in (*rows.hidden, *carried)}
    return StepSql(
        select(
            dialect,
            helper("items", step_id),
            {**shown, **hidden, place: dialect.place_of(item)},
        ),
        (*order, Order(place)),
        helpers={"items": select(dialect, rows.name, unnested)},
    )
