"""Logical types: the small vocabulary that profiles, specs and engines share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

if TYPE_CHECKING:
    import polars as pl

SCALARS = ("boolean", "int64", "float64", "string", "date", "time", "datetime", "binary")
TYPE_PATTERN = (
    r"^(boolean|int64|float64|string|date|time|datetime|binary"
    r"|decimal\([0-9]{1,2},[0-9]{1,2}\)|list<.+>|struct<.+>)$"
)

MAX_DEPTH = 64
"""How deep lists and structs may stand in each other."""


@dataclass(frozen=True)
class LogicalType:
    """One logical type, written as in the design: `int64`, `decimal(18,2)`, `list<string>`,
    `struct<city: string, zip: string>`.

    `name` is the head (`decimal`, `list`, …); `precision` and `scale` are set for decimals;
    `item` for lists; `fields` (name, type) for structs. `datetime` is UTC microseconds.
    """

    name: str
    precision: int = 0
    scale: int = 0
    item: LogicalType | None = None
    fields: tuple[tuple[str, LogicalType], ...] = field(default=())

    def __str__(self) -> str:
        match self.name:
            case "decimal":
                return f"decimal({self.precision},{self.scale})"
            case "list":
                return f"list<{self.item}>"
            case "struct":
                return f"struct<{', '.join(f'{_quoted(n)}: {t}' for n, t in self.fields)}>"
            case _:
                return self.name

    @property
    def is_numeric(self) -> bool:
        """Whether it is int64, float64 or a decimal."""
        return self.name in ("int64", "float64", "decimal")

    @property
    def is_temporal(self) -> bool:
        """Whether it is a date, time or datetime."""
        return self.name in ("date", "time", "datetime")

    @property
    def is_nested(self) -> bool:
        """Whether it is a list or struct."""
        return self.name in ("list", "struct")

    @property
    def is_orderable(self) -> bool:
        """Whether values can be sorted and compared."""
        return not self.is_nested and self.name != "binary"

    def to_polars(self) -> pl.DataType:
        """Return the polars dtype that carries this type."""
        import polars as pl

        match self.name:
            case "boolean":
                return pl.Boolean()
            case "int64":
                return pl.Int64()
            case "float64":
                return pl.Float64()
            case "string":
                return pl.String()
            case "date":
                return pl.Date()
            case "time":
                return pl.Time()
            case "datetime":
                return pl.Datetime("us", "UTC")
            case "binary":
                return pl.Binary()
            case "decimal":
                return pl.Decimal(self.precision, self.scale)
            case "list":
                assert self.item is not None
                return pl.List(self.item.to_polars())
            case _:
                return pl.Struct([pl.Field(n, t.to_polars()) for n, t in self.fields])

    @classmethod
    def from_polars(cls, dtype: pl.DataType) -> LogicalType:
        """Return the logical type for a polars dtype; raises ValueError for one that has none."""
        import polars as pl

        if dtype.is_integer():
            return DECIMAL_38_0 if dtype in (pl.UInt64, pl.Int128, pl.UInt128) else INT64
        if dtype.is_float():
            return FLOAT64
        if isinstance(dtype, pl.Decimal):
            return cls("decimal", precision=dtype.precision or 38, scale=dtype.scale)
        if isinstance(dtype, pl.List | pl.Array):
            return cls("list", item=cls.from_polars(dtype.inner))  # type: ignore[arg-type]
        if isinstance(dtype, pl.Struct):
            return cls(
                "struct",
                fields=tuple((f.name, cls.from_polars(f.dtype)) for f in dtype.fields),  # type: ignore[arg-type]
            )
        plain = {
            pl.Boolean: BOOLEAN,
            pl.String: STRING,
            pl.Categorical: STRING,
            pl.Enum: STRING,
            pl.Null: STRING,
            pl.Date: DATE,
            pl.Time: TIME,
            pl.Datetime: DATETIME,
            pl.Duration: INT64,
            pl.Binary: BINARY,
        }
        try:
            return plain[dtype.base_type()]
        except KeyError:
            raise ValueError(f"no logical type for {dtype}") from None

    @classmethod
    def parse(cls, text: str) -> LogicalType:
        """Parse the written form; raises ValueError with what was expected."""
        parsed, rest = _parse(text.strip())
        if rest.strip():
            raise ValueError(f"unexpected {rest.strip()!r} after the type {parsed}")
        return parsed

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def validate(value: Any) -> LogicalType:
            return value if isinstance(value, LogicalType) else cls.parse(value)

        return core_schema.no_info_plain_validator_function(
            validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": TYPE_PATTERN,
            "examples": ["int64", "decimal(18,2)", "list<string>", "struct<city: string>"],
        }


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else '"' + name.replace('"', '""') + '"'


def _parse(text: str, depth: int = 1) -> tuple[LogicalType, str]:
    text = text.lstrip()
    if depth > MAX_DEPTH:
        raise ValueError(f"a type is nested at most {MAX_DEPTH} levels deep")
    if m := re.match(r"decimal\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)", text):
        precision, scale = int(m[1]), int(m[2])
        if not (1 <= precision <= 38 and scale <= precision):
            raise ValueError(
                f"decimal({precision},{scale}): need 1 ≤ precision ≤ 38 and scale ≤ precision"
            )
        return LogicalType("decimal", precision=precision, scale=scale), text[m.end() :]
    if text.startswith("list<"):
        item, rest = _parse(text[5:], depth + 1)
        return LogicalType("list", item=item), _expect(">", rest)
    if text.startswith("struct<"):
        fields: list[tuple[str, LogicalType]] = []
        rest = text[7:]
        while True:
            m = re.match(r'\s*(?:"((?:[^"]|"")*)"|([^\s:,<>"]+))\s*:', rest)
            if m is None:
                raise ValueError("a struct needs fields written as `name: type`")
            kind, rest = _parse(rest[m.end() :], depth + 1)
            fields.append((m[2] or m[1].replace('""', '"'), kind))
            rest = rest.lstrip()
            if not rest.startswith(","):
                return LogicalType("struct", fields=tuple(fields)), _expect(">", rest)
            rest = rest[1:]
    if (m := re.match(r"[a-z0-9]+", text)) and m[0] in SCALARS:
        return LogicalType(m[0]), text[m.end() :]
    raise ValueError(
        f"unknown type {text.split(',')[0][:40]!r}; use one of {', '.join(SCALARS)}, "
        "decimal(p,s), list<T> or struct<name: T>"
    )


def _expect(token: str, text: str) -> str:
    text = text.lstrip()
    if not text.startswith(token):
        raise ValueError(f"expected {token!r}")
    return text[len(token) :]


BOOLEAN = LogicalType("boolean")
INT64 = LogicalType("int64")
FLOAT64 = LogicalType("float64")
STRING = LogicalType("string")
DATE = LogicalType("date")
TIME = LogicalType("time")
DATETIME = LogicalType("datetime")
BINARY = LogicalType("binary")
DECIMAL_38_0 = LogicalType("decimal", precision=38, scale=0)
