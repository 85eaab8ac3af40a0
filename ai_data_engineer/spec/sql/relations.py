"""Steps as queries over relations.

A relation is a common table expression with the columns of a step and, hidden behind names that
begin with `__`, those that hold its order: SQL tables have none, and the language promises one.
Sources come with `__row`, the number of the row. Steps carry the hidden columns along; those that
make an order (sort, aggregate, join, …) say by which columns it is told from there on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql

ROW = "__row"
"""Hidden column of a source: the row's number, from 0."""
REASON = "__reason"
"""Column of rejects and of violations: a text of ours without any cell value."""


@dataclass(frozen=True)
class Order:
    """A column to order by; nulls come last unless it is said otherwise."""

    column: str
    descending: bool = False
    nulls_first: bool = False

    def backwards(self) -> Order:
        """Return the opposite order, nulls and all."""
        return Order(self.column, not self.descending, not self.nulls_first)


@dataclass(frozen=True)
class Relation:
    """What stands behind a source or a step."""

    name: str
    schema: Schema
    order: tuple[Order, ...] = (Order(ROW),)
    """How its rows are ordered, in full: no two rows are equal in all of these."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """Columns of the order that are not columns of the step."""
        return tuple(o.column for o in self.order if o.column not in self.schema)


@dataclass(frozen=True)
class StepSql:
    """What a step does, as queries.

    `helpers` are common table expressions that stand before the result, by the role that becomes
    the beginning of their name (`checked` of the step `typed` is `_checked__typed`, see `helper`).
    `rejects`, where the step sets rows aside, yields those rows with the input's columns and
    `__reason`. `violations` yields a row with `__reason` for what must stop the run.
    """

    result: exp.Query
    order: tuple[Order, ...]
    helpers: Mapping[str, exp.Query] = field(default_factory=dict)
    rejects: exp.Query | None = None
    violations: exp.Query | None = None


def helper(role: str, step_id: str) -> str:
    """Return the name of a step's common table expression besides its result."""
    return f"_{role}__{step_id}"


def select(
    dialect: Dialect,
    rows: str | exp.From | None,
    columns: Mapping[str, Sql],
    *,
    where: Sql | None = None,
    group_by: Sequence[Sql] = (),
) -> exp.Select:
    """Return `SELECT columns FROM rows`, each column under its name; without rows one row."""
    query = exp.Select(expressions=[_named(dialect, n, c) for n, c in columns.items()])
    if rows is not None:
        source = exp.From(this=_table(dialect, rows)) if isinstance(rows, str) else rows
        query.set("from_", source)
    if where is not None:
        query.set("where", exp.Where(this=where))
    if group_by:
        query.set("group", exp.Group(expressions=list(group_by)))
    return query


def _named(dialect: Dialect, name: str, column: Sql) -> Sql:
    stored = dialect.stored_as(name)
    if isinstance(column, exp.Column) and column.name == stored.name:
        return column
    return exp.Alias(this=column, alias=stored)


def as_they_are(dialect: Dialect, rows: Relation, names: Sequence[str] = ()) -> dict[str, Sql]:
    """Return columns of a relation (all without `names`) and its hidden ones, unchanged."""
    kept = names or tuple(rows.schema)
    return {name: dialect.column(name) for name in (*kept, *rows.hidden)}


def row_wise(dialect: Dialect, rows: Relation, changed: Mapping[str, Sql]) -> StepSql:
    """Return the step that computes columns row by row: replaced in place, new ones behind.

    Columns that the order is told by are kept under a hidden name where they change.
    """
    return _projected(dialect, rows, {**as_they_are(dialect, rows), **changed}, set(changed))


def projected(dialect: Dialect, rows: Relation, columns: Mapping[str, Sql]) -> StepSql:
    """Return the step that gives exactly these columns, row by row."""
    unchanged = {
        name
        for name, column in columns.items()
        if isinstance(column, exp.Column) and column.name == dialect.stored_as(name).name
    }
    hidden = {name: dialect.column(name) for name in rows.hidden}
    return _projected(dialect, rows, {**columns, **hidden}, set(rows.schema) - unchanged)


def _projected(
    dialect: Dialect, rows: Relation, columns: dict[str, Sql], lost: set[str]
) -> StepSql:
    order, carried = carry_order(dialect, rows, lost)
    hidden = {n: c for n, c in columns.items() if n in rows.hidden}
    shown = {n: c for n, c in columns.items() if n not in rows.hidden}
    return StepSql(select(dialect, rows.name, {**shown, **hidden, **carried}), order)


