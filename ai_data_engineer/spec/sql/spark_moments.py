"""Dates, times and datetimes in Spark's SQL."""

from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Sql
from ai_data_engineer.spec.sql.spark_numbers import SparkNumbers
from ai_data_engineer.types import DATE, INT64, LogicalType

_LETTERS = {
    "Y": "yyyy", "y": "yy", "m": "MM", "d": "dd", "j": "DDD", "H": "HH", "I": "hh", "M": "mm",
    "S": "ss", "f": "SSSSSS", "p": "a", "b": "MMM", "B": "MMMM", "a": "EEE", "A": "EEEE",
}  # fmt: skip
"""Directives of strftime as letters of date_format."""


class SparkMoments(SparkNumbers):
    """Spark's calendar; the session's time zone is UTC."""

    moment_functions: ClassVar[frozenset[str]] = SparkNumbers.number_functions | frozenset(
        {
            "date_add", "date_format", "date_from_unix_date", "date_part", "date_trunc", "day",
            "dayofyear", "hour", "last_day", "make_timestamp", "make_ym_interval", "minute",
            "month", "quarter", "second", "timestamp_micros", "trunc", "unix_date", "unix_micros",
            "unix_seconds", "weekday", "weekofyear", "year",
        }
    )  # fmt: skip

    def from_microseconds(self, count: Sql) -> Sql:
        """Return `timestamp_micros(count)`."""
        return self.call("timestamp_micros", count)

    def microseconds(self, moment: Sql) -> Sql:
        """Return `unix_micros(moment)`."""
        return self.call("unix_micros", moment)

    def seconds(self, moment: Sql) -> Sql:
        """Return `unix_seconds(moment)`."""
        return self.call("unix_seconds", moment)

    def from_days(self, count: Sql) -> Sql:
        """Return `date_from_unix_date(count)`."""
        return self.call("date_from_unix_date", self._int(count))

    def days(self, day: Sql) -> Sql:
        """Return `unix_date(day)` as BIGINT."""
        return self.cast(self.call("unix_date", day), INT64)

    def on_first_day(self, time: Sql) -> Sql:
        """Return `make_timestamp(DATE '1970-01-01', time)`."""
        return self.call("make_timestamp", self.literal(dt.date(1970, 1, 1), DATE), time)

    def part(self, name: str, moment: Sql) -> Sql:
        """Return `year(moment)` and the like as BIGINT."""
        match name:
            case "weekday":  # Monday is 0
                found = self.binary(exp.Add, self.call("weekday", moment), self.integer(1))
            case "iso_year":
                found = self.call("date_part", self.string("YEAROFWEEK"), moment)
            case _:
                names = {"week": "weekofyear", "day_of_year": "dayofyear"}
                found = self.call(names.get(name, name), moment)
        return self.cast(found, INT64)

    def start_of(self, unit: str, moment: Sql, of: LogicalType) -> Sql:
        """Return `trunc(day, unit)` or `date_trunc(unit, moment)`."""
        if of == DATE and unit == "day":
            return moment
        if of == DATE:
            return self.call("trunc", moment, self.string(unit))
        return self.call("date_trunc", self.string(unit), moment)

    def months_later(self, moment: Sql, months: Sql, of: LogicalType) -> Sql:
        """Return `moment + make_ym_interval(0, months)`."""
        interval = self.call("make_ym_interval", self.integer(0), self._int(months))
        return self.binary(exp.Add, moment, interval)

    def last_day(self, day: Sql) -> Sql:
        """Return `last_day(day)`."""
        return self.call("last_day", day)

    def formatted(self, moment: Sql, form: str) -> Sql:
        """Return `date_format(moment, …)`, with what is no directive in quotes."""
        shown, literal = "", ""
        for directive, text in [*re.findall(r"%(.)|([^%]+)", form, re.DOTALL), ("", "")]:
            text = {"%": "%", "z": "+0000"}.get(directive, text)
            literal += text.replace("'", "''")
            if not text:
                shown += f"'{literal}'" if literal else ""
                shown += _LETTERS.get(directive, "")
                literal = ""
        return self.call("date_format", moment, self.string(shown))

    def _int(self, count: Sql) -> Sql:
        return exp.Cast(this=count, to=exp.DataType.build("INT", dialect="spark"))
