"""DuckDB: datetimes are TIMESTAMPs that mean UTC, so that no time zone data is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.regex import Regex, Replacement
from ai_data_engineer.spec.sql.dialect import RUNS_OF_LETTERS, Sql
from ai_data_engineer.spec.sql.duckdb_numbers import DuckDBNumbers
from ai_data_engineer.types import LogicalType

_CONTROLS = re.compile(r"([\x00-\x1f\x7f-\x9f\u2028\u2029])")


class DuckDB(DuckDBNumbers):
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
    functions = DuckDBNumbers.number_functions | frozenset(
        {
            "array_to_string", "chr", "coalesce", "contains", "count", "ends_with", "error",
            "generate_series", "instr", "left", "len", "length", "list_contains", "list_extract",
            "list_transform", "list_value", "list_zip", "lower", "lpad", "ltrim", "nullif",
            "regexp_extract",
            "regexp_extract_all", "regexp_matches", "regexp_replace", "repeat",
            "replace", "reverse", "right", "row_number", "rpad", "rtrim", "starts_with",
            "string_split", "string_split_regex", "struct_extract", "substring", "trim", "unnest",
            "upper",
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

    def _of_one(self, value: Sql, function: exp.Lambda) -> Sql:
        """Return `list_extract(list_transform(list_value(value), function), 1)`."""
        mapped = self.call("list_transform", self.call("list_value", value), function)
        return self.call("list_extract", mapped, self.integer(1))

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

    def count(self, number: Sql, least: int = 0) -> Sql:
        """Return the number within its bounds."""
        return self.bounded(number, least)

    def strip(self, text: Sql, characters: str, side: str = "") -> Sql:
        """Return `trim`, `ltrim` or `rtrim`."""
        function = {"": "trim", "start": "ltrim", "end": "rtrim"}[side]
        return self.call(function, text, self.string(characters))

    def upper(self, text: Sql) -> Sql:
        """Return `upper(text)`, with SS for ß, which DuckDB makes a capital ẞ."""
        return self.call("upper", self.call("replace", text, self.string("ß"), self.string("SS")))

    def title(self, text: Sql) -> Sql:
        """Return the words and what is between them, each with its first letter in upper case."""
        pieces = self.call(
            "regexp_extract_all", self.call("lower", text), self.string(RUNS_OF_LETTERS)
        )
        word = exp.Identifier(this="word", quoted=False)
        piece = exp.Column(this=word.copy())
        capital = self.upper(self.call("left", piece, self.integer(1)))
        rest = self.call("substring", piece.copy(), self.integer(2))
        changed = exp.Lambda(this=self.joined(capital, rest), expressions=[word])
        together = self.call("list_transform", pieces, changed)
        return self.call("array_to_string", together, self.string(""))

    def reverse(self, text: Sql) -> Sql:
        """Return `reverse(text)`; of plain ASCII it would turn the two halves of a CRLF round."""
        turned = self.call("replace", text, self.string("\r\n"), self.string("\n\r"))
        return self.call("reverse", turned)

    def starts_with(self, text: Sql, part: Sql) -> Sql:
        """Return `starts_with(text, part)`."""
        return self.call("starts_with", text, part)

    def ends_with(self, text: Sql, part: Sql) -> Sql:
        """Return `ends_with(text, part)`."""
        return self.call("ends_with", text, part)

    def pattern(self, regex: Regex) -> Sql:
        """Return the pattern for RE2."""
        return self.string(regex.duckdb)

    def matches(self, text: Sql, regex: Regex) -> Sql:
        """Return `regexp_matches(text, pattern)`."""
        return self.call("regexp_matches", text, self.pattern(regex))

    def replaced(self, text: Sql, regex: Regex, by: Replacement) -> Sql:
        """Return `regexp_replace(text, pattern, by, 'g')`; without `g` it replaces one match."""
        return self.call(
            "regexp_replace", text, self.pattern(regex), self.string(by.duckdb), self.string("g")
        )

    def split_at(self, text: Sql, regex: Regex) -> Sql:
        """Return `string_split_regex(text, pattern)`."""
        return self.call("string_split_regex", text, self.pattern(regex))

    def list_item(self, values: Sql, position: int) -> Sql:
        """Return `list_extract(values, position)`."""
        return self.call("list_extract", values, self.integer(position))

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

    def fail(self, message: Sql) -> Sql:
        """Return `error(message)`."""
        return self.call("error", message)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
