"""clip_outliers: numbers far from the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Columns, Step, Value
from ai_data_engineer.spec.operators.checking import all_groupable, columns_of, is_new
from ai_data_engineer.spec.operators.clip_outliers_sql import Clipping
from ai_data_engineer.spec.operators.figures import NUMBERS
from ai_data_engineer.spec.operators.quantiles import (
    MOST_DIGITS,
    QUANTILE,
    exact,
    quantile_of,
)
from ai_data_engineer.spec.operators.values import check, constant
from ai_data_engineer.spec.operators.writing import atom, local, over, with_columns
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql
from ai_data_engineer.types import BOOLEAN, FLOAT64, LogicalType

Fences = tuple[Code | None, Code | None]
"""The lower and the upper fence of a column."""


class ClipOutliers(Step):
    """Clip, empty or flag numbers outside of two fences; numbers on a fence are inside.

    quantiles: the fences are the quantiles `lower` and `upper`, such as 0.01 and 0.99. iqr: with
    the quartiles q1 and q3 they are q1 − factor·(q3 − q1) and q3 + factor·(q3 − q1) (J. W. Tukey,
    "Exploratory Data Analysis", 1977). bounds: they are `lower` and `upper` themselves. Quantiles
    are interpolated linearly (Hyndman and Fan's type 7, as in NumPy) over all finite numbers, in
    float64, and for integers and decimals the fences are rounded half away from zero to the
    column's type. A fence that is left out, has no numbers to come from or does not fit the type
    stops nothing. Missing values and NaN are no outliers.
    """

    op: Literal["clip_outliers"] = "clip_outliers"
    columns: Columns
    """Columns of numbers, each with its own fences."""
    method: Literal["quantiles", "iqr", "bounds"] = "iqr"
    """Where the fences stand."""
    lower: Value | None = None
    """quantiles: a fraction from 0 to 1; bounds: a value of the columns' type."""
    upper: Value | None = None
    """The same for the upper fence; one of both is enough."""
    factor: float = Field(1.5, ge=0, le=1000)
    """iqr: how many times the distance of the quartiles the fences are away from them."""
    action: Literal["clip", "null", "flag"] = "clip"
    """clip: an outlier becomes the fence that it is beyond; null: it becomes null; flag: it stays,
    and a new boolean column behind the others is true for it, else false."""
    suffix: str = Field("_outlier", min_length=1, max_length=50)
    """flag: what follows the column's name in the new one."""
    partition_by: list[ColumnName] = []
    """Columns within whose equal values fences are found; empty: the whole table."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"columns": ["amount"], "method": "quantiles", "lower": 0.01, "upper": 0.99},
        {"columns": ["amount"], "action": "flag", "partition_by": ["country"]},
        {"columns": ["age"], "method": "bounds", "lower": 0, "upper": 120, "action": "null"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        good = columns_of(schema, self.columns, findings.at("columns"), types=NUMBERS)
        good &= all_groupable(schema, self.partition_by, findings.at("partition_by"))
        good = good and self._fences_fit(schema, findings)
        columns = dict(schema)
        for name in self.columns:
            if self.action == "flag":
                good &= is_new(name + self.suffix, columns, findings.at("suffix"))
                columns[name + self.suffix] = Column(BOOLEAN, nullable=False)
            elif self.action == "null" and name in columns:
                columns[name] = replace(columns[name], nullable=True)
        return Schema(columns) if good else None

    def _fences_fit(self, schema: Schema, findings: Findings) -> bool:
        given = {
            name: value
            for name, value in (("lower", self.lower), ("upper", self.upper))
            if value is not None
        }
        if bool(given) == (self.method == "iqr"):
            findings.at("method" if given else "lower").error(
                "E_PARAMETERS",
                "`lower` and `upper` go with quantiles and bounds, and one is needed there.",
                "Give `lower` or `upper`, or say `method: iqr` without them.",
            )
            return False
        if self.partition_by and self.method == "bounds":
            findings.at("partition_by").error(
                "E_PARAMETERS", "Given bounds are the same in each partition.", "Leave it out."
            )
            return False
        good = True
        for name, value in given.items():
            if self.method == "quantiles":
                good &= _is_fraction(value, findings.at(name))
            else:
                good &= all(check(value, schema[c].type, findings.at(name)) for c in self.columns)
        if good and len(given) == 2 and float(self.lower or 0) > float(self.upper or 0):
            findings.at("lower").error("E_VALUE", "`lower` is above `upper`.", "Swap them.")
            return False
        return good

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        schema = schemas[0]
        if self.method == "bounds":
            given = {name: self._bounds(schema[name].type) for name in self.columns}
            return StepCode(with_columns(inputs[0], self._treated(given, schema)))
        quantile, q1, q3 = (local(name, inputs) for name in ("quantile", "q1", "q3"))
        before = [code(QUANTILE, quantile=quantile)]
        if self.method == "iqr":
            for quartile, at in ((q1, Fraction(1, 4)), (q3, Fraction(3, 4))):
                found = {c: quantile_of(quantile, col(c), at) for c in self.columns}
                before.append(_by_column(quartile, found))
        sides: list[Code | None] = []
        for side, part in zip(("low", "high"), self.parts, strict=True):
            if self.method == "quantiles" and part is None:
                sides.append(None)
                continue
            values = {}
            for name in self.columns:
                if part is not None:
                    fence = quantile_of(quantile, col(name), part)
                else:
                    fence = self._beyond(q1, q3, name, upper=side == "high")
                values[name] = over(_of_type(fence, schema[name].type), self.partition_by)
            before.append(_by_column(local(side, inputs), values))
            sides.append(local(side, inputs))
        low, high = (
            {c: None if side is None else code("{s}[{c}]", s=side, c=lit(c)) for c in self.columns}
            for side in sides
        )
        fences = {name: (low[name], high[name]) for name in self.columns}
        return StepCode(with_columns(inputs[0], self._treated(fences, schema)), tuple(before))

    def _bounds(self, of: LogicalType) -> Fences:
        low, high = (
            None if value is None else constant(value, of) for value in (self.lower, self.upper)
        )
        return low, high

    @property
    def parts(self) -> tuple[Fraction | None, Fraction | None]:
        """Which quantiles the fences are; None where there is none, or other fences."""
        low, high = (
            exact(float(value)) if self.method == "quantiles" and value is not None else None
            for value in (self.lower, self.upper)
        )
        return low, high

    def _beyond(self, q1: Code, q3: Code, column: str, *, upper: bool) -> Code:
        """Return the fence so many times the distance of the quartiles away from one of them."""
        return code(
            "{near}[{c}] {sign} {factor} * ({q3}[{c}] - {q1}[{c}])",
            near=q3 if upper else q1,
            sign=Code("+" if upper else "-"),
            factor=lit(self.factor),
            c=lit(column),
            q1=q1,
            q3=q3,
        )

    def _treated(self, fences: Mapping[str, Fences], schema: Schema) -> dict[str, Code]:
        made = {}
        for name, (low, high) in fences.items():
            if self.action == "clip":
                sides = {"lower_bound": low, "upper_bound": high}
                made[name] = code(
                    "{c}.clip({sides})",
                    c=col(name),
                    sides=join(
                        code("{side}={fence}", side=Code(side), fence=fence)
                        for side, fence in sides.items()
                        if fence is not None
                    ),
                )
                continue
            outside = _outside(name, low, high, schema[name].type)
            if self.action == "flag":
                made[name + self.suffix] = code("({test}).fill_null(False)", test=outside)
            else:
                made[name] = code(
                    "pl.when({test}).then(None).otherwise({c})", test=outside, c=col(name)
                )
        return made

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        return Clipping(self, inputs[0], dialect).written()


def _is_fraction(value: Value, findings: Findings) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and 0 <= value <= 1 and 10**MOST_DIGITS % exact(value).denominator == 0:  # type: ignore[operator,arg-type]
        return True
    findings.error(
        "E_VALUE",
        f"This is not a fraction from 0 to 1 with at most {MOST_DIGITS} decimals.",
        "Such as 0.01 for the first hundredth.",
    )
    return False


def _by_column(name: Code, values: Mapping[str, Code]) -> Code:
    pairs = (code("{c}: {value}", c=lit(c), value=value) for c, value in values.items())
    return code("{name} = {{{pairs}}}", name=name, pairs=join(pairs))


def _of_type(number: Code, of: LogicalType) -> Code:
    """Return a float64 as a value of the column's type, null where it does not fit."""
    if of == FLOAT64:
        return number
    return code(
        '{number}.round({scale}, mode="half_away_from_zero").cast({of}, strict=False)',
        number=atom(number),
        scale=lit(of.scale),
        of=dtype(of),
    )


def _outside(name: str, low: Code | None, high: Code | None, of: LogicalType) -> Code:
    tests = []
    if low is not None:
        tests.append(code("{c} < {low}", c=col(name), low=low))
    if high is not None:
        tests.append(code("{c} > {high}", c=col(name), high=high))
        if of == FLOAT64:
            # NaN is greater than every number.
            tests[-1] = code("({test}) & {c}.is_not_nan()", test=tests[-1], c=col(name))
    return tests[0] if len(tests) == 1 else join((code("({t})", t=t) for t in tests), " | ")
