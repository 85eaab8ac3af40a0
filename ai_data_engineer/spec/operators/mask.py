"""mask: personal data made unreadable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, Step, Value
from ai_data_engineer.spec.operators.checking import columns_of
from ai_data_engineer.spec.operators.values import check, constant, constant_sql
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise


class Mask(Step):
    """Make values unreadable, where they stand. Missing values stay missing.

    redact puts `*` for each character but some at the ends; a text not longer than these is
    redacted whole. email keeps the domain: `***@example.com`; a text without `@` becomes `***`.
    constant puts one value for all. null takes all values away.
    """

    op: Literal["mask"] = "mask"
    columns: Columns
    """Columns to mask; redact and email take text."""
    method: Literal["redact", "email", "constant", "null"] = "redact"
    """How to mask."""
    keep_first: int = Field(0, ge=0, le=100)
    """Characters at the beginning that redact keeps."""
    keep_last: int = Field(0, ge=0, le=100)
    """Characters at the end that redact keeps."""
    value: Value | None = None
    """What constant puts."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"columns": ["phone"], "keep_last": 3},
        {"columns": ["email"], "method": "email"},
        {"columns": ["name"], "method": "constant", "value": "(hidden)"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        texts = self.method in ("redact", "email")
        good = columns_of(
            inputs[0],
            self.columns,
            findings.at("columns"),
            types=("string",) if texts else (),
            advice="Use the method constant or null, or `cast` it to string before.",
        )
        if (self.method == "constant") != (self.value is not None):
            good = False
            findings.at("value").error(
                "E_PARAMETERS",
                "`value` and `method: constant` go together.",
                "Give both or neither.",
            )
        if (self.keep_first or self.keep_last) and self.method != "redact":
            good = False
            findings.at("method").error(
                "E_PARAMETERS",
                "Only redact keeps characters.",
                "Leave keep_first and keep_last out.",
            )
        if self.value is not None and good:
            for name in self.columns:
                good &= check(self.value, inputs[0][name].type, findings.at("value"))
        if not good:
            return None
        return Schema({**inputs[0], **{n: self._masked(inputs[0][n]) for n in self.columns}})

    def _masked(self, column: Column) -> Column:
        return replace(column, nullable=column.nullable or self.method == "null", pii=None)

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        masked = {name: self._mask(name, schemas[0][name]) for name in self.columns}
        return StepCode(with_columns(inputs[0], masked))

    def _mask(self, name: str, column: Column) -> Code:
        text = col(name)
        match self.method:
            case "null":
                return code("pl.lit(None, dtype={dtype})", dtype=dtype(column.type))
            case "constant":
                return code(
                    "pl.when({text}.is_not_null()).then({value})",
                    text=text,
                    value=constant(self.value, column.type),
                )
            case "email":
                return code(
                    'pl.when({text}.str.contains("@", literal=True))'
                    '.then({text}.str.replace(r"(?s)^.*@", "***@"))'
                    '.when({text}.is_not_null()).then(pl.lit("***"))',
                    text=text,
                )
            case _:
                return self._redact(text)

    def _redact(self, text: Code) -> Code:
        stars = Code('str.replace_all(r"(?s).", "*")')
        whole = code("{text}.{stars}", text=text, stars=stars)
        kept = self.keep_first + self.keep_last
        if not kept:
            return whole
        middle = text
        parts = []
        if self.keep_last:
            middle = code("{m}.str.head({n})", m=middle, n=lit(-self.keep_last))
        if self.keep_first:
            parts.append(code("{text}.str.head({n})", text=text, n=lit(self.keep_first)))
            middle = code("{m}.str.slice({n})", m=middle, n=lit(self.keep_first))
        parts.append(code("{middle}.{stars}", middle=middle, stars=stars))
        if self.keep_last:
            parts.append(code("{text}.str.tail({n})", text=text, n=lit(self.keep_last)))
        return code(
            "pl.when({text}.str.len_chars() > {kept}).then(pl.concat_str({parts}))"
            ".otherwise({whole})",
            text=text,
            kept=lit(kept),
            parts=join(parts),
            whole=whole,
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        masked = {name: self._mask_sql(dialect, name, rows.schema[name]) for name in self.columns}
        return row_wise(dialect, rows, masked)

    def _mask_sql(self, d: Dialect, name: str, column: Column) -> Sql:
        text = d.column(name)
        match self.method:
            case "null":
                return d.literal(None, column.type)
            case "constant":
                return d.case((d.is_not_null(text), constant_sql(self.value, column.type, d)))
            case "email":
                has_domain = d.call("contains", text, d.string("@"))
                domain = d.rewritten(text.copy(), "(?s)^.*@", "***@")
                is_there = d.is_not_null(text.copy())
                return d.case((has_domain, domain), (is_there, d.string("***")))
            case _:
                return self._redact_sql(d, text)

    def _redact_sql(self, d: Dialect, text: Sql) -> Sql:
        first, last = self.keep_first, self.keep_last
        length = d.call("length", text)
        whole = d.call("repeat", d.string("*"), length.copy())
        if not first + last:
            return whole
        rest = d.binary(exp.Sub, length.copy(), d.integer(first + last))
        parts = [d.call("repeat", d.string("*"), rest)]
        if first:
            parts.insert(0, d.call("substring", text.copy(), d.integer(1), d.integer(first)))
        if last:
            start = d.binary(exp.Sub, length.copy(), d.integer(last - 1))
            parts.append(d.call("substring", text.copy(), start))
        is_longer = d.binary(exp.GT, length, d.integer(first + last))
        return d.case((is_longer, d.joined(*parts)), otherwise=whole)
