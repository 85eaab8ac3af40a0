"""Figures of `window` as SQL: each is a window function with its frame."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ai_data_engineer.spec.operators.base import SortKey
from ai_data_engineer.spec.operators.figures_sql import ON_FLOATS, exact_sum, floats
from ai_data_engineer.spec.operators.window_figures import (
    NUMBERINGS,
    PLACES,
    SHIFTS,
    Frame,
    WindowFigure,
)
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Order, Relation, followed_by, over
from ai_data_engineer.types import DATETIME, INT64

DAY = 86_400_000_000
"""Microseconds."""


def sql_figure_in_window(
    figure: WindowFigure,
    partition: Sequence[str],
    keys: Sequence[SortKey],
    rows: Relation,
    dialect: Dialect,
) -> Sql:
    """Return the figure as a window function over the rows of a relation."""
    peers = [Order(key.column, key.descending) for key in keys]
    order = followed_by(peers, rows.order)
    if figure.function in NUMBERINGS:
        arguments = [] if figure.n is None else [dialect.integer(figure.n)]
        ranked = figure.function in ("row_number", "ntile")
        call = dialect.call(figure.function, *arguments)
        number = over(dialect, call, partition, order if ranked else peers)
        if figure.function in ("percent_rank", "cume_dist"):
            return number
        return dialect.cast(number, INT64)
    if figure.function == "share_of_total" and figure.column is not None:
        return _share(figure.column, partition, rows, dialect)
    if figure.function in SHIFTS and figure.column is not None:
        places = dialect.integer(figure.offset)
        call = dialect.call(figure.function, dialect.column(figure.column), places)
        return over(dialect, call, partition, order)
    measured = _call(figure, rows, dialect)
    if figure.reach is not None and figure.reach.unit == "days":
        found = _over_days(measured, partition, keys[0].column, figure.reach, rows, dialect)
    elif figure.reach is not None or figure.function in PLACES:
        frame = figure.reach or Frame(following="unbounded")
        found = over(dialect, measured, partition, order, _spec(frame, "ROWS", 1))
    else:
        found = over(dialect, measured, partition)
    if figure.measure == "sum" and figure.column is not None:
        return exact_sum(dialect, found, rows.schema[figure.column].type)
    return found


def _call(figure: WindowFigure, rows: Relation, dialect: Dialect) -> Sql:
    if figure.column is None:
        return dialect.call("count", exp.Star())
    value, of = dialect.column(figure.column), rows.schema[figure.column].type
    if figure.measure == "sum":
        return dialect.call("sum", dialect.wide(value) if of == INT64 else value)
    if figure.measure in ON_FLOATS:
        return dialect.call(ON_FLOATS[figure.measure], floats(dialect, value, of))
    more = [dialect.integer(figure.n)] if figure.n is not None else []
    return dialect.call(figure.measure, value, *more)


def _share(column: str, partition: Sequence[str], rows: Relation, dialect: Dialect) -> Sql:
    def numbers() -> Sql:
        return floats(dialect, dialect.column(column), rows.schema[column].type)

    total = over(dialect, dialect.call("sum", numbers()), partition)
    is_some = dialect.binary(exp.NEQ, total.copy(), dialect.integer(0))
    return dialect.case((is_some, dialect.binary(exp.Div, numbers(), total)))


def _over_days(
    function: Sql,
    partition: Sequence[str],
    key: str,
    frame: Frame,
    rows: Relation,
    dialect: Dialect,
) -> Sql:
    of = rows.schema[key]
    by: list[Sql] = [dialect.column(name) for name in partition]
    moment = dialect.column(key)
    if of.type != DATETIME:
        moment = dialect.cast(moment, DATETIME)
    place = dialect.microseconds(moment)
    if of.nullable:
        # Rows without a date are a partition of their own, where any place will do.
        by.append(dialect.is_null(dialect.column(key)))
        place = dialect.coalesce(place, dialect.integer(0))
    return exp.Window(
        this=function,
        partition_by=by,
        order=exp.Order(expressions=[exp.Ordered(this=place, nulls_first=False)]),
        spec=_spec(frame, "RANGE", DAY),
    )


def _spec(frame: Frame, kind: str, unit: int) -> exp.WindowSpec:
    """Return `kind BETWEEN … AND …`, the ends counted in `unit`."""
    ends: dict[str, str | exp.Expr] = {}
    for name, end, side in (
        ("start", frame.preceding, "PRECEDING"),
        ("end", frame.following, "FOLLOWING"),
    ):
        if end == "unbounded":
            ends |= {name: "UNBOUNDED", f"{name}_side": side}
        elif end == 0:
            ends |= {name: "CURRENT ROW"}
        else:
            other = {"PRECEDING": "FOLLOWING", "FOLLOWING": "PRECEDING"}[side]
            distance = exp.Literal.number(abs(end) * unit)
            ends |= {name: distance, f"{name}_side": side if end > 0 else other}
    return exp.WindowSpec(kind=kind, **ends)
