"""Judges rows by expectations, with the meaning that Great Expectations gives them.

`mostly` is a share of the rows that are judged (mostly those with a value); where no row is
judged the expectation holds. An aggregate over nothing does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import polars as pl

ROWS = "__rows"
"""Beside each combination of values: how many rows have it."""
Ignored = Literal["all_values_are_missing", "any_value_is_missing", "never"]


class Grouping(NamedTuple):
    """The columns whose combinations of values are counted, and the rows that are left out."""

    columns: tuple[str, ...]
    ignore_row_if: Ignored = "all_values_are_missing"


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One rule: its name in the suite, its Great Expectations type, weight and parameters.

    `apart`: it needs a whole column at once, such as a median, and is measured in a pass of its
    own; in one pass with others polars would hold the columns of all of them.
    """

    rule: str
    type: str
    severity: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    apart: bool = False

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Return two aggregates: how many rows are judged, how many are not as expected."""
        raise NotImplementedError

    def grouping(self) -> Grouping | None:
        """Return the combinations of values that are measured; None: the rows themselves are."""
        return None

    def holds(self, judged: int, unexpected: int) -> bool:
        """Say whether the rule holds, given what was counted."""
        return unexpected == 0


@dataclass(frozen=True, kw_only=True)
class OnSample(Expectation):
    """A rule that only Great Expectations judges: on the sample, by the project's own tests."""


@dataclass(frozen=True, kw_only=True)
class _Share(Expectation):
    mostly: float = 1.0

    def holds(self, judged: int, unexpected: int) -> bool:
        """Compare the share of good rows with `mostly`."""
        return judged == 0 or (judged - unexpected) / judged >= self.mostly


@dataclass(frozen=True, kw_only=True)
class Rows(_Share):
    """Among the rows for which `judged` is true (None: all), `expected` is to be true."""

    expected: pl.Expr
    judged: pl.Expr | None = None

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the judged rows and those that are not as expected."""
        wrong = self.expected.fill_null(False).not_()
        if self.judged is None:
            return pl.len(), wrong.sum()
        return self.judged.sum(), (self.judged & wrong).sum()


@dataclass(frozen=True, kw_only=True)
class InOrder(_Share):
    """No value is below the one before it (`descending`: above it); missing ones are left out."""

    column: str
    descending: bool = False
    strictly: bool = False
    apart: bool = True

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the values and those that are out of order; NaN is in no order with anything."""
        value = pl.col(self.column).drop_nulls().to_physical()
        last = value.shift(1)
        wrong = value > last if self.descending else value < last
        if self.strictly:
            wrong |= value == last
        return value.len(), (wrong | value.is_nan() & last.is_not_null() | last.is_nan()).sum()


@dataclass(frozen=True, kw_only=True)
class Unique(_Share):
    """No combination of values in `columns` repeats; every row of one that does is unexpected."""

    columns: tuple[str, ...]
    ignore_row_if: Ignored = "all_values_are_missing"

    def grouping(self) -> Grouping:
        """Return the columns."""
        return Grouping(self.columns, self.ignore_row_if)

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the rows of all combinations and of those with several."""
        count = pl.col(ROWS)
        return count.sum(), count.filter(count > 1).sum()


@dataclass(frozen=True, kw_only=True)
class Whole(Expectation):
    """A condition over all rows at once, such as `pl.col("amount").mean() < 10`."""

    holds_when: pl.Expr

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the rows, and one failure when the condition does not hold."""
        return pl.len(), self.holds_when.fill_null(False).not_().cast(pl.Int64)


