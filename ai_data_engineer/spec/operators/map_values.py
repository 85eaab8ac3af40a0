"""map_values: values replaced by others, from a list."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.spec.code import Code, StepCode, code, col, join, lit
from ai_data_engineer.spec.code import Literal as Constant
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import ColumnName, Step, Value
from ai_data_engineer.spec.operators.checking import column_of
from ai_data_engineer.spec.operators.values import (
    check,
    common_type,
    constant,
    constant_sql,
    convert,
)
from ai_data_engineer.spec.operators.writing import with_columns
from ai_data_engineer.spec.schema import Column, Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise
from ai_data_engineer.types import LogicalType

KEYS = ("string", "int64", "boolean", "date")


class MapValues(Step):
    """Replace values by others, from a list. A missing value stays missing.

    Where unmapped values are kept, the new ones must be of the column's type; else their own type
    (boolean, int64, float64 or string) becomes the column's.
    """

    op: Literal["map_values"] = "map_values"
    column: ColumnName
    """Column of text, integers, booleans or dates."""
    mapping: dict[str, Value | None] = Field(min_length=1)
    """Value now, written as text (`"7"`, `"true"`, `"2024-01-31"`) → new value or null."""
    unmapped: Literal["keep", "null", "value"] = "keep"
    """What becomes of values that are not in the mapping: they stay, are null, or are `value`."""
    value: Value | None = None
    """What unmapped values become, with `unmapped: value`."""
    into: ColumnName | None = None
    """Column that takes the result, new or there already; left out: the column itself."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {"column": "status", "mapping": {"pd": "paid", "shp": "shipped"}},
        {
            "column": "answer",
            "mapping": {"y": True, "n": False},
            "unmapped": "null",
            "into": "agreed",
        },
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        column = column_of(inputs[0], self.column, findings.at("column"), types=KEYS)
        if column is None:
            return None
        good = True
        for key in self.mapping:
            if _key(key, column.type) is None:
                good = False
                findings.at("mapping", key).error(
                    "E_VALUE", f"This is not a value of `{self.column}`, which is {column.type}."
                )
        if (self.unmapped == "value") != (self.value is not None):
            good = False
            findings.at("value").error(
                "E_PARAMETERS",
                "`value` and `unmapped: value` go together.",
                "Give both or neither.",
            )
        to = self._type(column.type)
        if to is None:
            findings.at("mapping").error(
                "E_TYPE", "The new values are of several types.", "Write all as text."
            )
            return None
        for place, value in self._values().items():
            good &= check(value, to, findings.at(*place))
        if not good:
            return None
        keeps = self.unmapped == "keep"
        gives_null = None in self.mapping.values() or self.unmapped == "null"
        changed = Column(to, column.nullable or gives_null, column.pii if keeps else None)
        return Schema({**inputs[0], self.into or self.column: changed})

    def _values(self) -> dict[tuple[str, ...], Value]:
        """Return each new value that is not null by its place."""
        values: dict[tuple[str, ...], Value] = {}
        for key, value in self.mapping.items():
            if value is not None:
                values["mapping", key] = value
        if self.value is not None:
            values["value",] = self.value
        return values

    def _type(self, actual: LogicalType) -> LogicalType | None:
        values = list(self._values().values())
        return actual if self.unmapped == "keep" or not values else common_type(values)

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        actual = schemas[0][self.column].type
        to = self._type(actual)
        assert to is not None
        pairs = code(
            "{{{pairs}}}",
            pairs=join(
                code(
                    "{old}: {new}",
                    old=lit(_key(key, actual)),
                    new=lit(None if value is None else convert(value, to)),
                )
                for key, value in self.mapping.items()
            ),
        )
        if self.unmapped == "keep":
            mapped = self._batchwise(code("replace({pairs})", pairs=pairs), to)
        elif self.unmapped == "null":
            mapped = self._mapped(pairs, Code("None"), to)
        else:
            # replace_strict would give the default to missing values too.
            mapped = code(
                "pl.when({column}.is_not_null()).then({mapped})",
                column=col(self.column),
                mapped=self._mapped(pairs, constant(self.value, to), to),
            )
        return StepCode(with_columns(inputs[0], {self.into or self.column: mapped}))

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        rows = inputs[0]
        actual = rows.schema[self.column].type
        to = self._type(actual)
        assert to is not None
        column = dialect.column(self.column)
        pairs = [
            (dialect.literal(_key(key, actual), actual), constant_sql(value, to, dialect))
            for key, value in self.mapping.items()
        ]
        mapped = dialect.match(column, pairs)
        if self.unmapped == "keep":
            mapped.set("default", column.copy())
        elif self.unmapped == "value":
            mapped.set("default", constant_sql(self.value, to, dialect))
            mapped = dialect.case((dialect.is_not_null(column.copy()), mapped))
        return row_wise(dialect, rows, {self.into or self.column: mapped})

    def _mapped(self, pairs: Code, default: Code, to: LogicalType) -> Code:
        replaced = code(
            "replace_strict({pairs}, default={default}, return_dtype={dtype})",
            pairs=pairs,
            default=default,
            dtype=dtype(to),
        )
        return self._batchwise(replaced, to)

    def _batchwise(self, call: Code, to: LogicalType) -> Code:
        # As an expression, polars would hold all rows of the query in memory for it.
        return code(
            "{column}.map_batches(lambda values: values.{call}, {dtype}, is_elementwise=True)",
            column=col(self.column),
            call=call,
            dtype=dtype(to),
        )


def _key(text: str, of: LogicalType) -> Constant:
    """Return a key of the mapping as a value of the column; None where it is none."""
    value: Value = text
    try:
        if of.name == "int64":
            value = int(text)
        elif of.name == "boolean":
            value = {"true": True, "false": False}[text]
        return convert(value, of)
    except (ValueError, KeyError):
        return None
