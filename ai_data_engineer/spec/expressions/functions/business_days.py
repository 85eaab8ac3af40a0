"""Functions over business days: Monday to Friday without the holidays that are written out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlglot import exp

from ai_data_engineer.spec.code import Code, code, lit
from ai_data_engineer.spec.expressions.coercion import type_error
from ai_data_engineer.spec.expressions.functions.dates import DAY, MOST
from ai_data_engineer.spec.expressions.registry import Param, register
from ai_data_engineer.spec.expressions.typed import Typed, derived
from ai_data_engineer.spec.sql.dialect import MONDAY, Build, Dialect, Sql
from ai_data_engineer.types import DATE, INT64

HOLIDAYS = Param("holidays", "date", constant=True, default=None)
MOST_HOLIDAYS = 100


def _add(date: Typed, count: Typed, *holidays: dt.date | None) -> Typed:
    date = _date_of(date)
    calendar = Calendar.of(holidays)
    free = calendar.argument
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
        source = later if count.value > 0 else earlier
        return derived(source, DATE, date, sql=lambda d: calendar.moved(d, date, count))
    source = code(
        "pl.when({n}.is_between(1, {most})).then({later})"
        ".when({n}.is_between(-{most}, 0)).then({earlier})",
        n=count.expr,
        most=lit(MOST),
        later=later,
        earlier=earlier,
    )

    def sql(d: Dialect) -> Sql:
        within = exp.Between(this=count.done.sql(d), low=d.integer(-MOST), high=d.integer(MOST))
        return d.case((within, calendar.moved(d, date, count)))

    return derived(source, DATE, date, count, nullable=True, sql=sql)


def _between(start: Typed, end: Typed, *holidays: dt.date | None) -> Typed:
    start, end = _date_of(start), _date_of(end)
    calendar = Calendar.of(holidays)
    free = calendar.argument
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

    def sql(d: Dialect) -> Sql:
        last, first = (
            d.let(_day(d, part), lambda day: calendar.before(d, day)) for part in (end, start)
        )
        return d.binary(exp.Sub, last, first)

    return derived(source, INT64, start, end, bound=2**32, sql=sql)


def _date_of(moment: Typed) -> Typed:
    if moment.type == DATE:
        return moment
    return derived(
        code("{m}.dt.date()", m=moment.expr),
        DATE,
        moment,
        sql=lambda d: d.cast(moment.done.sql(d), DATE),
    )


def _day(dialect: Dialect, date: Typed) -> Sql:
    return dialect.day_number(date.done.sql(dialect))


@dataclass(frozen=True)
class Calendar:
    """The holidays, and what business days are in SQL: a matter of counting.

    Business days are numbered from 0 at the first Monday. A day's number tells how many there are
    before it: five a week, the days of its own week, less the holidays.
    """

    holidays: tuple[dt.date, ...]
    """In order, each once."""

    @classmethod
    def of(cls, holidays: tuple[dt.date | None, ...]) -> Calendar:
        """Return the calendar; raises ExpressionError for too many holidays."""
        days = sorted({day for day in holidays if day is not None})
        if len(days) > MOST_HOLIDAYS:
            raise type_error(f"There are at most {MOST_HOLIDAYS} holidays.")
        return cls(tuple(days))

    @property
    def argument(self) -> Code:
        """One more argument for polars' own functions."""
        days = lit(list(self.holidays))
        return code(", holidays={days}", days=days) if self.holidays else Code("")

    @property
    def _on_weekdays(self) -> list[int]:
        """The numbers of the holidays that are no Saturdays or Sundays."""
        return [(day - MONDAY).days for day in self.holidays if day.isoweekday() < 6]

    def before(self, d: Dialect, day: Build) -> Sql:
        """Return how many business days there are before the day with a number."""
        weeks = d.binary(exp.IntDiv, day(), d.integer(7))
        of_week = d.binary(exp.Mod, day(), d.integer(7))
        weekend = d.binary(exp.GT, of_week, d.integer(5))
        in_week = d.case((weekend, d.integer(5)), otherwise=of_week.copy())
        weekdays = d.binary(exp.Add, d.binary(exp.Mul, weeks, d.integer(5)), in_week)
        if not (holidays := self._on_weekdays):
            return weekdays
        yesterday = d.binary(exp.Sub, day(), d.integer(1))
        return d.binary(exp.Sub, weekdays, d.count_up_to(holidays, yesterday))

    def moved(self, d: Dialect, date: Typed, count: Typed) -> Sql:
        """Return the date so many business days away."""

        def target(day: Build) -> Sql:
            # The number that the business day looked for has.
            def tomorrow() -> Sql:
                return d.binary(exp.Add, day(), d.integer(1))

            forward = d.binary(exp.Sub, self.before(d, tomorrow), d.integer(1))
            later = d.binary(exp.GT, count.done.sql(d), d.integer(0))
            start = d.case((later, forward), otherwise=self.before(d, day))
            return d.binary(exp.Add, start, count.done.sql(d))

        def weekday(number: Build) -> Sql:
            # A holiday lies before the day looked for where so many business days precede it.
            if not (holidays := self._on_weekdays):
                return number()
            preceding = [_weekdays_before(day) - i for i, day in enumerate(holidays)]
            return d.binary(exp.Add, number(), d.count_up_to(preceding, number()))

        def date_of(number: Build) -> Sql:
            weeks = d.binary(exp.IntDiv, number(), d.integer(5))
            of_week = d.binary(exp.Mod, number(), d.integer(5))
            days = d.binary(exp.Mul, weeks, d.integer(7))
            return d.date_of_day(d.binary(exp.Add, days, of_week))

        number = d.let(d.let(_day(d, date), target), weekday)
        return d.let(number, date_of)


def _weekdays_before(day: int) -> int:
    return day // 7 * 5 + min(day % 7, 5)


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
