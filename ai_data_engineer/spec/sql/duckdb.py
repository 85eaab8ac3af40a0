"""DuckDB: datetimes are TIMESTAMPs that mean UTC, so that no time zone data is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import FLOAT64, LogicalType

_CONTROLS = re.compile(r"([\x00-\x1f\x7f-\x9f\u2028\u2029])")


class DuckDB(Dialect):
    """SQL for DuckDB 2.0."""

    name = "duckdb"
    types: ClassVar[dict[str, str]] = {
        "boolean": "BOOLEAN",
        "int64": "BIGINT",
        "float64": "DOUBLE",
        "string": "TEXT",
        "date": "DATE",
        "time": "TIME",
        "datetime": "TIMESTAMP",
        "binary": "BLOB",
    }
    functions = frozenset(
        {
            # choices
            *("coalesce", "error", "greatest", "isfinite", "least", "nullif"),
            # numbers
            *("abs", "ceil", "exp", "floor", "ln", "log10", "pow", "round", "sign", "sqrt"),
            "trunc",
            # text and lists
            *("array_to_string", "chr", "len", "list_contains", "list_extract", "list_transform"),
            "list_value",
            # over rows
            *("count", "row_number"),
        }
    )

    def stored_names(self, names: Iterable[str]) -> dict[str, str]:
        """Return other names for those that DuckDB takes for an earlier one, or that hold NUL."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        for name in sorted(set(names)):
            stored, number = name.replace("\x00", "\u2400"), 1
            while stored.casefold() in taken:
                number += 1
                stored = f"{name}_{number}"
            taken.add(stored.casefold())
            if stored != name:
                found[name] = stored
        return found

    def type_name(self, of: LogicalType) -> str:
        """Return the engine's type as text."""
        if of.item is not None:
            return f"{self.type_name(of.item)}[]"
        if of.name == "struct":
            fields = (f"{_quoted(name)} {self.type_name(kind)}" for name, kind in of.fields)
            return f"STRUCT({', '.join(fields)})"
        return super().type_name(of)

    def string(self, value: str) -> Sql:
        """Return a text constant; control characters are spelled out, so that lines stay lines."""
        parts = _CONTROLS.split(value)
        texts = [
            self.call("chr", exp.Literal.number(ord(part)))
            if index % 2
            else exp.Literal.string(part)
            for index, part in enumerate(parts)
            if part or len(parts) == 1
        ]
        return self.joined(*texts) if len(texts) == 1 else exp.Paren(this=self.joined(*texts))

    def wide(self, integer: Sql) -> Sql:
        """Return an int64 as HUGEINT."""
        return exp.Cast(this=integer, to=exp.DataType.build("HUGEINT", dialect="duckdb"))

    def fail(self, message: Sql) -> Sql:
        """Return `error(message)`."""
        return self.call("error", message)

    def _of_one(self, value: Sql, function: exp.Lambda) -> Sql:
        """Return `list_extract(list_transform(list_value(value), function), 1)`."""
        mapped = self.call("list_transform", self.call("list_value", value), function)
        return self.call("list_extract", mapped, self.integer(1))

    def wide_quotient(self, number: Sql, divisor: Sql) -> Sql:
        """Return `number // divisor`."""
        return self.binary(exp.IntDiv, number, divisor)

    def product(self, left: Sql, right: Sql, of: LogicalType) -> Sql:
        """Return `left * right`: digits and scales add up, as ours do."""
        return self.binary(exp.Mul, left, right)

    def power(self, number: Sql, exponent: Sql) -> Sql:
        """Return `pow(number, exponent)`."""
        return self.call("pow", number, exponent)

    def minus_decimal(self, number: Sql, of: LogicalType) -> Sql:
        """Return `-number`."""
        return self.minus(number)

    def abs_decimal(self, number: Sql, of: LogicalType) -> Sql:
        """Return `abs(number)`."""
        return self.call("abs", number)

    def null_if_nan(self, number: Sql) -> Sql:
        """Return `nullif(number, NaN)`; NaN equals NaN here."""
        return self.null_if(number, self.cast(exp.Literal.string("NaN"), FLOAT64))

    def floor(self, number: Sql) -> Sql:
        """Return `floor(number)`."""
        return self.call("floor", number)

    def ceil(self, number: Sql) -> Sql:
        """Return `ceil(number)`."""
        return self.call("ceil", number)

    def trunc(self, number: Sql) -> Sql:
        """Return `trunc(number)`."""
        return self.call("trunc", number)

    def round(self, number: Sql, digits: int) -> Sql:
        """Return `round(number, digits)`."""
        return self.call("round", number, *([self.integer(digits)] if digits else []))

    def trunc_decimal(self, number: Sql) -> Sql:
        """Return `trunc(number)`."""
        return self.call("trunc", number)

    def list_length(self, values: Sql) -> Sql:
        """Return `len(values)`."""
        return self.call("len", values)

    def list_get(self, values: Sql, position: int) -> Sql:
        """Return `list_extract(values, position)`."""
        return self.call("list_extract", values, self.integer(position))

    def list_contains(self, values: Sql, value: Sql) -> Sql:
        """Return `list_contains(values, value)`."""
        return self.call("list_contains", values, value)

    def each(self, items: Sql, item: Callable[[Sql], Sql]) -> Sql:
        """Return `list_transform(items, LAMBDA x : …)`."""
        return self.call("list_transform", items, self.function(lambda x: item(x())))

    def list_join(self, values: Sql, separator: Sql) -> Sql:
        """Return `array_to_string(values, separator)`, which is null where all items are."""
        return self.let(
            values,
            lambda x: self.case(
                (
                    self.is_not_null(x()),
                    self.coalesce(
                        self.call("array_to_string", x(), separator), exp.Literal.string("")
                    ),
                )
            ),
        )


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
