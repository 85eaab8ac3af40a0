"""subtitle_rows: rows that are subtitles become a column."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from sqlglot import exp

from ai_data_engineer.parsing import TRIMMED
from ai_data_engineer.spec.code import Code, StepCode, code, col, join
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.gating import stripped
from ai_data_engineer.spec.operators.base import ColumnName, Expression, RowEffect, Step
from ai_data_engineer.spec.operators.checking import is_new, nullable
from ai_data_engineer.spec.operators.conditions import check_condition, condition, sql_condition
from ai_data_engineer.spec.operators.writing import atom, local, with_columns
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Relation,
    StepSql,
    as_they_are,
    free_name,
    helper,
    over,
    select,
    up_to_here,
)
from ai_data_engineer.types import STRING


class SubtitleRows(Step):
    """Take rows that are subtitles of those below them out, and put each in a column there.

    A row is a subtitle where the condition is true; without one, where `column` alone is filled:
    all other columns are missing or, in text, hold nothing but white space. A row above the first
    subtitle has none (null), and a subtitle row whose own cell is missing goes without changing
    what the rows below get. The other rows keep their order. For two levels let a second step
    follow, each with its own condition.
    """

    op: Literal["subtitle_rows"] = "subtitle_rows"
    column: ColumnName
    """Column in which the subtitles stand."""
    into: ColumnName
    """New column, behind the others, that takes the subtitle above the row."""
    where: Expression | None = None
    """Condition for a row to be a subtitle, such as `item LIKE 'Region %'`."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "item", "into": "region"},
        {"column": "item", "into": "region", "where": "starts_with(item, 'Region')"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        column = schema.find(self.column, findings.at("column"))
        good = is_new(self.into, schema, findings.at("into"))
        if self.where is not None:
            good &= check_condition(self.where, schema, findings.at("where")) is not None
        elif len(schema) == 1:
            good = False
            findings.at("where").error(
                "E_PARAMETERS",
                "There is no other column whose gaps would show a subtitle.",
                "Give a condition in `where`.",
            )
        if column is None or not good:
            return None
        return Schema({**schema, self.into: nullable(column)})

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        subtitle = local("subtitle", inputs)
        above = code(
            "pl.when({subtitle}).then({column}).forward_fill()",
            subtitle=subtitle,
            column=col(self.column),
        )
        rows = with_columns(inputs[0], {self.into: above})
        return StepCode(
            code("{rows}.filter(~{subtitle})", rows=rows, subtitle=subtitle),
            before=(code("{name} = {test}", name=subtitle, test=self._is_subtitle(schemas[0])),),
        )

    def _is_subtitle(self, schema: Schema) -> Code:
        if self.where is not None:
            return code("{where}.fill_null(False)", where=atom(condition(self.where, schema)))
        tests = (_filled(n, schema) if n == self.column else _blank(n, schema) for n in schema)
        return code("pl.all_horizontal({tests})", tests=join(tests))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        mark = free_name("__subtitle", rows.hidden)
        test = self._is_subtitle_in_sql(rows.schema, dialect)
        marked = select(dialect, rows.name, {**as_they_are(dialect, rows), mark: test})
        title = dialect.case((dialect.column(mark), dialect.column(self.column)))
        above = over(dialect, dialect.last_known(title), (), rows.order, up_to_here())
        titled = {
            **as_they_are(dialect, rows), self.into: above, mark: dialect.column(mark),
        }  # fmt: skip
        shown = {n: dialect.column(n) for n in (*rows.schema, self.into, *rows.hidden)}
        others = dialect.negate(dialect.column(mark))
        return StepSql(
            select(dialect, helper("titled", self.id), shown, where=others),
            rows.order,
            helpers={
                "marked": marked,
                "titled": select(dialect, helper("marked", self.id), titled),
            },
        )

    def _is_subtitle_in_sql(self, schema: Schema, dialect: Dialect) -> Sql:
        if self.where is not None:
            where = sql_condition(self.where, schema, dialect)
            return dialect.coalesce(where, exp.Boolean(this=False))
        tests = []
        for name, column in schema.items():
            value = dialect.column(name)
            if column.type == STRING:
                text = dialect.coalesce(dialect.strip(value, TRIMMED), dialect.string(""))
                node = exp.NEQ if name == self.column else exp.EQ
                tests.append(dialect.binary(node, text, dialect.string("")))
            elif name == self.column:
                tests.append(dialect.is_not_null(value))
            else:
                tests.append(dialect.is_null(value))
        return dialect.both(*tests)


def _filled(name: str, schema: Schema) -> Code:
    if schema[name].type == STRING:
        return code('{text}.fill_null("") != ""', text=stripped(col(name)))
    return code("{column}.is_not_null()", column=col(name))


def _blank(name: str, schema: Schema) -> Code:
    if schema[name].type == STRING:
        return code('{text}.fill_null("") == ""', text=stripped(col(name)))
    return code("{column}.is_null()", column=col(name))