@dataclass(frozen=True, kw_only=True)
class Values(Whole):
    """A condition over the different values of a column, and `ROWS`, how many rows have each."""

    column: str

    def grouping(self) -> Grouping:
        """Return the column."""
        return Grouping((self.column,))

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the rows with a value, and one failure when the condition does not hold."""
        return pl.col(ROWS).sum(), super().measure(rows)[1]


@dataclass(frozen=True, kw_only=True)
class _OfSchema(Expectation):
    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the rows, and one failure when the columns are not as expected."""
        return pl.len(), pl.lit(0 if self.fits(rows.collect_schema()) else 1)

    def fits(self, schema: pl.Schema) -> bool:
        """Say whether the columns are as expected."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Columns(_OfSchema):
    """The names of the columns: exactly these (`ordered`: in this order), or at least these."""

    names: tuple[str, ...]
    ordered: bool = False
    at_least: bool = False

    def fits(self, schema: pl.Schema) -> bool:
        """Compare the names."""
        found = tuple(schema.names())
        if self.ordered:
            return found == self.names
        missing = set(self.names) - set(found)
        return not missing and (self.at_least or set(found) == set(self.names))


@dataclass(frozen=True, kw_only=True)
class ColumnCount(_OfSchema):
    """How many columns there are."""

    at_least: int = 0
    at_most: int | None = None

    def fits(self, schema: pl.Schema) -> bool:
        """Compare the number."""
        return self.at_least <= len(schema) and (
            self.at_most is None or len(schema) <= self.at_most
        )


@dataclass(frozen=True, kw_only=True)
class HasType(_OfSchema):
    """A column has one of these types."""

    column: str
    types: Sequence[pl.DataType | type[pl.DataType]]

    def fits(self, schema: pl.Schema) -> bool:
        """Compare the type."""
        return any(schema[self.column] == kind for kind in self.types)


Verdict = tuple[Expectation, int | None, int | None, bool | None]
"""A rule, how many rows were judged, how many are not as expected, and whether it holds.

All None for a rule that only Great Expectations judges.
"""


def measures(rows: pl.LazyFrame, expectations: Sequence[Expectation]) -> list[pl.LazyFrame]:
    """Return the frames to collect for `conclude`: one for each pass."""
    return [measure(rows, grouping, rules) for grouping, rules in passes(expectations)]


def measure(
    rows: pl.LazyFrame, grouping: Grouping | None, rules: Sequence[Expectation]
) -> pl.LazyFrame:
    """Return one row with what the rules count."""
    if grouping is not None:
        rows = judged_rows(rows, grouping).group_by(grouping.columns).agg(pl.len().alias(ROWS))
    return rows.select(
        count.cast(pl.Int64).alias(f"{kind}_{rule.rule}")
        for rule in rules
        for kind, count in zip(("judged", "unexpected"), rule.measure(rows), strict=True)
    )


def judged_rows(rows: pl.LazyFrame, grouping: Grouping) -> pl.LazyFrame:
    """Return the rows that are not left out."""
    present = [pl.col(c).is_not_null() for c in grouping.columns]
    match grouping.ignore_row_if:
        case "all_values_are_missing":
            return rows.filter(pl.any_horizontal(present))
        case "any_value_is_missing":
            return rows.filter(pl.all_horizontal(present))
        case _:
            return rows


def passes(
    expectations: Sequence[Expectation],
) -> list[tuple[Grouping | None, list[Expectation]]]:
    """Return the rules by what they are measured over: all that can, share one pass."""
    found: dict[Grouping | str | None, tuple[Grouping | None, list[Expectation]]] = {}
    for rule in expectations:
        if not isinstance(rule, OnSample):
            grouping = rule.grouping()
            shared = rule.rule if rule.apart else grouping
            found.setdefault(shared, (grouping, []))[1].append(rule)
    return list(found.values())


def conclude(
    expectations: Sequence[Expectation], measured: Sequence[pl.DataFrame]
) -> Iterator[Verdict]:
    """Yield the verdicts; `measured` are the collected frames of `measures`, in any order."""
    counts: dict[str, int] = {}
    for frame in measured:
        counts |= frame.row(0, named=True)
    for rule in expectations:
        if isinstance(rule, OnSample):
            yield rule, None, None, None
        else:
            judged, unexpected = counts[f"judged_{rule.rule}"], counts[f"unexpected_{rule.rule}"]
            yield rule, judged, unexpected, rule.holds(judged, unexpected)
