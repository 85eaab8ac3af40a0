"""parse_date: text as dates, times or datetimes."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.casting import is_missing, parse_text
from ai_data_engineer.spec.code import Code, StepCode, code, col, join
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, OnError, Step
from ai_data_engineer.spec.operators.checking import columns_of, retyped
from ai_data_engineer.spec.operators.converting import (
    Conversion,
    SqlConversion,
    convert_columns,
    convert_columns_sql,
)
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.casting import missing_sql, parse_sql
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql
from ai_data_engineer.types import LogicalType


class ParseDate(Step):
    """Read text as dates, times or datetimes, where the columns stand.

    Formats are tried in turn and the first that reads a text gives its value, so put `%d/%m/%Y`
    before `%m/%d/%Y` where days come first.
    """

    op: Literal["parse_date"] = "parse_date"
    columns: Columns
    """Text columns to read."""
    formats: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(min_length=1)
    """strptime formats such as `%d.%m.%Y`; `epoch_s` and `epoch_ms` read integers since 1970."""
    to: Literal["date", "datetime", "time"] = "date"
    """What the columns become; datetimes are UTC."""
    on_error: OnError = "quarantine"
    """What becomes of a text that no format reads."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"columns": ["ordered_at"], "formats": ["%d.%m.%Y", "%Y-%m-%d"]},
        {"columns": ["seen"], "formats": ["%Y-%m-%dT%H:%M:%S%z"], "to": "datetime"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        good = columns_of(
            inputs[0],
            self.columns,
            findings.at("columns"),
            types=("string",),
            advice="`cast` converts between dates and datetimes.",
        )
        for index, text in enumerate(self.formats):
            try:
                parse_text(col(""), LogicalType(self.to), Parse(date_format=text))
            except ValueError as error:
                good = False
                wrong = str(error)
                findings.at("formats", index).error(
                    "E_DATE_FORMAT",
                    f"{wrong[0].upper()}{wrong[1:]}.",
                    "Write it as in strptime: `%d.%m.%Y %H:%M`.",
                )
        if not good:
            return None
        changed = {
            n: retyped(inputs[0][n], LogicalType(self.to), nullable=True) for n in self.columns
        }
        return Schema({**inputs[0], **changed})

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        to = LogicalType(self.to)
        conversions = {
            name: Conversion(
                to=to,
                missing=is_missing(col(name), Parse()),
                converted=_first(
                    [parse_text(col(name), to, Parse(date_format=text)) for text in self.formats]
                ),
            )
            for name in self.columns
        }
        return convert_columns(inputs[0], conversions, self.on_error)

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        to = LogicalType(self.to)
        conversions = {}
        for name in self.columns:
            readings = [
                parse_sql(dialect, dialect.column(name), to, Parse(date_format=text))
                for text in self.formats
            ]
            conversions[name] = SqlConversion(
                to,
                missing_sql(dialect, dialect.column(name)),
                readings[0] if len(readings) == 1 else dialect.coalesce(*readings),
            )
        return convert_columns_sql(dialect, inputs[0], conversions, self.on_error, self.id)


def _first(readings: list[Code]) -> Code:
    return readings[0] if len(readings) == 1 else code("pl.coalesce({all})", all=join(readings))
