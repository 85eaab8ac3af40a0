"""bin: numbers as ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Step, Value
from ai_data_engineer.spec.operators.checking import column_of, is_new
from ai_data_engineer.spec.operators.figures import NUMBERS
from ai_data_engineer.spec.operators.quantiles import EDGES, Ranked, finite
from ai_data_engineer.spec.operators.values import check, constant, convert
from ai_data_engineer.spec.operators.writing import local, with_columns
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Relation,
    StepSql,
    as_they_are,
    free_name,
    helper,
    over,
    row_wise,
    select,
)
from ai_data_engineer.types import FLOAT64, INT64, STRING, LogicalType


class Bin(Step):
    """Add the range that a number falls into, behind the other columns.

    With `edges`, the ranges lie between them and are called as `labels` says or else `[0, 10)`
    (closed left: 0 is in it, 10 is not) or `(0, 10]` (closed right). Numbers outside are called as
    `below` and `above` say or are null. With `count`, the edges are found in the data and all
    numbers x have a range: its label, or without labels its number from 1. equal_width: between
    the least number m and the greatest M, x is above the edge i where (x − m)·count ≥ (M − m)·i
    (closed right: >), in float64. quantiles: the edge i is the quantile i / count, interpolated
    linearly (Hyndman and Fan's type 7); where many numbers are equal some ranges stay empty.
    Missing values and NaN have no range (null); infinite values are passed over when edges are
    found, and lie in the outermost ranges.
    """

    op: Literal["bin"] = "bin"
    column: ColumnName
    """Column of numbers."""
    into: ColumnName
    """New column that takes the range."""
    edges: list[Value] = Field([], max_length=101)
    """Edges of the ranges, ascending; give at least two, or `count`."""
    count: int | None = Field(None, ge=2, le=100)
    """How many ranges to find."""
    method: Literal["equal_width", "quantiles"] = "equal_width"
    """How `count` ranges are found: equally wide, or with about as many rows each."""
    closed: Literal["left", "right"] = "left"
    """Which edge belongs to a range."""
    labels: list[str] = []
    """A name for each range, from the lowest."""
    below: str | None = None
    """What numbers below the first edge are called; left out: null."""
    above: str | None = None
    """What numbers above the last edge (closed left: from it on) are called; left out: null."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "column": "age",
            "into": "age_group",
            "edges": [0, 18, 65],
            "labels": ["minor", "adult"],
            "above": "senior",
        },
        {"column": "amount", "into": "quartile", "count": 4, "method": "quantiles"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        column = column_of(inputs[0], self.column, findings.at("column"), types=NUMBERS)
        good = is_new(self.into, inputs[0], findings.at("into"))
        good &= self._is_one_way(findings)
        if column is not None:
            for index, edge in enumerate(self.edges):
                good &= check(edge, column.type, findings.at("edges", index))
        if not good or column is None:
            return None
        values = [convert(edge, column.type) for edge in self.edges]
        if any(a >= b for a, b in pairwise(values)):  # type: ignore[operator]
            findings.at("edges").error("E_VALUE", "The edges do not ascend.", "Sort them.")
            return None
        return Schema({**inputs[0], self.into: self._range(column)})

    def _range(self, column: Column) -> Column:
        found = self.count is not None
        covered = found or None not in (self.below, self.above)
        nullable = column.nullable or column.type == FLOAT64 or not covered
        return Column(INT64 if found and not self.labels else STRING, nullable)

    def _is_one_way(self, findings: Findings) -> bool:
        if bool(self.edges) == (self.count is not None) or len(self.edges) == 1:
            findings.at("edges").error(
                "E_PARAMETERS", "Which ranges?", "Give at least two `edges`, or `count`."
            )
            return False
        if self.count is not None and (self.below is not None or self.above is not None):
            findings.at("below" if self.below is not None else "above").error(
                "E_PARAMETERS", "Ranges that are found hold all numbers.", "Leave it out."
            )
            return False
        ranges = self.count or len(self.edges) - 1
        if self.labels and len(self.labels) != ranges:
            findings.at("labels").error(
                "E_PARAMETERS",
                f"{len(self.labels)} labels do not name {ranges} ranges.",
                "Give one for each range.",
            )
            return False
        return True

    @property
    def _labels(self) -> list[str]:
        """The names of the ranges between edges."""
        if self.labels:
            return self.labels
        pairs = pairwise(self.edges)
        return [f"[{a}, {b})" if self.closed == "left" else f"({a}, {b}]" for a, b in pairs]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        of = schemas[0][self.column].type
        if self.edges:
            return StepCode(with_columns(inputs[0], {self.into: self._between_edges(of)}))
        number, reached = local("number", inputs), local("reached", inputs)
        if self.method == "quantiles":
            before, found = self._above_quantiles(number, inputs)
        else:
            before, found = self._above_widths(number, inputs)
        counted = code("{reached} = {found}", reached=reached, found=found)
        named = code("{reached}.cast(pl.Int64) + 1", reached=reached)
        if self.labels:
            named = code("pl.lit({l}).list.get({reached})", l=lit(self.labels), reached=reached)
        range_ = code("pl.when({number}.is_not_nan()).then({n})", number=number, n=named)
        cast = code("{number} = {c}.cast(pl.Float64)", number=number, c=col(self.column))
        return StepCode(
            with_columns(inputs[0], {self.into: range_}), before=(cast, *before, counted)
        )

    def _above_quantiles(self, number: Code, inputs: list[Code]) -> tuple[tuple[Code, ...], Code]:
        """Return statements, and how many of the edges a number has reached after them."""
        edges = local("edges", inputs)
        reached = code(
            "{edges}({number}, {count}).search_sorted({number}, side={side})",
            edges=edges,
            number=number,
            count=lit(self.count),
            side=lit("right" if self.closed == "left" else "left"),
        )
        return (code(EDGES, edges=edges),), reached

    def _above_widths(self, number: Code, inputs: list[Code]) -> tuple[tuple[Code, ...], Code]:
        finite, low, high = (local(name, inputs) for name in ("finite", "low", "high"))
        reached = code(
            "pl.sum_horizontal(({number} - {low}) * {count} {reaches} ({high} - {low}) * i "
            "for i in range(1, {count}))",
            number=number,
            low=low,
            count=lit(self.count),
            reaches=Code(">=" if self.closed == "left" else ">"),
            high=high,
        )
        before = (
            code("{f} = {number}.filter({number}.is_finite())", f=finite, number=number),
            code("{low}, {high} = {f}.min(), {f}.max()", low=low, high=high, f=finite),
        )
        return before, reached

    def _between_edges(self, of: LogicalType) -> Code:
        column = col(self.column)
        under = Code("<" if self.closed == "left" else "<=")
        chain = Code("pl")
        for edge, label in zip(self.edges, [self.below, *self._labels], strict=True):
            chain = code(
                "{chain}.when({column} {under} {edge}).then({label})",
                chain=chain,
                column=column,
                under=under,
                edge=constant(edge, of),
                label=constant(label, STRING),
            )
        if self.above is None:
            return chain
        known = code("{c}.is_not_nan()" if of == FLOAT64 else "{c}.is_not_null()", c=column)
        return code(
            "{chain}.when({known}).then({above})",
            chain=chain,
            known=known,
            above=constant(self.above, STRING),
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        of = rows.schema[self.column].type
        if self.edges:
            between = self._between_edges_in_sql(of, dialect)
            return row_wise(dialect, rows, {self.into: between})
        reached = free_name("__reached", rows.hidden)
        helpers, test = self._found_in_sql(rows, dialect)
        tests = (
            dialect.case((test(i), dialect.integer(1)), otherwise=dialect.integer(0))
            for i in range(1, self.count or 0)
        )
        count = next(tests)
        for one in tests:
            count = exp.Add(this=count, expression=one)
        known = dialect.is_not_null(dialect.column(self.column))
        if of == FLOAT64:
            known = dialect.negate(dialect.is_nan(dialect.column(self.column)))
        helpers["counted"] = select(
            dialect,
            helper("found", self.id),
            {**as_they_are(dialect, rows), reached: dialect.case((known, count))},
        )
        counted = Relation(helper("counted", self.id), rows.schema, rows.order)
        named = dialect.binary(exp.Add, dialect.column(reached), dialect.integer(1))
        range_ = dialect.cast(named, INT64)
        if self.labels:
            range_ = dialect.case(
                *(
                    (
                        dialect.binary(exp.EQ, dialect.column(reached), dialect.integer(i)),
                        dialect.string(label),
                    )
                    for i, label in enumerate(self.labels)
                )
            )
        return replace(row_wise(dialect, counted, {self.into: range_}), helpers=helpers)

    def _found_in_sql(
        self, rows: Relation, dialect: Dialect
    ) -> tuple[dict[str, exp.Query], Callable[[int], Sql]]:
        """Return helpers, the last of them `found`, and the test over it of an edge."""
        assert self.count is not None
        count, of = self.count, rows.schema[self.column].type
        reaches = exp.GTE if self.closed == "left" else exp.GT
        same = as_they_are(dialect, rows)
        number = dialect.cast(dialect.column(self.column), FLOAT64)
        if self.method == "quantiles":
            ranked = Ranked.named(0, rows.hidden)
            columns = {**same, **ranked.columns(self.column, of, (), dialect)}

            def above_quantile(i: int) -> Sql:
                edge = ranked.quantile(Fraction(i, count), (), dialect)
                return dialect.binary(reaches, number.copy(), edge)

            return {"found": select(dialect, rows.name, columns)}, above_quantile
        low, high = (free_name(name, rows.hidden) for name in ("__low", "__high"))
        for name, function in ((low, "min"), (high, "max")):
            end = dialect.call(function, finite(self.column, of, dialect))
            same[name] = over(dialect, end)

        def above_edge(i: int) -> Sql:
            parts, steps = (
                dialect.literal(float(count), FLOAT64),
                dialect.literal(float(i), FLOAT64),
            )
            from_low = dialect.binary(exp.Sub, number.copy(), dialect.column(low))
            width = dialect.binary(exp.Sub, dialect.column(high), dialect.column(low))
            return dialect.binary(
                reaches,
                dialect.binary(exp.Mul, from_low, parts),
                dialect.binary(exp.Mul, width, steps),
            )

        return {"found": select(dialect, rows.name, same)}, above_edge

    def _between_edges_in_sql(self, of: LogicalType, dialect: Dialect) -> Sql:
        under = exp.LT if self.closed == "left" else exp.LTE
        branches = [
            (
                dialect.binary(
                    under, dialect.column(self.column), dialect.literal(convert(edge, of), of)
                ),
                dialect.literal(label, STRING),
            )
            for edge, label in zip(self.edges, [self.below, *self._labels], strict=True)
        ]
        if self.above is not None:
            known = dialect.is_not_null(dialect.column(self.column))
            if of == FLOAT64:
                known = dialect.negate(dialect.is_nan(dialect.column(self.column)))
            branches.append((known, dialect.string(self.above)))
        return dialect.case(*branches)
