"""hash: values replaced by their SHA-256."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.errors import SpecError
from ai_data_engineer.spec.code import Code, StepCode, code
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, Step
from ai_data_engineer.spec.operators.checking import columns_of
from ai_data_engineer.spec.operators.digests import (
    ADVICE,
    DIGEST,
    HASHABLE,
    KEYED_DIGEST,
    as_text,
    digest,
    key_from_environment,
    sql_text,
)
from ai_data_engineer.spec.operators.writing import local, with_columns
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise
from ai_data_engineer.types import STRING


class Hash(Step):
    """Replace values by the SHA-256 of their text in UTF-8, 64 hexadecimal digits.

    Missing values stay missing. Equal values give equal digests, in every run and on every engine.
    Short or guessable values (phone numbers, names) need a secret: without one, anybody can hash
    all of them and compare.
    """

    op: Literal["hash"] = "hash"
    columns: Columns
    """Columns to hash; they become text."""
    salt_env: str | None = Field(None, pattern=r"^[A-Z][A-Z0-9_]{0,99}$")
    """Environment variable with a secret: the digest is then HMAC-SHA256 with it as the key, and
    the run fails where it is not set."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"columns": ["email"]},
        {"columns": ["email", "phone"], "salt_env": "HASH_SALT"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        if not columns_of(
            inputs[0], self.columns, findings.at("columns"), types=HASHABLE, advice=ADVICE
        ):
            return None
        hashed = {name: replace(inputs[0][name], type=STRING, pii=None) for name in self.columns}
        return Schema({**inputs[0], **hashed})

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        sha256 = local("sha256", inputs)
        before = [code(DIGEST, sha256=sha256)]
        if self.salt_env is not None:
            key = local("key", inputs)
            before = [
                key_from_environment(self.salt_env, key),
                code(KEYED_DIGEST, sha256=sha256, key=key),
            ]
        hashed = {n: digest(as_text(n, schemas[0][n].type), sha256) for n in self.columns}
        return StepCode(with_columns(inputs[0], hashed), before=tuple(before))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        if self.salt_env is not None:
            raise SpecError(
                f"The step `{self.id}` hashes with a secret, which must not stand in SQL, where "
                "logs would keep it.",
                code="E_ENGINE",
                hint="Run this spec on polars, or hash without `salt_env`.",
            )
        rows = inputs[0]
        hashed = {
            name: dialect.sha256(sql_text(dialect, name, rows.schema[name].type))
            for name in self.columns
        }
        return row_wise(dialect, rows, hashed)
