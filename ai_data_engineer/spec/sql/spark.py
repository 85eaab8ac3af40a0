"""Spark 4.3 in ANSI mode, with the settings of `SETTINGS`."""

from __future__ import annotations

from typing import ClassVar, Final

from sqlglot import exp

from ai_data_engineer.spec.regex import Regex, Replacement
from ai_data_engineer.spec.sql.dialect import MONDAY, Sql
from ai_data_engineer.spec.sql.spark_conversions import SparkConversions
from ai_data_engineer.types import DATE, FLOAT64, INT64, LogicalType

_FIGURES = frozenset(
    {
        # of groups
        "any_value", "array_join", "array_sort", "avg", "bool_and", "bool_or", "collect_list",
        "collect_set", "count", "max", "min", "mode", "percentile", "stddev_samp", "struct", "sum",
        "transform", "var_samp",
        # in windows
        "cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile",
        "percent_rank", "rank", "row_number",
        # beside them
        "concat_ws", "date_trunc", "unix_micros",
    }
)  # fmt: skip

SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timeType.enabled": "true",
}
"""What a session must be set to for its SQL to mean what the language means."""


class Spark(SparkConversions):
    """SQL for Spark 4.3."""

    name = "spark"
    types: ClassVar[dict[str, str]] = {
        "boolean": "BOOLEAN",
        "int64": "BIGINT",
        "float64": "DOUBLE",
        "string": "STRING",
        "date": "DATE",
        "time": "TIME",
        "datetime": "TIMESTAMP",
        "binary": "BINARY",
    }
    functions = SparkConversions.conversion_functions | _FIGURES | frozenset(
        {
            "array", "array_position", "btrim", "coalesce", "contains", "date_add", "datediff",
            "endswith", "explode", "filter", "from_utc_timestamp", "instr", "left", "length",
            "lower", "lpad", "ltrim", "named_struct", "nullif", "raise_error", "regexp_extract",
            "regexp_extract_all", "regexp_like", "regexp_replace", "repeat", "replace", "reverse",
            "right", "rpad", "rtrim", "sequence", "sha2", "size", "slice", "split", "startswith",
            "substring", "try_element_at", "upper",
        }
    )  # fmt: skip

    def type_name(self, of: LogicalType) -> str:
        """Return the engine's type as text."""
        if of.item is not None:
            return f"ARRAY<{self.type_name(of.item)}>"
        if of.name == "struct":
            fields = (f"{_quoted(name)}: {self.type_name(kind)}" for name, kind in of.fields)
            return f"STRUCT<{', '.join(fields)}>"
        return super().type_name(of)

    def type_of(self, of: LogicalType) -> exp.DataType:
        """Return the engine's type; sqlglot would make TIMESTAMP of TIME."""
        return exp.DataType(this=exp.DataType.Type.USERDEFINED, kind=self.type_name(of))

    def string(self, value: str) -> Sql:
        """Return a text constant; sqlglot writes line ends and backslashes as escapes."""
        return exp.Literal.string(value)

    def mapped(self, items: Sql, function: exp.Lambda) -> Sql:
        """Return `transform(items, function)`."""
        return self.call("transform", items, function)

    def kept(self, items: Sql, condition: exp.Lambda) -> Sql:
        """Return `filter(items, condition)`."""
        return self.call("filter", items, condition)

    def list_contains(self, values: Sql, value: Sql) -> Sql:
        """Return `array_position(values, value) > 0`: `array_contains` is null beside nulls."""
        position = self.call("array_position", values, value)
        return self.binary(exp.GT, position, self.integer(0))

    def list_join(self, values: Sql, separator: Sql) -> Sql:
        """Return `array_join(values, separator)`."""
        return self.call("array_join", values, separator)

    def count(self, number: Sql, least: int = 0) -> Sql:
        """Return the number within its bounds as an INT, which Spark's functions want."""
        return exp.Cast(this=self.bounded(number, least), to=exp.DataType.build("INT"))

    def strip(self, text: Sql, characters: str, side: str = "") -> Sql:
        """Return `btrim(text, characters)`; `ltrim` and `rtrim` take the characters first."""
        if not side:
            return self.call("btrim", text, self.string(characters))
        function = "ltrim" if side == "start" else "rtrim"
        return self.call(function, self.string(characters), text)

    def reverse(self, text: Sql) -> Sql:
        """Return the text's grapheme clusters joined in the opposite order."""
        return self.call(
            "array_join", self.call("reverse", self.found_all(text, r"\X")), self.string("")
        )

    def found_all(self, text: Sql, pattern: str) -> Sql:
        """Return `regexp_extract_all(text, (pattern), 1)`."""
        return self.call("regexp_extract_all", text, self.string(f"({pattern})"), self.integer(1))

    def starts_with(self, text: Sql, part: Sql) -> Sql:
        """Return `startswith(text, part)`."""
        return self.call("startswith", text, part)

    def ends_with(self, text: Sql, part: Sql) -> Sql:
        """Return `endswith(text, part)`."""
        return self.call("endswith", text, part)

    def pattern(self, regex: Regex) -> Sql:
        """Return the pattern for java.util.regex."""
        return self.string(regex.spark)

    def matches(self, text: Sql, regex: Regex) -> Sql:
        """Return `regexp_like(text, pattern)`."""
        return self.call("regexp_like", text, self.pattern(regex))

    def replaced(self, text: Sql, regex: Regex, by: Replacement) -> Sql:
        """Return `regexp_replace(text, pattern, by)`."""
        return self.call("regexp_replace", text, self.pattern(regex), self.string(by.spark))

    def split_at(self, text: Sql, regex: Regex) -> Sql:
        """Return `split(text, pattern, -1)`; without −1 empty parts at the end are lost."""
        return self.call("split", text, self.pattern(regex), self.integer(-1))

    def list_item(self, values: Sql, position: int) -> Sql:
        """Return `try_element_at(values, position)`."""
        return self.call("try_element_at", values, self.integer(position))

    def list_slice(self, values: Sql, start: Sql, length: Sql | None = None) -> Sql:
        """Return `slice(values, start, length)`."""
        most = self.integer(2**31 - 1) if length is None else self.count(length)
        return self.call("slice", values, self.count(start, 1), most)

    def list_of(self, *values: Sql) -> Sql:
        """Return `array(…)`."""
        return self.call("array", *values)

    def list_length(self, values: Sql) -> Sql:
        """Return `size(values)`, which is null for null in ANSI mode."""
        return self.call("size", values)

    def split(self, text: Sql, separator: str) -> Sql:
        """Return `split(text, pattern, -1)` with a pattern that stands for itself."""
        pattern = "".join(c if c.isalnum() else f"\\{c}" if c.isascii() else c for c in separator)
        return self.call("split", text, self.string(pattern), self.integer(-1))

    def unnest(self, values: Sql) -> Sql:
        """Return `explode` over structs of place and item."""
        names = [exp.Identifier(this=name, quoted=False) for name in ("v", "i")]
        value, index = (exp.Column(this=name.copy()) for name in names)
        place = self.binary(exp.Add, index, self.integer(1))
        pair = self.call("named_struct", self.string("place"), place, self.string("item"), value)
        return self.call(
            "explode", self.call("transform", values, exp.Lambda(this=pair, expressions=names))
        )

    def place_of(self, unnested: str) -> Sql:
        """Return the field `place`."""
        return exp.Dot(this=self.column(unnested), expression=self.identifier("place"))

    def item_of(self, unnested: str) -> Sql:
        """Return the field `item`."""
        return exp.Dot(this=self.column(unnested), expression=self.identifier("item"))

    def is_finite(self, number: Sql) -> Sql:
        """Return whether the magnitude is below infinity; NaN is greater than that."""
        infinity = self.cast(exp.Literal.string("Infinity"), FLOAT64)
        return self.binary(exp.LT, self.call("abs", number), infinity)

    def last_known(self, value: Sql) -> Sql:
        """Return `last_value(value, true)`."""
        return self.call("last_value", value, exp.Boolean(this=True))

    def dates(self, first: Sql, last: Sql, every: str) -> Sql:
        """Return `sequence`, which counts downwards or fails where the last date is earlier."""
        backwards = self.binary(exp.LT, last.copy(), first.copy())
        none = self.cast(self.list_of(), LogicalType("list", item=DATE))
        listed = self.call("sequence", first, last, self.interval(every))
        return self.case((backwards, none), otherwise=listed)

    def whole_numbers(self, first: Sql, last: Sql) -> Sql:
        """Return `sequence`, which counts downwards where the last number is less."""
        backwards = self.binary(exp.LT, last.copy(), first.copy())
        none = self.cast(self.list_of(), LogicalType("list", item=INT64))
        return self.case((backwards, none), otherwise=self.call("sequence", first, last))

    def to_zone(self, moment: Sql, zone: str) -> Sql:
        """Return `from_utc_timestamp(moment, zone)`."""
        return self.call("from_utc_timestamp", moment, self.string(zone))

    def moments(self, first: Sql, last: Sql, every: str, of: LogicalType) -> Sql:
        """Return `explode` over `sequence`."""
        return self.call("explode", self.call("sequence", first, last, self.interval(every)))

    def day_number(self, date: Sql) -> Sql:
        """Return `datediff(date, day)` as BIGINT."""
        return self.cast(self.call("datediff", date, self.literal(MONDAY, DATE)), INT64)

    def date_of_day(self, number: Sql) -> Sql:
        """Return `date_add(day, number)`."""
        days = exp.Cast(this=number, to=exp.DataType.build("INT"))
        return self.call("date_add", self.literal(MONDAY, DATE), days)

    def sha256(self, text: Sql) -> Sql:
        """Return `sha2(text, 256)`."""
        return self.call("sha2", text, self.integer(256))

    def fail(self, message: Sql) -> Sql:
        """Return `raise_error(message)`."""
        return self.call("raise_error", message)

    def quantile(
        self, value: Sql, q: float, *, where: Sql | None = None, distinct: bool = False
    ) -> Sql:
        """Return `percentile(value, q)`."""
        part = self.cast(exp.Literal.string(repr(q)), FLOAT64)
        return self.aggregate("percentile", value, part, where=where, distinct=distinct)

    def mode(self, value: Sql, *, where: Sql | None = None) -> Sql:
        """Return `mode(value, TRUE)`: the smallest of the most frequent."""
        return self.aggregate("mode", value, exp.Boolean(this=True), where=where)

    def gathered(
        self,
        value: Sql,
        of: LogicalType,
        *,
        by: Sql | None = None,
        where: Sql | None = None,
        distinct: bool = False,
    ) -> Sql:
        """Return `array_sort(collect_list(value))`, with `by` over structs of both."""
        if by is None:
            gather = "collect_set" if distinct else "collect_list"
            return self.call("array_sort", self.aggregate(gather, value, where=where))
        there = self.is_not_null(value.copy())
        pairs = self.aggregate(
            "collect_list",
            self.call("struct", exp.alias_(by, "place"), exp.alias_(value, "value")),
            where=there if where is None else self.both(there, where),
        )
        taken = exp.Lambda(
            this=exp.Dot(this=exp.column("pair"), expression=exp.to_identifier("value")),
            expressions=[exp.to_identifier("pair")],
        )
        return self.call("transform", self.call("array_sort", pairs), taken)

    def list_as_text(self, texts: Sql, separator: str) -> Sql:
        """Return `array_join(texts, separator)`."""
        return self.call("array_join", texts, self.string(separator))


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
