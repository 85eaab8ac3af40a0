"""asof_join: each row with the nearest of another input, by a date or a number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.asof_sql import AsofSql
from ai_data_engineer.spec.operators.base import ColumnName, RowEffect, Step
from ai_data_engineer.spec.operators.checking import all_groupable, column_of, is_new, nullable
from ai_data_engineer.spec.operators.tolerance import Tolerance, check_tolerance, number_of
from ai_data_engineer.spec.operators.writing import names
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, helper, joined, select

TYPES = ("int64", "float64", "decimal", "date", "datetime")
STRATEGIES = {"earlier": "backward", "later": "forward", "nearest": "nearest"}


class AsofJoin(Step):
    """Join each row of the first input (left) with the nearest row of the second (right).

    Nearest is meant by a date or a number, among the right rows of the same group: the latest that
    is not later (earlier), the earliest that is not earlier (later), or the closer of the two
    (nearest; the later one where both are as close). Of right rows of a group at the same place the
    last that came is taken. A missing place or group matches nothing. The result has the left
    columns, then the right ones without their groups; the right place is kept, as it says what was
    matched. Rows stand in the order of the left input.
    """

    op: Literal["asof_join"] = "asof_join"
    how: Literal["left", "inner"] = "left"
    """left keeps rows without a match, inner leaves them out."""
    left_on: ColumnName
    """Date, datetime or number of the left input."""
    right_on: ColumnName | None = None
    """Its counterpart of the right input, of the same type; left out: called the same."""
    left_by: list[ColumnName] = []
    """Columns of the left input whose values must be equal; empty: all rows are one group."""
    right_by: list[ColumnName] = []
    """Their counterparts, in the same order; empty: called the same."""
    direction: Literal["earlier", "later", "nearest"] = "earlier"
    """On which side of a left row its match lies."""
    exact: bool = True
    """Whether a right row at the very same place matches."""
    tolerance: Tolerance | None = None
    """How far away a match may be, this distance included; left out: however far."""
    suffix: str = Field("_right", min_length=1, max_length=50)
    """Put behind the name of a right column that the left input has too."""

    rows: ClassVar[RowEffect] = "reshapes"
    input_count: ClassVar[tuple[int, int | None]] = (2, 2)
    looks_up: ClassVar[bool] = True
    examples: ClassVar[list[dict[str, Any]]] = [
        {"left_on": "ordered_at", "right_on": "valid_from", "left_by": ["product"]},
        {
            "left_on": "time",
            "left_by": ["sensor"],
            "direction": "nearest",
            "tolerance": "5m",
            "how": "inner",
        },
    ]

    @property
    def _right_on(self) -> str:
        return self.right_on or self.left_on

    @property
    def _right_by(self) -> list[str]:
        return self.right_by or self.left_by

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        left, right = inputs
        if not self._has_places(left, right, findings) or not self._has_groups(
            left, right, findings
        ):
            return None
        good = True
        taken = set(left)
        for old, new in self._right_names(left, right).items():
            if old not in self._right_by:
                good &= is_new(new, taken, findings.at("suffix"))
                taken.add(new)
        return self._joined(left, right) if good else None

    def _has_places(self, left: Schema, right: Schema, findings: Findings) -> bool:
        at = findings.at("right_on" if self.right_on else "left_on")
        place = column_of(left, self.left_on, findings.at("left_on"), types=TYPES)
        other = right.find(self._right_on, at)
        if place is None or other is None:
            return False
        if place.type != other.type:
            at.error(
                "E_JOIN_TYPES",
                f"`{self.left_on}` is {place.type} and `{self._right_on}` is {other.type}.",
                "Put a `cast` step before the join.",
            )
            return False
        if self.tolerance is None:
            return True
        return check_tolerance(self.tolerance, place.type, findings.at("tolerance"))

    def _has_groups(self, left: Schema, right: Schema, findings: Findings) -> bool:
        at = findings.at("left_by")
        if len(self.left_by) != len(self._right_by):
            at.error(
                "E_JOIN_KEYS",
                f"{len(self.left_by)} left groups do not pair with {len(self._right_by)} right.",
                "Name as many columns in right_by as in left_by.",
            )
            return False
        right_at = findings.at("right_by") if self.right_by else at
        good = all_groupable(left, self.left_by, at)
        good &= all_groupable(right, self._right_by, right_at)
        for index, (a, b) in enumerate(zip(self.left_by, self._right_by, strict=True)):
            if good and left[a].type != right[b].type:
                at.at(index).error(
                    "E_JOIN_TYPES",
                    f"`{a}` is {left[a].type} and `{b}` is {right[b].type}.",
                    "Put a `cast` step before the join.",
                )
                return False
        if good and self._right_on in self._right_by:
            right_at.error(
                "E_JOIN_KEYS", f"`{self._right_on}` is a place and a group.", "Name it once."
            )
            return False
        return good

    def _right_names(self, left: Schema, right: Schema) -> dict[str, str]:
        """Return the name of every right column in the result."""
        groups = dict(zip(self._right_by, self.left_by, strict=True))
        return {n: groups.get(n) or (n + self.suffix if n in left else n) for n in right}

    def _joined(self, left: Schema, right: Schema) -> Schema:
        columns: dict[str, Column] = dict(left)
        if self.how == "inner":
            for name in (self.left_on, *self.left_by):
                columns[name] = replace(left[name], nullable=False)
        for old, new in self._right_names(left, right).items():
            if old in self._right_by:
                continue
            columns[new] = nullable(right[old]) if self.how == "left" else right[old]
            if old == self._right_on:
                columns[new] = replace(right[old], nullable=self.how == "left")
        return Schema(columns)

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        left, right = inputs
        new_names = self._right_names(*schemas)
        place = new_names[self._right_on]
        changed = {old: new for old, new in new_names.items() if old != new}
        if changed:
            right = code("{right}.rename({names})", right=right, names=lit(changed))
        return StepCode(
            code(
                '{left}.with_row_index("__row").sort({left_on}, nulls_last=True)'
                ".join_asof({right}.drop_nulls([{keys}])"
                '.unique([{keys}], keep="last", maintain_order=True).sort({right_on}), '
                "left_on={left_on}, right_on={right_on}, {options}coalesce=False, "
                'check_sortedness=False).sort("__row"){matched}.drop("__row")',
                left=left,
                right=right,
                keys=names([*self.left_by, place]),
                left_on=lit(self.left_on),
                right_on=lit(place),
                options=self._options(schemas[0]),
                matched=code(".filter({place}.is_not_null())", place=col(place))
                if self.how == "inner"
                else Code(""),
            )
        )

    def _options(self, left: Schema) -> Code:
        parts = [code("strategy={strategy}, ", strategy=lit(STRATEGIES[self.direction]))]
        if self.left_by:
            parts.append(code("by=[{by}], ", by=names(self.left_by)))
        if not self.exact:
            parts.append(Code("allow_exact_matches=False, "))
        if self.tolerance is not None:
            distance = self.tolerance
            if not isinstance(distance, str):
                distance = number_of(distance, left[self.left_on].type)
            parts.append(code("tolerance={distance}, ", distance=lit(distance)))
        return join(parts, "")

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        left, right = inputs
        asof = AsofSql(
            left=left,
            right=right,
            left_on=self.left_on,
            right_on=self._right_on,
            left_by=self.left_by,
            right_by=self._right_by,
            direction=self.direction,
            exact=self.exact,
            dialect=dialect,
        )
        candidates, matched = helper("candidates", self.id), helper("matched", self.id)
        helpers = {
            "numbered": asof.numbered(),
            "candidates": asof.candidates(helper("numbered", self.id)),
            "places": asof.places(candidates),
            "around": asof.around(helper("places", self.id)),
            "matched": asof.matched(helper("around", self.id)),
        }
        columns = {name: dialect.column(name, "l") for name in left.schema}
        for old, new in self._right_names(left.schema, right.schema).items():
            if old not in self._right_by:
                columns[new] = dialect.column(old, "r")
        columns |= {name: dialect.column(name, "l") for name in left.hidden}
        pairs = joined(dialect, self.how, matched, candidates, asof.on(self.tolerance))
        return StepSql(select(dialect, pairs, columns), left.order, helpers)
