"""date_spine: rows for periods that have none."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.expressions import Compiled
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, SortKey, Step, Value
from ai_data_engineer.spec.operators.checking import all_groupable, column_of, columns_of, nullable
from ai_data_engineer.spec.operators.date_spine_sql import MOST_PERIODS, TOO_MANY, Spine
from ai_data_engineer.spec.operators.formulas import formula
from ai_data_engineer.spec.operators.values import check, constant, convert
from ai_data_engineer.spec.operators.writing import (
    assign,
    atom,
    local,
    names,
    over,
    sort,
    with_columns,
)
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql
from ai_data_engineer.types import DATE

EVERY = {"hour": "1h", "day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}

REFUSE = """\
def {refuse}(spans: pl.DataFrame) -> pl.DataFrame:
    if spans.select({count}.sum()).item() > {most}:
        raise ValueError({message})
    return spans"""


class DateSpine(Step):
    """Add a row for each period that has none, from the one with `start` to the one with `end`.

    The rows that are there stay as they are, several of one period and those outside of start and
    end too. An added row has the first moment of its period (the 1st of a month, a Monday, in UTC)
    and its partition's values; other columns are null unless they are filled. The result is sorted
    by the partition, then by the column, nulls last, equal rows as they stood. Where `start` or
    `end` is left out, the least and greatest date are taken; where there is none, nothing is
    added. The run fails where there would be more than 10,000,000 periods in all partitions.
    """

    op: Literal["date_spine"] = "date_spine"
    column: ColumnName
    """Column of dates or datetimes."""
    every: Literal["hour", "day", "week", "month", "quarter", "year"]
    """Length of a period; hours only with datetimes."""
    start: str | None = None
    """A date or datetime in the first period, such as `2024-01-01`."""
    end: str | None = None
    """A date or datetime in the last period."""
    partition_by: list[ColumnName] = []
    """Columns whose equal values make a partition that gets all periods; empty: the whole table.
    Partitions are those that there are."""
    span: Literal["table", "partition"] = "table"
    """Whether the least and greatest date are those of the whole table or of each partition."""
    values: dict[ColumnName, Value] = {}
    """Column → constant for it in the added rows."""
    carry_forward: list[ColumnName] = []
    """Columns that take, in the added rows, the nearest value before in their partition."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "day", "every": "day", "partition_by": ["shop"], "values": {"sales": 0}},
        {
            "column": "month",
            "every": "month",
            "start": "2024-01-01",
            "end": "2024-12-31",
            "carry_forward": ["price"],
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        wanted = ("datetime",) if self.every == "hour" else ("date", "datetime")
        column = column_of(schema, self.column, findings.at("column"), types=wanted)
        good = all_groupable(schema, self.partition_by, findings.at("partition_by"))
        good &= self._span_fits(column, findings)
        good &= columns_of(schema, self.carry_forward, findings.at("carry_forward"))
        for name, value in self.values.items():
            at = findings.at("values", name)
            filled = schema.find(name, at)
            good &= filled is not None and check(value, filled.type, at)
        good &= self._filled_once(findings)
        if column is None or not good:
            return None
        as_before = {*self.partition_by, self.column, *self.values}
        return Schema((n, c if n in as_before else nullable(c)) for n, c in schema.items())

    def _filled_once(self, findings: Findings) -> bool:
        good = True
        taken = {self.column, *self.partition_by}
        places = [(name, findings.at("values", name)) for name in self.values]
        places += [
            (name, findings.at("carry_forward", index))
            for index, name in enumerate(self.carry_forward)
        ]
        for name, at in places:
            if name in taken:
                good = False
                at.error(
                    "E_DUPLICATE_COLUMN",
                    f"`{name}` has a value in the added rows already.",
                    "Take it out of one of them.",
                )
            taken.add(name)
        return good

    def _span_fits(self, column: Column | None, findings: Findings) -> bool:
        if self.span == "partition" and not (self.partition_by and None in (self.start, self.end)):
            findings.at("span").error(
                "E_PARAMETERS",
                "There are no partitions with dates of their own.",
                "Give `partition_by`, and leave `start` or `end` out.",
            )
            return False
        if column is None:
            return True
        good = True
        for name, moment in (("start", self.start), ("end", self.end)):
            good &= moment is None or check(moment, column.type, findings.at(name))
        if not good or self.start is None or self.end is None:
            return good
        start, end = (convert(moment, column.type) for moment in (self.start, self.end))
        if start > end:  # type: ignore[operator]
            findings.at("end").error("E_VALUE", "The end lies before the start.", "Swap them.")
            return False
        if self.every == "hour" and (end - start) / dt.timedelta(hours=1) >= MOST_PERIODS:  # type: ignore[operator]
            findings.at("end").error("E_PERIODS", TOO_MANY, "Choose longer periods, or fewer.")
            return False
        return True

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        rows, schema = inputs[0], schemas[0]
        spans, periods, added = (local(n, inputs) for n in ("spans", "periods", "added"))
        before = [code("{spans} = {found}", spans=spans, found=self._spans(rows, schema))]
        if self.may_be_too_many:
            refuse = local("refuse_too_many", inputs)
            checked = code("{spans} = {spans}.map_batches({refuse})", spans=spans, refuse=refuse)
            before = [self._refusal(refuse, schema), *before, checked]
        on = [*self.partition_by, self.column]
        kind = Code("date_ranges" if schema[self.column].type == DATE else "datetime_ranges")
        listed = code('pl.{kind}("__first", "__last", {every})', kind=kind, every=self._every)
        made = code(
            "{rows}.explode({name})",
            rows=self._with_partition(spans, listed),
            name=lit(self.column),
        )
        before.append(code("{periods} = {made}", periods=periods, made=made))
        taken = self._with_partition(rows, self._truncated(col(self.column)))
        missing = code(
            '{periods}.join({taken}, on={on}, how="anti", nulls_equal=True)',
            periods=periods,
            taken=taken,
            on=lit(on),
        )
        values = {name: constant(value, schema[name].type) for name, value in self.values.items()}
        if self.carry_forward:
            values["__added"] = Code("pl.lit(True)")
        before.append(
            code(
                "{added} = {filled}",
                added=added,
                filled=with_columns(missing, values) if values else missing,
            )
        )
        both = code('pl.concat([{rows}, {added}], how="diagonal")', rows=rows, added=added)
        result = sort(both, [SortKey(column=name) for name in on])
        if self.carry_forward:
            result = code('{r}.drop("__added")', r=with_columns(result, self._carried()))
        return StepCode(result, tuple(before))

    def _with_partition(self, rows: Code, moment: Code) -> Code:
        """Return the partition's columns and a moment under the column's name."""
        by = code("{names}, ", names=names(self.partition_by)) if self.partition_by else Code("")
        return code("{rows}.select({by}{m})", rows=rows, by=by, m=assign({self.column: moment}))

    @property
    def _every(self) -> Code:
        return lit(EVERY[self.every])

    @property
    def may_be_too_many(self) -> bool:
        """Return whether more periods than allowed may show only in the data."""
        found = None in (self.start, self.end)
        return bool(self.partition_by) or (self.every == "hour" and found)

    def _truncated(self, moment: Code) -> Code:
        return code("{moment}.dt.truncate({every})", moment=moment, every=self._every)

    def _spans(self, rows: Code, schema: Schema) -> Code:
        """Return the first and last moment of each partition, where there are both."""
        of = schema[self.column].type
        ends = {
            "__first": Code("min()") if self.start is None else constant(self.start, of),
            "__last": Code("max()") if self.end is None else constant(self.end, of),
        }
        found = {
            name: code("{c}.{end}", c=col(self.column), end=end) if end.endswith("()") else end
            for name, end in ends.items()
        }
        spans = code("{rows}.select({found})", rows=rows, found=assign(found))
        if self.partition_by:
            spans = code(
                "{rows}.group_by({by}).agg({found})",
                rows=rows,
                by=names(self.partition_by),
                found=assign(found),
            )
            if self.span == "table":
                spans = code(
                    '{spans}.with_columns(pl.col("__first").min(), pl.col("__last").max())',
                    spans=spans,
                )
        return code(
            "{spans}.with_columns({first}).filter({holds})",
            spans=spans,
            first=self._truncated(col("__first")),
            holds=Code('pl.col("__first") <= pl.col("__last")'),
        )

    def _refusal(self, refuse: Code, schema: Schema) -> Code:
        return code(
            REFUSE,
            refuse=refuse,
            count=atom(self.count(schema).polars),
            most=lit(MOST_PERIODS),
            message=lit(f"E_PERIODS {TOO_MANY}"),
        )

    def count(self, schema: Schema) -> Compiled:
        """Return how many periods a span has, as an expression over it."""
        moment = Column(schema[self.column].type, nullable=False)
        return formula(
            f"date_diff('{self.every}', __first, __last) + 1",
            Schema({"__first": moment, "__last": moment}),
        )

    def _carried(self) -> dict[str, Code]:
        return {
            name: code(
                'pl.when(pl.col("__added")).then({filled}).otherwise({column})',
                filled=over(code("{c}.forward_fill()", c=col(name)), self.partition_by),
                column=col(name),
            )
            for name in self.carry_forward
        }

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        return Spine(self, inputs[0], dialect).written()
