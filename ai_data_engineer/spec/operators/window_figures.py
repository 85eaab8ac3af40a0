"""Figures of `window`: what each looks at, and what it gives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, SortKey
from ai_data_engineer.spec.operators.checking import column_of
from ai_data_engineer.spec.operators.figures import NUMBERS, ORDERED
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

NUMBERINGS = ("row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile")
SHIFTS = ("lag", "lead")
PLACES = ("first_value", "last_value", "nth_value")
MEASURES = ("sum", "mean", "min", "max", "count", "std")
"""Figures of the values in a frame; `cumulative_` and `rolling_` before them give the frame."""
TYPES: dict[str, tuple[str, ...]] = {
    "sum": NUMBERS,
    "mean": NUMBERS,
    "min": ORDERED,
    "max": ORDERED,
    "std": NUMBERS,
    "share_of_total": NUMBERS,
}
Distance = int | Literal["unbounded"]
MOST = 1_000_000


class Frame(Document):
    """The rows around each row that a figure looks at, within its partition."""

    unit: Literal["rows", "days"] = "rows"
    """rows: so many rows before and behind, as they stand in the order. days: the rows whose date
    is so many days earlier and later, both ends included, whatever their number; order_by is then
    one date or datetime, ascending, and rows without a date are a partition of their own."""
    preceding: Distance = "unbounded"
    """How far the frame reaches back: 6 is this row and the six before; 0 begins with this row, −1
    with the next."""
    following: Distance = 0
    """How far it reaches on: 0 ends with this row, −1 with the one before."""

    def is_in(self, schema: Schema, order_by: list[SortKey], findings: Findings) -> bool:
        """Check that the frame has an end behind its beginning, and an order that it can follow."""
        ends = (self.preceding, self.following)
        numbers = [end for end in ends if isinstance(end, int)]
        if any(abs(end) > MOST for end in numbers):
            findings.error(
                "E_PARAMETERS", f"A frame reaches at most {MOST:,} away.", 'Or use "unbounded".'
            )
            return False
        if len(numbers) == len(ends) and sum(numbers) < 0:
            findings.error(
                "E_PARAMETERS",
                "The frame ends before it begins.",
                "A negative number moves an end to the other side of the row.",
            )
            return False
        if self.unit == "days" and not _by_one_date(schema, order_by):
            findings.at("unit").error(
                "E_ORDER_NEEDED",
                "A frame of days needs an order by one date, ascending.",
                "Give order_by one date or datetime column, or use a frame of rows.",
            )
            return False
        return True


def _by_one_date(schema: Schema, order_by: list[SortKey]) -> bool:
    if len(order_by) != 1 or order_by[0].descending:
        return False
    column = schema.get(order_by[0].column)
    # A column that there is not is found elsewhere.
    return column is None or column.type.name in ("date", "datetime")


class WindowFigure(Document):
    """A figure for each row, from the rows of its partition."""

    name: ColumnName
    """New column that takes it."""
    function: Literal[
        "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead",
        "first_value", "last_value", "nth_value", "sum", "mean", "min", "max", "count", "std",
        "cumulative_sum", "cumulative_mean", "cumulative_min", "cumulative_max",
        "cumulative_count", "cumulative_std", "rolling_sum", "rolling_mean", "rolling_min",
        "rolling_max", "rolling_count", "rolling_std", "share_of_total",
    ]  # fmt: skip
    """row_number, rank (1, 1, 3) and dense_rank (1, 1, 2) number the rows; percent_rank is
    (rank − 1) / (rows − 1), 0 in a partition of one row; cume_dist is the part of the rows up to
    this one and its equals; ntile deals the rows out to `n` buckets, the first ones larger. lag
    and lead take the value of an earlier or later row; first_value, last_value and nth_value that
    of a row of the frame, as it is. sum, mean, min, max, count and std (sample, n − 1) are figures
    of the frame; cumulative_… of the rows up to this one, rolling_… of the last `rows`. They pass
    over missing values (a sum of nothing is 0, one that does not fit into 64 bits null; count
    without a column counts rows). share_of_total is the value divided by the partition's sum, null
    where that is 0."""
    column: ColumnName | None = None
    """Column it is computed from; not for the numberings."""
    offset: int = Field(1, ge=1, le=MOST)
    """How many rows away lag and lead look."""
    rows: int | None = Field(None, ge=1, le=MOST)
    """How many rows, this one included, a rolling figure looks at."""
    n: int | None = Field(None, ge=1, le=MOST)
    """How many buckets ntile makes; which row of the frame nth_value takes, from 1."""
    frame: Frame | None = None
    """Rows that sum, mean, min, max, count, std, first_value, last_value and nth_value look at;
    left out: the whole partition."""

    @property
    def measure(self) -> str:
        """What is computed: the function without `cumulative_` or `rolling_`."""
        return self.function.removeprefix("cumulative_").removeprefix("rolling_")

    @property
    def reach(self) -> Frame | None:
        """The frame that is looked at; None: the whole partition."""
        if self.rows is not None:
            return Frame(preceding=self.rows - 1)
        return Frame() if self.function.startswith("cumulative_") else self.frame

    @property
    def needs_order(self) -> bool:
        """Whether an order has to be said; rows can be numbered as they stand."""
        whole = self.function in MEASURES and self.frame is None
        return not whole and self.function not in ("share_of_total", "row_number")

    def column_in(
        self, schema: Schema, order_by: list[SortKey], findings: Findings
    ) -> Column | None:
        """Return the column that this figure gives, or None after adding what is wrong."""
        if not self._goes_together(findings):
            return None
        if self.frame and not self.frame.is_in(schema, order_by, findings.at("frame")):
            return None
        if self.column is None:
            of = FLOAT64 if self.function in ("percent_rank", "cume_dist") else INT64
            return Column(of, nullable=False)
        types = TYPES.get(self.measure, ())
        column = column_of(schema, self.column, findings.at("column"), types=types)
        if column is None:
            return None
        shows = self.function in (*SHIFTS, *PLACES) or self.measure in ("min", "max")
        never = self.measure == "count" or (self.measure == "sum" and column.type != INT64)
        return Column(_type(self.measure, column.type), not never, column.pii if shows else None)

    def _goes_together(self, findings: Findings) -> bool:
        """Check the parameters against the function."""
        if self.function != "count" and (self.function in NUMBERINGS) != (self.column is None):
            needs = "takes no" if self.function in NUMBERINGS else "needs a"
            findings.at("column").error("E_PARAMETERS", f"`{self.function}` {needs} column.")
            return False
        if self.function.startswith("rolling_") != (self.rows is not None):
            findings.at("rows").error(
                "E_PARAMETERS", "`rows` and the rolling figures go together.", "Such as `rows: 7`."
            )
            return False
        if (self.function in ("ntile", "nth_value")) != (self.n is not None):
            findings.at("n").error(
                "E_PARAMETERS", "`n` and ntile or nth_value go together.", "Such as `n: 4`."
            )
            return False
        if self.frame is not None and self.function not in (*MEASURES, *PLACES):
            findings.at("frame").error(
                "E_PARAMETERS",
                f"`{self.function}` takes no frame.",
                f"Use {', '.join(MEASURES)}, or leave it out.",
            )
            return False
        if self.frame is not None and self.frame.unit == "days" and self.function in PLACES:
            findings.at("frame", "unit").error(
                "E_PARAMETERS",
                f"`{self.function}` takes a frame of rows: on one day there may be several.",
                "Use unit: rows.",
            )
            return False
        return True


def _type(measure: str, of: LogicalType) -> LogicalType:
    if measure == "sum" and of.name == "decimal":
        return LogicalType("decimal", precision=38, scale=of.scale)
    if measure == "count":
        return INT64
    return FLOAT64 if measure in ("share_of_total", "mean", "std") else of
