"""unpivot: columns become rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import columns_of, is_new
from ai_data_engineer.spec.operators.patterns import read_pattern
from ai_data_engineer.spec.operators.writing import assign, names
from ai_data_engineer.spec.regex import parse
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    carry_order,
    free_name,
    select,
    union_all,
)
from ai_data_engineer.types import STRING


class Unpivot(Step):
    """Make a row of each of some columns: its name in one column, its value in another.

    The columns must be of one type. The rows made of one row follow each other, in the order of
    the columns; missing values give rows too. Columns neither kept nor unpivoted are left out.
    """

    op: Literal["unpivot"] = "unpivot"
    keep: list[ColumnName] = []
    """Columns that are repeated in each row."""
    columns: list[ColumnName] = []
    """Columns that become rows; give these or a pattern."""
    pattern: str | None = Field(None, min_length=1, max_length=200)
    """Regular expression found in the names of the columns that become rows."""
    names_to: ColumnName = "name"
    """New column that takes the columns' names."""
    values_to: ColumnName = "value"
    """New column that takes their values."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {"keep": ["country"], "columns": ["y2023", "y2024"], "names_to": "year"},
        {"keep": ["country"], "pattern": "^y[0-9]{4}$"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        if bool(self.columns) == (self.pattern is not None):
            findings.at("columns").error(
                "E_PARAMETERS", "Which columns become rows?", "Give `columns` or `pattern`."
            )
            return None
        good = columns_of(schema, self.keep, findings.at("keep"))
        if self.pattern is not None:
            good &= self._pattern_fits(schema, findings.at("pattern"))
        else:
            good &= columns_of(schema, self.columns, findings.at("columns"))
        if not good:
            return None
        wide = self._wide(schema)
        place = findings.at("pattern" if self.pattern else "columns")
        good = self._one_type(schema, wide, place)
        good &= is_new(self.names_to, self.keep, findings.at("names_to"))
        good &= is_new(self.values_to, [*self.keep, self.names_to], findings.at("values_to"))
        if not good:
            return None
        value = replace(
            schema[wide[0]],
            nullable=any(schema[n].nullable for n in wide),
            pii=next((schema[n].pii for n in wide if schema[n].pii), None),
        )
        added = {self.names_to: Column(STRING, nullable=False), self.values_to: value}
        return Schema({**schema.select(self.keep), **added})

    def _pattern_fits(self, schema: Schema, findings: Findings) -> bool:
        if read_pattern(self.pattern or "", findings) is None:
            return False
        if not self._wide(schema):
            findings.error("E_NO_COLUMNS", "No column's name matches the pattern.", "Change it.")
            return False
        return True

    def _wide(self, schema: Schema) -> list[str]:
        if self.pattern is None:
            return self.columns
        others = pl.Series([name for name in schema if name not in self.keep], dtype=pl.String)
        return others.filter(others.str.contains(parse(self.pattern).polars)).to_list()

    def _one_type(self, schema: Schema, wide: list[str], findings: Findings) -> bool:
        good = True
        for name in wide:
            if name in self.keep:
                good = False
                findings.error(
                    "E_DUPLICATE_COLUMN", f"`{name}` is kept too.", "Take it out of one of them."
                )
            elif schema[name].type.name == "list":
                good = False
                findings.error("E_TYPE", f"`{name}` is a list.", "Explode it before.")
            elif schema[name].type != schema[wide[0]].type:
                good = False
                findings.error(
                    "E_TYPE_CONFLICT",
                    f"`{name}` is {schema[name].type} and `{wide[0]}` is {schema[wide[0]].type}.",
                    "Put a `cast` step before.",
                )
        return good

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        # polars' own unpivot gives the rows in an order that depends on how many it takes at once.
        wide = self._wide(schemas[0])
        made = {
            self.names_to: code("pl.lit([{names}])", names=names(wide)),
            self.values_to: code("pl.concat_list({names})", names=names(wide)),
        }
        kept = code("{keep}, ", keep=names(self.keep)) if self.keep else Code("")
        return StepCode(
            code(
                "{rows}.select({kept}{made}).explode({name}, {value})",
                rows=inputs[0],
                kept=kept,
                made=assign(made),
                name=lit(self.names_to),
                value=lit(self.values_to),
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        order, carried = carry_order(dialect, rows, set(rows.schema))
        place = free_name("__place", {o.column for o in order})
        queries = []
        for number, name in enumerate(self._wide(rows.schema)):
            columns = {
                **{n: dialect.column(n) for n in self.keep},
                self.names_to: dialect.string(name),
                self.values_to: dialect.column(name),
                **{n: dialect.column(n) for n in rows.hidden},
                **{n: c.copy() for n, c in carried.items()},
                place: dialect.integer(number),
            }
            queries.append(select(dialect, rows.name, columns))
        return StepSql(union_all(queries), (*order, Order(place)))
