"""Functions over what lies between two dates: units that have passed, and the dates themselves."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.expressions.coercion import coerce, type_error
from ai_data_engineer.spec.expressions.functions.dates import MOST, OFFSETS, UNIT, dated, unit_of
from ai_data_engineer.spec.expressions.registry import Param, register
from ai_data_engineer.spec.expressions.typed import SUM, Typed, derived
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import DATE, DATETIME, INT64, LogicalType

_CALENDAR = ("year", "quarter", "month")
_DATES = (*_CALENDAR, "week", "day")
_MICROSECONDS = 86_400_000_000
START, END = Param("start", "date"), Param("end", "date")


def _elapsed(unit: str, start: Typed, end: Typed) -> Typed:
    unit = unit_of(unit)
    if unit not in _CALENDAR:
        raise type_error(
            f"`elapsed` counts years, quarters and months, not {unit}s.",
            "date_diff('day', start, end) counts days; epoch(end) - epoch(start) seconds.",
        )
    if DATETIME in (start.type, end.type):
        start, end = coerce(start, DATETIME), coerce(end, DATETIME)
    (units_a, rest_a), (units_b, rest_b) = (_counted(unit, p) for p in (start, end))
    source = code(
        "{ub} - {ua}"
        " - (({a} <= {b}) & ({rb} < {ra})).cast(pl.Int64)"
        " + (({a} > {b}) & ({rb} > {ra})).cast(pl.Int64)",
        a=start.expr,
        b=end.expr,
        ua=units_a,
        ub=units_b,
        ra=rest_a,
        rb=rest_b,
    )

    def sql(d: Dialect) -> Sql:
        (units_a, rest_a), (units_b, rest_b) = (_counted_sql(d, unit, p) for p in (start, end))
        one = d.integer(1)
        not_yet = d.both(
            d.binary(exp.LTE, start.sql(d), end.sql(d)), d.binary(exp.LT, rest_b, rest_a)
        )
        too_far = d.both(
            d.binary(exp.GT, start.sql(d), end.sql(d)),
            d.binary(exp.GT, rest_b.copy(), rest_a.copy()),
        )
        minus = exp.Neg(this=one.copy())
        rounded = d.case((not_yet, minus), (too_far, one), otherwise=d.integer(0))
        return d.binary(exp.Add, d.binary(exp.Sub, units_b, units_a), rounded)

    return derived(source, INT64, start, end, rank=SUM, bound=2**32, sql=sql)


def _counted(unit: str, moment: Typed) -> tuple[Code, Code]:
    """Return how many units there are before a moment, and how far it is in its own."""
    year, month, day = (
        code(f"{{m}}.dt.{part}().cast(pl.Int64)", m=moment.expr)
        for part in ("year", "month", "day")
    )
    quarter = code("{m}.dt.quarter().cast(pl.Int64)", m=moment.expr)
    match unit:
        case "year":
            units, rest = year, code("{m} * 100 + {d}", m=month, d=day)
        case "quarter":
            units = code("({y} * 4 + {q})", y=year, q=quarter)
            rest = code("({m} - {q} * 3) * 100 + {d}", m=month, q=quarter, d=day)
        case _:
            units, rest = code("({y} * 12 + {m})", y=year, m=month), day
    if moment.type == DATE and unit == "month":
        return units, code("{m}.dt.day()", m=moment.expr)
    if moment.type == DATETIME:
        clock = code('({m} - {m}.dt.truncate("1d")).dt.total_microseconds()', m=moment.expr)
        rest = code("({rest}) * {day} + {clock}", rest=rest, day=lit(_MICROSECONDS), clock=clock)
    return units, code("({rest})", rest=rest)


def _counted_sql(d: Dialect, unit: str, moment: Typed) -> tuple[Sql, Sql]:
    def part(name: str) -> Sql:
        return d.part(name, moment.sql(d))

    def weighed(first: Sql, weight: int, second: Sql) -> Sql:
        return d.binary(exp.Add, d.binary(exp.Mul, first, d.integer(weight)), second)

    match unit:
        case "year":
            units, rest = part("year"), weighed(part("month"), 100, part("day"))
        case "quarter":
            before = d.binary(exp.Mul, part("quarter"), d.integer(3))
            units = weighed(part("year"), 4, part("quarter"))
            rest = weighed(d.binary(exp.Sub, part("month"), before), 100, part("day"))
        case _:
            units, rest = weighed(part("year"), 12, part("month")), part("day")
    if moment.type == DATETIME:
        midnight = d.microseconds(d.start_of("day", moment.sql(d), DATETIME))
        clock = d.binary(exp.Sub, d.microseconds(moment.sql(d)), midnight)
        rest = weighed(rest, _MICROSECONDS, clock)
    return units, rest


def _range(unit: str, start: Typed, end: Typed) -> Typed:
    unit = unit_of(unit)
    if unit not in _DATES:
        raise type_error(f"`date_range` gives dates, not {unit}s.")
    start, end = dated(start), dated(end)
    near = code(
        "pl.when(({b} - {a}).dt.total_days() <= {most}).then({b})",
        a=start.expr,
        b=end.expr,
        most=lit(MOST),
    )
    first = start.expr
    if unit != "day":
        first = code("{a}.dt.truncate({u})", a=first, u=lit(OFFSETS[unit]))
        near = code("{b}.dt.truncate({u})", b=near, u=lit(OFFSETS[unit]))
    source = code("pl.date_ranges({a}, {b}, {u})", a=first, b=near, u=lit(OFFSETS[unit]))

    def sql(d: Dialect) -> Sql:
        days = d.binary(exp.Sub, d.days(end.sql(d)), d.days(start.sql(d)))
        first, last = (
            p.sql(d) if unit == "day" else d.start_of(unit, p.sql(d), DATE) for p in (start, end)
        )
        near = d.binary(exp.LTE, days, d.integer(MOST))
        return d.case((near, d.dates(first, last, unit)))

    kind = LogicalType("list", item=DATE)
    return derived(source, kind, start, end, nullable=True, sql=sql)


register(
    "dates",
    "elapsed",
    (UNIT, START, END),
    "int64",
    "How many whole years, quarters or months have passed from `start` to `end`: one more each "
    "time that the day (and time) of `start` comes again, or where a month has no such day, the "
    "next month begins. So years since a birthday are an age. Negative where `end` is earlier.",
    ("elapsed('year', DATE '2004-02-29', DATE '2024-02-28')", 19),
    ("elapsed('month', DATE '2024-01-31', DATE '2024-03-01')", 1),
    build=_elapsed,
)
register(
    "lists",
    "date_range",
    (UNIT, START, END),
    "list<date>",
    "The days from `start` to `end`, both included, or the first days of the weeks (Mondays), "
    "months, quarters or years from that of `start` to that of `end`; empty where that of `end` is "
    f"earlier, null where `end` is more than {MOST} days later. The explode step makes rows of "
    "them.",
    ("list_length(date_range('day', DATE '2024-02-28', DATE '2024-03-01'))", 3),
    ("list_length(date_range('month', DATE '2024-01-31', DATE '2024-03-01'))", 3),
    build=_range,
)
