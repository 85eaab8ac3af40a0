"""Logical types as code."""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, join, lit
from ai_data_engineer.types import LogicalType


def dtype(kind: LogicalType) -> Code:
    """Return the polars dtype of a logical type as code."""
    match kind.name:
        case "datetime":
            return Code('pl.Datetime("us", "UTC")')
        case "decimal":
            return Code(f"pl.Decimal({kind.precision}, {kind.scale})")
        case "list":
            assert kind.item is not None
            return code("pl.List({item})", item=dtype(kind.item))
        case "struct":
            fields = (code("{n}: {t}", n=lit(n), t=dtype(t)) for n, t in kind.fields)
            return code("pl.Struct({{{fields}}})", fields=join(fields))
        case _:
            return Code(f"pl.{kind.name.capitalize()}")
