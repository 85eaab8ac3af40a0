"""Figures of `window` as polars code, over rows that stand in the order of their partition."""

from __future__ import annotations

from collections.abc import Sequence

from ai_data_engineer.spec.code import Code, code, col, join, lit
from ai_data_engineer.spec.operators.base import SortKey
from ai_data_engineer.spec.operators.figures import exact_sum
from ai_data_engineer.spec.operators.values import constant
from ai_data_engineer.spec.operators.window_figures import (
    NUMBERINGS,
    SHIFTS,
    Frame,
    WindowFigure,
)
from ai_data_engineer.spec.operators.writing import atom, names, over
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

BEYOND = 10_000_000_000
"""Rows that no table has; polars has no frame without an end."""
BEYOND_DAYS = 10_000_000
"""Days that no calendar has."""
CUMULATIVE = ("int64", "float64", "decimal", "date", "time", "datetime")
"""Types that polars has running figures for."""
PLAIN = ("int64", "float64")
METHODS = {
    "sum": Code("sum()"),
    "mean": Code("mean()"),
    "min": Code("min()"),
    "max": Code("max()"),
    "std": Code("std()"),
    "count": Code("count()"),
    "first_value": Code("first()"),
    "last_value": Code("last()"),
}
ROLLING = {
    "sum": Code("rolling_sum"),
    "mean": Code("rolling_mean"),
    "min": Code("rolling_min"),
    "max": Code("rolling_max"),
}


def figure_code(
    figure: WindowFigure, partition: Sequence[str], order: Sequence[SortKey], schema: Schema
) -> Code:
    """Return the figure as an expression over rows sorted by partition and order."""
    if figure.function in NUMBERINGS:
        return over(_numbering(figure, order), partition)
    if figure.function == "share_of_total" and figure.column is not None:
        return _share(figure.column, schema[figure.column].type, partition)
    if figure.function in SHIFTS and figure.column is not None:
        places = figure.offset if figure.function == "lag" else -figure.offset
        return over(code("{c}.shift({n})", c=col(figure.column), n=lit(places)), partition)
    frame = figure.reach
    by = [lit(name) for name in partition]
    key = order[0].column if order else ""
    if frame is not None and frame.unit == "days" and schema[key].nullable:
        by.append(code("{c}.is_null()", c=col(key)))
    expression = _measure(figure, frame, key, schema)
    return code("{e}.over({by})", e=atom(expression), by=join(by)) if by else expression


def _numbering(figure: WindowFigure, order: Sequence[SortKey]) -> Code:
    if figure.function == "row_number":
        return Code("pl.int_range(1, pl.len() + 1)")
    if figure.function == "ntile":
        return code(
            "pl.max_horizontal("
            "pl.int_range(pl.len()) // (pl.len() // {n} + 1), "
            "(pl.int_range(pl.len()) - pl.len() % {n}) // (pl.len() // {n})"
            ").cast(pl.Int64) + 1",
            n=lit(figure.n),
        )
    # In order, rows that are equal in the keys stand together: a run is a group of peers.
    peers = code("pl.struct({keys}).rle_id()", keys=names(key.column for key in order))
    match figure.function:
        case "rank":
            return code('{peers}.rank("min").cast(pl.Int64)', peers=peers)
        case "dense_rank":
            return code("{peers}.cast(pl.Int64) + 1", peers=peers)
        case "percent_rank":
            return code('({peers}.rank("min") - 1) / (pl.len() - 1).clip(1)', peers=peers)
        case _:
            return code('{peers}.rank("max") / pl.len()', peers=peers)


def _share(column: str, of: LogicalType, partition: Sequence[str]) -> Code:
    numbers = code("{c}.cast(pl.Float64)", c=col(column)) if of != FLOAT64 else col(column)
    total = over(code("{numbers}.sum()", numbers=numbers), partition)
    return code("pl.when({total} != 0).then({numbers} / {total})", total=total, numbers=numbers)


