"""The SQL of `date_spine`: periods beside the rows that there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from ai_data_engineer.spec.operators.formulas import formula, quoted
from ai_data_engineer.spec.operators.values import convert
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    REASON,
    Order,
    Relation,
    StepSql,
    as_they_are,
    exists,
    free_name,
    helper,
    over,
    select,
    union_all,
    up_to_here,
)
from ai_data_engineer.types import LogicalType

if TYPE_CHECKING:
    from ai_data_engineer.spec.operators.date_spine import DateSpine

MOST_PERIODS = 10_000_000
"""Most periods of all partitions together."""
TOO_MANY = f"There would be more than {MOST_PERIODS:,} periods."
FIRST, LAST = "__first", "__last"
"""Columns of a span: the start of its first period, and a moment of its last."""


@dataclass(frozen=True)
class Spine:
    """A step over a relation, for an engine."""

    step: DateSpine
    rows: Relation
    dialect: Dialect

    def written(self) -> StepSql:
        """Return the spans, their periods, those without a row, and these below the rows."""
        d, added = self.dialect, free_name("__added", self.rows.hidden)
        on = [*self.step.partition_by, self.step.column]
        order = (*map(Order, on), *(part for part in self.rows.order if part.column not in on))
        helpers = self._spans()
        helpers["periods"] = self._periods()
        taken = {**self._keys(), self.step.column: self._truncated(self.step.column)}
        helpers["taken"] = select(d, self.rows.name, taken)
        helpers["both"] = union_all(
            [
                select(
                    d,
                    self.rows.name,
                    {**as_they_are(d, self.rows), added: exp.Boolean(this=False)},
                ),
                select(
                    d,
                    self._named("periods"),
                    {**self._added(), added: exp.Boolean(this=True)},
                    where=d.negate(exists(d, self._named("taken"), self._is_there())),
                ),
            ]
        )
        shown = as_they_are(d, self.rows)
        for name in self.step.carry_forward:
            within = [part for part in order if part.column not in self.step.partition_by]
            known = d.last_known(d.column(name))
            carried = over(d, known, self.step.partition_by, within, up_to_here())
            shown[name] = d.case((d.column(added), carried), otherwise=d.column(name))
        return StepSql(
            select(d, self._named("both"), shown),
            order,
            helpers=helpers,
            violations=self._violations() if self.step.may_be_too_many else None,
        )

    def _named(self, role: str) -> str:
        return helper(role, self.step.id)

    def _keys(self) -> dict[str, Sql]:
        return {name: self.dialect.column(name) for name in self.step.partition_by}

    @property
    def _of(self) -> LogicalType:
        return self.rows.schema[self.step.column].type

    def _spans(self) -> dict[str, exp.Query]:
        """Return the ends as they are given or found, those of the table, and the spans."""
        d, step = self.dialect, self.step
        ends = {
            name: d.call(function, d.column(step.column))
            if given is None
            else d.literal(convert(given, self._of), self._of)
            for name, given, function in ((FIRST, step.start, "min"), (LAST, step.end, "max"))
        }
        helpers: dict[str, exp.Query] = {}
        rows = self.rows.name if step.partition_by or None in (step.start, step.end) else None
        keys = list(self._keys().values())
        helpers["ends"] = select(d, rows, {**self._keys(), **ends}, group_by=keys)
        last = "ends"
        if step.partition_by and step.span == "table":
            whole = {
                name: over(d, d.call(function, d.column(name)))
                for name, function in ((FIRST, "min"), (LAST, "max"))
            }
            helpers["whole"] = select(d, self._named("ends"), {**self._keys(), **whole})
            last = "whole"
        span = {**self._keys(), FIRST: self._truncated(FIRST), LAST: d.column(LAST)}
        helpers["spans"] = select(d, self._named(last), span)
        return helpers

    def _truncated(self, moment: str) -> Sql:
        schema = Schema({moment: Column(self._of)})
        text = f"date_trunc('{self.step.every}', {quoted(moment)})"
        return formula(text, schema).sql(self.dialect)

    def _periods(self) -> exp.Query:
        d = self.dialect
        moments = d.moments(d.column(FIRST), d.column(LAST), self.step.every, self._of)
        columns = {**self._keys(), self.step.column: moments}
        return select(d, self._named("spans"), columns, where=self._has_periods())

    def _has_periods(self) -> Sql:
        d = self.dialect
        return d.binary(exp.LTE, d.column(FIRST), d.column(LAST))

    def _is_there(self) -> Sql:
        d = self.dialect
        return d.both(
            *(
                d.equal_or_both_null(
                    d.column(name, self._named("taken")), d.column(name, self._named("periods"))
                )
                for name in (*self.step.partition_by, self.step.column)
            )
        )

    def _added(self) -> dict[str, Sql]:
        """Return the columns of an added row, the hidden ones of the order too."""
        columns: dict[str, Sql] = {}
        for name, column in self.rows.schema.items():
            if name == self.step.column or name in self.step.partition_by:
                columns[name] = self.dialect.column(name)
            else:
                given = self.step.values.get(name)
                value = None if given is None else convert(given, column.type)
                columns[name] = self.dialect.literal(value, column.type)
        return columns | {name: exp.Null() for name in self.rows.hidden}

    def _violations(self) -> exp.Query:
        d = self.dialect
        query = select(
            d, self._named("spans"), {REASON: d.string(TOO_MANY)}, where=self._has_periods()
        )
        total = d.call("sum", self.step.count(self.rows.schema).sql(d))
        query.set("having", exp.Having(this=d.binary(exp.GT, total, d.integer(MOST_PERIODS))))
        return query
