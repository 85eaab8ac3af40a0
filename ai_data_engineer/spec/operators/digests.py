"""SHA-256 of values as text: what `hash` and `surrogate_key` share.

polars' own `hash` may change from version to version; a key must not.
"""

from __future__ import annotations

from ai_data_engineer.spec.code import Code, code, col, lit
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.types import STRING, LogicalType

HASHABLE = ("string", "int64", "boolean", "decimal", "date", "time", "datetime")
ADVICE = "`cast` it to string or decimal before (floats have no exact text)."

DIGEST = """\
def {sha256}(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()"""

KEYED_DIGEST = """\
def {sha256}(text: str) -> str:
    return hmac.new({key}, text.encode(), hashlib.sha256).hexdigest()"""


def as_text(column: str, of: LogicalType) -> Code:
    """A value's one text: `7`, `1.50`, `true`, `2024-01-31`, `2024-01-31T23:59:00.000000Z`."""
    if of.name == "string":
        return col(column)
    if of.name == "datetime":
        return code('{c}.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")', c=col(column))
    if of.name == "time":
        return code('{c}.dt.strftime("%H:%M:%S%.6f")', c=col(column))
    return code("{c}.cast(pl.String)", c=col(column))


def sql_text(d: Dialect, column: str, of: LogicalType) -> Sql:
    """Return what `as_text` returns, in SQL."""
    value = d.column(column)
    if of.name == "datetime":
        return d.formatted(value, "%Y-%m-%dT%H:%M:%S.%fZ")
    if of.name == "time":
        return d.formatted(d.on_first_day(value), "%H:%M:%S.%f")
    if of.name == "decimal":
        return d.decimal_text(value, of)
    return value if of == STRING else d.cast(value, STRING)


def digest(text: Code, sha256: Code) -> Code:
    """Return the digest of a text expression; null stays null."""
    return code("{text}.map_elements({f}, return_dtype=pl.String)", text=text, f=sha256)


def key_from_environment(variable: str, key: Code) -> Code:
    """Return the statement that reads a secret from the environment or fails naming it."""
    return code(
        "if not os.environ.get({variable}):\n"
        "    raise ValueError({message})\n"
        "{key} = os.environ[{variable}].encode()",
        variable=lit(variable),
        key=key,
        message=lit(
            f"E_SETTING {variable}: Set this environment variable to the secret of the hash."
        ),
    )
