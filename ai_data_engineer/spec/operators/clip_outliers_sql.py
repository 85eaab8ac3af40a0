"""The SQL of `clip_outliers`: fences beside the rows, and what becomes of numbers beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlglot import exp

from ai_data_engineer.spec.operators.formulas import formula, quoted
from ai_data_engineer.spec.operators.quantiles import Ranked
from ai_data_engineer.spec.operators.values import convert
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Relation,
    StepSql,
    as_they_are,
    free_name,
    helper,
    row_wise,
    select,
)
from ai_data_engineer.types import FLOAT64, LogicalType

if TYPE_CHECKING:
    from ai_data_engineer.spec.operators.clip_outliers import ClipOutliers

Fences = tuple[Sql | None, Sql | None]


@dataclass(frozen=True)
class Clipping:
    """A step over a relation, for an engine."""

    step: ClipOutliers
    rows: Relation
    dialect: Dialect

    def written(self) -> StepSql:
        """Return the ranks of the numbers, the fences found by them, and the rows treated."""
        d, step = self.dialect, self.step
        if step.method == "bounds":
            given = {name: self._bounds(self._type(name)) for name in step.columns}
            return row_wise(d, self.rows, self._treated(given))
        ranked, fenced = as_they_are(d, self.rows), as_they_are(d, self.rows)
        fences: dict[str, Fences] = {}
        for index, name in enumerate(step.columns):
            ranks = Ranked.named(index, self.rows.hidden)
            ranked |= ranks.columns(name, self._type(name), step.partition_by, d)
            found = self._found(ranks)
            called = [free_name(f"__{side}_{index}", self.rows.hidden) for side in ("low", "high")]
            fenced |= {n: f for n, f in zip(called, found, strict=True) if f is not None}
            low, high = (
                None if fence is None else self._of_type(side, self._type(name))
                for side, fence in zip(called, found, strict=True)
            )
            fences[name] = low, high
        beside = Relation(helper("fenced", step.id), self.rows.schema, self.rows.order)
        return replace(
            row_wise(d, beside, self._treated(fences)),
            helpers={
                "ranked": select(d, self.rows.name, ranked),
                "fenced": select(d, helper("ranked", step.id), fenced),
            },
        )

    def _type(self, column: str) -> LogicalType:
        return self.rows.schema[column].type

    def _bounds(self, of: LogicalType) -> Fences:
        low, high = (
            None if value is None else self.dialect.literal(convert(value, of), of)
            for value in (self.step.lower, self.step.upper)
        )
        return low, high

    def _found(self, ranks: Ranked) -> Fences:
        """Return the fences as float64."""
        if self.step.method == "iqr":
            return self._beyond(ranks, upper=False), self._beyond(ranks, upper=True)
        low, high = (
            None if part is None else ranks.quantile(part, self.step.partition_by, self.dialect)
            for part in self.step.parts
        )
        return low, high

    def _beyond(self, ranks: Ranked, *, upper: bool) -> Sql:
        d = self.dialect
        q1, q3 = (ranks.quantile(Fraction(part, 4), self.step.partition_by, d) for part in (1, 3))
        factor = d.literal(self.step.factor, FLOAT64)
        away = d.binary(exp.Mul, factor, d.binary(exp.Sub, q3, q1))
        near = (q3 if upper else q1).copy()
        return d.binary(exp.Add if upper else exp.Sub, near, away)

    def _of_type(self, fence: str, of: LogicalType) -> Sql:
        if of == FLOAT64:
            return self.dialect.column(fence)
        text = f"CAST(round({quoted(fence)}, {of.scale}) AS {of})"
        return formula(text, Schema({fence: Column(FLOAT64)})).sql(self.dialect)

    def _treated(self, fences: Mapping[str, Fences]) -> dict[str, Sql]:
        d, made = self.dialect, {}
        for name, (low, high) in fences.items():
            number = d.column(name)
            sides = []
            if low is not None:
                sides.append((d.binary(exp.LT, number.copy(), low), low.copy()))
            if high is not None:
                above = d.binary(exp.GT, number.copy(), high)
                if self._type(name) == FLOAT64:
                    above = d.both(above, d.negate(d.is_nan(number.copy())))
                sides.append((above, high.copy()))
            outside = d.either(*(test.copy() for test, _ in sides))
            if self.step.action == "clip":
                made[name] = d.case(*sides, otherwise=number)
            elif self.step.action == "null":
                nothing = d.literal(None, self._type(name))
                made[name] = d.case((outside, nothing), otherwise=number)
            else:
                made[name + self.step.suffix] = d.coalesce(outside, exp.Boolean(this=False))
        return made
