"""cast: columns as another type."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.casting import can_cast, cast_value, is_missing
from ai_data_engineer.spec.code import Code, StepCode, col
from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.operators.base import ColumnName, OnError, Step
from ai_data_engineer.spec.operators.checking import retyped
from ai_data_engineer.spec.operators.converting import (
    Conversion,
    SqlConversion,
    convert_columns,
    convert_columns_sql,
    is_null,
)
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.casting import cast_sql, missing_sql
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql
from ai_data_engineer.types import INT64, SCALARS, LogicalType

NEVER_FAIL = {
    ("int64", "float64"), ("int64", "string"), ("boolean", "int64"), ("boolean", "float64"),
    ("decimal", "float64"), ("date", "datetime"), ("datetime", "date"), ("datetime", "time"),
}  # fmt: skip
"""Casts that give every value one of the other type."""


class Cast(Step):
    """Convert columns to other types, where they stand.

    Text is read as `parse` says. A value that does not convert becomes null, stops the run, or
    sends its row to the rejects. A missing value stays missing and is no failure.
    """

    op: Literal["cast"] = "cast"
    columns: dict[ColumnName, LogicalType] = Field(min_length=1)
    """Column → type."""
    parse: dict[ColumnName, Parse] = {}
    """Column → how its text is read, where the plain form does not do."""
    on_error: OnError = "quarantine"
    """What becomes of a value that does not convert."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"columns": {"amount": "decimal(18,2)"}},
        {
            "columns": {"paid": "boolean"},
            "parse": {"paid": {"true_tokens": ["yes"], "false_tokens": ["no"]}},
            "on_error": "null",
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        columns = dict(inputs[0])
        good = True
        for name, to in self.columns.items():
            at = findings.at("columns", name)
            column = inputs[0].find(name, at)
            if column is None or not self._converts(name, column.type, findings):
                good = False
            else:
                columns[name] = retyped(column, to, nullable=self._may_miss(column, to))
        for name in self.parse:
            if name not in self.columns:
                good = False
                findings.at("parse", name).error(
                    "E_PARAMETERS", f"`{name}` is not cast here.", nearest(name, self.columns)
                )
        return Schema(columns) if good else None

    def _converts(self, name: str, actual: LogicalType, findings: Findings) -> bool:
        to = self.columns[name]
        parse = self.parse.get(name, Parse())
        if not can_cast(actual, to, parse):
            findings.at("columns", name).error(
                "E_CAST", f"`{name}` is {actual}, which does not become {to}.", _advice(actual, to)
            )
            return False
        if to.is_nested and actual != to and self.on_error != "null":
            findings.at("on_error").error(
                "E_PARAMETERS", "Items of a list that do not convert become null.", "Say `null`."
            )
            return False
        try:
            cast_value(col(name), actual, to, parse)
        except ValueError as error:
            findings.at("parse", name).error("E_PARSE", f"This cannot be followed: {error}.")
            return False
        return True

    def _may_miss(self, column: Column, to: LogicalType) -> bool:
        if column.nullable or column.type == to:
            return column.nullable
        if column.type.name == "string":
            # Empty text and null tokens are missing values.
            return True
        return self.on_error == "null" and (column.type.name, to.name) not in NEVER_FAIL

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        conversions = {}
        for name, to in self.columns.items():
            actual = schemas[0][name].type
            parse = self.parse.get(name, Parse())
            if actual == to:
                continue
            conversions[name] = Conversion(
                to=to,
                missing=is_missing(col(name), parse) if actual.name == "string" else is_null(name),
                converted=cast_value(col(name), actual, to, parse),
            )
        return convert_columns(inputs[0], conversions, self.on_error)

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        conversions = {}
        for name, to in self.columns.items():
            actual = rows.schema[name].type
            parse = self.parse.get(name, Parse())
            if actual == to:
                continue
            column = dialect.column(name)
            missing = (
                missing_sql(dialect, column, parse)
                if actual.name == "string"
                else dialect.is_null(column)
            )
            converted = cast_sql(dialect, dialect.column(name), actual, to, parse)
            conversions[name] = SqlConversion(to, missing, converted)
        return convert_columns_sql(dialect, rows, conversions, self.on_error, self.id)


def _advice(actual: LogicalType, to: LogicalType) -> str:
    if actual == INT64 and to.name in ("date", "datetime"):
        return "Say in `parse` what it counts: date_format `epoch_s` or `epoch_ms`, or `%Y%m%d`."
    if actual.is_nested:
        return "`flatten` takes a struct apart, `explode` a list."
    able = [t for t in SCALARS if can_cast(actual, LogicalType(t))]
    return f"It can become {', '.join(able)}." if able else ""
