"""Rows for the items of a list: what `explode` and `split_rows` share."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.code import Code, code, col, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.checking import is_new
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.schema import Column, Schema
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
from ai_data_engineer.types import INT64, LogicalType


def with_position(schema: Schema, position: str | None, findings: Findings) -> Schema | None:
    """Return the columns with one for the items' places; None where it is there already."""
    if position is None:
        return schema
    if not is_new(position, schema, findings):
        return None
    return Schema({**schema, position: Column(INT64)})


def items_in_polars(rows: Code, column: str, position: str | None) -> Code:
    """Return a row for each item of a list column; for no item one with null."""
    exploded = [lit(column)]
    if position is not None:
        places = code("pl.int_ranges(1, {c}.list.len().cast(pl.Int64) + 1)", c=col(column))
        rows = with_columns(rows, {position: places})
        exploded.append(lit(position))
    return code("{rows}.explode({columns}, empty_as_null=True)", rows=rows, columns=join(exploded))


def sql_of_items(
    step_id: str,
    rows: Relation,
    column: str,
    of: LogicalType,
    values: Sql,
    dialect: Dialect,
    position: str | None = None,
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
    taken = {*rows.hidden, *carried}
    item, place, none = (free_name(n, taken) for n in ("__item", "__place", "__none"))
    unnested = {**others, **carried, item: dialect.unnest(filled)}
    shown = {n: dialect.item_of(item) if n == column else dialect.column(n) for n in rows.schema}
    if position is not None:
        unnested[none] = empty.copy()
        there = dialect.negate(dialect.column(none))
        shown[position] = dialect.case((there, dialect.cast(dialect.place_of(item), INT64)))
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
