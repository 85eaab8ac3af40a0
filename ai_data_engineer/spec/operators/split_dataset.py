"""split_dataset: the rows of one part of a data set."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.document import Document
from ai_data_engineer.spec.code import Code, StepCode, code, join, lit
from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.operators.base import ColumnName, Expression, RowEffect, Step
from ai_data_engineer.spec.operators.checking import columns_of
from ai_data_engineer.spec.operators.conditions import check_condition, condition, sql_condition
from ai_data_engineer.spec.operators.digests import (
    ADVICE,
    DIGEST,
    HASHABLE,
    as_text,
    digest,
    sql_text,
)
from ai_data_engineer.spec.operators.quantiles import exact
from ai_data_engineer.spec.operators.writing import atom, local
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Relation, StepSql, as_they_are, select


class Part(Document):
    """One part of a data set."""

    name: str = Field(min_length=1, max_length=63)
    """Name of the part, such as `train`."""
    fraction: float | None = Field(None, gt=0, lt=1)
    """About which part of the keys it takes, such as 0.8."""
    where: Expression | None = None
    """Condition that its rows meet."""


class SplitDataset(Step):
    """Keep the rows of one part of a split, such as train and test; the order stays.

    Several steps with the same parts take the data apart: every row is in exactly one of them.
    With fractions, rows with equal keys always fall into the same part, in every run and every
    engine, whatever other rows there are; so the parts have about their share of the keys, not
    exactly. The first eight hexadecimal digits of the SHA-256 of the seed and the key (`seed`,
    then the values' texts in UTF-8, all joined by U+001F; a missing value counts as U+0000) are
    divided by 2³² and compared with the fractions, added up in order. With conditions, a row
    belongs to the first part whose condition is true. A last part with neither takes the rest.
    """

    op: Literal["split_dataset"] = "split_dataset"
    parts: list[Part] = Field(min_length=2, max_length=20)
    """All parts, in order: with fractions (that add up to 1, or leave something for the rest) or
    with conditions."""
    part: str
    """Name of the part whose rows are kept."""
    key: list[ColumnName] = []
    """Columns whose equal values stay together; needed with fractions."""
    seed: int = Field(0, ge=0, le=2**31 - 1)
    """Another seed gives another split by fractions."""

    rows: ClassVar[RowEffect] = "removes"
    examples: ClassVar[list[dict[str, Any]]] = [
        {
            "parts": [{"name": "train", "fraction": 0.8}, {"name": "test", "fraction": 0.2}],
            "part": "train",
            "key": ["customer_id"],
        },
        {
            "parts": [{"name": "before", "where": "day < '2024-01-01'"}, {"name": "since"}],
            "part": "since",
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        good = self._parts_fit(findings)
        for index, part in enumerate(self.parts):
            if part.where is not None:
                at = findings.at("parts", index, "where")
                good &= check_condition(part.where, inputs[0], at) is not None
        good &= columns_of(inputs[0], self.key, findings.at("key"), types=HASHABLE, advice=ADVICE)
        return inputs[0] if good else None

    def _parts_fit(self, findings: Findings) -> bool:
        known = [part.name for part in self.parts]
        for index, name in enumerate(known):
            if name in known[:index]:
                findings.at("parts", index, "name").error(
                    "E_PARAMETERS", f"Two parts are called `{name}`.", "Choose another name."
                )
                return False
        if self.part not in known:
            findings.at("part").error(
                "E_PARAMETERS", f"There is no part `{self.part}`.", nearest(self.part, known)
            )
            return False
        *first, last = self.parts
        ways = [_way(part) for part in (*first, *([last] if _way(last) else []))]
        if len(set(ways)) != 1 or ways[0] not in ("fraction", "where"):
            findings.at("parts").error(
                "E_PARAMETERS",
                "It is not said which rows belong to which part.",
                "Give each part a `fraction`, or each a `where`; the last may do without.",
            )
            return False
        return ways[0] == "where" or self._fractions_fit(findings)

    def _fractions_fit(self, findings: Findings) -> bool:
        total = sum(self._fractions())
        if total > 1 or (total == 1) != (self.parts[-1].fraction is not None):
            findings.at("parts").error(
                "E_PARAMETERS",
                f"The fractions add up to {float(total):g}.",
                "Let them add up to 1, or to less with a last part that takes the rest.",
            )
            return False
        if not self.key:
            findings.at("key").error(
                "E_PARAMETERS",
                "Fractions need a key.",
                "Name the columns that identify what is split, such as a customer's number.",
            )
            return False
        return True

    def _fractions(self) -> list[Fraction]:
        return [exact(part.fraction) for part in self.parts if part.fraction is not None]

    @property
    def _index(self) -> int:
        return [part.name for part in self.parts].index(self.part)

    def _bounds(self) -> tuple[str | None, str | None]:
        """Return between which digits the part lies: from the first on, before the second."""
        ends = [f"{ceil(end * 2**32):08x}" for end in accumulate(self._fractions()) if end < 1]
        index = self._index
        return (ends[index - 1] if index else None), (ends[index] if index < len(ends) else None)

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        if self.parts[0].where is not None:
            return self._by_conditions(inputs[0], schemas[0])
        sha256, digits = local("sha256", inputs), local("digits", inputs)
        texts = (
            code('{text}.fill_null("\\x00")', text=as_text(name, schemas[0][name].type))
            for name in self.key
        )
        text = code(
            'pl.concat_str(pl.lit({seed}), {texts}, separator="\\x1f")',
            seed=lit(str(self.seed)),
            texts=join(texts),
        )
        low, high = self._bounds()
        if low is None:
            within = code("{digits} < {high}", digits=digits, high=lit(high))
        elif high is None:
            within = code("{digits} >= {low}", digits=digits, low=lit(low))
        else:
            within = code(
                '{digits}.is_between(pl.lit({low}), pl.lit({high}), closed="left")',
                digits=digits,
                low=lit(low),
                high=lit(high),
            )
        return StepCode(
            code("{rows}.filter({within})", rows=inputs[0], within=within),
            before=(
                code(DIGEST, sha256=sha256),
                code("{digits} = {d}.str.head(8)", digits=digits, d=digest(text, sha256)),
            ),
        )

    def _by_conditions(self, rows: Code, schema: Schema) -> StepCode:
        tests = []
        for part in self.parts[: self._index]:
            assert part.where is not None
            where = atom(condition(part.where, schema))
            tests.append(code("~{where}.fill_null(False)", where=where))
        own = self.parts[self._index].where
        if own is not None:
            tests.append(condition(own, schema))
        return StepCode(code("{rows}.filter({tests})", rows=rows, tests=join(tests)))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        by_key = self.parts[0].where is None
        tests = (self._of_digits if by_key else self._of_conditions)(rows.schema, dialect)
        kept = select(dialect, rows.name, as_they_are(dialect, rows), where=dialect.both(*tests))
        return StepSql(kept, rows.order)

    def _of_digits(self, schema: Schema, dialect: Dialect) -> list[Sql]:
        texts: list[Sql] = [dialect.string(str(self.seed))]
        for name in self.key:
            text = dialect.coalesce(
                sql_text(dialect, name, schema[name].type), dialect.string("\x00")
            )
            texts += [dialect.string("\x1f"), text]
        digits = dialect.call("left", dialect.sha256(dialect.joined(*texts)), dialect.integer(8))
        low, high = self._bounds()
        tests = []
        for node, bound in ((exp.GTE, low), (exp.LT, high)):
            if bound is not None:
                tests.append(dialect.binary(node, digits.copy(), dialect.string(bound)))
        return tests

    def _of_conditions(self, schema: Schema, dialect: Dialect) -> list[Sql]:
        *earlier, own = [part.where for part in self.parts[: self._index + 1]]
        tests: list[Sql] = []
        for where in earlier:
            assert where is not None
            known = dialect.coalesce(sql_condition(where, schema, dialect), exp.Boolean(this=False))
            tests.append(dialect.negate(known))
        return tests if own is None else [*tests, sql_condition(own, schema, dialect)]


def _way(part: Part) -> str:
    """Return by what a part takes its rows; empty: it takes the rest."""
    given = [n for n in ("fraction", "where") if getattr(part, n) is not None]
    return " and ".join(given)
