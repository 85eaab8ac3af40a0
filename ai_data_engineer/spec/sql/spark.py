"""Spark 4.3 in ANSI mode, with the settings of `SETTINGS`."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from sqlglot import exp

from ai_data_engineer.spec.regex import Regex, Replacement
from ai_data_engineer.spec.sql.dialect import RUNS_OF_LETTERS, Sql
from ai_data_engineer.spec.sql.spark_numbers import SparkNumbers
from ai_data_engineer.types import LogicalType

SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timeType.enabled": "true",
}
"""What a session must be set to for its SQL to mean what the language means."""


class Spark(SparkNumbers):
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
    functions = SparkNumbers.number_functions | frozenset(
        {
            "array", "array_join", "array_position", "btrim", "coalesce", "contains", "count",
            "element_at", "endswith", "explode",
            "instr", "left", "length", "lower", "lpad", "ltrim", "named_struct", "raise_error",
            "nullif", "regexp_extract", "regexp_extract_all", "regexp_like", "regexp_replace",
            "repeat", "replace", "reverse", "right", "row_number", "rpad",
            "rtrim", "size", "split", "startswith", "substring", "transform", "try_element_at",
            "upper",
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

    def _of_one(self, value: Sql, function: exp.Lambda) -> Sql:
        """Return `element_at(transform(array(value), function), 1)`."""
        mapped = self.call("transform", self.call("array", value), function)
        return self.call("element_at", mapped, self.integer(1))

    def list_contains(self, values: Sql, value: Sql) -> Sql:
        """Return `array_position(values, value) > 0`: `array_contains` is null beside nulls."""
        position = self.call("array_position", values, value)
        return self.binary(exp.GT, position, self.integer(0))

    def each(self, items: Sql, item: Callable[[Sql], Sql]) -> Sql:
        """Return `transform(items, x -> …)`."""
        return self.call("transform", items, self.function(lambda x: item(x())))

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

    def title(self, text: Sql) -> Sql:
        """Return the words and what is between them, each with its first letter in upper case."""
        pieces = self._found(self.call("lower", text), RUNS_OF_LETTERS)
        word = exp.Identifier(this="word", quoted=False)
        piece = exp.Column(this=word.copy())
        capital = self.call("upper", self.call("left", piece, self.integer(1)))
        rest = self.call("substring", piece.copy(), self.integer(2))
        changed = exp.Lambda(this=self.joined(capital, rest), expressions=[word])
        return self.call("array_join", self.call("transform", pieces, changed), self.string(""))

    def reverse(self, text: Sql) -> Sql:
        """Return the text's grapheme clusters joined in the opposite order."""
        return self.call(
            "array_join", self.call("reverse", self._found(text, r"\X")), self.string("")
        )

    def _found(self, text: Sql, pattern: str) -> Sql:
        """Return all matches of a pattern, as a list."""
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
        value, place = (exp.Column(this=name.copy()) for name in names)
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

    def fail(self, message: Sql) -> Sql:
        """Return `raise_error(message)`."""
        return self.call("raise_error", message)


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
