"""date_spine: rows for periods that have none."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Literal

from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.expressions import Compiled
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, SortKey, Step, Value
from ai_data_engineer.spec.operators.checking import all_groupable, column_of, columns_of, nullable
from ai_data_engineer.spec.operators.formulas import formula, quoted
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
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    REASON,
    Order,
    Relation,
    StepSql,
    as_they_are,
    exists,
    free_name,
    helper,
    select,
    union_all,
    up_to_here,
)
from ai_data_engineer.spec.sql.relations import (
    over as over_rows,
)
from ai_data_engineer.types import DATE, LogicalType

MOST_PERIODS = 10_000_000
"""Most periods of all partitions together."""
TOO_MANY = f"There would be more than {MOST_PERIODS:,} periods."
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
        if self._may_be_too_many:
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
    def _may_be_too_many(self) -> bool:
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
            count=atom(self._count(schema).polars),
            most=lit(MOST_PERIODS),
            message=lit(f"E_PERIODS {TOO_MANY}"),
        )

    def _count(self, schema: Schema) -> Compiled:
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
        rows = inputs[0]
        on = [*self.partition_by, self.column]
        added = free_name("__added", rows.hidden)
        keys = {name: dialect.column(name) for name in self.partition_by}
        taken = select(
            dialect,
            rows.name,
            {**keys, self.column: self._truncated_in_sql(self.column, rows.schema, dialect)},
        )
        helpers = {**self._spans_in_sql(rows, dialect), "taken": taken}
        spans = helper("spans", self.id)
        first, last = dialect.column("__first"), dialect.column("__last")
        of = rows.schema[self.column].type
        moments = dialect.moments(first.copy(), last.copy(), self.every, of)
        helpers["periods"] = select(
            dialect,
            spans,
            {**{n: c.copy() for n, c in keys.items()}, self.column: moments},
            where=dialect.binary(exp.LTE, first, last),
        )
        there = dialect.both(
            *(
                dialect.equal_or_both_null(
                    dialect.column(name, helper("taken", self.id)),
                    dialect.column(name, helper("periods", self.id)),
                )
                for name in on
            )
        )
        missing = dialect.negate(exists(dialect, helper("taken", self.id), there))
        made = {n: self._added_in_sql(n, c.type, dialect) for n, c in rows.schema.items()}
        made |= dict.fromkeys(rows.hidden, exp.Null())
        both = [
            select(
                dialect,
                rows.name,
                {**as_they_are(dialect, rows), added: exp.Boolean(this=False)},
            ),
            select(
                dialect,
                helper("periods", self.id),
                {**made, added: exp.Boolean(this=True)},
                where=missing,
            ),
        ]
        helpers["both"] = union_all(both)
        order = [Order(name) for name in on]
        order += [part for part in rows.order if part.column not in on]
        shown = as_they_are(dialect, rows)
        for name in self.carry_forward:
            known = dialect.last_known(dialect.column(name))
            within = [part for part in order if part.column not in self.partition_by]
            carried = over_rows(dialect, known, self.partition_by, within, up_to_here())
            shown[name] = dialect.case(
                (dialect.column(added), carried), otherwise=dialect.column(name)
            )
        return StepSql(
            select(dialect, helper("both", self.id), shown),
            tuple(order),
            helpers=helpers,
            violations=self._violations(spans, rows.schema, dialect),
        )

    def _spans_in_sql(self, rows: Relation, dialect: Dialect) -> dict[str, exp.Query]:
        """Return helpers, the last of them `spans`, with the first and last moment."""
        of = rows.schema[self.column].type
        ends = {
            name: dialect.call(function, dialect.column(self.column))
            if given is None
            else dialect.literal(convert(given, of), of)
            for name, given, function in (
                ("__first", self.start, "min"),
                ("__last", self.end, "max"),
            )
        }
        helpers: dict[str, exp.Query] = {}
        keys = {name: dialect.column(name) for name in self.partition_by}
        if self.partition_by or None in (self.start, self.end):
            group_by = [key.copy() for key in keys.values()]
            helpers["ends"] = select(dialect, rows.name, {**keys, **ends}, group_by=group_by)
        else:
            helpers["ends"] = select(dialect, None, ends)
        within = Schema({name: Column(of) for name in ("__first", "__last")})
        if self.partition_by and self.span == "table":
            whole = {
                "__first": over_rows(dialect, dialect.call("min", dialect.column("__first"))),
                "__last": over_rows(dialect, dialect.call("max", dialect.column("__last"))),
            }
            columns = {**{n: c.copy() for n, c in keys.items()}, **whole}
            helpers["whole"] = select(dialect, helper("ends", self.id), columns)
        *_, last = helpers
        spans = {
            **{n: c.copy() for n, c in keys.items()},
            "__first": self._truncated_in_sql("__first", within, dialect),
            "__last": dialect.column("__last"),
        }
        helpers["spans"] = select(dialect, helper(last, self.id), spans)
        return helpers

    def _truncated_in_sql(self, moment: str, schema: Schema, dialect: Dialect) -> Sql:
        return formula(f"date_trunc('{self.every}', {quoted(moment)})", schema).sql(dialect)

    def _added_in_sql(self, name: str, of: LogicalType, dialect: Dialect) -> Sql:
        if name in self.partition_by or name == self.column:
            return dialect.column(name)
        value = self.values.get(name)
        return dialect.literal(None if value is None else convert(value, of), of)

    def _violations(self, spans: str, schema: Schema, dialect: Dialect) -> exp.Query | None:
        if not self._may_be_too_many:
            return None
        periods = self._count(schema).sql(dialect)
        query = select(dialect, spans, {REASON: dialect.string(TOO_MANY)})
        ordered = dialect.binary(exp.LTE, dialect.column("__first"), dialect.column("__last"))
        query.set("where", exp.Where(this=ordered))
        total = dialect.binary(exp.GT, dialect.call("sum", periods), dialect.integer(MOST_PERIODS))
        query.set("having", exp.Having(this=total))
        return query
