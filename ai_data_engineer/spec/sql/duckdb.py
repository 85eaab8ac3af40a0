"""DuckDB: datetimes are TIMESTAMPs that mean UTC, so that no time zone data is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import LogicalType

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
            "chr", "coalesce", "count", "error", "generate_series", "len", "list_value", "list_zip",
            "row_number", "string_split", "struct_extract", "unnest",
            "isfinite", "isnan", "max", "min", "round", "sha256",
        }
    )  # fmt: skip

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

    def list_of(self, *values: Sql) -> Sql:
        """Return `list_value(…)`."""
        return self.call("list_value", *values)

    def list_length(self, values: Sql) -> Sql:
        """Return `len(values)`."""
        return self.call("len", values)

    def split(self, text: Sql, separator: str) -> Sql:
        """Return `string_split(text, separator)`."""
        return self.call("string_split", text, self.string(separator))

    def unnest(self, values: Sql) -> Sql:
        """Return `unnest` over pairs of place and item."""
        places = self.call("generate_series", self.integer(1), self.call("len", values.copy()))
        return self.call("unnest", self.call("list_zip", places, values))

    def place_of(self, unnested: str) -> Sql:
        """Return the first of a pair."""
        return self.call("struct_extract", self.column(unnested), self.integer(1))

    def item_of(self, unnested: str) -> Sql:
        """Return the second of a pair."""
        return self.call("struct_extract", self.column(unnested), self.integer(2))

    def is_finite(self, number: Sql) -> Sql:
        """Return `isfinite(number)`."""
        return self.call("isfinite", number)

    def last_known(self, value: Sql) -> Sql:
        """Return `last_value(value IGNORE NULLS)`."""
        return exp.IgnoreNulls(this=exp.LastValue(this=value))

    def sha256(self, text: Sql) -> Sql:
        """Return `sha256(text)`."""
        return self.call("sha256", text)

    def fail(self, message: Sql) -> Sql:
        """Return `error(message)`."""
        return self.call("error", message)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
