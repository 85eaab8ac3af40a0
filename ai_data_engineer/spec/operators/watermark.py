"""watermark: only the rows that are newer than what there is."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step, Value
from ai_data_engineer.spec.operators.checking import column_of
from ai_data_engineer.spec.operators.tolerance import (
    Tolerance,
    check_tolerance,
    number_of,
    sql_place,
    sql_tolerance,
)
from ai_data_engineer.spec.operators.values import check, constant, convert
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Relation, StepSql, as_they_are, helper, select
from ai_data_engineer.types import INT64, LogicalType

TYPES = ("int64", "float64", "decimal", "date", "datetime")


class Watermark(Step):
    """Keep only the rows whose value is greater than the greatest of the second input.

    Or than a value that is given. The second input is what was taken before, such as the output as
    it is; where that has no value, every row is new. A row without a value is not newer than
    anything and is left out. Rows stand in the order of the first input.
    """

    op: Literal["watermark"] = "watermark"
    column: ColumnName
    """Number, date or datetime that grows with each delivery."""
    seen_column: ColumnName | None = None
    """Column of the second input to take the greatest value of; left out: called the same."""
    value: Value | None = None
    """The watermark itself, in place of a second input."""
    inclusive: bool = False
    """Whether rows at the watermark itself are kept too."""
    tolerance: Tolerance | None = None
    """How far before the watermark rows may still come late: they are kept, those taken before
    among them, so let an upsert follow."""

    rows: ClassVar[RowEffect] = "reshapes"
    input_count: ClassVar[tuple[int, int | None]] = (1, 2)
    looks_up: ClassVar[bool] = True
    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "updated_at", "tolerance": "3d"},
        {"column": "id", "value": 1000},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        column = column_of(inputs[0], self.column, findings.at("column"), types=TYPES)
        if (self.value is None) == (len(inputs) == 1):
            findings.at("value").error(
                "E_PARAMETERS",
                "The watermark is a value or comes from a second input.",
                "Give one of them.",
            )
            return None
        if column is None:
            return None
        good = True
        if self.tolerance is not None:
            good = check_tolerance(self.tolerance, column.type, findings.at("tolerance"))
        if self.value is not None:
            good &= check(self.value, column.type, findings.at("value"))
        else:
            good &= self._is_comparable(column.type, inputs[1], findings)
        kept = Column(column.type, nullable=False, pii=column.pii)
        return Schema({**inputs[0], self.column: kept}) if good else None

    def _is_comparable(self, of: LogicalType, seen: Schema, findings: Findings) -> bool:
        at = findings.at("seen_column" if self.seen_column else "column")
        found = seen.find(self.seen_column or self.column, at)
        if found is not None and found.type != of:
            at.error(
                "E_TYPE_CONFLICT",
                f"`{self.column}` is {of}, and {found.type} in the second input.",
                "Put a `cast` step before.",
            )
        return found is not None and found.type == of

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        of = schemas[0][self.column].type
        if self.value is not None:
            newer = self._newer(constant(self.value, of), of)
            return StepCode(code("{rows}.filter({newer})", rows=inputs[0], newer=newer))
        seen = code(
            "{seen}.select({greatest}.alias({name}))",
            seen=inputs[1],
            greatest=code("{c}.max()", c=col(self.seen_column or self.column)),
            name=lit("__seen"),
        )
        return StepCode(
            code(
                '{rows}.join({seen}, how="cross", maintain_order="left_right")'
                ".filter({known}, {newer} | {seen_column}.is_null()).drop({name})",
                rows=inputs[0],
                seen=seen,
                known=code("{c}.is_not_null()", c=col(self.column)),
                newer=code("({newer})", newer=self._newer(col("__seen"), of)),
                seen_column=col("__seen"),
                name=lit("__seen"),
            )
        )

    def _newer(self, mark: Code, of: LogicalType) -> Code:
        comparison = Code(">=" if self.inclusive else ">")
        if isinstance(self.tolerance, str):
            mark = code("{mark}.dt.offset_by({back})", mark=mark, back=lit(f"-{self.tolerance}"))
        elif self.tolerance is not None:
            # Below the smallest int64 there are still numbers to compare with.
            wide = code("{mark}.cast(pl.Int128)", mark=mark) if of == INT64 else mark
            mark = code("{mark} - {late}", mark=wide, late=lit(number_of(self.tolerance, of)))
        return code("{c} {comparison} {mark}", c=col(self.column), comparison=comparison, mark=mark)

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        of = rows.schema[self.column].type
        helpers: dict[str, exp.Query] = {}
        if self.value is not None:
            newer = self._sql_newer(dialect, dialect.literal(convert(self.value, of), of), of)
        else:
            greatest = dialect.call("max", dialect.column(self.seen_column or self.column))
            helpers["seen"] = select(dialect, inputs[1].name, {"__seen": greatest})
            seen = select(
                dialect, helper("seen", self.id), {"__seen": dialect.column("__seen")}
            ).subquery()
            newer = dialect.both(
                dialect.is_not_null(dialect.column(self.column)),
                dialect.either(self._sql_newer(dialect, seen, of), dialect.is_null(seen.copy())),
            )
        kept = select(dialect, rows.name, as_they_are(dialect, rows), where=newer)
        return StepSql(kept, rows.order, helpers)

    def _sql_newer(self, dialect: Dialect, mark: Sql, of: LogicalType) -> Sql:
        value = dialect.column(self.column)
        if self.tolerance is not None:
            late = sql_tolerance(dialect, self.tolerance, of)
            mark = dialect.binary(exp.Sub, sql_place(dialect, mark, of), late)
            value = sql_place(dialect, value, of)
        return dialect.binary(exp.GTE if self.inclusive else exp.GT, value, mark)
