"""DuckDB: datetimes are TIMESTAMPs that mean UTC, so that no time zone data is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from sqlglot import exp

from ai_data_engineer.spec.regex import Regex, Replacement
from ai_data_engineer.spec.sql.dialect import MONDAY, Sql
from ai_data_engineer.spec.sql.duckdb_conversions import DuckDBConversions
from ai_data_engineer.types import DATE, INT64, LogicalType

_CONTROLS = re.compile(r"([\x00-\x1f\x7f-\x9f\u2028\u2029])")

_FIGURES = frozenset(
    {
        # of groups
        "any_value", "array_to_string", "avg", "bool_and", "bool_or", "count", "list", "max", "min",
        "mode", "quantile_cont", "stddev_samp", "sum", "var_samp",
        # in windows
        "cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile",
        "percent_rank", "rank", "row_number",
        # beside them
        "concat_ws", "date_trunc", "epoch_us",
    }
)  # fmt: skip


class DuckDB(DuckDBConversions):
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
    functions = DuckDBConversions.conversion_functions | _FIGURES | frozenset(
        {
            "chr", "coalesce", "contains", "ends_with", "error", "generate_series", "instr",
            "isfinite", "left", "len", "length", "list_contains", "list_extract", "list_filter",
            "list_slice", "list_transform", "list_value", "list_zip", "lower", "lpad", "ltrim",
            "nullif", "regexp_extract", "regexp_extract_all", "regexp_matches", "regexp_replace",
            "repeat", "replace", "reverse", "right", "rpad", "rtrim", "sha256", "starts_with",
            "string_split", "string_split_regex", "struct_extract", "substring", "timezone",
            "trim", "unnest", "upper",
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
        if len(parts) > 1 and {*parts[1::2]} <= {"\t", "\r", "\n"}:
            return exp.ByteString(this=value)  # e'…', the text with escapes
        texts = [
            self.call("chr", exp.Literal.number(ord(part)))
            if index % 2
            else exp.Literal.string(part)
            for index, part in enumerate(parts)
            if part or len(parts) == 1
        ]
        return self.joined(*texts) if len(texts) == 1 else exp.Paren(this=self.joined(*texts))

    def mapped(self, items: Sql, function: exp.Lambda) -> Sql:
        """Return `list_transform(items, function)`."""
        return self.call("list_transform", items, function)

    def kept(self, items: Sql, condition: exp.Lambda) -> Sql:
        """Return `list_filter(items, condition)`."""
        return self.call("list_filter", items, condition)

    def list_contains(self, values: Sql, value: Sql) -> Sql:
        """Return `list_contains(values, value)`."""
        return self.call("list_contains", values, value)

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

    def found_all(self, text: Sql, pattern: str) -> Sql:
        """Return `regexp_extract_all(text, pattern)`."""
        return self.call("regexp_extract_all", text, self.string(pattern))

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

    def list_slice(self, values: Sql, start: Sql, length: Sql | None = None) -> Sql:
        """Return `list_slice(values, first, last)`, whose last position is one of the list's."""
        first = self.count(start.copy(), 1)
        if length is None:
            return self.call("list_slice", values, first, self.integer(2**31 - 1))
        end = self.binary(exp.Add, self.cast(first.copy(), INT64), self.count(length))
        return self.call("list_slice", values, first, self.binary(exp.Sub, end, self.integer(1)))

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

    def dates(self, first: Sql, last: Sql, every: str) -> Sql:
        """Return `generate_series`, whose items are TIMESTAMPs, as dates."""
        series = self.call("generate_series", first, last, self.interval(every))
        return self.cast(series, LogicalType("list", item=DATE))

    def whole_numbers(self, first: Sql, last: Sql) -> Sql:
        """Return `generate_series` of BIGINTs."""
        return self.call("generate_series", first, last)

    def to_zone(self, moment: Sql, zone: str) -> Sql:
        """Return `timezone(zone, timezone('UTC', moment))`."""
        return self.call(
            "timezone", self.string(zone), self.call("timezone", self.string("UTC"), moment)
        )

    def moments(self, first: Sql, last: Sql, every: str, of: LogicalType) -> Sql:
        """Return `unnest` over `generate_series`, whose moments are TIMESTAMPs."""
        series = self.call("generate_series", first, last, self.interval(every))
        return self.cast(self.call("unnest", series), of)

    def day_number(self, date: Sql) -> Sql:
        """Return a difference of dates."""
        return self.binary(exp.Sub, date, self.literal(MONDAY, DATE))

    def date_of_day(self, number: Sql) -> Sql:
        """Return the sum of a date and an INTEGER."""
        days = exp.Cast(this=number, to=exp.DataType.build("INT"))
        return self.binary(exp.Add, self.literal(MONDAY, DATE), days)

    def sha256(self, text: Sql) -> Sql:
        """Return `sha256(text)`."""
        return self.call("sha256", text)

    def fail(self, message: Sql) -> Sql:
        """Return `error(message)`."""
        return self.call("error", message)

    def quantile(
        self, value: Sql, q: float, *, where: Sql | None = None, distinct: bool = False
    ) -> Sql:
        """Return `quantile_cont(value, q)`."""
        part = exp.Literal.number(repr(q))
        return self.aggregate("quantile_cont", value, part, where=where, distinct=distinct)

    def mode(self, value: Sql, *, where: Sql | None = None) -> Sql:
        """Return `mode(value ORDER BY value)`: of several, DuckDB takes the one it met first."""
        return self.filtered(self.call("mode", _sorted(value, value.copy())), where)

    def gathered(
        self,
        value: Sql,
        of: LogicalType,
        *,
        by: Sql | None = None,
        where: Sql | None = None,
        distinct: bool = False,
    ) -> Sql:
        """Return `coalesce(list(value ORDER BY …) FILTER (…), [])`."""
        first = exp.Distinct(expressions=[value]) if distinct else value
        there = self.is_not_null(value.copy())
        values = self.filtered(
            self.call("list", _sorted(first, by or value.copy())),
            there if where is None else self.both(there, where),
        )
        nothing = exp.Cast(this=exp.Array(), to=self.type_of(LogicalType("list", item=of)))
        return self.coalesce(values, nothing)

    def list_as_text(self, texts: Sql, separator: str) -> Sql:
        """Return `array_to_string(texts, separator)`."""
        return self.call("array_to_string", texts, self.string(separator))


def _sorted(value: Sql, by: Sql) -> exp.Order:
    return exp.Order(this=value, expressions=[exp.Ordered(this=by, nulls_first=False)])


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
