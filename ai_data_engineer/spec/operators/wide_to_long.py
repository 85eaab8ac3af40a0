"""wide_to_long: columns that come in groups become rows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, join, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import all_once, columns_of, is_new
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
from ai_data_engineer.types import INT64, STRING, LogicalType

Groups = dict[str, dict[str, str | None]]
"""Stub → name of the group → the column that has both, if there is one."""


class WideToLong(Step):
    """Make a row of each group of columns, such as year, sales, cost of sales_2023, cost_2023, ….

    A column's name consists of a stub (`sales`), which becomes a column, and a name of its group
    (`2023`), which becomes a value. The rows made of one row follow each other, the groups in the
    order in which their first columns stand; a stub that has no column in a group is null there.
    Rows without any value are made too. The columns of one stub must be of one type. Columns
    neither kept nor of a group are left out.
    """

    op: Literal["wide_to_long"] = "wide_to_long"
    keep: list[ColumnName] = []
    """Columns that are repeated in each row."""
    stubs: list[ColumnName] = []
    """What the names begin with; the separator and the group's name follow. Give these or
    `pattern`."""
    separator: str = Field("_", max_length=20)
    """What stands between a stub and the group's name."""
    group: str = Field("[0-9]+", min_length=1, max_length=200)
    """Regular expression for all that may follow the separator."""
    pattern: str | None = Field(None, min_length=1, max_length=200)
    """Regular expression for whole names, with groups called `stub` and `name`, such as
    `(?P<name>[0-9]{4})_(?P<stub>sales|cost)`."""
    names_to: ColumnName = "name"
    """New column that takes the groups' names."""
    names_type: Literal["string", "int64"] = "string"
    """Type of that column; int64 where all names are whole numbers."""

    rows: ClassVar[RowEffect] = "reshapes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "keep": ["shop"],
            "stubs": ["sales", "cost"],
            "names_to": "year",
            "names_type": "int64",
        },
        {"keep": ["shop"], "pattern": "(?P<name>[0-9]{4})_(?P<stub>sales|cost)"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        if bool(self.stubs) == (self.pattern is not None):
            findings.at("stubs").error(
                "E_PARAMETERS", "Which columns belong together?", "Give `stubs` or `pattern`."
            )
            return None
        good = columns_of(schema, self.keep, findings.at("keep"))
        good &= all_once(self.stubs, findings.at("stubs"))
        if not self._pattern_fits(findings) or not good:
            return None
        place = findings.at("pattern" if self.pattern is not None else "stubs")
        groups = self._groups(schema, place)
        if groups is None:
            return None
        good = is_new(self.names_to, self.keep, findings.at("names_to"))
        good &= self._are_numbers(groups, findings.at("names_type"))
        of = INT64 if self.names_type == "int64" else STRING
        columns = {**schema.select(self.keep), self.names_to: Column(of, nullable=False)}
        for stub, named in groups.items():
            good &= is_new(stub, columns, place)
            wide = [schema[column] for column in named.values() if column is not None]
            good &= self._one_type(stub, wide, place)
            columns[stub] = replace(
                wide[0],
                nullable=None in named.values() or any(c.nullable for c in wide),
                pii=next((c.pii for c in wide if c.pii), None),
            )
        return Schema(columns) if good else None

    def _pattern_fits(self, findings: Findings) -> bool:
        place = findings.at("group" if self.pattern is None else "pattern")
        regex = read_pattern(self.pattern or self.group, place)
        if regex is None:
            return False
        named = {capture.name for capture in regex.captures}
        if self.pattern is not None and not {"stub", "name"} <= named:
            place.error(
                "E_GROUP_COUNT",
                "The pattern does not say which part is the stub and which the name.",
                "Write `(?P<stub>…)` around one and `(?P<name>…)` around the other.",
            )
            return False
        return True

    def _groups(self, schema: Schema, findings: Findings) -> Groups | None:
        """Return the columns of each stub, None where it has no such column."""
        found = self._parts([name for name in schema if name not in self.keep])
        all_names = list(dict.fromkeys(name for _, _, name in found))
        stubs = self.stubs or list(dict.fromkeys(stub for _, stub, _ in found))
        groups: Groups = {stub: dict.fromkeys(all_names) for stub in stubs}
        for column, stub, name in found:
            if taken := groups[stub][name]:
                findings.error(
                    "E_DUPLICATE_COLUMN",
                    f"`{taken}` and `{column}` have the same stub and name.",
                    "Drop one of them before, or change the pattern.",
                )
                return None
            groups[stub][name] = column
        empty = [stub for stub, named in groups.items() if not any(named.values())]
        if empty or not groups:
            what = f"begins with `{empty[0]}{self.separator}` and" if empty else "has a name that"
            findings.error("E_NO_COLUMNS", f"No column {what} fits the pattern.", "Change it.")
            return None
        return groups

    def _parts(self, columns: list[str]) -> list[tuple[str, str, str]]:
        """Return column, stub and name of those that have both, as they stand."""
        if self.pattern is not None:
            series = pl.Series(columns, dtype=pl.String)
            parts = series.str.extract_groups(_whole(self.pattern)).to_list()
            named = ((c, p["stub"], p["name"]) for c, p in zip(columns, parts, strict=True))
            return [(c, stub, name) for c, stub, name in named if stub and name]
        split = [
            (column, stub, column[len(stub + self.separator) :])
            for column in columns
            for stub in self.stubs
            if column.startswith(stub + self.separator)
        ]
        rest = pl.Series([name for _, _, name in split], dtype=pl.String)
        fits = rest.str.contains(_whole(self.group))
        return [part for part, fit in zip(split, fits, strict=True) if fit and part[2]]

    def _are_numbers(self, groups: Groups, findings: Findings) -> bool:
        if self.names_type == "string":
            return True
        for name in next(iter(groups.values())):
            if not re.fullmatch(r"-?[0-9]{1,18}", name):
                findings.error("E_VALUE", f"`{name}` is no whole number.", "Say `string`.")
                return False
        return True

    def _one_type(self, stub: str, wide: list[Column], findings: Findings) -> bool:
        types = list(dict.fromkeys(str(column.type) for column in wide))
        if any(column.type.name == "list" for column in wide):
            findings.error("E_TYPE", f"A column of `{stub}` is a list.", "Explode it before.")
            return False
        if len(types) > 1:
            findings.error(
                "E_TYPE_CONFLICT",
                f"The columns of `{stub}` are {' and '.join(types)}.",
                "Put a `cast` step before.",
            )
            return False
        return True

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        groups = self._groups(schemas[0], Findings())
        assert groups is not None, "only called for a step without errors"
        found: list[str] = list(next(iter(groups.values())))
        values = lit([int(name) for name in found] if self.names_type == "int64" else found)
        made = {self.names_to: code("pl.lit({values})", values=values)}
        for stub, named in groups.items():
            of = dtype(self._type_of(named, schemas[0]))
            missing = code("pl.lit(None, dtype={of})", of=of)
            cells = (missing if column is None else lit(column) for column in named.values())
            made[stub] = code("pl.concat_list({cells})", cells=join(cells))
        kept = code("{keep}, ", keep=names(self.keep)) if self.keep else Code("")
        return StepCode(
            code(
                "{rows}.select({kept}{made}).explode({long})",
                rows=inputs[0],
                kept=kept,
                made=assign(made),
                long=names(made),
            )
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        groups = self._groups(rows.schema, Findings())
        assert groups is not None, "only called for a step without errors"
        order, carried = carry_order(dialect, rows, set(rows.schema))
        place = free_name("__place", {o.column for o in order})
        queries = []
        for number, name in enumerate(next(iter(groups.values()))):
            shown = int(name) if self.names_type == "int64" else name
            of = INT64 if self.names_type == "int64" else STRING
            columns = {n: dialect.column(n) for n in self.keep}
            columns[self.names_to] = dialect.literal(shown, of)
            for stub, named in groups.items():
                if (column := named[name]) is not None:
                    columns[stub] = dialect.column(column)
                else:
                    columns[stub] = dialect.literal(None, self._type_of(named, rows.schema))
            columns |= {n: dialect.column(n) for n in rows.hidden}
            columns |= {n: c.copy() for n, c in carried.items()}
            columns[place] = dialect.integer(number)
            queries.append(select(dialect, rows.name, columns))
        return StepSql(union_all(queries), (*order, Order(place)))

    def _type_of(self, named: dict[str, str | None], schema: Schema) -> LogicalType:
        return schema[next(column for column in named.values() if column is not None)].type


def _whole(pattern: str) -> str:
    """Return a pattern that matches whole names, as polars reads it."""
    return parse(f"^(?:{pattern})$").polars
