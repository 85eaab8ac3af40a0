"""scd2 as SQL: changes in time, the last of each moment, those that differ from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    REASON,
    ROW,
    Order,
    Relation,
    as_they_are,
    over,
    row_number,
    select,
    union_all,
)

GONE = "__gone"


@dataclass(frozen=True)
class Versions:
    """The queries that make versions of keys."""

    keys: Sequence[str]
    tracked: Sequence[str]
    begin: str
    end: str
    dialect: Dialect

    def changes(self, inputs: Sequence[tuple[Relation, str, Sql]]) -> exp.Query:
        """Return from when on each key has which values, or is gone.

        Each input is a relation, its column with the moment, and whether the key is gone then;
        of changes at one moment those of the last input count.
        """
        return union_all(
            [
                select(
                    self.dialect,
                    rows.name,
                    {
                        **self._columns(*self.keys, *self.tracked),
                        GONE: gone,
                        self.begin: self.dialect.column(moment),
                        "__input": self.dialect.integer(index),
                        ROW: row_number(self.dialect, rows),
                    },
                )
                for index, (rows, moment, gone) in enumerate(inputs)
            ]
        )

    def numbered(self, changes: str) -> exp.Select:
        """Return the changes, those of a key at one moment numbered, the last that came 1."""
        moment = [*self.keys, self.begin]
        last = [Order("__input", descending=True), Order(ROW, descending=True)]
        number = over(self.dialect, self.dialect.call("row_number"), moment, last)
        known = (self.dialect.is_not_null(self.dialect.column(name)) for name in moment)
        columns = {**self._all(), "__number": number}
        return select(self.dialect, changes, columns, where=self.dialect.both(*known))

    def compared(self, numbered: str) -> exp.Select:
        """Return the change that counts of each moment, with the values before it."""
        columns = {**self._all(), "__version": self._in_time("row_number")}
        for name, before in self._before().items():
            columns[before] = self._in_time("lag", name)
        return select(self.dialect, numbered, columns, where=self._is_one("__number"))

    def begun(self, compared: str) -> exp.Select:
        """Return the changes that begin a version, with the beginning of the next."""
        same = self.dialect.both(
            *(
                self.dialect.equal_or_both_null(
                    self.dialect.column(name), self.dialect.column(before)
                )
                for name, before in self._before().items()
            )
        )
        begins = self.dialect.either(self._is_one("__version"), self.dialect.negate(same))
        columns = {**self._all(), self.end: self._in_time("lead", self.begin)}
        return select(self.dialect, compared, columns, where=begins)

    def current(self, versions: str, is_current: str) -> exp.Select:
        """Return the versions in which the key is there."""
        columns = self._columns(*self.keys, *self.tracked, self.begin, self.end)
        columns[is_current] = self.dialect.is_null(self.dialect.column(self.end))
        there = self.dialect.negate(self.dialect.column(GONE))
        return select(self.dialect, versions, columns, where=there)

    def _all(self) -> dict[str, Sql]:
        return self._columns(*self.keys, *self.tracked, GONE, self.begin)

    def _columns(self, *names: str) -> dict[str, Sql]:
        return {name: self.dialect.column(name) for name in names}

    def _before(self) -> dict[str, str]:
        """Return what makes a version, with the column of its value before."""
        return {n: f"__before_{index}" for index, n in enumerate((*self.tracked, GONE))}

    def _in_time(self, function: str, *arguments: str) -> Sql:
        call = self.dialect.call(function, *(self.dialect.column(a) for a in arguments))
        return over(self.dialect, call, self.keys, [Order(self.begin)])

    def _is_one(self, column: str) -> Sql:
        return self.dialect.binary(exp.EQ, self.dialect.column(column), self.dialect.integer(1))


def rows_without(rows: Relation, needed: Sequence[str], dialect: Dialect) -> exp.Query | None:
    """Return the rows that lack one of the columns, with the reason; None: none can."""
    found = [name for name in needed if rows.schema[name].nullable]
    if not found:
        return None

    def missing(name: str) -> Sql:
        return dialect.is_null(dialect.column(name))

    reasons = (dialect.case((missing(n), dialect.string(f"{n}: missing"))) for n in found)
    reason = dialect.call("concat_ws", dialect.string("; "), *reasons)
    columns = {**as_they_are(dialect, rows), REASON: reason}
    where = dialect.either(*(missing(name) for name in found))
    return select(dialect, rows.name, columns, where=where)
