"""surrogate_key: one key made of several columns."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ai_data_engineer.spec.code import Code, StepCode, code, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Columns, Step
from ai_data_engineer.spec.operators.checking import columns_of, is_new
from ai_data_engineer.spec.operators.digests import (
    ADVICE,
    DIGEST,
    HASHABLE,
    as_text,
    digest,
    sql_text,
)
from ai_data_engineer.spec.operators.writing import local
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Relation, StepSql, projected
from ai_data_engineer.types import STRING


class SurrogateKey(Step):
    """Add a key made of columns, as the first column: equal values give the equal key, always.

    It is the SHA-256, in hexadecimal digits, of the values' texts in UTF-8, joined by U+001F; a
    missing value counts as U+0000.
    """

    op: Literal["surrogate_key"] = "surrogate_key"
    name: ColumnName = "key"
    """New column that takes the key."""
    columns: Columns
    """Columns the key is made of, in this order."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"name": "order_key", "columns": ["country", "order_id"]}
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        good = columns_of(
            inputs[0], self.columns, findings.at("columns"), types=HASHABLE, advice=ADVICE
        )
        good &= is_new(self.name, inputs[0], findings.at("name"))
        return Schema({self.name: Column(STRING, nullable=False), **inputs[0]}) if good else None

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        sha256 = local("sha256", inputs)
        texts = (
            code('{text}.fill_null("\\x00")', text=as_text(name, schemas[0][name].type))
            for name in self.columns
        )
        joined = code('pl.concat_str({texts}, separator="\\x1f")', texts=join(texts))
        return StepCode(
            code(
                "{rows}.select({key}, pl.all())",
                rows=inputs[0],
                key=code("{d}.alias({name})", d=digest(joined, sha256), name=lit(self.name)),
            ),
            before=(code(DIGEST, sha256=sha256),),
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        parts: list[Sql] = []
        for name in self.columns:
            text = sql_text(dialect, name, rows.schema[name].type)
            parts += [dialect.string("\x1f"), dialect.coalesce(text, dialect.string("\x00"))]
        key = dialect.sha256(dialect.joined(*parts[1:]))
        columns = {name: dialect.column(name) for name in rows.schema}
        return projected(dialect, rows, {self.name: key, **columns})
