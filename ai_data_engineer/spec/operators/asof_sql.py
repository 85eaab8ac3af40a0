"""asof_join as SQL: both inputs in one line, each row with the candidate before and behind it.

One pass over sorted rows, where a join on `<=` would compare every row with every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from ai_data_engineer.spec.operators.tolerance import Tolerance, sql_distance, sql_tolerance
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    as_they_are,
    free_name,
    numbered,
    over,
    select,
    union_all,
)
from ai_data_engineer.types import LogicalType


@dataclass(frozen=True)
class AsofSql:
    """The queries of an asof join of two relations."""

    left: Relation
    right: Relation
    left_on: str
    right_on: str
    left_by: Sequence[str]
    right_by: Sequence[str]
    direction: Literal["earlier", "later", "nearest"]
    exact: bool
    dialect: Dialect

    def hidden(self, role: str) -> str:
        """Return the name of a column of ours beside those of the left input."""
        return free_name(f"__{role}", self.left.hidden)

    @property
    def of(self) -> LogicalType:
        """The type of the places."""
        return self.left.schema[self.left_on].type

    def numbered(self) -> exp.Select:
        """Return the right rows, those at one place of a group numbered, the last that came 1."""
        last = [part.backwards() for part in self.right.order]
        alike = [*self.right_by, self.right_on]
        return numbered(self.dialect, self.right, alike, last, self._number)

    @property
    def _number(self) -> str:
        return free_name("__number", self.right.hidden)

    def candidates(self, rows: str) -> exp.Select:
        """Return the right rows that can match, from the numbered ones."""
        d = self.dialect
        first = d.binary(exp.EQ, d.column(self._number), d.integer(1))
        known = [d.is_not_null(d.column(c)) for c in (*self.right_by, self.right_on)]
        columns = {name: d.column(name) for name in self.right.schema}
        return select(d, rows, columns, where=d.both(first, *known))

    def places(self, candidates: str) -> exp.Query:
        """Return the left rows and, marked as such, the places of the candidates."""
        d = self.dialect
        columns = as_they_are(d, self.left)
        pairs = {self.left_on: self.right_on, **dict(zip(self.left_by, self.right_by, strict=True))}
        others = {n: d.column(pairs[n]) if n in pairs else exp.Null() for n in columns}
        side = self.hidden("side")
        return union_all(
            [
                select(d, self.left.name, {**columns, side: d.integer(0)}),
                select(d, candidates, {**others, side: d.integer(1)}),
            ]
        )

    def around(self, places: str) -> exp.Select:
        """Return all places with the candidates before and behind them."""
        columns = as_they_are(self.dialect, self.left)
        columns[self.hidden("side")] = self.dialect.column(self.hidden("side"))
        if self.direction != "later":
            columns[self.hidden("earlier")] = self._nearest_on("max", first_side=self.exact)
        if self.direction != "earlier":
            columns[self.hidden("later")] = self._nearest_on("min", first_side=not self.exact)
        return select(self.dialect, places, columns)

    def _nearest_on(self, function: str, *, first_side: bool) -> Sql:
        """Return the candidate before (max) or behind (min) each place.

        `first_side`: candidates stand before the left rows at the same place.
        """
        d, side = self.dialect, self.hidden("side")
        is_candidate = d.binary(exp.EQ, d.column(side), d.integer(1))
        candidate = d.case((is_candidate, d.column(self.left_on)))
        up_to = {"start": "UNBOUNDED", "start_side": "PRECEDING", "end": "CURRENT ROW"}
        from_on = {"start": "CURRENT ROW", "end": "UNBOUNDED", "end_side": "FOLLOWING"}
        return over(
            d,
            d.call(function, candidate),
            self.left_by,
            [Order(self.left_on), Order(side, descending=first_side)],
            exp.WindowSpec(kind="ROWS", **(up_to if function == "max" else from_on)),
        )

    def matched(self, around: str) -> exp.Select:
        """Return the left rows with the place of their match."""
        d = self.dialect
        columns = as_they_are(d, self.left)
        known = d.is_not_null(d.column(self.left_on))
        columns[self.hidden("match")] = d.case((known, self._chosen()))
        is_left = d.binary(exp.EQ, d.column(self.hidden("side")), d.integer(0))
        return select(d, around, columns, where=is_left)

    def _chosen(self) -> Sql:
        d = self.dialect
        if self.direction != "nearest":
            return d.column(self.hidden(self.direction))

        def earlier() -> Sql:
            return d.column(self.hidden("earlier"))

        def later() -> Sql:
            return d.column(self.hidden("later"))

        def here() -> Sql:
            return d.column(self.left_on)

        behind = sql_distance(d, here(), later(), self.of)
        before = sql_distance(d, earlier(), here(), self.of)
        return d.case(
            (d.is_null(earlier()), later()),
            (d.binary(exp.LTE, behind, before), later()),
            otherwise=earlier(),
        )

    def on(self, tolerance: Tolerance | None) -> Sql:
        """Return the condition between the matched rows `l` and the candidates `r`."""
        d = self.dialect
        pairs = zip(self.left_by, self.right_by, strict=True)
        equal = [d.binary(exp.EQ, d.column(a, "l"), d.column(b, "r")) for a, b in pairs]
        match = d.column(self.hidden("match"), "l")
        equal.append(d.binary(exp.EQ, match, d.column(self.right_on, "r")))
        if tolerance is not None:
            for low, high in (("l", "r"), ("r", "l")):
                sides = {"l": d.column(self.left_on, "l"), "r": d.column(self.right_on, "r")}
                distance = sql_distance(d, sides[low], sides[high], self.of)
                most = sql_tolerance(d, tolerance, self.of)
                equal.append(d.binary(exp.LTE, distance, most))
        return d.both(*equal)
