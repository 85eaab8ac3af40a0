"""deduplicate: one row of those that are alike."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, RowEffect, SortKey, Step
from ai_data_engineer.spec.operators.checking import columns_of, order_of
from ai_data_engineer.spec.operators.writing import backwards, names, sort
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    as_they_are,
    free_name,
    helper,
    numbered,
    select,
)


class Deduplicate(Step):
    """Keep one row of those that are equal in some columns, or in all; missing equals missing.

    The rows that are kept stay in the order in which they came. "Latest by a date" is
    `keep: last` with `order_by` that date. A row whose `order_by` is missing is kept only where
    there is no other, and of rows equal in it the first (the last) that came is kept.
    """

    op: Literal["deduplicate"] = "deduplicate"
    columns: Columns | None = None
    """Columns that make rows alike; left out: all."""
    keep: Literal["first", "last"] = "first"
    """Which row is kept."""
    order_by: list[SortKey] = []
    """Order that first and last are meant in; empty: the order in which the rows came."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {},
        {"columns": ["customer_id"], "keep": "last", "order_by": [{"column": "updated_at"}]},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        good = order_of(inputs[0], self.order_by, findings.at("order_by"))
        good &= columns_of(inputs[0], self.columns or [], findings.at("columns"))
        return inputs[0] if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        alike = names(self.columns or schemas[0])
        if not self.order_by:
            nested = any(column.type.is_nested for column in schemas[0].values())
            if self.columns is None and self.keep == "first" and not nested:
                return StepCode(_first_of_equal(inputs[0]), before=(_WHY_HASHES,))
            unique = code(
                "{rows}.unique({alike}keep={keep}, maintain_order=True)",
                rows=inputs[0],
                alike=code("[{alike}], ", alike=alike) if self.columns else Code(""),
                keep=lit(self.keep),
            )
            return StepCode(unique)
        keys = self.order_by
        if self.keep == "last":
            # The last in an order is the first in the opposite one, where nulls come last again.
            keys = [*backwards(keys), SortKey.model_construct(column="__row", descending=True)]
        indexed = code('{rows}.with_row_index("__row")', rows=inputs[0])
        return StepCode(
            code(
                '{sorted}.unique([{alike}], keep="first", maintain_order=True)'
                '.sort("__row").drop("__row")',
                sorted=sort(indexed, keys),
                alike=alike,
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        as_came = [o.backwards() for o in rows.order] if self.keep == "last" else rows.order
        keys = self.order_by if self.keep == "first" else backwards(self.order_by)
        order = [*(Order(k.column, k.descending) for k in keys), *as_came]
        alike = self.columns or list(rows.schema)
        place = free_name("__place", rows.hidden)
        return StepSql(
            select(
                dialect,
                helper("numbered", self.id),
                as_they_are(dialect, rows),
                where=dialect.binary(exp.EQ, dialect.column(place), dialect.integer(1)),
            ),
            rows.order,
            helpers={"numbered": numbered(dialect, rows, alike, order, place)},
        )


_WHY_HASHES = Code("# 128 bits stand for a row, so that what is kept to compare stays small.")


def _first_of_equal(rows: Code) -> Code:
    """Return the first of rows that are equal in all columns, told by two hashes."""
    halves = [
        code("{name}=pl.struct(pl.all()).hash({seed})", name=Code(name), seed=lit(seed))
        for seed, name in enumerate(("low", "high"))
    ]
    return code(
        "{rows}.filter(pl.struct({halves}).is_first_distinct())", rows=rows, halves=join(halves)
    )
