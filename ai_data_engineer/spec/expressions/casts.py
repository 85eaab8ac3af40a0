"""The types that CAST knows, by their SQL names and ours."""

from __future__ import annotations

from sqlglot import exp

from ai_data_engineer.spec.expressions.coercion import type_error
from ai_data_engineer.types import LogicalType

_CAST_TYPES = {
    "BOOLEAN": "boolean",
    "INT": "int64",
    "BIGINT": "int64",
    "FLOAT": "float64",
    "DOUBLE": "float64",
    "TEXT": "string",
    "VARCHAR": "string",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
    "TIMESTAMPTZ": "datetime",
    "DATETIME": "datetime",
    "BINARY": "binary",
    "VARBINARY": "binary",
}


def cast_type(node: exp.DataType) -> LogicalType:
    """Return the type that a cast names; raises ExpressionError for one that it cannot."""
    written = node.this.value if node.this.name != "USERDEFINED" else str(node.args.get("kind"))
    sizes = [str(p.this.this) for p in node.expressions if type(p) is exp.DataTypeParam]
    if written == "DECIMAL" and len(sizes) == len(node.expressions) == 2:
        try:
            return LogicalType.parse(f"decimal({sizes[0]},{sizes[1]})")
        except ValueError as error:
            raise type_error(f"{error}.") from None
    known = f"Types are {', '.join(dict.fromkeys(_CAST_TYPES.values()))} and decimal(p,s)."
    if written == "DECIMAL":
        raise type_error("A decimal names its digits and its scale: decimal(18,2).", known)
    if node.args.get("nested"):
        raise type_error("Lists and structs are not made by casts.", known)
    if node.expressions:
        raise type_error(f"`{written.lower()[:40]}` takes nothing in parentheses here.", known)
    name = _CAST_TYPES.get(written.upper(), written.lower())
    if name not in _CAST_TYPES.values():
        raise type_error(
            f"`{written[:40]}` is not a type for casts.",
            known,
        )
    return LogicalType(name)
