"""Dates, times and datetimes in DuckDB's SQL."""

from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Sql
from ai_data_engineer.spec.sql.duckdb_numbers import DuckDBNumbers
from ai_data_engineer.types import DATE, LogicalType

_EPOCH = dt.date(1970, 1, 1)


class DuckDBMoments(DuckDBNumbers):
    """DuckDB's calendar: date and time arithmetic with INTERVALs, and TIMESTAMPs for UTC."""

    moment_functions: ClassVar[frozenset[str]] = DuckDBNumbers.number_functions | frozenset(
        {
            "date_diff", "date_trunc", "day", "dayofyear", "epoch_us", "hour", "isodow", "isoyear",
            "last_day", "make_timestamp", "minute", "month", "quarter", "second", "strftime",
            "to_months", "weekofyear", "year",
        }
    )  # fmt: skip
    _parts: ClassVar[dict[str, str]] = {
        "week": "weekofyear",
        "iso_year": "isoyear",
        "day_of_year": "dayofyear",
        "weekday": "isodow",
    }

    def from_microseconds(self, count: Sql) -> Sql:
        """Return `make_timestamp(count)`."""
        return self.call("make_timestamp", count)

    def microseconds(self, moment: Sql) -> Sql:
        """Return `epoch_us(moment)`."""
        return self.call("epoch_us", moment)

    def seconds(self, moment: Sql) -> Sql:
        """Return `epoch_us(date_trunc('second', moment)) // 1000000`."""
        floor = self.call("date_trunc", self.string("second"), moment)
        return self.binary(exp.IntDiv, self.microseconds(floor), self.integer(1_000_000))

    def from_days(self, count: Sql) -> Sql:
        """Return `DATE '1970-01-01' + count`."""
        days = exp.Cast(this=count, to=exp.DataType.build("INTEGER", dialect="duckdb"))
        return self.binary(exp.Add, self.literal(_EPOCH, DATE), days)

    def days(self, day: Sql) -> Sql:
        """Return `date_diff('day', DATE '1970-01-01', day)`."""
        return self.call("date_diff", self.string("day"), self.literal(_EPOCH, DATE), day)

    def on_first_day(self, time: Sql) -> Sql:
        """Return `DATE '1970-01-01' + time`."""
        return self.binary(exp.Add, self.literal(_EPOCH, DATE), time)

    def part(self, name: str, moment: Sql) -> Sql:
        """Return `year(moment)` and the like."""
        return self.call(self._parts.get(name, name), moment)

    def start_of(self, unit: str, moment: Sql, of: LogicalType) -> Sql:
        """Return `date_trunc(unit, moment)`, which is a TIMESTAMP of a date too."""
        return self.cast(self.call("date_trunc", self.string(unit), moment), of)

    def months_later(self, moment: Sql, months: Sql, of: LogicalType) -> Sql:
        """Return `moment + to_months(months)`, which is a TIMESTAMP of a date too."""
        whole = exp.Cast(this=months, to=exp.DataType.build("INTEGER", dialect="duckdb"))
        return self.cast(self.binary(exp.Add, moment, self.call("to_months", whole)), of)

    def last_day(self, day: Sql) -> Sql:
        """Return `last_day(day)`."""
        return self.call("last_day", day)

    def formatted(self, moment: Sql, form: str) -> Sql:
        """Return `strftime(moment, form)`."""
        form = re.sub("%(.)", lambda m: "+0000" if m[1] == "z" else m[0], form)
        return self.call("strftime", moment, self.string(form))
