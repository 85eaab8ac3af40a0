"""Judges rows by expectations, with the meaning that Great Expectations gives them.

`mostly` is a share of the rows that are judged (mostly those with a value); where no row is
judged the expectation holds. An aggregate over nothing does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One rule: its name in the suite, its Great Expectations type, weight and parameters."""

    rule: str
    type: str
    severity: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Return two aggregates: how many rows are judged, how many are not as expected."""
        raise NotImplementedError

    def source(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return the rows that the aggregates are taken over."""
        return rows

    def holds(self, judged: int, unexpected: int) -> bool:
        """Say whether the rule holds, given what was counted."""
        return unexpected == 0


@dataclass(frozen=True, kw_only=True)
class Rows(Expectation):
    """Among the rows for which `judged` is true (None: all), `expected` is to be true."""

    expected: pl.Expr
    judged: pl.Expr | None = None
    mostly: float = 1.0

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the judged rows and those that are not as expected."""
        wrong = self.expected.fill_null(False).not_()
        if self.judged is None:
            return pl.len(), wrong.sum()
        return self.judged.sum(), (self.judged & wrong).sum()

    def holds(self, judged: int, unexpected: int) -> bool:
        """Compare the share of good rows with `mostly`."""
        return judged == 0 or (judged - unexpected) / judged >= self.mostly


@dataclass(frozen=True, kw_only=True)
class Unique(Expectation):
    """No combination of values in `columns` repeats; every row of one that does is unexpected.

    One column: rows without a value are not judged. Several: rows without any value are not.
    """

    columns: tuple[str, ...]
    mostly: float = 1.0

    def source(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return one row a combination, with the number of its rows."""
        some = pl.any_horizontal(pl.col(c).is_not_null() for c in self.columns)
        return rows.filter(some).group_by(self.columns).agg(pl.len().alias("__rows"))

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the rows of all groups and of the groups with several."""
        count = pl.col("__rows")
        return count.sum(), count.filter(count > 1).sum()

    def holds(self, judged: int, unexpected: int) -> bool:
        """Compare the share of unrepeated rows with `mostly`."""
        return judged == 0 or (judged - unexpected) / judged >= self.mostly


@dataclass(frozen=True, kw_only=True)
class Whole(Expectation):
    """A condition over all rows at once, such as `pl.col("amount").mean() < 10`."""

    holds_when: pl.Expr

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the rows, and one failure when the condition does not hold."""
        return pl.len(), self.holds_when.fill_null(False).not_().cast(pl.Int64)


@dataclass(frozen=True, kw_only=True)
class Columns(Expectation):
    """The names of the columns: exactly these (`ordered`: in this order), or at least these."""

    names: tuple[str, ...] = ()
    ordered: bool = False
    at_least: bool = False
    count: int | None = None

    def measure(self, rows: pl.LazyFrame) -> tuple[pl.Expr, pl.Expr]:
        """Count the rows, and one failure when the names do not match."""
        found = tuple(rows.collect_schema().names())
        return pl.len(), pl.lit(0 if self._match(found) else 1)

    def _match(self, found: tuple[str, ...]) -> bool:
        if self.count is not None:
            return len(found) == self.count
        if self.ordered:
            return found == self.names
        missing = set(self.names) - set(found)
        return not missing and (self.at_least or set(found) == set(self.names))


def measures(rows: pl.LazyFrame, expectations: Sequence[Expectation]) -> list[pl.LazyFrame]:
    """Return the frames to collect for `conclude`: one for plain rules, one for each `Unique`."""
    plain = [
        measure.cast(pl.Int64).alias(f"{kind}_{number}")
        for number, rule in enumerate(expectations)
        if not isinstance(rule, Unique)
        for kind, measure in zip(("judged", "unexpected"), rule.measure(rows), strict=True)
    ]
    frames = [rows.select(plain)] if plain else []
    for rule in expectations:
        if isinstance(rule, Unique):
            judged, unexpected = rule.measure(rows)
            frames.append(rule.source(rows).select(judged=judged, unexpected=unexpected))
    return frames


def conclude(
    expectations: Sequence[Expectation], measured: Sequence[pl.DataFrame]
) -> Iterator[tuple[Expectation, int, int, bool]]:
    """Yield each rule with rows judged, rows unexpected and whether it holds.

    `measured` are the collected frames of `measures`, in their order.
    """
    frames = iter(measured)
    plain: dict[str, int] = {}
    if any(not isinstance(rule, Unique) for rule in expectations):
        plain = next(frames).row(0, named=True)
    for number, rule in enumerate(expectations):
        if isinstance(rule, Unique):
            judged, unexpected = next(frames).row(0)
        else:
            judged, unexpected = plain[f"judged_{number}"], plain[f"unexpected_{number}"]
        yield rule, judged, unexpected, rule.holds(judged, unexpected)
