"""scd2: a slowly changing dimension of type 2, every version of a row with its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

from sqlglot import exp

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.findings import Findings, nearest
from ai_data_engineer.spec.operators.base import ColumnName, Columns, Expression, RowEffect, Step
from ai_data_engineer.spec.operators.checking import all_groupable, all_once, column_of, is_new
from ai_data_engineer.spec.operators.conditions import check_condition, condition, sql_condition
from ai_data_engineer.spec.operators.scd2_sql import GONE, Versions, rows_without
from ai_data_engineer.spec.operators.writing import assign, atom, names, over
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Order, Relation, StepSql, helper
from ai_data_engineer.types import BOOLEAN


class Scd2(Step):
    """Make the versions of each key out of snapshots or changes: from when to when it was so.

    A version begins with a row whose tracked values differ from those before, and ends where the
    next begins (`valid_to` is exclusive; null: it is the current one); repeats of the same values
    are one version. Of rows of a key at the same moment the last that came counts. Rows without a
    key or a moment are set aside. A second input is the dimension as it is: the rows of the first
    are merged into it, and merging them again changes nothing; a late one is placed among the
    versions as they are, where a repeat that made none is not known any more. The result has the
    keys, the tracked columns and the three columns of the versions, sorted by key and
    `valid_from`; other columns go.
    """

    op: Literal["scd2"] = "scd2"
    keys: Columns
    """Columns that say what a row is about."""
    at: ColumnName
    """Date or datetime from which a row holds: of the snapshot or of the change."""
    tracked: list[ColumnName] = []
    """Columns whose change makes a new version; empty: all but the keys and `at`."""
    deleted: Expression | None = None
    """Condition under which a row says that its key has gone: its version ends there."""
    valid_from: ColumnName = "valid_from"
    """New column: when the version begins."""
    valid_to: ColumnName = "valid_to"
    """New column: when the next begins, or the key goes; null: not known to end."""
    is_current: ColumnName = "is_current"
    """New column: whether the version has no end."""

    rows: ClassVar[RowEffect] = "reshapes"
    input_count: ClassVar[tuple[int, int | None]] = (1, 2)
    looks_up: ClassVar[bool] = True
    examples: ClassVar[list[dict[str, Any]]] = [
        {"keys": ["customer_id"], "at": "updated_at", "tracked": ["city", "segment"]},
        {"keys": ["id"], "at": "day", "tracked": ["price"], "deleted": "operation = 'D'"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        schema = inputs[0]
        good = all_groupable(schema, self.keys, findings.at("keys"))
        good &= all_groupable(schema, self.tracked, findings.at("tracked"))
        at = column_of(schema, self.at, findings.at("at"), types=("date", "datetime"))
        good &= self.deleted is None or bool(
            check_condition(self.deleted, schema, findings.at("deleted"))
        )
        if not good or at is None or not self._are_apart(schema, findings):
            return None
        columns = {name: replace(schema[name], nullable=False) for name in self.keys}
        columns |= {name: schema[name] for name in self._tracked(schema)}
        for field in ("valid_from", "valid_to", "is_current"):
            good &= is_new(getattr(self, field), columns, findings.at(field))
            columns[getattr(self, field)] = Column(BOOLEAN, nullable=False)
        columns[self.valid_from] = replace(at, nullable=False)
        columns[self.valid_to] = replace(at, nullable=True)
        result = Schema(columns)
        if not good or len(inputs) == 1:
            return result if good else None
        return self._merged(result, inputs[1], findings.at("inputs", 1))

    def _are_apart(self, schema: Schema, findings: Findings) -> bool:
        if not self._tracked(schema):
            findings.at("tracked").error(
                "E_PARAMETERS", "Nothing is left to track.", "Name columns that change."
            )
            return False
        return all_once([*self.keys, self.at, *self._tracked(schema)], findings.at("tracked"))

    def _merged(self, result: Schema, dimension: Schema, findings: Findings) -> Schema | None:
        """Return the result with the nulls of the dimension, if that has the columns needed."""
        good = True
        columns = dict(result)
        for name, column in result.items():
            if name == self.is_current:
                continue
            found = dimension.get(name)
            if found is None:
                good = False
                findings.error(
                    "E_UNKNOWN_COLUMN",
                    f"There is no column `{name}` in the dimension.",
                    nearest(name, dimension),
                )
            elif found.type != column.type:
                good = False
                findings.error(
                    "E_TYPE_CONFLICT",
                    f"`{name}` is {found.type} in the dimension and {column.type} here.",
                    "Put a `cast` step before.",
                )
            elif name not in (*self.keys, self.valid_from):
                columns[name] = replace(column, nullable=column.nullable or found.nullable)
        return Schema(columns) if good else None

    def _tracked(self, schema: Schema) -> Sequence[str]:
        return self.tracked or [n for n in schema if n not in (*self.keys, self.at)]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        tracked = self._tracked(schemas[0])
        needed = [*self.keys, self.at]
        has_ends = self.deleted is not None or len(inputs) == 2
        changes = code(
            "{rows}.select({columns})",
            rows=inputs[0],
            columns=self._columns(tracked, self.at, self._gone(schemas[0]) if has_ends else None),
        )
        if len(inputs) == 2:
            changes = code(
                "pl.concat([{ends}, {beginnings}, {changes}])",
                ends=code(
                    "{dimension}.filter({to}.is_not_null()).select({columns})",
                    dimension=inputs[1],
                    to=col(self.valid_to),
                    columns=self._columns(tracked, self.valid_to, Code("pl.lit(True)")),
                ),
                beginnings=code(
                    "{dimension}.select({columns})",
                    dimension=inputs[1],
                    columns=self._columns(tracked, self.valid_from, Code("pl.lit(False)")),
                ),
                changes=changes,
            )
        return StepCode(
            self._versions(changes, tracked, has_ends=has_ends),
            rejects=_without(inputs[0], needed, schemas[0]),
        )

    def _columns(self, tracked: Sequence[str], moment: str, gone: Code | None) -> Code:
        """Return the columns of a change: from `moment` on the key has these values, or is gone."""
        parts = [names([*self.keys, *tracked])]
        parts.append(
            lit(moment)
            if moment == self.valid_from
            else code("{c}.alias({name})", c=col(moment), name=lit(self.valid_from))
        )
        if gone is not None:
            parts.append(code("{gone}.alias({name})", gone=atom(gone), name=lit(GONE)))
        return join(parts)

    def _gone(self, schema: Schema) -> Code:
        if self.deleted is None:
            return Code("pl.lit(False)")
        return code("{gone}.fill_null(False)", gone=atom(condition(self.deleted, schema)))

    def _versions(self, changes: Code, tracked: Sequence[str], *, has_ends: bool) -> Code:
        values = [*self.keys, *tracked, *([GONE] if has_ends else [])]
        end = over(code("{c}.shift(-1)", c=col(self.valid_from)), self.keys)
        return code(
            "{changes}.drop_nulls([{moments}])"
            '.unique([{moments}], keep="last", maintain_order=True).sort({moments})'
            # A run of rows that are equal in key and values is a version.
            ".filter(pl.struct({values}).rle_id().is_first_distinct())"
            ".with_columns({end}){there}.with_columns({current})",
            changes=changes,
            moments=names([*self.keys, self.valid_from]),
            values=names(values),
            end=assign({self.valid_to: end}),
            there=code(".filter(~{gone}).drop({name})", gone=col(GONE), name=lit(GONE))
            if has_ends
            else Code(""),
            current=assign({self.is_current: code("{c}.is_null()", c=col(self.valid_to))}),
        )

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        gone: Sql = exp.Boolean(this=False)
        if self.deleted is not None:
            gone = dialect.coalesce(sql_condition(self.deleted, rows.schema, dialect), gone)
        changes = [(rows, self.at, gone)]
        if len(inputs) == 2:
            changes = [
                (inputs[1], self.valid_to, exp.Boolean(this=True)),
                (inputs[1], self.valid_from, exp.Boolean(this=False)),
                *changes,
            ]
        versions = Versions(
            keys=self.keys,
            tracked=self._tracked(rows.schema),
            begin=self.valid_from,
            end=self.valid_to,
            dialect=dialect,
        )
        return StepSql(
            versions.current(helper("versions", self.id), self.is_current),
            tuple(Order(name) for name in (*self.keys, self.valid_from)),
            helpers={
                "changes": versions.changes(changes),
                "numbered": versions.numbered(helper("changes", self.id)),
                "compared": versions.compared(helper("numbered", self.id)),
                "versions": versions.begun(helper("compared", self.id)),
            },
            rejects=rows_without(rows, [*self.keys, self.at], dialect),
        )


def _without(rows: Code, needed: Sequence[str], schema: Schema) -> Code | None:
    """Return the rows that lack one of the columns, with the reason."""
    found = [name for name in needed if schema[name].nullable]
    if not found:
        return None
    reasons = (
        code("pl.when({c}.is_null()).then(pl.lit({text}))", c=col(n), text=lit(f"{n}: missing"))
        for n in found
    )
    return code(
        "{rows}.filter({missing}).with_columns("
        'pl.concat_str({reasons}, separator="; ", ignore_nulls=True).alias("__reason"))',
        rows=rows,
        missing=join((code("{c}.is_null()", c=col(n)) for n in found), " | "),
        reasons=join(reasons),
    )
