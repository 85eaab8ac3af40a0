"""DuckDB: datetimes are TIMESTAMPs that mean UTC, so that no time zone data is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.sql.dialect import Sql
from ai_data_engineer.spec.sql.duckdb_moments import DuckDBMoments
from ai_data_engineer.types import INT64, STRING, LogicalType

_CONTROLS = re.compile(r"([\x00-\x1f\x7f-\x9f\u2028\u2029])")


class DuckDB(DuckDBMoments):
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
    functions = DuckDBMoments.moment_functions | frozenset(
        {
            "avg", "chr", "coalesce", "contains", "count", "encode", "error", "last_value",
            "length", "list_extract", "list_position", "list_transform", "list_value", "lower",
            "max", "median", "min", "nullif", "regexp_extract", "regexp_replace", "repeat",
            "replace", "round", "round_even", "row_number", "sha256", "substr", "trim", "trunc",
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

    def fail(self, message: Sql) -> Sql:
        """Return `error(message)`."""
        return self.call("error", message)

    def rewritten(self, text: Sql, pattern: str, template: str) -> Sql:
        """Return `regexp_replace(text, pattern, template)`."""
        return self.call("regexp_replace", text, self.string(pattern), self.string(template))

    def lookup(self, key: Sql, entries: Mapping[str, Sql]) -> Sql:
        """Return `list_extract([values], list_position([keys], key))`."""
        keys = self.call("list_value", *(self.string(k) for k in entries))
        values = self.call("list_value", *entries.values())
        return self.call("list_extract", values, self.call("list_position", keys, key))

    def trimmed(self, text: Sql, characters: str) -> Sql:
        """Return `trim(text, characters)`."""
        return self.call("trim", text, self.string(characters))

    def lower(self, text: Sql) -> Sql:
        """Return `lower(text)`: DuckDB would make the one letter that becomes two, I with a dot, a
        plain i.
        """
        return self.call("lower", self.replaced(text, "\u0130", "i\u0307"))

    def encoded(self, text: Sql) -> Sql:
        """Return `encode(text)`."""
        return self.call("encode", text)

    def sha256(self, text: Sql) -> Sql:
        """Return `sha256(text)`."""
        return self.call("sha256", text)

    def each(self, items: Sql, item: Callable[[Sql], Sql]) -> Sql:
        """Return `list_transform(items, LAMBDA item : …)`."""
        name = exp.Identifier(this="item")
        each = exp.Lambda(this=item(exp.Column(this=name.copy())), expressions=[name])
        return self.call("list_transform", items, each)

    def float_text(self, number: Sql) -> Sql:
        """Return the number as DuckDB writes it, with exponents as the language does."""
        text = self.rewritten(
            self.cast(number, STRING), r"^(-?)([0-9])\.?([0-9]*)e-05\z", r"\10.0000\2\3"
        )
        return self.rewritten(self.replaced(text, "e-0", "e-"), r"^-?nan\z", "NaN")

    def truncated(self, number: Sql, of: LogicalType) -> Sql:
        """Return `TRY_CAST(trunc(number) AS BIGINT)`."""
        return self.try_cast(self.call("trunc", number), INT64)

    def float_to_decimal(self, number: Sql, to: LogicalType) -> Sql:
        """Return the whole number of units, which DuckDB casts without a rounding of its own, times
        the unit.
        """
        count = self.call("round", number, self.integer(to.scale))
        whole = LogicalType("decimal", 38, 0)
        if not to.scale:
            return self.try_cast(self.try_cast(count, whole), to)
        units = self.binary(exp.Mul, count, self.float(10.0**to.scale))
        count = self.try_cast(self.call("round_even", units, self.integer(0)), whole)
        unit = self.literal(Decimal(1).scaleb(-to.scale), LogicalType("decimal", 38, to.scale))
        return self.try_cast(self.binary(exp.Mul, count, unit), to)

    def decimal_text(self, number: Sql, of: LogicalType) -> Sql:
        """Return the number as text: DuckDB writes `.5` where all digits are behind the point."""
        text = self.cast(number, STRING)
        return self.rewritten(text, r"^(-?)\.", r"\10.") if of.precision == of.scale else text


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