def carry_order(
    dialect: Dialect, rows: Relation, lost: set[str]
) -> tuple[tuple[Order, ...], dict[str, Sql]]:
    """Return the order, and the hidden copies of its columns that are `lost` from the result."""
    order: list[Order] = []
    carried: dict[str, Sql] = {}
    for part in rows.order:
        if part.column in lost:
            copy = free_name(f"__{part.column}", {*rows.hidden, *carried})
            carried[copy] = dialect.column(part.column)
            order.append(replace(part, column=copy))
        else:
            order.append(part)
    return tuple(order), carried


def free_name(name: str, taken: Collection[str]) -> str:
    """Return the name of a hidden column that is not taken, nor where an engine ignores case."""
    folded = {other.casefold() for other in taken}
    while name.casefold() in folded:
        name += "_"
    return name


def followed_by(first: Sequence[Order], then: Sequence[Order]) -> tuple[Order, ...]:
    """Return an order by the first columns and, where these are equal, by the others."""
    found: dict[str, Order] = {}
    for part in (*first, *then):
        found.setdefault(part.column, part)
    return tuple(found.values())


def row_number(dialect: Dialect, rows: Relation) -> Sql:
    """Return a number that orders the rows of a relation as they stand, as one column."""
    if rows.order == (Order(ROW),):
        return dialect.column(ROW)
    return over(dialect, dialect.call("row_number"), order=rows.order)


def ordered(dialect: Dialect, order: Sequence[Order], of: str | None = None) -> list[exp.Ordered]:
    """Return the terms of an ORDER BY, nulls last."""
    return [
        exp.Ordered(this=dialect.column(o.column, of), desc=o.descending, nulls_first=o.nulls_first)
        for o in order
    ]


def over(
    dialect: Dialect,
    function: Sql,
    partition_by: Sequence[str | Sql] = (),
    order: Sequence[Order] = (),
    frame: exp.WindowSpec | None = None,
) -> Sql:
    """Return `function OVER (PARTITION BY … ORDER BY … frame)`."""
    return exp.Window(
        this=function,
        partition_by=[dialect.column(p) if isinstance(p, str) else p for p in partition_by],
        order=exp.Order(expressions=ordered(dialect, order)) if order else None,
        spec=frame,
    )


def up_to_here() -> exp.WindowSpec:
    """Return the frame of all rows of a partition up to this one."""
    return exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")


def union_all(queries: Sequence[exp.Query]) -> exp.Query:
    """Return the rows of all queries."""
    first, *rest = queries
    for query in rest:
        first = exp.Union(this=first, expression=query, distinct=False)
    return first


def joined(dialect: Dialect, how: str, left: str, right: str, on: Sql | None) -> exp.From:
    """Return two relations side by side, as `l` and `r`."""
    kinds = {"left": ("LEFT", ""), "right": ("RIGHT", ""), "full": ("FULL", "")}
    side, kind = kinds.get(how, ("", how.upper()))
    join = exp.Join(this=_table(dialect, right, "r"), side=side, kind=kind, on=on)
    return exp.From(this=_table(dialect, left, "l", [join]))


def _table(
    dialect: Dialect, name: str, alias: str | None = None, joins: Sequence[exp.Join] = ()
) -> exp.Table:
    named = exp.TableAlias(this=dialect.identifier(alias)) if alias else None
    return exp.Table(this=dialect.identifier(name), alias=named, joins=list(joins))


def exists(dialect: Dialect, rows: str, condition: Sql, alias: str | None = None) -> Sql:
    """Return whether a relation, as `alias`, has a row for which the condition is true."""
    query = exp.Select(expressions=[dialect.integer(1)])
    query.set("from_", exp.From(this=_table(dialect, rows, alias)))
    query.set("where", exp.Where(this=condition))
    return exp.Exists(this=query)


def numbered(
    dialect: Dialect, rows: Relation, partition_by: Sequence[str], order: Sequence[Order], name: str
) -> exp.Select:
    """Return a relation with the number of each row in its partition, from 1, as `name`."""
    number = over(dialect, dialect.call("row_number"), partition_by, order)
    return select(dialect, rows.name, {**as_they_are(dialect, rows), name: number})


def in_order(dialect: Dialect, rows: Relation, query: exp.Select | None = None) -> exp.Select:
    """Return a query of the relation in its order: of its columns, unless one is given."""
    if query is None:
        query = select(dialect, rows.name, {name: dialect.column(name) for name in rows.schema})
    query.set("order", exp.Order(expressions=ordered(dialect, rows.order)))
    return query
