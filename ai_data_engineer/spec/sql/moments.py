"""Dates, times and datetimes in SQL: what the engines write differently, with one meaning each.

Years run from 1 to 9999 in the proleptic Gregorian calendar. Datetimes are microseconds of UTC.
"""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.types import LogicalType


class Moments:
    """The calendar of a `Dialect`."""

    def from_microseconds(self, count: exp.Expr) -> exp.Expr:
        """Return the datetime so many microseconds (an int64) after 1970-01-01 00:00."""
        raise NotImplementedError

    def microseconds(self, moment: exp.Expr) -> exp.Expr:
        """Return the microseconds from 1970-01-01 00:00 to a datetime."""
        raise NotImplementedError

    def seconds(self, moment: exp.Expr) -> exp.Expr:
        """Return the whole seconds from 1970-01-01 00:00 to a datetime, rounded down."""
        raise NotImplementedError

    def from_days(self, count: exp.Expr) -> exp.Expr:
        """Return the date so many days (an int64) after 1970-01-01."""
        raise NotImplementedError

    def days(self, day: exp.Expr) -> exp.Expr:
        """Return the days from 1970-01-01 to a date."""
        raise NotImplementedError

    def on_first_day(self, time: exp.Expr) -> exp.Expr:
        """Return a time as a datetime on 1970-01-01."""
        raise NotImplementedError

    def part(self, name: str, moment: exp.Expr) -> exp.Expr:
        """Return a part of a date, time or datetime as int64, by the name of our function."""
        raise NotImplementedError

    def start_of(self, unit: str, moment: exp.Expr, of: LogicalType) -> exp.Expr:
        """Return the start of the unit in which a date or datetime lies; weeks begin on Monday."""
        raise NotImplementedError

    def months_later(self, moment: exp.Expr, months: exp.Expr, of: LogicalType) -> exp.Expr:
        """Return a date or datetime so many months later: a day that the month has not becomes its
        last.
        """
        raise NotImplementedError

    def last_day(self, day: exp.Expr) -> exp.Expr:
        """Return the last day of a date's month."""
        raise NotImplementedError

    def formatted(self, moment: exp.Expr, form: str) -> exp.Expr:
        """Return a date or datetime as text in a strftime format, with English names."""
        raise NotImplementedError
