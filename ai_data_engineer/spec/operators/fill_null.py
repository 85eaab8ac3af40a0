"""fill_null: values for missing ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode, code, col, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, SortKey, Step, Value
from ai_data_engineer.spec.operators.checking import all_groupable, columns_of, order_of
from ai_data_engineer.spec.operators.figures_sql import sql_figure
from ai_data_engineer.spec.operators.ordering import in_order
from ai_data_engineer.spec.operators.values import check, constant, constant_sql
from ai_data_engineer.spec.operators.writing import over, with_columns
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql import relations
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    followed_by,
    row_wise,
    up_to_here,
)
from ai_data_engineer.types import FLOAT64

NUMBERS = ("int64", "float64", "decimal")


class FillNull(Step):
    """Fill missing values: with a constant, or with what a method finds in the same column.

    mean and median are computed as floats; for integers and decimals they are rounded half away
    from zero to the column's type.
    A column without any value stays as it is, except with zero. NaN is a value.
    """

    op: Literal["fill_null"] = "fill_null"
    values: dict[ColumnName, Value] = {}
    """Column → constant."""
    columns: list[ColumnName] = []
    """Columns that are filled by the method."""
    method: Literal["forward", "backward", "mean", "median", "min", "max", "zero"] | None = None
    """forward and backward take the nearest value before or behind in the order; the others fit
    numbers (min and max everything that has an order)."""
    order_by: list[SortKey] = []
    """Order in which forward and backward look; rows equal in it are taken as they stand, and all
    of them where it is left out: so a cell that stands only in the first row of a block is filled
    down."""
    partition_by: list[ColumnName] = []
    """Columns within whose equal values the method looks; empty: the whole table."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"values": {"country": "unknown", "amount": 0}},
        {
            "columns": ["price"],
            "method": "forward",
            "order_by": [{"column": "day"}],
            "partition_by": ["product"],
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        if not self._has_parameters(findings):
            return None
        good = order_of(schema, self.order_by, findings.at("order_by"))
        good &= all_groupable(schema, self.partition_by, findings.at("partition_by"))
        types: tuple[str, ...] = ()
        if self.method in ("mean", "median", "zero"):
            types = NUMBERS
        elif self.method in ("min", "max"):
            types = (*NUMBERS, "string", "date", "time", "datetime")
        good &= columns_of(schema, self.columns, findings.at("columns"), types=types)
        for name, value in self.values.items():
            at = findings.at("values", name)
            column = schema.find(name, at)
            good &= column is not None and check(value, column.type, at)
        if not good:
            return None
        full = [*self.values, *(self.columns if self.method == "zero" else [])]
        return Schema({**schema, **{n: replace(schema[n], nullable=False) for n in full}})

    def _has_parameters(self, findings: Findings) -> bool:
        if bool(self.columns) != (self.method is not None) or not (self.values or self.columns):
            findings.error(
                "E_PARAMETERS",
                "It is not said what is filled with what.",
                "Give `values`, or `columns` and `method`.",
            )
            return False
        if both := [c for c in self.columns if c in self.values]:
            findings.at("values", both[0]).error(
                "E_DUPLICATE_COLUMN", f"`{both[0]}` is filled twice.", "Take it out of one of them."
            )
            return False
        return True

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        schema = schemas[0]
        filled = {
            name: code(
                "{c}.fill_null({value})", c=col(name), value=constant(value, schema[name].type)
            )
            for name, value in self.values.items()
        }
        if self.method not in ("forward", "backward"):
            filled |= {name: self._by_statistic(name, schema) for name in self.columns}
            return StepCode(with_columns(inputs[0], filled))
        method = Code("forward_fill" if self.method == "forward" else "backward_fill")
        for name in self.columns:
            looked = code("{column}.{method}()", column=col(name), method=method)
            filled[name] = over(looked, self.partition_by)
        if not self.order_by:
            return StepCode(with_columns(inputs[0], filled))
        return StepCode(in_order(inputs[0], self.partition_by, self.order_by, filled))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        found = {
            name: constant_sql(value, rows.schema[name].type, dialect)
            for name, value in self.values.items()
        }
        found |= {name: self._found_in_sql(name, rows, dialect) for name in self.columns}
        filled = {name: dialect.coalesce(dialect.column(name), f) for name, f in found.items()}
        return row_wise(dialect, rows, filled)

    def _found_in_sql(self, name: str, rows: Relation, dialect: Dialect) -> Sql:
        of = rows.schema[name].type
        if self.method == "zero" or self.method is None:
            return constant_sql(0, of, dialect)
        if self.method in ("forward", "backward"):
            order = followed_by([Order(k.column, k.descending) for k in self.order_by], rows.order)
            if self.method == "backward":
                order = tuple(part.backwards() for part in order)
            nearest = dialect.last_known(dialect.column(name))
            return relations.over(dialect, nearest, self.partition_by, order, up_to_here())
        figure = sql_figure(dialect, self.method, name, of)
        found = relations.over(dialect, figure, self.partition_by)
        if self.method in ("mean", "median") and of != FLOAT64:
            return dialect.cast(dialect.round(found, of.scale), of)
        return found

    def _by_statistic(self, name: str, schema: Schema) -> Code:
        of = schema[name].type
        if self.method == "zero":
            found = constant(0, of)
        else:
            method = {"mean": "mean", "median": "median", "min": "min", "max": "max"}[
                self.method or ""
            ]
            found = code("{column}.{method}()", column=col(name), method=Code(method))
            found = over(found, self.partition_by)
            if method in ("mean", "median") and of.name != "float64":
                found = code(
                    '{found}.round({scale}, mode="half_away_from_zero").cast({dtype})',
                    found=found,
                    scale=lit(of.scale),
                    dtype=dtype(of),
                )
        return code("{column}.fill_null({found})", column=col(name), found=found)
