"""window: figures that look at other rows and leave all rows where they are."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, SortKey, Step
from ai_data_engineer.spec.operators.checking import all_groupable, column_of, is_new, order_of
from ai_data_engineer.spec.operators.figures import exact_sum
from ai_data_engineer.spec.operators.ordering import in_order
from ai_data_engineer.spec.operators.values import constant
from ai_data_engineer.spec.operators.writing import names, over, with_columns
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.types import FLOAT64, INT64, LogicalType

NUMBERS = ("int64", "float64", "decimal")
PLAIN = ("int64", "float64")
MOMENTS = ("date", "time", "datetime")
TYPES: dict[str, tuple[str, ...]] = {
    "cumulative_sum": NUMBERS,
    "cumulative_min": (*NUMBERS, *MOMENTS),
    "cumulative_max": (*NUMBERS, *MOMENTS),
    "share_of_total": NUMBERS,
    "rolling_sum": PLAIN,
    "rolling_mean": NUMBERS,
    "rolling_min": PLAIN,
    "rolling_max": PLAIN,
}
NUMBERING = ("row_number", "rank", "dense_rank")
ROLLING = ("rolling_sum", "rolling_mean", "rolling_min", "rolling_max")
SHIFTS = ("lag", "lead")


class WindowFigure(Document):
    """A figure for each row, from the rows of its partition."""

    name: ColumnName
    """New column that takes it."""
    function: Literal[
        "row_number", "rank", "dense_rank", "lag", "lead", "cumulative_sum", "cumulative_count",
        "cumulative_min", "cumulative_max", "share_of_total", "rolling_sum", "rolling_mean",
        "rolling_min", "rolling_max",
    ]  # fmt: skip
    """row_number, rank (1, 1, 3) and dense_rank (1, 1, 2) number the rows; lag and lead take the
    value of an earlier or later row; cumulative_… and rolling_… look at the rows up to this one
    and pass over missing values (a sum of nothing is 0, one that does not fit into
    64 bits null); share_of_total is the value divided by
    the partition's sum, null where that is 0."""
    column: ColumnName | None = None
    """Column it is computed from; not for the numberings."""
    offset: int = Field(1, ge=1, le=1_000_000)
    """How many rows away lag and lead look."""
    rows: int | None = Field(None, ge=1, le=1_000_000)
    """How many rows, this one included, a rolling figure looks at."""

    def column_in(self, schema: Schema, findings: Findings) -> Column | None:
        """Return the column that this figure gives, or None after adding what is wrong."""
        if (self.function in NUMBERING) != (self.column is None):
            needs = "takes no" if self.function in NUMBERING else "needs a"
            findings.at("column").error("E_PARAMETERS", f"`{self.function}` {needs} column.")
            return None
        if (self.function in ROLLING) != (self.rows is not None):
            findings.at("rows").error(
                "E_PARAMETERS", "`rows` and the rolling figures go together.", "Such as `rows: 7`."
            )
            return None
        if self.column is None:
            return Column(INT64, nullable=False)
        types = TYPES.get(self.function, ())
        column = column_of(schema, self.column, findings.at("column"), types=types)
        if column is None:
            return None
        shows = self.function in (*SHIFTS, "cumulative_min", "cumulative_max")
        sums = self.function in ("cumulative_sum", "rolling_sum") and column.type != INT64
        may_miss = self.function != "cumulative_count" and not sums
        return Column(_type(self.function, column.type), may_miss, column.pii if shows else None)


def _type(function: str, of: LogicalType) -> LogicalType:
    if function == "cumulative_sum" and of.name == "decimal":
        return LogicalType("decimal", precision=38, scale=of.scale)
    if function == "cumulative_count":
        return INT64
    return FLOAT64 if function in ("share_of_total", "rolling_mean") else of


