"""transpose: rows become columns and columns rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Columns, RowEffect, Step, Value
from ai_data_engineer.spec.operators.checking import columns_of, is_new
from ai_data_engineer.spec.operators.values import check, constant, convert
from ai_data_engineer.spec.operators.writing import assign, names
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    helper,
    over,
    select,
    union_all,
)
from ai_data_engineer.types import STRING


class Transpose(Step):
    """Turn a table over: a row of each of some columns, and a column of each row that is named.

    The names are given, so that the columns do not depend on the data; other rows are left out,
    and a name that no row has gives a column of nulls. Of several rows with one name the first
    counts. The columns that become rows must be of one type. There is a row of each of them, in
    the order given, even where there is no row to turn over.
    """

    op: Literal["transpose"] = "transpose"
    column: ColumnName
    """Column whose values name the rows."""
    names: dict[ColumnName, Value] = Field(min_length=1)
    """New column → the value of `column` whose row becomes it."""
    columns: Columns
    """Columns that become rows."""
    names_to: ColumnName = "name"
    """New first column, that takes their names."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "column": "quarter",
            "names": {"q1": "Q1", "q2": "Q2"},
            "columns": ["sales", "cost"],
            "names_to": "figure",
        }
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        naming = schema.find(self.column, findings.at("column"))
        good = columns_of(schema, self.columns, findings.at("columns"))
        good = good and self._one_type(schema, findings.at("columns"))
        for name, value in self.names.items():
            at = findings.at("names", name)
            good &= is_new(name, [self.names_to], at)
            good &= naming is None or check(value, naming.type, at)
        if not good or naming is None:
            return None
        pii = next((schema[n].pii for n in self.columns if schema[n].pii), None)
        cell = replace(schema[self.columns[0]], nullable=True, pii=pii)
        return Schema(
            {self.names_to: Column(STRING, nullable=False), **dict.fromkeys(self.names, cell)}
        )

    def _one_type(self, schema: Schema, findings: Findings) -> bool:
        good, first = True, self.columns[0]
        for index, name in enumerate(self.columns):
            if schema[name].type.name == "list":
                good = False
                findings.at(index).error("E_TYPE", f"`{name}` is a list.", "Explode it before.")
            elif schema[name].type != schema[first].type:
                good = False
                findings.at(index).error(
                    "E_TYPE_CONFLICT",
                    f"`{name}` is {schema[name].type} and `{first}` is {schema[first].type}.",
                    "Put a `cast` step before.",
                )
        return good

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        of = schemas[0][self.column].type
        made = {self.names_to: code("pl.lit({names})", names=lit(list(self.columns)))}
        for name, value in self.names.items():
            row = code("{c} == {value}", c=col(self.column), value=constant(value, of))
            cells = (code("{c}.filter({row}).first()", c=col(c), row=row) for c in self.columns)
            made[name] = code("pl.concat_list({cells})", cells=join(cells))
        return StepCode(
            code(
                "{rows}.select({made}).explode({columns})",
                rows=inputs[0],
                made=assign(made),
                columns=names(made),
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows, place = inputs[0], "__place"
        of = rows.schema[self.column].type
        queries = []
        for number, column in enumerate(self.columns):
            made = {self.names_to: dialect.string(column)}
            for name, value in self.names.items():
                wanted = dialect.literal(convert(value, of), of)
                row = dialect.binary(exp.EQ, dialect.column(self.column), wanted)
                # At most one row of the relation has a name, so that max finds its value.
                made[name] = dialect.call("max", dialect.case((row, dialect.column(column))))
            made[place] = dialect.integer(number)
            first = dialect.binary(exp.EQ, dialect.column(place), dialect.integer(1))
            queries.append(select(dialect, helper("named", self.id), made, where=first))
        shown = {name: dialect.column(name) for name in dict.fromkeys([self.column, *self.columns])}
        nth = over(dialect, dialect.call("row_number"), [self.column], rows.order)
        named = select(dialect, rows.name, {**shown, place: nth})
        return StepSql(union_all(queries), (Order(place),), helpers={"named": named})