def _measure(figure: WindowFigure, frame: Frame | None, key: str, schema: Schema) -> Code:
    """Return a figure of the rows in a frame."""
    if figure.column is None:
        return code("{rows}.cast(pl.Int64)", rows=_framed(Code("pl.len()"), frame, key, schema))
    of = schema[figure.column].type
    column = col(figure.column)
    if frame == Frame() and (running := _running(figure.measure, column, of)) is not None:
        return running
    trailing = frame is not None and frame.unit == "rows" and frame.following == 0
    if trailing and figure.measure in ROLLING and of.name in PLAIN:
        assert frame is not None
        if isinstance(frame.preceding, int):
            return _rolling(figure.measure, column, of, frame.preceding + 1)
    if figure.measure == "nth_value":
        taken = code("{c}.get({n}, null_on_oob=True)", c=column, n=lit((figure.n or 1) - 1))
        return _framed(taken, frame, key, schema)
    if figure.measure == "sum" and of == INT64:
        summed = _framed(code("{c}.cast(pl.Int128).sum()", c=column), frame, key, schema)
        return code("{summed}.cast(pl.Int64, strict=False)", summed=summed)
    method = METHODS[figure.measure]
    result = _framed(code("{c}.{method}", c=column, method=method), frame, key, schema)
    return code("{count}.cast(pl.Int64)", count=result) if figure.measure == "count" else result


def _framed(aggregate: Code, frame: Frame | None, key: str, schema: Schema) -> Code:
    """Return an aggregate over the frame of each row."""
    if frame is None:
        return aggregate
    by_date = frame.unit == "days"
    before, after = (
        (BEYOND_DAYS if by_date else BEYOND) if end == "unbounded" else end
        for end in (frame.preceding, frame.following)
    )
    index, unit, last = Code("pl.int_range(pl.len())"), "i", "1i"
    if by_date:
        of = schema[key]
        index, unit, last = col(key), "d", "1d" if of.type.name == "date" else "1us"
        if of.nullable:
            # Rows without a date are a partition of their own, where any date will do.
            day = constant("1970-01-01", of.type)
            index = code("{c}.fill_null({day})", c=index, day=day)
    # A period of polars begins with `offset` and ends before `offset + period`.
    period = f"{before + after}{unit}{last}" if last == "1us" else f"{before + after + 1}{unit}"
    return code(
        '{aggregate}.rolling({index}, period={period}, offset={offset}, closed="left")',
        aggregate=aggregate,
        index=index,
        period=lit(period),
        offset=lit(f"{-before}{unit}"),
    )


def _running(measure: str, column: Code, of: LogicalType) -> Code | None:
    """Return a figure of the rows up to each one, where polars has one."""
    if measure == "count":
        return code("{c}.cum_count().cast(pl.Int64)", c=column)
    if measure == "sum":
        filled = code("{c}.fill_null({zero})", c=column, zero=constant(0, of))
        if of == INT64:
            return exact_sum(filled, Code("cum_sum()"))
        return code("{filled}.cum_sum()", filled=filled)
    if measure in ("min", "max") and of.name in CUMULATIVE:
        method = Code("cum_min()" if measure == "min" else "cum_max()")
        return code("{c}.{method}.forward_fill()", c=column, method=method)
    return None


def _rolling(measure: str, column: Code, of: LogicalType, rows: int) -> Code:
    """Return a figure of the last rows, in the words that polars has for it."""
    window = code("{f}({rows}, min_samples=1)", f=ROLLING[measure], rows=lit(rows))
    if measure != "sum":
        return code("{c}.{window}", c=column, window=window)
    zero = constant(0, of)
    if of == INT64:
        return exact_sum(code("{c}.fill_null({zero})", c=column, zero=zero), window)
    return code("{c}.{window}.fill_null({zero})", c=column, window=window, zero=zero)
