"""Functions over business days: Monday to Friday without the holidays that are written out."""

from __future__ import annotations

import datetime as dt

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.expressions.coercion import type_error
from ai_data_engineer.spec.expressions.functions.dates import DAY, MOST
from ai_data_engineer.spec.expressions.registry import Param, register
from ai_data_engineer.spec.expressions.typed import Typed, derived
from ai_data_engineer.types import DATE, INT64

HOLIDAYS = Param("holidays", "date", constant=True, default=None)
MOST_HOLIDAYS = 100


def _add(date: Typed, count: Typed, *holidays: dt.date | None) -> Typed:
    date = _date_of(date)
    free = _holidays(holidays)
    # Off a business day, the first step forward ends on the next one, backward on the one before.
    later, earlier = (
        code(
            "{date}.dt.add_business_days({n}{free}, roll={roll})",
            date=date.expr,
            n=lit(count.value) if count.is_literal else count.argument,
            free=free,
            roll=lit(roll),
        )
        for roll in ("backward", "forward")
    )
    if count.is_literal and isinstance(count.value, int):
        if abs(count.value) > MOST:
            raise type_error(f"`count` goes to {MOST}.")
        return derived(later if count.value > 0 else earlier, DATE, date)
    source = code(
        "pl.when({n}.is_between(1, {most})).then({later})"
        ".when({n}.is_between(-{most}, 0)).then({earlier})",
        n=count.expr,
        most=lit(MOST),
        later=later,
        earlier=earlier,
    )
    return derived(source, DATE, date, count, nullable=True)


def _between(start: Typed, end: Typed, *holidays: dt.date | None) -> Typed:
    start, end = _date_of(start), _date_of(end)
    free = _holidays(holidays)
    forward, backward = (
        code("pl.business_day_count({a}, {b}{free})", a=a.expr, b=b.expr, free=free)
        for a, b in ((start, end), (end, start))
    )
    source = code(
        "pl.when({a} <= {b}).then({forward}).otherwise(-{backward}).cast(pl.Int64)",
        a=start.expr,
        b=end.expr,
        forward=forward,
        backward=backward,
    )
    return derived(source, INT64, start, end, bound=2**32)


def _date_of(moment: Typed) -> Typed:
    if moment.type == DATE:
        return moment
    return derived(code("{m}.dt.date()", m=moment.expr), DATE, moment)


def _holidays(holidays: tuple[dt.date | None, ...]) -> Code:
    """Return the holidays as one more argument, each once, in order."""
    days = sorted({day for day in holidays if day is not None})
    if len(days) > MOST_HOLIDAYS:
        raise type_error(f"There are at most {MOST_HOLIDAYS} holidays.")
    return code(", holidays={days}", days=lit(days)) if days else Code("")


register(
    "dates",
    "add_business_days",
    (DAY, Param("count", "integer"), HOLIDAYS),
    "date",
    "The date so many business days later (earlier when negative), Saturdays, Sundays and the "
    "holidays not counted; 0 gives the date itself or, where it is none, the next business day. "
    f"More than {MOST} are null. At most {MOST_HOLIDAYS} holidays.",
    ("add_business_days(DATE '2024-03-08', 1)", dt.date(2024, 3, 11)),
    ("add_business_days(DATE '2024-03-09', -1)", dt.date(2024, 3, 8)),
    ("add_business_days(DATE '2024-12-24', 1, '2024-12-25', '2024-12-26')", dt.date(2024, 12, 27)),
    build=_add,
    variadic=True,
)
register(
    "dates",
    "business_days_between",
    (Param("start", "date"), Param("end", "date"), HOLIDAYS),
    "int64",
    "How many business days there are from `start` on and before `end`, Saturdays, Sundays and "
    "the holidays not counted; where `end` is earlier, the negative number of those from `end` on "
    f"and before `start`. At most {MOST_HOLIDAYS} holidays.",
    ("business_days_between(DATE '2024-03-08', DATE '2024-03-12')", 2),
    ("business_days_between(DATE '2024-03-12', DATE '2024-03-08')", -2),
    ("business_days_between(DATE '2024-12-23', DATE '2024-12-27', '2024-12-25')", 3),
    build=_between,
    variadic=True,
)
