"""sample: some of the rows, by chance that repeats."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import RowEffect, Step
from ai_data_engineer.spec.operators.writing import local
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    as_they_are,
    free_name,
    helper,
    over,
    select,
)
from ai_data_engineer.types import FLOAT64, INT64

PRIME = 2**31 - 1
"""Products of two numbers below it fit 64 bits with room for a third."""


class Sample(Step):
    """Keep some rows by chance, in the order in which they came.

    The same number of rows and the same seed keep the same places, on every engine. The row at
    place i (from 0) draws the number ((a·i + b)·i + c)·i + d modulo p = 2³¹ − 1, and the rows with
    the smallest numbers are kept, of equal numbers the earlier row. a, b, c and d are the first
    four groups of eight digits of the SHA-256 of the seed's decimal digits, modulo p. Over the
    seeds such numbers are as good as independent for any four rows (M. N. Wegman and J. L. Carter,
    "New hash functions and their use in authentication and set equality", 1981).
    """

    op: Literal["sample"] = "sample"
    n: int | None = Field(None, ge=0, le=2**31 - 1)
    """How many rows to keep; all where there are fewer."""
    fraction: float | None = Field(None, gt=0, le=1)
    """Which part of the rows to keep, such as 0.1; rounded to whole rows, half up."""
    seed: int = Field(0, ge=0, le=2**31 - 1)
    """Another seed gives another sample."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [{"n": 1000}, {"fraction": 0.1, "seed": 7}]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        if (self.n is None) == (self.fraction is None):
            findings.at("n").error("E_PARAMETERS", "How many rows?", "Give `n` or `fraction`.")
            return None
        return inputs[0]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        size = lit(self.n)
        if self.fraction is not None:
            size = code(
                '(pl.len() * {part}).round(mode="half_away_from_zero")', part=lit(self.fraction)
            )
        place, drawn = local("place", inputs), local("drawn", inputs)
        a, b, c, d = map(lit, self._coefficients())
        numbers = code(
            "{drawn} = ((({a} * {i} + {b}) % {p} * {i} + {c}) % {p} * {i} + {d}) % {p}",
            drawn=drawn, a=a, b=b, c=c, d=d, i=place, p=lit(PRIME),
        )  # fmt: skip
        return StepCode(
            code(
                '{rows}.filter({drawn}.rank("ordinal") <= {size})',
                rows=inputs[0],
                drawn=drawn,
                size=size,
            ),
            before=(code("{i} = pl.int_range(pl.len()) % {p}", i=place, p=lit(PRIME)), numbers),
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        place, drawn, number, count = (
            free_name(name, rows.hidden) for name in ("__place", "__drawn", "__number", "__count")
        )
        nth = over(dialect, dialect.call("row_number"), (), rows.order)
        from_zero = dialect.binary(exp.Sub, nth, dialect.integer(1))
        modulo = dialect.binary(exp.Mod, from_zero, dialect.integer(PRIME))
        all_rows = over(dialect, dialect.call("count", exp.Star()))
        same = as_they_are(dialect, rows)
        by_chance = over(dialect, dialect.call("row_number"), (), (Order(drawn), *rows.order))
        helpers = {
            "placed": select(dialect, rows.name, {**same, place: modulo, count: all_rows}),
            "drawn": select(
                dialect,
                helper("placed", self.id),
                {
                    **as_they_are(dialect, rows),
                    drawn: self._drawn(place, dialect),
                    count: dialect.column(count),
                },
            ),
            "numbered": select(
                dialect,
                helper("drawn", self.id),
                {
                    **as_they_are(dialect, rows),
                    number: by_chance,
                    count: dialect.column(count),
                },
            ),
        }
        size = dialect.integer(self.n or 0)
        if self.fraction is not None:
            part = dialect.literal(self.fraction, FLOAT64)
            total = dialect.cast(dialect.column(count), FLOAT64)
            size = dialect.call("round", dialect.binary(exp.Mul, total, part))
        kept = dialect.binary(exp.LTE, dialect.column(number), size)
        numbered = helper("numbered", self.id)
        return StepSql(
            select(dialect, numbered, as_they_are(dialect, rows), where=kept),
            rows.order,
            helpers=helpers,
        )

    def _drawn(self, place: str, dialect: Dialect) -> Sql:
        first, *others = self._coefficients()
        number: Sql = dialect.literal(first, INT64)
        for coefficient in others:
            number = dialect.binary(exp.Mul, number, dialect.column(place))
            number = dialect.binary(exp.Add, number, dialect.integer(coefficient))
            number = dialect.binary(exp.Mod, number, dialect.integer(PRIME))
        return number

    def _coefficients(self) -> list[int]:
        digest = hashlib.sha256(str(self.seed).encode()).hexdigest()
        return [int(digest[i : i + 8], 16) % PRIME for i in range(0, 32, 8)]
