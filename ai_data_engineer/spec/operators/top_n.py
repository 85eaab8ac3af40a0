"""top_n: the rows with the greatest values."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Columns, RowEffect, SortKey, Step
from ai_data_engineer.spec.operators.checking import all_groupable, all_once, orderable
from ai_data_engineer.spec.operators.writing import names, sort, within
from ai_data_engineer.spec.operators.writing import over as over_partition
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    as_they_are,
    followed_by,
    free_name,
    helper,
    ordered,
    over,
    select,
)


class TopN(Step):
    """Keep the rows with the greatest (or smallest) values, in that order.

    Of rows that are equal the earlier come first. Rows whose value is missing come last. With a
    partition, n rows of each are kept, sorted by the partition first.
    """

    op: Literal["top_n"] = "top_n"
    n: int = Field(ge=1, le=2**31 - 1)
    """How many rows to keep, of each partition."""
    by: Columns
    """Columns to compare, the most important first."""
    descending: bool = True
    """True: the greatest; false: the smallest."""
    partition_by: list[ColumnName] = []
    """Columns whose equal values make a partition; empty: the whole table."""
    ties: Literal["first", "all", "dense"] = "first"
    """first: exactly n rows; all: also the rows that are equal to the last of them; dense: all rows
    with the n greatest distinct values."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {"n": 10, "by": ["amount"]},
        {"n": 1, "by": ["day"], "descending": False, "partition_by": ["country"]},
        {"n": 3, "by": ["amount"], "partition_by": ["country"], "ties": "all"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        at = findings.at("by")
        good = all_once(self.by, at)
        for index, name in enumerate(self.by):
            good &= orderable(inputs[0], name, at.at(index))
        good &= all_groupable(inputs[0], self.partition_by, findings.at("partition_by"))
        return inputs[0] if good else None

    @property
    def _keys(self) -> list[SortKey]:
        return [SortKey(column=name, descending=self.descending) for name in self.by]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        keys = self._keys
        if self.ties == "first" and not self.partition_by:
            return StepCode(code("{sorted}.head({n})", sorted=sort(inputs[0], keys), n=lit(self.n)))
        return StepCode(
            code(
                "{sorted}.filter({place} {within} {n})",
                sorted=sort(inputs[0], within(self.partition_by, keys)),
                place=over_partition(self._place(), self.partition_by),
                within=Code("<=" if self.ties == "all" else "<"),
                n=lit(self.n),
            )
        )

    def _place(self) -> Code:
        if self.ties == "first":
            return Code("pl.int_range(pl.len())")
        # In order, rows that are equal stand together: a run is a group of peers.
        peers = code("pl.struct({by}).rle_id()", by=names(self.by))
        return code('{peers}.rank("min")', peers=peers) if self.ties == "all" else peers

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        first = [Order(key.column, key.descending) for key in self._keys]
        order = followed_by([*map(Order, self.partition_by), *first], rows.order)
        if self.ties == "first" and not self.partition_by:
            query = select(dialect, rows.name, as_they_are(dialect, rows))
            query.set("order", exp.Order(expressions=ordered(dialect, order)))
            query.set("limit", exp.Limit(expression=dialect.integer(self.n)))
            return StepSql(query, order)
        function = {"first": "row_number", "all": "rank", "dense": "dense_rank"}[self.ties]
        among = order if self.ties == "first" else first
        number = over(dialect, dialect.call(function), self.partition_by, among)
        place = free_name("__place", rows.hidden)
        placed = select(dialect, rows.name, {**as_they_are(dialect, rows), place: number})
        within_n = dialect.binary(exp.LTE, dialect.column(place), dialect.integer(self.n))
        kept = as_they_are(dialect, rows)
        return StepSql(
            select(dialect, helper("placed", self.id), kept, where=within_n),
            order,
            helpers={"placed": placed},
        )