class Window(Step):
    """Add figures that look at other rows of the same partition; rows stay where they are.

    Rows that are equal in the order are taken as they come. New columns stand behind, in the order
    given.
    """

    op: Literal["window"] = "window"
    partition_by: list[ColumnName] = []
    """Columns whose equal values make a partition (missing ones too); empty: the whole table."""
    order_by: list[SortKey] = []
    """Order of the rows in a partition; share_of_total alone does without."""
    figures: list[WindowFigure] = Field(min_length=1)
    """What is computed for each row."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "partition_by": ["country"],
            "order_by": [{"column": "amount", "descending": True}],
            "figures": [{"name": "place", "function": "rank"}],
        },
        {"figures": [{"name": "share", "function": "share_of_total", "column": "amount"}]},
        {
            "order_by": [{"column": "day"}],
            "figures": [
                {"name": "week_mean", "function": "rolling_mean", "column": "amount", "rows": 7}
            ],
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        good = all_groupable(schema, self.partition_by, findings.at("partition_by"))
        good &= order_of(schema, self.order_by, findings.at("order_by"))
        columns = dict(schema)
        for index, figure in enumerate(self.figures):
            at = findings.at("figures", index)
            good &= is_new(figure.name, columns, at.at("name"))
            if figure.function != "share_of_total" and not self.order_by:
                good = False
                at.at("function").error(
                    "E_ORDER_NEEDED",
                    f"`{figure.function}` needs an order.",
                    "Say in order_by which columns to order by.",
                )
            column = figure.column_in(schema, at)
            if column is None:
                good = False
            else:
                columns[figure.name] = column
        return Schema(columns) if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        figures = {f.name: self._figure(f, schemas[0]) for f in self.figures}
        if not self.order_by:
            return StepCode(with_columns(inputs[0], figures))
        return StepCode(in_order(inputs[0], self.partition_by, self.order_by, figures))

    def _figure(self, figure: WindowFigure, schema: Schema) -> Code:
        if figure.column is None:
            return self._numbering(figure.function)
        of = schema[figure.column].type
        column = col(figure.column)
        if figure.function == "share_of_total":
            numbers = code("{c}.cast(pl.Float64)", c=column) if of != FLOAT64 else column
            total = over(code("{numbers}.sum()", numbers=numbers), self.partition_by)
            return code(
                "pl.when({total} != 0).then({numbers} / {total})", total=total, numbers=numbers
            )
        return over(_running(figure, column, of), self.partition_by)

    def _numbering(self, function: str) -> Code:
        if function == "row_number":
            return over(Code("pl.int_range(1, pl.len() + 1)"), self.partition_by)
        # In order, rows that are equal in the keys stand together: a run is a group of peers.
        keys = names(key.column for key in self.order_by)
        peers = code("pl.struct({keys}).rle_id()", keys=keys)
        if function == "rank":
            number = code('{peers}.rank("min").cast(pl.Int64)', peers=peers)
        else:
            number = code("{peers}.cast(pl.Int64) + 1", peers=peers)
        return over(number, self.partition_by)


def _running(figure: WindowFigure, column: Code, of: LogicalType) -> Code:
    """Return a figure over the rows of a partition, in order."""
    zero = constant(0, of) if of.is_numeric else Code("")
    match figure.function:
        case "lag":
            return code("{c}.shift({n})", c=column, n=lit(figure.offset))
        case "lead":
            return code("{c}.shift({n})", c=column, n=lit(-figure.offset))
        case "cumulative_count":
            return code("{c}.cum_count().cast(pl.Int64)", c=column)
        case "cumulative_sum":
            filled = code("{c}.fill_null({zero})", c=column, zero=zero)
            if of == INT64:
                return exact_sum(filled, Code("cum_sum()"))
            return code("{filled}.cum_sum()", filled=filled)
        case "cumulative_min":
            return code("{c}.cum_min().forward_fill()", c=column)
        case "cumulative_max":
            return code("{c}.cum_max().forward_fill()", c=column)
    if of.name == "decimal":
        column = code("{c}.cast(pl.Float64)", c=column)
    if figure.function == "rolling_sum" and of == INT64:
        filled = code("{c}.fill_null({zero})", c=column, zero=zero)
        window = code("rolling_sum({rows}, min_samples=1)", rows=lit(figure.rows))
        return exact_sum(filled, window)
    method = {
        "rolling_sum": Code("rolling_sum"),
        "rolling_mean": Code("rolling_mean"),
        "rolling_min": Code("rolling_min"),
        "rolling_max": Code("rolling_max"),
    }[figure.function]
    rolled = code(
        "{c}.{method}({rows}, min_samples=1)", c=column, method=method, rows=lit(figure.rows)
    )
    if figure.function == "rolling_sum":
        return code("{rolled}.fill_null({zero})", rolled=rolled, zero=zero)
    return rolled
