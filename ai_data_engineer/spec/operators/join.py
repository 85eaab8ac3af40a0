"""join: the columns of two inputs side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import all_groupable, is_new, nullable
from ai_data_engineer.spec.operators.join_cardinality import repeated_keys, several_matches
from ai_data_engineer.spec.operators.join_ranges import Range
from ai_data_engineer.spec.operators.writing import local, names
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import (
    Order,
    Relation,
    StepSql,
    as_they_are,
    exists,
    free_name,
    helper,
    joined,
    select,
)

How = Literal["inner", "left", "right", "full", "semi", "anti", "cross"]
VALIDATE = {"one_to_one": "1:1", "one_to_many": "1:m", "many_to_one": "m:1"}
TURNED = {"one_to_one": "1:1", "one_to_many": "m:1", "many_to_one": "1:m"}


class Join(Step):
    """Join the first input (left) with the second (right) where their keys are equal.

    A missing key matches nothing, nor does a missing value lie in a range. The result has the
    columns of the left input, then those of the right one without its keys; keys carry the left
    names, and in right and full joins the right values where there are no left ones. semi and anti
    keep the left rows that have, or do not have, a match, with the left columns alone. Rows stand
    in the order of the left input (of the right one in a right join), unmatched right rows of a
    full join behind.
    """

    op: Literal["join"] = "join"
    how: How = "inner"
    """Which rows are kept; cross pairs every row with every row and has no keys."""
    left_on: list[ColumnName] = []
    """Key columns of the left input."""
    right_on: list[ColumnName] = []
    """Key columns of the right input, in the same order; empty: called the same."""
    suffix: str = Field("_right", min_length=1, max_length=50)
    """Put behind the name of a right column that the left input has too."""
    ranges: list[Range] = []
    """Ranges of the right input that values of the left one lie in, besides equal keys or without
    any; for inner, left, semi and anti joins."""
    cardinality: Literal["one_to_one", "one_to_many", "many_to_one", "many_to_many"] = (
        "many_to_many"
    )
    """How many rows of the left may match how many of the right; the run fails where that does not
    hold. Only for inner, left, right and full; in a full join missing keys count as equal here."""

    rows: ClassVar[RowEffect] = "reshapes"
    input_count: ClassVar[tuple[int, int | None]] = (2, 2)
    examples: ClassVar[list[dict[str, Any]]] = [
        {"how": "left", "left_on": ["customer_id"], "cardinality": "many_to_one"},
        {"left_on": ["cust"], "right_on": ["id"]},
        {
            "how": "left",
            "ranges": [{"column": "amount", "low": "from", "high": "until", "closed": "left"}],
            "cardinality": "many_to_one",
        },
    ]

    @property
    def _right_on(self) -> list[str]:
        return self.right_on or self.left_on

    @property
    def bringing(self) -> list[str]:
        kept = {"right": self.inputs[1:], "full": self.inputs, "cross": self.inputs}
        return kept.get(self.how, self.inputs[:1])

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        left, right = inputs
        if not self._has_keys(left, right, findings):
            return None
        if self.how in ("semi", "anti"):
            return left
        good = True
        taken = set(left)
        for old, new in self._right_names(left, right).items():
            if old not in self._right_on:
                good &= is_new(new, taken, findings.at("suffix"))
                taken.add(new)
        return self._joined(left, right) if good else None

    def _has_keys(self, left: Schema, right: Schema, findings: Findings) -> bool:
        if self.cardinality != "many_to_many" and self.how in ("semi", "anti", "cross"):
            findings.at("cardinality").error(
                "E_PARAMETERS", f"A {self.how} join has no cardinality to hold.", "Leave it out."
            )
            return False
        if self.ranges and not self._takes_ranges(left, right, findings):
            return False
        if self.how == "cross":
            if self.left_on or self.right_on:
                findings.at("left_on").error(
                    "E_JOIN_KEYS", "A cross join has no keys.", "Use inner, or leave the keys out."
                )
                return False
            return True
        if self.ranges and not self.left_on and not self.right_on:
            return True
        if not self.left_on or len(self.left_on) != len(self._right_on):
            findings.at("left_on").error(
                "E_JOIN_KEYS",
                f"{len(self.left_on)} left keys do not pair with {len(self.right_on)} right keys."
                if self.left_on
                else "The join has no keys.",
                "Name as many columns in right_on as in left_on, or use how: cross.",
            )
            return False
        right_at = findings.at("right_on" if self.right_on else "left_on")
        good = all_groupable(left, self.left_on, findings.at("left_on"))
        good &= all_groupable(right, self._right_on, right_at)
        return good and self._keys_match(left, right, findings.at("left_on"))

    def _takes_ranges(self, left: Schema, right: Schema, findings: Findings) -> bool:
        if self.how not in ("inner", "left", "semi", "anti"):
            findings.at("ranges").error(
                "E_PARAMETERS", f"A {self.how} join takes no ranges.", "Use inner or left."
            )
            return False
        if self.cardinality in ("one_to_one", "one_to_many"):
            findings.at("cardinality").error(
                "E_PARAMETERS",
                "Several values may lie in one range.",
                "Use many_to_one: each value in one range at most.",
            )
            return False
        fits = [r.fits(left, right, findings.at("ranges", i)) for i, r in enumerate(self.ranges)]
        return all(fits)

    def _keys_match(self, left: Schema, right: Schema, findings: Findings) -> bool:
        good = True
        for index, (a, b) in enumerate(zip(self.left_on, self._right_on, strict=True)):
            if left[a].type != right[b].type:
                good = False
                findings.at(index).error(
                    "E_JOIN_TYPES",
                    f"`{a}` is {left[a].type} and `{b}` is {right[b].type}.",
                    "Put a `cast` step before the join.",
                )
        return good

    def _right_names(self, left: Schema, right: Schema) -> dict[str, str]:
        """Return the name of every right column in the result."""
        keys = dict(zip(self._right_on, self.left_on, strict=True))
        return {n: keys.get(n) or (n + self.suffix if n in left else n) for n in right}

    def _joined(self, left: Schema, right: Schema) -> Schema:
        keys = dict(zip(self.left_on, self._right_on, strict=True))
        columns: dict[str, Column] = {}
        for name, column in left.items():
            if name in keys:
                other = right[keys[name]]
                may_miss = {
                    "inner": False,
                    "left": column.nullable,
                    "right": other.nullable,
                }.get(self.how, column.nullable or other.nullable)
                columns[name] = replace(column, nullable=may_miss, pii=column.pii or other.pii)
            else:
                columns[name] = nullable(column) if self.how in ("right", "full") else column
        for old, new in self._right_names(left, right).items():
            if old not in self._right_on:
                columns[new] = nullable(right[old]) if self.how in ("left", "full") else right[old]
        return Schema(columns)

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        left, right = inputs
        if self.ranges:
            return self._in_ranges(left, right, *schemas)
        if self.how == "cross":
            renamed = self._renamed(right, *schemas)
            return StepCode(
                code(
                    '{left}.join({right}, how="cross", maintain_order="left_right")',
                    left=left,
                    right=renamed,
                )
            )
        if self.how in ("semi", "anti"):
            return StepCode(self._filtering(left, right))
        renamed = self._renamed(right, *schemas)
        if self.how == "right":
            # polars checks no cardinality in a right join: it is the left join the other way round.
            joined = self._join(renamed, left, "left", TURNED.get(self.cardinality))
            columns = names(self._joined(*schemas))
            return StepCode(code("{joined}.select({columns})", joined=joined, columns=columns))
        return StepCode(self._join(left, renamed, self.how, VALIDATE.get(self.cardinality)))

    def _renamed(self, right: Code, left_schema: Schema, right_schema: Schema) -> Code:
        """Return the right input with the names its columns have in the result."""
        changed = {o: n for o, n in self._right_names(left_schema, right_schema).items() if o != n}
        return code("{r}.rename({names})", r=right, names=lit(changed)) if changed else right

    def _join(self, first: Code, second: Code, how: str, validate: str | None) -> Code:
        return code(
            "{first}.join({second}, on={keys}, how={how}, {validate}{coalesce}"
            'maintain_order="left_right")',
            first=first,
            second=second,
            keys=_keys(self.left_on),
            how=lit(how),
            validate=code("validate={v}, ", v=lit(validate)) if validate else Code(""),
            coalesce=Code("coalesce=True, ") if how == "full" else Code(""),
        )

    def _filtering(self, left: Code, right: Code) -> Code:
        keys = code("on={keys}", keys=_keys(self.left_on))
        if self._right_on != self.left_on:
            keys = code(
                "left_on={left}, right_on={right}",
                left=_keys(self.left_on),
                right=_keys(self._right_on),
            )
        return code(
            '{left}.join({right}, {keys}, how={how}, maintain_order="left")',
            left=left,
            right=right,
            keys=keys,
            how=lit(self.how),
        )

    def _in_ranges(
        self, left: Code, right: Code, left_schema: Schema, right_schema: Schema
    ) -> StepCode:
        new_names = self._right_names(left_schema, right_schema)
        keys = code("on={keys}, how={how}", keys=_keys(self.left_on), how=lit("inner"))
        conditions = [r.polars(new_names, right_schema) for r in self.ranges]
        matched = code(
            '{right}, {keys}, maintain_order="left_right").filter({conditions})',
            right=self._renamed(right, left_schema, right_schema),
            keys=keys if self.left_on else Code('how="cross"'),
            conditions=join(conditions),
        )
        if self.how == "inner" and self.cardinality == "many_to_many":
            return StepCode(code("{left}.join({matched}", left=left, matched=matched))
        added = [] if self.how in ("semi", "anti") else self._added(left_schema, right_schema)
        pairs, indexed = local("pairs", [left, right]), local("indexed", [left, right])
        result = code(
            '{indexed}.join({pairs}, on="__row", how={how}, {validate}maintain_order={order})'
            '.drop("__row")',
            indexed=indexed,
            pairs=pairs,
            how=lit(self.how),
            # A row of the left is there once, so that no second match is left to a row.
            validate=Code('validate="1:1", ' if self.cardinality == "many_to_one" else ""),
            order=lit("left_right" if added else "left"),
        )
        return StepCode(
            result,
            before=(
                code('{name} = {left}.with_row_index("__row")', name=indexed, left=left),
                code(
                    "{name} = {indexed}.join({matched}.select({columns})",
                    name=pairs,
                    indexed=indexed,
                    matched=matched,
                    columns=names(["__row", *added]),
                ),
            ),
        )

    def _added(self, left: Schema, right: Schema) -> list[str]:
        """Return the names in the result of the columns that the right input adds."""
        new_names = self._right_names(left, right)
        return [new for old, new in new_names.items() if old not in self._right_on]

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        left, right = inputs
        if self.how in ("semi", "anti"):
            found = exists(dialect, right.name, self._on(dialect, left.name, "r", right), alias="r")
            where = found if self.how == "semi" else dialect.negate(found)
            kept = select(dialect, left.name, as_they_are(dialect, left), where=where)
            return StepSql(kept, left.order)
        helpers = {}
        if self.how == "full":
            # Rows of the right without a match stand behind: they alone have no mark of the left.
            mark = free_name("__left", left.hidden)
            helpers["left"] = select(
                dialect, left.name, {**as_they_are(dialect, left), mark: dialect.integer(1)}
            )
            left = Relation(helper("left", self.id), left.schema, (Order(mark), *left.order))
        columns = self._sql_columns(left, right, dialect)
        order: list[Order] = []
        sides = ((right, "r"), (left, "l")) if self.how == "right" else ((left, "l"), (right, "r"))
        for relation, alias in sides:
            for part in relation.order:
                name = free_name(f"__{part.column.strip('_')}", columns)
                columns[name] = dialect.column(part.column, alias)
                order.append(Order(name, part.descending, part.nulls_first))
        on = None if self.how == "cross" else self._on(dialect, "l", "r", right)
        return StepSql(
            select(dialect, joined(dialect, self.how, left.name, right.name, on), columns),
            tuple(order),
            helpers=helpers,
            violations=self._violations(left, right, dialect),
        )

    def _on(self, dialect: Dialect, left: str, right: str, rows: Relation) -> Sql:
        return dialect.both(
            *(
                dialect.binary(exp.EQ, dialect.column(a, left), dialect.column(b, right))
                for a, b in zip(self.left_on, self._right_on, strict=True)
            ),
            *(r.sql(dialect, left, right, rows.schema) for r in self.ranges),
        )

    def _sql_columns(self, left: Relation, right: Relation, dialect: Dialect) -> dict[str, Sql]:
        keys = dict(zip(self.left_on, self._right_on, strict=True))
        columns: dict[str, Sql] = {}
        for name in left.schema:
            column = dialect.column(name, "l")
            if name in keys and self.how in ("right", "full"):
                other = dialect.column(keys[name], "r")
                column = other if self.how == "right" else dialect.coalesce(column, other)
            columns[name] = column
        for old, new in self._right_names(left.schema, right.schema).items():
            if old not in self._right_on:
                columns[new] = dialect.column(old, "r")
        return columns

    def _violations(self, left: Relation, right: Relation, dialect: Dialect) -> exp.Query | None:
        if self.cardinality == "many_to_many":
            return None
        if self.ranges:
            on = self._on(dialect, "l", "r", right)
            pairs = joined(dialect, "inner", left.name, right.name, on)
            return several_matches(left, pairs, dialect)
        sides = [(left.name, self.left_on), (right.name, self._right_on)]
        once = {"one_to_one": sides, "one_to_many": sides[:1], "many_to_one": sides[1:]}
        return repeated_keys(once[self.cardinality], dialect, missing_count=self.how == "full")


def _keys(columns: list[str]) -> Code:
    return lit(columns[0] if len(columns) == 1 else columns)
